"""The rows of one leaf of a workbook: what each cell says, and where it does not say anything sound."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from flask_babel import gettext as _

from crm.importing import Finding, Refused
from crm.imports import xml
from crm.imports.rows import MOST_COLUMNS, MOST_ROWS, Row, too_many_columns, too_many_rows

MOST_TEXT, MOST_CELLS = 50_000_000, (MOST_ROWS + 100) * MOST_COLUMNS
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_SERIAL = re.compile(r"[0-9]{1,7}(?:\.[0-9]+)?")
# 31.12.2100 as Excel counts.
LAST_SERIAL = 73_415


@dataclass(frozen=True)
class Style:
    """What the cells of a leaf refer to: shared texts, which styles show days, the day zero."""

    texts: list[str]
    days: list[bool]
    zero: date


@dataclass
class Leaf:
    """The rows of a leaf, and how many of its rows and columns are hidden."""

    rows: list[Row] = field(default_factory=list)
    hidden_rows: int = 0
    hidden_columns: int = 0


@dataclass
class _Cell:
    column: int
    kind: str
    style: int
    value: str = ""
    formula: bool = False


def read_rows(content: bytes, style: Style) -> Leaf:
    """Read a leaf; raises Malformed for broken XML and Refused beyond the limits."""
    reader = _Reader(style)
    xml.feed(xml.parser(reader.start, reader.end, reader.text), content)
    return reader.leaf


class _Reader:
    """Follow the elements of a leaf: row, c (cell), v (value), is/t (its own text), f (formula)."""

    def __init__(self, style: Style):
        self.style, self.leaf = style, Leaf()
        self.line, self.size, self.seen = 0, 0, 0
        self.cells: dict[int, str] = {}
        self.problems: list[Finding] = []
        self.cell: _Cell | None = None
        self.reads, self.aloud, self.next = False, 0, 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = xml.bare(tag)
        if name == "c":
            self._begin_cell(attributes)
        elif name == "row":
            number = attributes.get("r", "")
            self.line = int(number) if number.isdigit() else self.line + 1
            self.cells, self.problems, self.next = {}, [], 0
            self.leaf.hidden_rows += attributes.get("hidden") in ("1", "true")
        elif name == "col" and attributes.get("hidden") in ("1", "true"):
            self._note_hidden(attributes)
        elif name == "rPh":
            self.aloud += 1
        elif name == "f" and self.cell:
            self.cell.formula = True
        self.reads = name in ("v", "t")

    def _note_hidden(self, attributes: dict[str, str]) -> None:
        first, last = int(attributes.get("min", "1")), int(attributes.get("max", "1"))
        self.leaf.hidden_columns += max(0, min(last, MOST_COLUMNS) - first + 1)

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        self.seen += 1
        if self.seen > MOST_CELLS:
            raise too_many_columns()
        place = _PLACE.fullmatch(attributes.get("r", ""))
        column = _column(place[1]) if place else self.next
        style = attributes.get("s", "")
        self.cell = _Cell(column, attributes.get("t", "n"), int(style) if style.isdigit() else 0)
        self.next = column + 1

    def text(self, data: str) -> None:
        if self.cell and self.reads and not self.aloud:
            self.cell.value += data

    def end(self, tag: str) -> None:
        name = xml.bare(tag)
        self.reads = False
        if name == "rPh":
            self.aloud -= 1
        elif name == "c" and self.cell:
            self._keep(self.cell)
            self.cell = None
        elif name == "row":
            self._end_row()

    def _keep(self, cell: _Cell) -> None:
        text, wrong = self._read(cell)
        if wrong:
            self.problems.append(Finding(self.line, _letters(cell.column), cell.value, wrong))
        if not text:
            return
        if cell.column >= MOST_COLUMNS:
            raise too_many_columns()
        self.size += len(text)
        if self.size > MOST_TEXT:
            raise Refused.because(_("The list holds too much text. Split it and take over one at a time."))
        self.cells[cell.column] = text

    def _read(self, cell: _Cell) -> tuple[str, str]:
        """Give the text of a cell, and what is wrong with it."""
        value = cell.value
        if cell.kind == "s":
            return self.style.texts[int(value)] if value else "", ""
        if cell.kind == "e":
            return "", _("is an error of Excel. Correct the cell.")
        if cell.kind == "b":
            return (_("yes") if value == "1" else _("no")), ""
        if cell.kind in ("str", "inlineStr"):
            return value, ""
        if cell.kind == "d":
            return value[:10], ""
        if not value:
            return "", _(
                "A formula has no result. Calculate and save the workbook anew."
            ) if cell.formula else ""
        return self._number(value, cell.style), ""

    def _number(self, value: str, style: int) -> str:
        shows_day = style < len(self.style.days) and self.style.days[style]
        if shows_day and _SERIAL.fullmatch(value) and 0 < float(value) < LAST_SERIAL:
            return (self.style.zero + timedelta(days=int(float(value)))).isoformat()
        try:
            number = Decimal(value)
        except InvalidOperation:
            return value
        if not number.is_finite() or abs(number) >= 10**15:
            return value
        # The file holds the nearest binary number: 0.1 + 0.2 is written with seventeen digits.
        return f"{round(number, 6).normalize():f}".replace(".", ",")

    def _end_row(self) -> None:
        if not self.cells and not self.problems:
            return
        width = max(self.cells, default=-1) + 1
        cells = tuple(self.cells.get(column, "") for column in range(width))
        self.leaf.rows.append(Row(self.line, cells, tuple(self.problems)))
        if len(self.leaf.rows) > MOST_ROWS + 10:
            raise too_many_rows()


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _letters(column: int) -> str:
    return "".join(_parts_of(column + 1))[::-1]


def _parts_of(number: int) -> Iterator[str]:
    while number:
        number, rest = divmod(number - 1, 26)
        yield chr(65 + rest)
