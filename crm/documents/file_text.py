"""The words of a file: a program of its own, so that no file can take the one that reads it along.

`python file_text.py MEDIA_TYPE` reads a file from its input and writes its text, of at most MOST_PAGES pages
and MOST_TEXT characters. It may use only so much memory and time; what it cannot read ends it with an error.
"""

import html
import io
import re
import resource
import sys
import zipfile

MOST_PAGES, MOST_TEXT, MOST_UNPACKED, MOST_ENTRIES = 300, 100_000, 40_000_000, 5_000
SECONDS, MEMORY = 20, 2_000_000_000
_OFFICE = "application/vnd.openxmlformats-officedocument"
# Parts of an archive that hold words, and where in them the words stand.
_ARCHIVES = {
    f"{_OFFICE}.wordprocessingml.document": (
        r"word/(?:document|footnotes|endnotes)\.xml",
        r"<w:t(?:\s[^>]*)?>([^<]*)</w:t>|(</w:p>|<w:tab/>|<w:br/>)",
    ),
    f"{_OFFICE}.spreadsheetml.sheet": (
        r"xl/(?:sharedStrings|worksheets/sheet\d+)\.xml",
        r"<t(?:\s[^>]*)?>([^<]*)</t>|(</si>|</c>)",
    ),
    f"{_OFFICE}.presentationml.presentation": (
        r"ppt/(?:slides|notesSlides)/[a-zA-Z]+\d+\.xml",
        r"<a:t(?:\s[^>]*)?>([^<]*)</a:t>|(</a:p>|<a:br/>)",
    ),
    "application/vnd.oasis.opendocument.text": (
        r"content\.xml",
        r"(?<=>)([^<]+)|(</text:(?:p|h)>|<text:(?:tab|line-break)/>)",
    ),
}
# The other ways of packing are used by nobody who makes such documents, and swell at once.
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
KINDS = frozenset({"application/pdf", *_ARCHIVES})


def text_of(content: bytes, media_type: str) -> str:
    """Give the words of a file; raises whatever its reader raises for one that is broken."""
    found = _of_pdf(content) if media_type == "application/pdf" else _of_archive(content, media_type)
    plain = "".join(one if one.isprintable() or one == "\n" else " " for one in found[:MOST_TEXT])
    return re.sub(r"[ \t]*\n\s*", "\n", plain).strip()


def _of_pdf(content: bytes) -> str:
    # The program beside never needs it.
    import pypdfium2

    found, length = [], 0
    with pypdfium2.PdfDocument(content) as document:
        for number in range(min(len(document), MOST_PAGES)):
            found.append(document[number].get_textpage().get_text_bounded())
            length += len(found[-1])
            if length > MOST_TEXT:
                break
    # A word that a line end parts is one word; for some hyphens the reader gives U+FFFE and no line end.
    return re.sub(r"(?<=\w)(?:[-\u00ad]\r?\n|[\ufffe\x02](?:\r?\n)?)(?=[a-zäöüß])", "", "\n".join(found))


def _of_archive(content: bytes, media_type: str) -> str:
    names, words = _ARCHIVES[media_type]
    found, room = [], MOST_UNPACKED
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for part in sorted(archive.infolist()[:MOST_ENTRIES], key=_place):
            if re.fullmatch(names, part.filename) and part.compress_type in _PACKED:
                with archive.open(part) as packed:
                    unpacked = packed.read(room)
                room -= len(unpacked)
                source = unpacked.decode("utf-8", "replace")
                found += [html.unescape(one[1]) if one[1] else "\n" for one in re.finditer(words, source)]
    return "".join(found)


def _place(part: zipfile.ZipInfo) -> list[tuple[int, str]]:
    """The second slide stands before the tenth."""
    return [(int(one), "") if one.isdigit() else (0, one) for one in re.split(r"(\d+)", part.filename)]


def main() -> None:
    """Read one file within limits; it writes none."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    sys.stdout.buffer.write(text_of(sys.stdin.buffer.read(), sys.argv[1]).encode("utf-8", "replace"))


if __name__ == "__main__":
    main()
