"""From bytes to lines of text: containers, encodings, line ends, and what is no such file."""

import io
import lzma
import re
import zipfile
import zlib
from pathlib import PurePosixPath

from flask_babel import gettext as _

from crm.importing import Refused

LARGEST_FILE = 40_000_000
_DAMAGE = (zipfile.BadZipFile, NotImplementedError, EOFError, zlib.error, lzma.LZMAError)
_ZIP = b"PK\x03\x04"
_FOREIGN = (
    (re.compile(rb"\s*<(?:!doctype|html|\?xml|head|body)", re.IGNORECASE), "HTML"),
    (re.compile(rb"%PDF-"), "PDF"),
    (re.compile(rb"\xd0\xcf\x11\xe0"), "Excel"),
    (re.compile(rb"\s*[{\[]"), "JSON"),
)
# How a line of the file begins, loosely: record kind and day.
_BEGINS = re.compile(r"[1-6]0[0-9]{8}")


def lines_of(content: bytes) -> list[str]:
    """Give the lines of the official file; raises Refused when it is something else."""
    if len(content) > LARGEST_FILE:
        raise Refused.because(_("The file is larger than 40 MB. The official file of Germany has 4 MB."))
    if content.startswith(_ZIP):
        content = _unpacked(content)
    if not content.strip(b"\x1a\r\n\t \x00"):
        raise Refused.because(_("The file is empty."))
    for begin, kind in _FOREIGN:
        if begin.match(content):
            raise _no_official_file(kind)
    lines = _text(content).replace("\r\n", "\n").replace("\r", "\n").rstrip("\x1a\n").split("\n")
    if not any(_BEGINS.match(line) for line in lines[:50]):
        raise _no_official_file("")
    return lines


def _no_official_file(kind: str) -> Refused:
    if not kind:
        return Refused.because(
            _("This is no GV100AD file: its lines do not begin with a record kind and a day.")
        )
    said = _("This is no GV100AD file but %(kind)s. Save the text file of the register itself.", kind=kind)
    return Refused.because(said)


def _text(content: bytes) -> str:
    """Decode by what the bytes can be: UTF-8 with or without mark, UTF-16, else Windows or old DOS."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode(_older_encoding(content), errors="replace")


def _older_encoding(content: bytes) -> str:
    """Tell Windows from DOS by which of the two has more German letters in the file."""
    letters = "äöüÄÖÜß"
    windows, dos = (sum(map(content.count, _bytes(letters, name))) for name in ("cp1252", "cp850"))
    return "cp1252" if windows >= dos else "cp850"


def _bytes(letters: str, encoding: str) -> list[bytes]:
    return [letter.encode(encoding) for letter in letters]


def _unpacked(content: bytes) -> bytes:
    """Give the one text file inside a ZIP archive."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entry = _only_text(archive)
            with archive.open(entry) as file:
                found = file.read(LARGEST_FILE + 1)
    except (*_DAMAGE, OSError, RuntimeError, ValueError) as broken:
        raise Refused.because(_("The ZIP archive is damaged or cannot be opened.")) from broken
    if len(found) > LARGEST_FILE:
        raise Refused.because(_("The file in the ZIP archive is larger than 40 MB."))
    return found


def _only_text(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    entries = [entry for entry in archive.infolist()[:1000] if not entry.is_dir()]
    if any(entry.filename == "[Content_Types].xml" for entry in entries):
        raise _no_official_file("Excel")
    texts = [one for one in entries if PurePosixPath(one.filename).suffix.lower() in ("", ".txt", ".asc")]
    if len(texts) != 1:
        names = ", ".join(one.filename[:60] for one in texts[:5]) or "–"
        raise Refused.because(
            _("The ZIP archive must hold just one text file. Found: %(names)s", names=names)
        )
    if texts[0].flag_bits & 0x1:
        raise Refused.because(_("The ZIP archive is protected by a password. Unpack it first."))
    if texts[0].file_size > LARGEST_FILE:
        raise Refused.because(_("The file in the ZIP archive is larger than 40 MB."))
    return texts[0]
