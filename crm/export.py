"""Rows to CSV that opens in a German Excel and to XLSX; no cell can become a formula."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from urllib.parse import quote

import xlsxwriter
from flask import Response

from crm.security import CSP

IN_MEMORY, PIECE = 1_000_000, 64_000
LEAF_NAME, CELL = 31, 32_767
_NO_LEAF_NAME = str.maketrans("[]:*?/\\'", "        ")
_ACTIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def safe_cell(value: Any) -> Any:
    """Put an apostrophe before text that a spreadsheet would run; numbers and days stay what they are."""
    if not isinstance(value, str):
        return value
    return "'" + value if value.lstrip(" \u00a0").startswith(_ACTIVE) else value


def plain_cell(value: str) -> str:
    """Take that apostrophe off again when one of our own tables comes back."""
    inside = value[1:]
    return inside if value.startswith("'") and safe_cell(inside) != inside else value


def to_csv(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Write semicolons, a byte-order mark, German days and decimal commas."""
    with csv_file(head, rows) as file:
        return file.read()


def csv_file(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> IO[bytes]:
    """Write the same into a file that keeps on disk what is large; rows are taken one by one."""
    file = new_file()
    file.write(b"\xef\xbb\xbf")
    out = io.TextIOWrapper(file, encoding="utf-8", newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([safe_cell(str(cell)) for cell in head])
    writer.writerows([safe_cell(_german(cell)) for cell in row] for row in rows)
    # Without this the file would be closed with the writer.
    out.detach()
    file.seek(0)
    return file


def new_file() -> IO[bytes]:
    """Make a file without a name that goes when it is closed; what is small never reaches the disk."""
    return SpooledTemporaryFile(max_size=IN_MEMORY)


def _german(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.strftime("%d.%m.%Y")
    if isinstance(value, float):
        return _Number(repr(value).replace(".", ","))
    if isinstance(value, int):
        return _Number(value)
    return str(value)


class _Number:
    """A number on its way into a CSV cell: its minus sign is no formula."""

    def __init__(self, value: Any):
        self.value = value

    def __str__(self) -> str:
        return str(self.value)


@dataclass(frozen=True)
class Leaf:
    """One leaf of a workbook: notes above, a marked header row, rows, which are taken one by one."""

    title: str
    head: Sequence[str]
    rows: Iterable[Sequence[Any]]
    notes: Sequence[str] = ()


def to_xlsx(
    title: str, head: Sequence[str], rows: Iterable[Sequence[Any]], notes: Sequence[str] = ()
) -> bytes:
    """Write one leaf: text as text, numbers as numbers, days as days."""
    return to_workbook([Leaf(title, head, rows, notes)])


def to_workbook(leaves: Iterable[Leaf]) -> bytes:
    """Write a workbook; no text in it is a formula or a link."""
    with workbook_file(leaves) as file:
        return file.read()


def workbook_file(leaves: Iterable[Leaf]) -> IO[bytes]:
    """Write the same into a file; each row is on disk before the next one is asked for."""
    file = new_file()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        days = book.add_format({"num_format": "dd.mm.yyyy"})
        taken = {"history"}
        for leaf in leaves:
            _fill(book.add_worksheet(_free_name(leaf.title, taken)), leaf, bold, days)
    file.seek(0)
    return file


def _free_name(title: str, taken: set[str]) -> str:
    """Give a leaf a name that spreadsheets take, and that no other leaf has, in capitals or not."""
    wished = " ".join(title.translate(_NO_LEAF_NAME).split()) or "-"
    name, number = wished[:LEAF_NAME].strip(), 1
    while name.casefold() in taken:
        number += 1
        ending = f" {number}"
        name = wished[: LEAF_NAME - len(ending)].strip() + ending
    taken.add(name.casefold())
    return name


def _fill(sheet: Any, leaf: Leaf, bold: Any, days: Any) -> None:
    """Write line after line, for none can be changed later; the head is repeated on every printed page."""
    for line, note in enumerate(leaf.notes):
        sheet.write_string(line, 0, _fitting(note))
    top = len(leaf.notes) + (1 if leaf.notes else 0)
    for column, cell in enumerate(leaf.head):
        sheet.write_string(top, column, _fitting(str(cell)), bold)
    for line, row in enumerate(leaf.rows, start=top + 1):
        for column, cell in enumerate(row):
            _write(sheet, line, column, cell, days)
    sheet.freeze_panes(top + 1, 0)
    sheet.repeat_rows(top)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_column(0, max(len(leaf.head) - 1, 0), 22)


def _fitting(text: str) -> str:
    """No cell takes more; what is cut says so."""
    return text if len(text) <= CELL else text[: CELL - 1] + "…"


def _write(sheet: Any, line: int, column: int, cell: Any, days: Any) -> None:
    if cell is None:
        return
    if isinstance(cell, date):
        sheet.write_datetime(line, column, datetime(cell.year, cell.month, cell.day), days)  # noqa: DTZ001 a bare day
    elif isinstance(cell, int | float):
        sheet.write_number(line, column, cell)
    else:
        sheet.write_string(line, column, _fitting(str(cell)))


KINDS = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "vcf": "text/vcard",
    "json": "application/json",
    "pdf": "application/pdf",
    "txt": "text/plain",
}
_SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})


def download(content: bytes | IO[bytes], name: str, kind: str) -> Response:
    """Answer with a file to save; `kind` is its ending."""
    given = content if isinstance(content, bytes) else _pieces(content)
    answer = Response(given, mimetype=KINDS[kind])
    if not isinstance(content, bytes):
        answer.content_length = content.seek(0, io.SEEK_END)
        answer.call_on_close(content.close)
    answer.headers["Content-Disposition"] = disposition(f"{name}.{kind}")
    return answer


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece


def stored_file(content: bytes, media_type: str, name: str) -> Response:
    """Give an uploaded file to save; whoever opens it here gets neither scripts nor a way out."""
    answer = Response(content, mimetype=media_type)
    answer.headers["Content-Disposition"] = disposition(name)
    answer.headers["Content-Security-Policy"] = f"sandbox; {CSP}"
    return answer


def drawn_picture(content: bytes) -> Response:
    """Show a picture that was drawn here."""
    return Response(content, mimetype="image/png")


def disposition(name: str) -> str:
    """Name a file for every browser, and once more with its umlauts for those that read them (RFC 5987)."""
    plain = unicodedata.normalize("NFKD", name.translate(_SPELT_OUT)).encode("ascii", "ignore").decode()
    named = f'attachment; filename="{plain}"'
    return named if plain == name else f"{named}; filename*=UTF-8''{quote(name)}"
