"""Rows to CSV that opens in a German Excel and to XLSX; no cell can become a formula."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

import xlsxwriter
from flask import Response

from crm.security import CSP

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
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([safe_cell(str(cell)) for cell in head])
    writer.writerows([[safe_cell(_german(cell)) for cell in row] for row in rows])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")


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
    """One leaf of a workbook: notes above, a marked header row, rows."""

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
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        for leaf in leaves:
            _fill(book, leaf)
    return out.getvalue()


def _fill(book: Any, leaf: Leaf) -> None:
    sheet = book.add_worksheet(leaf.title[:31].translate(str.maketrans("[]:*?/\\'", "        ")))
    bold = book.add_format({"bold": True, "bottom": 1})
    days = book.add_format({"num_format": "dd.mm.yyyy"})
    for line, note in enumerate(leaf.notes):
        sheet.write_string(line, 0, note)
    top = len(leaf.notes) + (1 if leaf.notes else 0)
    for column, cell in enumerate(leaf.head):
        sheet.write_string(top, column, str(cell), bold)
    for line, row in enumerate(leaf.rows, start=top + 1):
        for column, cell in enumerate(row):
            _write(sheet, line, column, cell, days)
    sheet.freeze_panes(top + 1, 0)
    sheet.set_column(0, max(len(leaf.head) - 1, 0), 22)


def _write(sheet: Any, line: int, column: int, cell: Any, days: Any) -> None:
    if cell is None:
        return
    if isinstance(cell, date):
        sheet.write_datetime(line, column, datetime(cell.year, cell.month, cell.day), days)  # noqa: DTZ001 a bare day
    elif isinstance(cell, int | float):
        sheet.write_number(line, column, cell)
    else:
        sheet.write_string(line, column, str(cell))


KINDS = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "vcf": "text/vcard",
    "pdf": "application/pdf",
}
_SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})


def download(content: bytes, name: str, kind: str) -> Response:
    """Answer with a file to save; `kind` is its ending."""
    answer = Response(content, mimetype=KINDS[kind])
    answer.headers["Content-Disposition"] = disposition(f"{name}.{kind}")
    return answer


def stored_file(content: bytes, media_type: str, name: str) -> Response:
    """Give an uploaded file to save; whoever opens it here gets neither scripts nor a way out."""
    answer = Response(content, mimetype=media_type)
    answer.headers["Content-Disposition"] = disposition(name)
    answer.headers["Content-Security-Policy"] = f"sandbox; {CSP}"
    return answer


def disposition(name: str) -> str:
    """Name a file for every browser, and once more with its umlauts for those that read them (RFC 5987)."""
    plain = unicodedata.normalize("NFKD", name.translate(_SPELT_OUT)).encode("ascii", "ignore").decode()
    named = f'attachment; filename="{plain}"'
    return named if plain == name else f"{named}; filename*=UTF-8''{quote(name)}"
