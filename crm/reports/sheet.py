"""A finished report: plain numbers and words, the same for screen, PDF, CSV and XLSX."""

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from itertools import chain, zip_longest
from typing import IO, Any

from flask_babel import gettext as _
from flask_babel import ngettext

from crm.export import Leaf, csv_file
from crm.i18n import day, euros, number, percent

Arguments = dict[str, Any]
EURO, DAYS, HOURS, PERCENT = "eur", "days", "hours", "percent"
NARROW = 4


@dataclass(frozen=True)
class Number:
    """A number and the arguments of the list behind it; None as a number is shown as a dash.

    `unit` is EURO, DAYS, HOURS, PERCENT or nothing: a count, or what the head of its column says.
    """

    value: int | float | Decimal | None
    link: Arguments = field(default_factory=dict)
    mark: str = ""
    unit: str = ""

    @property
    def text(self) -> str:
        """Write it as people read it in a column whose head names the unit."""
        if self.value is None:
            return "–"
        if self.unit == PERCENT:
            return percent(float(self.value) / 100).removesuffix("\u00a0%")
        return euros(Decimal(self.value)) if self.unit == EURO else number(self.value)

    @property
    def spoken(self) -> str:
        """Write it with its unit, as it stands alone."""
        if self.value is None or self.unit not in (DAYS, HOURS):
            return self.text
        if self.unit == HOURS:
            return _("%(hours)s hrs", hours=self.text)
        return ngettext("%(shown)s day", "%(shown)s days", 1 if self.value == 1 else 2, shown=self.text)


@dataclass(frozen=True)
class Linked:
    """Words that lead to a page of the program: an endpoint and the numbers in its address.

    `typed` words may name people: a frozen report keeps the way, not the words.
    """

    text: str
    endpoint: str
    numbers: tuple[tuple[str, int], ...]
    typed: bool = False

    def __str__(self) -> str:
        return self.text


Cell = str | date | int | float | Decimal | Number | Linked | None


@dataclass(frozen=True)
class Figure:
    """A large number at the top; `change` says how it differs from the period before."""

    label: str
    number: Number
    note: str = ""
    change: str = ""


@dataclass(frozen=True)
class Table:
    """A table of numbers and words; the first cell of a row names it.

    `bar` is the column drawn as a share of 100. A long table shows `most` rows on screen; files hold all.
    """

    id: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    total: tuple[Any, ...] = ()
    notes: tuple[str, ...] = ()
    count: str = ""
    bar: int = -1
    most: int = 500

    @property
    def is_narrow(self) -> bool:
        """Tell whether two of its kind fit side by side: few columns and no sentences."""
        words = (cell for row in self.rows[:9] for cell in row[1:] if isinstance(cell, str))
        # A drawn share is as wide as two numbers.
        wide = len(self.columns) + (self.bar >= 0)
        return wide <= NARROW and all(len(one) < 40 for one in words)

    @property
    def is_number(self) -> tuple[bool, ...]:
        """Tell for every column whether numbers stand in it."""
        return tuple(
            any(isinstance(row[place], Number) for row in self.rows[:9]) for place in range(len(self.columns))
        )

    @property
    def lines(self) -> Iterator[list[Any]]:
        """The rows with their total as plain values, as files hold them, one by one."""
        rows = chain(self.rows, (self.total,) if self.total else ())
        return ([plain(cell) for cell in row] for row in rows)


@dataclass(frozen=True)
class Chart:
    """Stacked bars, or `paired` ones side by side; `table` holds the same numbers."""

    title: str
    text: str
    series: tuple[str, ...]
    rows: tuple[tuple[str, tuple[int, ...]], ...]
    table: Table
    paired: bool = False


@dataclass(frozen=True)
class Sheet:
    """Everything a report says; a picture only where it shows more than a table.

    `trend` sets the period beside the one before. On screen a table stands beside each picture.
    """

    definition: tuple[tuple[str, str], ...]
    figures: tuple[Figure, ...]
    chart: Chart | None
    tables: tuple[Table, ...]
    trend: Chart | None = None

    @property
    def charts(self) -> tuple[Chart, ...]:
        """The pictures in their order."""
        return tuple(one for one in (self.chart, self.trend) if one)

    @property
    def all_tables(self) -> tuple[Table, ...]:
        """All tables in the order of the screen: beside each picture's own stands one of the others."""
        count = len(self.charts)
        pairs = zip_longest((one.table for one in self.charts), self.tables[:count])
        return (*(one for pair in pairs for one in pair if one), *self.tables[count:])

    @property
    def beside_each_other(self) -> list[tuple[Table, ...]]:
        """The tables as they stand on screen: two narrow ones side by side, a wide one alone.

        The first ones stand beside the pictures.
        """
        found: list[tuple[Table, ...]] = []
        for one in self.tables[len(self.charts) :]:
            last = found[-1] if found else ()
            if len(last) == 1 and one.is_narrow and last[0].is_narrow:
                found[-1] = (*last, one)
            else:
                found.append((one,))
        return found

    def figure_lines(self) -> list[list[Any]]:
        """The large numbers as rows of a file."""
        return [
            [one.label, plain(one.number), " · ".join(filter(None, (one.note, one.change)))]
            for one in self.figures
        ]


