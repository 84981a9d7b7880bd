"""A finished report: plain numbers and words, the same for screen, CSV and XLSX."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from flask_babel import gettext as _

from crm.export import Leaf

Arguments = dict[str, Any]


@dataclass(frozen=True)
class Number:
    """A number and the arguments of the list behind it; None as a number is shown as a dash."""

    value: float | None
    link: Arguments = field(default_factory=dict)
    mark: str = ""


@dataclass(frozen=True)
class Figure:
    """A large number at the top."""

    label: str
    number: Number
    note: str = ""


@dataclass(frozen=True)
class Table:
    """A table of numbers; the first cell of a row names it, `bar` is the column drawn as a share of 100."""

    id: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    total: tuple[Any, ...] = ()
    notes: tuple[str, ...] = ()
    count: str = ""
    bar: int = -1

    @property
    def lines(self) -> list[list[Any]]:
        """The rows with their total as plain values, as files hold them."""
        rows = [*self.rows, self.total] if self.total else self.rows
        return [[plain(cell) for cell in row] for row in rows]


@dataclass(frozen=True)
class Chart:
    """Stacked bars; `table` holds the same numbers."""

    title: str
    text: str
    series: tuple[str, ...]
    rows: tuple[tuple[str, tuple[int, ...]], ...]
    table: Table


@dataclass(frozen=True)
class Sheet:
    """Everything a report says; a picture only where it shows more than a table."""

    definition: tuple[tuple[str, str], ...]
    figures: tuple[Figure, ...]
    chart: Chart | None
    tables: tuple[Table, ...]

    @property
    def all_tables(self) -> tuple[Table, ...]:
        """The table of the chart, then the others."""
        return (self.chart.table, *self.tables) if self.chart else self.tables

    def figure_lines(self) -> list[list[Any]]:
        """The large numbers as rows of a file."""
        return [[one.label, plain(one.number), one.note] for one in self.figures]


class Records(NamedTuple):
    """What stands behind a number: the list, what it is narrowed to in words, and how its rows are loaded.

    The list has `kind`, `ids` in its order, and `title`.
    """

    found: Any
    words: list[str]
    load: Callable[[list[int]], list[Any]]


def plain(cell: Any) -> Any:
    """Give the bare value of a cell; whole numbers without decimals, as on screen."""
    value = cell.value if isinstance(cell, Number) else cell
    return int(value) if isinstance(value, float) and value.is_integer() else value


def as_lines(title: str, sheet: Sheet) -> list[list[Any]]:
    """Put a whole report into lines: title, definition, large numbers, one table after another."""
    lines: list[list[Any]] = [[title], *map(list, sheet.definition), [], *sheet.figure_lines()]
    for table in sheet.all_tables:
        lines += [[], [table.title], list(table.columns), *table.lines, *_each(table.notes)]
    return lines


def as_leaves(title: str, sheet: Sheet) -> list[Leaf]:
    """Put a report on leaves of a workbook; the definition stands on the first, the period on every one."""
    definition = [f"{term}: {text}" for term, text in sheet.definition]
    leaves = [Leaf(title, (_("Number"), _("Value"), _("Remark")), sheet.figure_lines(), [title, *definition])]
    for table in sheet.all_tables:
        notes = [f"{title}: {table.title}", definition[0]]
        rows = [*table.lines, [], *_each(table.notes)] if table.notes else table.lines
        leaves.append(Leaf(table.title, table.columns, rows, notes))
    return leaves


def _each(texts: Iterable[str]) -> list[list[Any]]:
    return [[text] for text in texts]
