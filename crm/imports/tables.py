"""From the bytes of a list to its header and rows: CSV as Excel and others write it, or a workbook."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from flask_babel import gettext as _

from crm.export import plain_cell
from crm.i18n import number
from crm.importing import Finding, Refused
from crm.imports import workbook
from crm.imports.rows import (
    LARGEST_FILE,
    LONGEST_CELL,
    MOST_COLUMNS,
    MOST_ROWS,
    Row,
    too_many_columns,
    too_many_rows,
    wrong_kind,
)
from crm.text import Unreadable, clean_line

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_FOREIGN = (
    (re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|\?xml|head|body|table)", re.IGNORECASE), "HTML"),
    (re.compile(rb"%PDF-"), "PDF"),
    (re.compile(rb"\x89PNG|\xff\xd8\xff|GIF8"), "ein Bild"),
    (re.compile(rb"\s*[{\[]\s*[\"{\[]"), "JSON"),
)
_MARKS = ";,\t"


@dataclass(frozen=True)
class Table:
    """A header and the rows below it, and what should be known before they are taken over.

    `empty` are the lines of rows in which nothing stands but marks between cells.
    """

    header: tuple[str, ...]
    rows: list[Row]
    notices: list[str] = field(default_factory=list)
    sheets: list[str] = field(default_factory=list)
    sheet: str = ""
    empty: tuple[int, ...] = ()


def read(content: bytes, name: str = "", sheet: str = "") -> Table:
    """Read a list; `sheet` names a leaf of a workbook. Raises Refused, WrongKind for other kinds of files."""
    if len(content) > LARGEST_FILE:
        raise Refused.because(_("The file is larger than 10 MB. Split it and take over one part at a time."))
    if not content.strip(b"\r\n\t \x00\x1a\xef\xbb\xbf\xfe\xff"):
        raise Refused.because(_("The file is empty."))
    if content.startswith(_ZIP):
        leaf = workbook.read(content, sheet)
        return _as_table(leaf.rows, leaf.notices, leaf.names, leaf.name)
    _refuse_foreign(content, name)
    text = _decoded(content)
    return _as_table(_lines_of(text), [])


def _refuse_foreign(content: bytes, name: str) -> None:
    ending = name.rpartition(".")[2].casefold() if "." in name else ""
    if content.startswith(_OLE):
        raise wrong_kind(_("an old Excel file (.xls) or one with a password"))
    for begin, kind in _FOREIGN:
        if begin.match(content):
            raise wrong_kind(kind)
    if ending in ("xlsx", "xls", "xlsm", "ods"):
        raise wrong_kind(_("called .%(ending)s but no workbook inside", ending=ending))


def _decoded(content: bytes) -> str:
    """Decode by what the bytes can be: UTF-16 and UTF-8 with their marks, UTF-8, else Windows."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _strictly(content, "utf-16")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = _strictly(content, "cp1252")
    if text.count("\x00") > 5:
        raise wrong_kind(_("no text"))
    return text


def _strictly(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as wrong:
        line = content[: wrong.start].count(b"\n") + 1
        byte = content[wrong.start : wrong.start + 1].hex().upper()
        message = _("byte %(byte)s is no letter. Save the list as CSV UTF-8.", byte=byte)
        raise Refused([Finding(line, "", "", message)]) from None


def _lines_of(text: str) -> Iterator[Row]:
    """Read the rows of a CSV text; raises Refused at the first row that is not well-formed."""
    first, _end, rest = text.partition("\n")
    if match := re.fullmatch(r"sep=(.)\r?", first):
        text, mark, skipped = rest, match[1], 1
    else:
        mark, skipped = _separator(text), 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    begin = 1 + skipped
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as wrong:
            raise Refused([_malformed(begin, str(wrong))]) from None
        if cells is None:
            return
        yield Row(begin, tuple(cells))
        begin = reader.line_num + 1 + skipped


def _malformed(line: int, wrong: str) -> Finding:
    if "field larger" in wrong:
        said = _("a cell is longer than %(most)s characters. Shorten it.", most=number(LONGEST_CELL))
    else:
        said = _(
            "a quotation mark opens and does not close rightly. Close it, or write it twice inside a cell."
        )
    return Finding(line, "", "", said)


def _separator(text: str) -> str:
    """Tell by the first line with something in it what parts the columns."""
    counts, quoted, seen = dict.fromkeys(_MARKS, 0), False, False
    for letter in text[:100_000]:
        if letter == '"':
            quoted = not quoted
        elif letter in "\r\n" and not quoted and seen:
            break
        elif letter in counts and not quoted:
            counts[letter] += 1
        seen = seen or not letter.isspace()
    return max(_MARKS, key=lambda mark: counts[mark])


def _as_table(lines: Iterable[Row], notices: list[str], sheets: Iterable[str] = (), sheet: str = "") -> Table:
    filled, empty = _filled(lines)
    if not filled:
        raise Refused.because(_("The file is empty."))
    place = _header_at(filled)
    header = _header(filled[place])
    fitted = [_fitted(row, header, bool(sheet)) for row in filled[place + 1 :]]
    if not fitted:
        raise Refused.because(_("There are no rows below the header."))
    below = tuple(line for line in empty if line > filled[place].line)
    return Table(header, fitted, notices, list(sheets), sheet, below)


def _filled(lines: Iterable[Row]) -> tuple[list[Row], list[int]]:
    found: list[Row] = []
    empty: list[int] = []
    for row in lines:
        if any(cell.strip() for cell in row.cells) or row.problems:
            found.append(row)
        elif len(row.cells) > 1 and len(empty) < MOST_ROWS:
            empty.append(row.line)
        if len(found) > MOST_ROWS + 10:
            raise too_many_rows()
    return found, empty


def _header_at(rows: list[Row]) -> int:
    """A title above the header stands alone in its row."""
    for place, row in enumerate(rows[:10]):
        if sum(1 for cell in row.cells if cell.strip()) > 1:
            return place
    return 0


def _header(row: Row) -> tuple[str, ...]:
    cells = list(row.cells)
    while cells and not cells[-1].strip():
        cells.pop()
    if len(cells) > MOST_COLUMNS:
        raise too_many_columns()
    names = []
    for place, cell in enumerate(cells, start=1):
        try:
            name = clean_line(re.sub(r"\s+", " ", cell)[:100])
        except Unreadable as wrong:
            raise Refused([Finding(row.line, str(place), "", str(wrong))]) from None
        names.append(name or _("Column %(number)s", number=place))
    return tuple(names)


def _fitted(row: Row, header: tuple[str, ...], padded: bool) -> Row:
    """Bring a row to the width of the header; what does not fit is its problem."""
    cells, width, problems = [plain_cell(cell.strip()) for cell in row.cells], len(header), list(row.problems)
    while len(cells) > width and not cells[-1]:
        cells.pop()
    if len(cells) > width or (len(cells) < width and not padded):
        said = _("the row has %(found)s cells, the header %(width)s.", found=len(cells), width=width)
        problems.append(Finding(row.line, "", "", said))
    for name, cell in zip(header, cells, strict=False):
        if len(cell) > LONGEST_CELL:
            problems.append(Finding(row.line, name, cell, _("is too long for a cell. Shorten it.")))
    cells += [""] * (width - len(cells))
    return Row(row.line, tuple(cells), tuple(problems))