def explained(table: Table, but: Container[int] = ()) -> Table:
    """Say under a table why a column adds up to more than its sum, which counts everything once.

    The columns in `but` do not add up at all.
    """
    total: list[Any] = list(table.total)
    notes = list(table.notes)
    for place, cell in enumerate(total):
        if not isinstance(cell, Number) or not cell.link or cell.value is None or place in but:
            continue
        column = sum(Decimal(str(row[place].value or 0)) for row in table.rows)
        if column != Decimal(str(cell.value)):
            mark = str(len(notes) + 1)
            total[place] = replace(cell, mark=mark)
            shown = Number(column, unit=cell.unit).text
            more = column > Decimal(str(cell.value))
            notes.append(f"{mark} {_adds_up(table.columns[place], shown, more)}")
    return replace(table, total=tuple(total), notes=tuple(notes))


def _adds_up(name: str, shown: str, more: bool) -> str:
    if more:
        return _(
            "The column “%(name)s” adds up to %(sum)s, for some stand in several rows. "
            "In the sum each counts once.", name=name, sum=shown,
        )  # fmt: skip
    return _("The column “%(name)s” adds up to %(sum)s, for some stand in no row.", name=name, sum=shown)


def portion(part: Number, whole: Number) -> float | None:
    """The part of a whole between 0 and 1; None where there is no whole."""
    if not whole.value or part.value is None:
        return None
    return float(part.value) / float(whole.value)


def share(part: Number, whole: Number) -> Number:
    """The part of a whole in percent."""
    found = portion(part, whole)
    return percentage(0, 0) if found is None else percentage(found, 1)


def percentage(part: float, whole: float) -> Number:
    """A part in percent with one decimal; a dash where there is no whole."""
    return Number(round(100 * part / whole, 1) if whole else None, unit=PERCENT)


def plain(cell: Any) -> Any:
    """Give the bare value of a cell; as on screen whole numbers have no decimals, percentages always one."""
    value = cell.value if isinstance(cell, Number) else cell
    if value is not None and isinstance(cell, Number) and cell.unit == PERCENT:
        return float(value)
    if isinstance(value, Linked):
        return value.text
    if isinstance(value, Decimal | float):
        return int(value) if value == int(value) else float(value)
    return value


def in_words(cell: Any) -> str:
    """Write a cell as people read it."""
    if isinstance(cell, Number):
        return cell.text
    if cell is None or cell == "":
        return "–"
    if isinstance(cell, date):
        return day(cell)
    return number(cell) if isinstance(cell, int | float | Decimal) else str(cell)


def as_lines(title: str, sheet: Sheet) -> Iterator[list[Any]]:
    """Put a whole report into lines: title, definition, large numbers, one table after another."""
    yield from ([title], *map(list, sheet.definition), [], *sheet.figure_lines())
    for table in sheet.all_tables:
        yield from ([], [table.title], list(table.columns))
        yield from table.lines
        yield from _each(table.notes)


def csv_of(title: str, sheet: Sheet) -> IO[bytes]:
    """Write a whole report as CSV into a file, line by line."""
    lines = as_lines(title, sheet)
    return csv_file(next(lines), lines)


def as_leaves(title: str, sheet: Sheet) -> Iterator[Leaf]:
    """Put a report on leaves of a workbook; the definition stands on the first, the period on every one."""
    definition = [f"{term}: {text}" for term, text in sheet.definition]
    yield Leaf(title, (_("Number"), _("Value"), _("Remark")), sheet.figure_lines(), [title, *definition])
    for table in sheet.all_tables:
        notes = [f"{title}: {table.title}", *definition[:1]]
        after = [[], *_each(table.notes)] if table.notes else []
        yield Leaf(table.title, table.columns, chain(table.lines, after), notes)


def _each(texts: Iterable[str]) -> list[list[Any]]:
    return [[text] for text in texts]
