"""Read a leaf of an Excel workbook (.xlsx): every part is unpacked within limits before anything is read.

Cells become text as a German would type it; days become 2026-11-25. Formulas count by their last result.
"""

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from crm.importing import Refused
from crm.imports.leaf import Leaf, Style, read_rows
from crm.imports.rows import Row, wrong_kind
from crm.imports.xml import Malformed, each, elements

MOST_PARTS, MOST_UNPACKED, MOST_RATIO = 2000, 60_000_000, 200
_DAMAGE = (zipfile.BadZipFile, NotImplementedError, EOFError, zlib.error, OSError, RuntimeError, ValueError)
_DAYS = {*range(14, 23), *range(27, 37), *range(50, 59)}
_NOT_SHOWN = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')


@dataclass(frozen=True)
class Read:
    """The rows of one leaf, the names of all visible leaves, and what should be known."""

    rows: list[Row]
    name: str
    names: list[str]
    notices: list[str] = field(default_factory=list)


def read(content: bytes, wished: str = "") -> Read:
    """Read the leaf that is wished for, else the first visible one; raises Refused."""
    parts = _parts(content)
    try:
        return _read(parts, wished)
    except (Malformed, LookupError, ValueError) as broken:
        raise _damaged() from broken


def _damaged() -> Refused:
    return Refused.because(_("The workbook is damaged. Open it in Excel and save it anew."))


def _parts(content: bytes) -> dict[str, bytes]:
    """Unpack the parts that matter; whatever claims to be too large is not even begun."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            _check_kind({entry.filename for entry in entries[:MOST_PARTS]})
            _check_size(entries, len(content))
            wanted = [entry for entry in entries if entry.filename.endswith((".xml", ".rels"))]
            return {entry.filename.lstrip("/"): archive.read(entry) for entry in wanted}
    except _DAMAGE as broken:
        raise _damaged() from broken


def _check_kind(names: set[str]) -> None:
    if "mimetype" in names or "content.xml" in names:
        raise wrong_kind(_("an OpenDocument file"))
    if any(name.endswith("vbaProject.bin") for name in names):
        raise wrong_kind(_("a workbook with macros (.xlsm)"))
    if any(name.endswith("workbook.bin") for name in names):
        raise wrong_kind(_("a binary workbook (.xlsb)"))
    if not any(name.endswith("workbook.xml") for name in names):
        raise wrong_kind(_("an archive or another kind of document"))


def _check_size(entries: list[zipfile.ZipInfo], size: int) -> None:
    whole = sum(entry.file_size for entry in entries)
    packed = whole > 1_000_000 and whole > MOST_RATIO * size
    if len(entries) > MOST_PARTS or whole > MOST_UNPACKED or packed:
        raise Refused.because(
            _("The workbook is far larger inside than outside. Save only the list as a new file.")
        )


def _read(parts: dict[str, bytes], wished: str) -> Read:
    main = next(name for name in sorted(parts, key=len) if name.endswith("workbook.xml"))
    sheets, from_1904 = _sheets(parts[main])
    targets = _targets(parts, main)
    visible = [one for one in sheets if one["state"] == "visible" and one["id"] in targets]
    if not visible:
        raise Refused.because(_("The workbook has no visible sheet."))
    chosen = next((one for one in visible if one["name"] == wished), visible[0])
    style = Style(_strings(parts, main), _day_formats(parts, main), _first_day(from_1904))
    leaf = read_rows(parts[targets[chosen["id"]]], style)
    hidden = [one["name"] for one in sheets if one not in visible]
    names = [one["name"] for one in visible]
    return Read(leaf.rows, chosen["name"], names, [*_notices(leaf, hidden)])


def _first_day(from_1904: bool) -> date:
    """The day zero of the serial numbers; Excel counts a 29 February 1900 that never was."""
    return date(1904, 1, 1) if from_1904 else date(1899, 12, 30)


def _sheets(xml: bytes) -> tuple[list[dict[str, str]], bool]:
    found, from_1904 = [], False
    for one in elements(xml, {"sheet", "workbookPr"}):
        if one.name == "workbookPr":
            from_1904 = one.get("date1904") in ("1", "true", "on")
        else:
            state = one.get("state") or "visible"
            found.append({"name": one.get("name"), "state": state, "id": one.get("id")})
    return found, from_1904


def _targets(parts: dict[str, bytes], main: str) -> dict[str, str]:
    """Where the parts are that the workbook names by numbers; other addresses lead nowhere."""
    folder, name = posixpath.split(main)
    relations = parts[posixpath.join(folder, "_rels", f"{name}.rels")]
    found = {}
    for one in elements(relations, {"Relationship"}):
        path = one.get("Target")
        whole = path.lstrip("/") if path.startswith("/") else posixpath.normpath(posixpath.join(folder, path))
        if whole in parts and one.get("Type").endswith("/worksheet"):
            found[one.get("Id")] = whole
    return found


def _beside(parts: dict[str, bytes], main: str, name: str) -> bytes:
    return parts.get(posixpath.join(posixpath.dirname(main), name), b"")


def _strings(parts: dict[str, bytes], main: str) -> list[str]:
    """The texts that cells share; how they are read aloud (rPh) is no part of them."""
    found: list[str] = []
    if xml := _beside(parts, main, "sharedStrings.xml"):
        each(xml, {"si"}, lambda one: found.append(one.text), within={"t"}, but={"rPh"})
    return found


def _day_formats(parts: dict[str, bytes], main: str) -> list[bool]:
    """Tell for each style of cells whether it shows a day."""
    xml = _beside(parts, main, "styles.xml")
    found: list[bool] = []
    own: dict[str, bool] = {}
    for one in elements(xml, {"numFmt", "xf"}) if xml else []:
        number = one.get("numFmtId")
        if one.name == "numFmt":
            shape = _NOT_SHOWN.sub("", one.get("formatCode").casefold())
            own[number] = "y" in shape or "d" in shape
        elif one.parent == "cellXfs":
            # Styles of styles stand elsewhere and are not counted.
            found.append(own.get(number, number.isdigit() and int(number) in _DAYS))
    return found


def _notices(leaf: Leaf, hidden: list[str]) -> Iterator[str]:
    if hidden:
        yield _("Hidden sheets are not read: %(names)s.", names=", ".join(hidden[:5]))
    if leaf.hidden_rows:
        yield ngettext(
            "%(num)s row is hidden or filtered out in Excel; it is read all the same.",
            "%(num)s rows are hidden or filtered out in Excel; they are read all the same.",
            leaf.hidden_rows,
        )
    if leaf.hidden_columns:
        yield ngettext(
            "%(num)s column is hidden in Excel; it is read all the same.",
            "%(num)s columns are hidden in Excel; they are read all the same.",
            leaf.hidden_columns,
        )
