"""Reports whose numbers are made of records that are all at hand: counted, added up and listed by one rule.

A report loads its facts once. Each number is a measure of those facts that stand under some keys (a year, a
county, a field); the list behind it is found by the same two words, so that it cannot differ.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from statistics import median
from typing import Any

from flask_babel import gettext as _

from crm.reports import kommunen
from crm.reports.records import Line, NoSuchList, Records
from crm.reports.scope import Scope
from crm.reports.sheet import Arguments, Cell, Figure, Number, Sheet, Table, explained
from crm.reports.territory import Territory
from crm.reports.words import change, span

WHAT, NONE = "was", "ohne"
COUNT, SUM, MEDIAN, UNITS, LEAST, MOST = "count", "sum", "median", "units", "least", "most"
# A sum that is no number, rather than zero, where nobody noted a value.
KNOWN = "known"
VALUED = (SUM, KNOWN, MEDIAN, LEAST, MOST)


@dataclass(frozen=True)
class Fact:
    """One record: its line in a list, the keys it stands under, the values it adds, the Kommunen behind it.

    `keys` says for each dimension under which keys it stands; under none it stands under NONE. A value that
    nobody noted is not in `values`.
    """

    id: int
    cells: tuple[Cell, ...]
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    units: frozenset[int] = frozenset()

    def under(self, dimension: str) -> tuple[str, ...]:
        """The keys of a dimension it stands under."""
        return self.keys.get(dimension) or (NONE,)


@dataclass(frozen=True)
class Measure:
    """What is counted or added up, of which facts: COUNT them, SUM, MEDIAN, LEAST or MOST of a value, UNITS.

    `words` says in a list what it is narrowed to. What needs a value takes that of the same `key`; UNITS are
    distinct.
    """

    key: str
    name: str
    how: str = COUNT
    unit: str = ""
    where: Callable[[Fact], bool] = lambda _fact: True
    words: str = ""

    def of(self, facts: Iterable[Fact]) -> list[Fact]:
        """Those it concerns: of a sum those with a value."""
        valued = self.how in VALUED
        return [one for one in facts if self.where(one) and (not valued or self.key in one.values)]

    def value(self, facts: Sequence[Fact]) -> Any:
        """What facts come to that `of` gave."""
        if self.how == COUNT:
            return len(facts)
        if self.how == UNITS:
            return len(frozenset().union(*(one.units for one in facts)))
        values = [one.values[self.key] for one in facts]
        if self.how == SUM:
            return sum(values)
        return _HOW[self.how](values) if values else None


def stands(dimension: str, *keys: str) -> Callable[[Fact], bool]:
    """Tell of facts whether they stand under one of some keys."""
    return lambda fact: any(one in keys for one in fact.under(dimension))


def _half(value: Any) -> Any:
    """A median is a whole number or lies halfway between two."""
    return int(value) if value == int(value) else float(value)


_HOW: dict[str, Callable[[Any], Any]] = {
    MEDIAN: lambda values: _half(median(values)),
    LEAST: min,
    MOST: max,
    KNOWN: sum,
}


@dataclass(frozen=True)
class Dimension:
    """What facts are sorted by: its name in an address, its head, and its keys in order with their names.

    Keys without a fact have no row unless they are `always` shown. `names` may name NONE, too.
    """

    key: str
    head: str
    names: Mapping[str, str]
    always: bool = False

    def name(self, key: str) -> str:
        """Name a key."""
        return self.names.get(key) or _("Not known")


@dataclass(frozen=True)
class Book:
    """The facts of a report with all that can be asked of them.

    `title` says how many records a list has; `columns` are the heads of the cells of a fact.
    """

    facts: tuple[Fact, ...]
    columns: tuple[str, ...]
    measures: tuple[Measure, ...]
    dimensions: tuple[Dimension, ...]
    title: Callable[[int], str]
    scope: Scope
    land: Territory
    kind: str

    @cached_property
    def _by_id(self) -> dict[int, Fact]:
        return {one.id: one for one in self.facts}

    @cached_property
    def _split(self) -> dict[tuple[str, str], list[Fact]]:
        found: dict[tuple[str, str], list[Fact]] = {}
        for one in self.facts:
            for dimension in self.dimensions:
                for key in one.under(dimension.key):
                    found.setdefault((dimension.key, key), []).append(one)
        return found

    def number(self, measure: Measure, selection: Mapping[str, str] | None = None, mark: str = "") -> Number:
        """Give the number of a measure among the facts under some keys, with the way to them."""
        chosen = selection or {}
        value = measure.value(measure.of(self._under(chosen)))
        return Number(value, self.link(measure, chosen), mark, measure.unit)

    def link(self, measure: Measure, selection: Mapping[str, str]) -> Arguments:
        """Say in an address what a number is made of."""
        return {WHAT: measure.key, **selection}

    def _under(self, selection: Mapping[str, str]) -> Sequence[Fact]:
        found: Sequence[Fact] = self.facts
        for place, (dimension, key) in enumerate(selection.items()):
            if place == 0:
                found = self._split.get((dimension, key), [])
            else:
                found = [one for one in found if key in one.under(dimension)]
        return found

    def by(self, dimension: Dimension, title: str, measures: Sequence[Measure]) -> Table:
        """A table with a row for every key and a sum in which everything counts once."""
        shown = [key for key in dict.fromkeys((*dimension.names, NONE)) if self._has_row(dimension, key)]
        rows = tuple(
            (dimension.name(key), *(self.number(one, {dimension.key: key}) for one in measures))
            for key in shown
        )
        total = (_("Sum"), *(self.number(one) for one in measures)) if rows else ()
        columns = (dimension.head, *(one.name for one in measures))
        single = {place for place, one in enumerate(measures, start=1) if one.how in (MEDIAN, LEAST, MOST)}
        return explained(Table(dimension.key, title, columns, rows, total), but=single)

    def _has_row(self, dimension: Dimension, key: str) -> bool:
        return (dimension.always and key in dimension.names) or (dimension.key, key) in self._split

    def among(self, measure: Measure) -> "Book":
        """The same of nothing but the facts a measure concerns; its numbers lead to the same lists."""
        return replace(self, facts=tuple(measure.of(self.facts)))

    def listing(self, id: str, title: str, total: tuple[Any, ...] = ()) -> Table:
        """A table of the facts themselves."""
        rows = tuple(one.cells for one in self.facts)
        return Table(id, title, self.columns, rows, total if rows else ())

    def records(self, args: Any) -> Records:
        """Find the records behind a number; raises NoSuchList for what the report never writes."""
        measure = next((one for one in self.measures if one.key == args.get(WHAT)), None)
        if measure is None:
            raise NoSuchList
        selection, words = self._read(args)
        facts = measure.of(self._under(selection))
        said = (span(self.scope.period), *filter(None, (measure.words,)), *words)
        if measure.how == UNITS:
            units = frozenset().union(*(one.units for one in facts))
            return kommunen.records(units, said, self.land, self.scope)
        return Records(
            self.kind, self.title(len(facts)), said, self.columns, [one.id for one in facts], self._load,
            Number(measure.value(facts), unit=measure.unit), sum_text=_sum_text(measure, facts),
        )  # fmt: skip

    def _read(self, args: Any) -> tuple[dict[str, str], list[str]]:
        selection, words = {}, []
        for dimension in self.dimensions:
            key = args.get(dimension.key, "")
            if not key:
                continue
            if key != NONE and key not in dimension.names:
                raise NoSuchList
            selection[dimension.key] = key
            words.append(f"{dimension.head}: {dimension.name(key)}")
        return selection, words

    def _load(self, ids: list[int]) -> list[Line]:
        return [Line(number, self._by_id[number].cells) for number in ids]


def _sum_text(measure: Measure, facts: Sequence[Fact]) -> str:
    if measure.how == COUNT:
        return ""
    shown = Number(measure.value(facts), unit=measure.unit).spoken
    if measure.how == MEDIAN:
        return _("Half of them lie at or below %(shown)s (median).", shown=shown)
    if measure.how in (LEAST, MOST):
        said = _("Shortest: %(shown)s.") if measure.how == LEAST else _("Longest: %(shown)s.")
        return said % {"shown": shown}
    return _("Sum of all rows: %(hours)s", hours=shown)


@dataclass(frozen=True)
class BookReading:
    """A report made of facts that was asked; `before` reads those of the period before, to compare."""

    book: Book
    make: Callable[[Book], Sheet]
    before: Callable[[], Book] | None = None

    @cached_property
    def sheet(self) -> Sheet:
        """All it says; large numbers say how they differ from the period before."""
        made = self.make(self.book)
        if self.before is None:
            return made
        then = self.before()
        return replace(made, figures=tuple(self._compared(one, then) for one in made.figures))

    def _compared(self, figure: Figure, then: Book) -> Figure:
        measure = next((one for one in then.measures if figure.number.link == {WHAT: one.key}), None)
        if measure is None:
            return figure
        return replace(figure, change=change(figure.number, then.number(measure), self.book.scope))

    def records(self, args: Any) -> Records:
        """Find what an address asks for."""
        return self.book.records(args)


@dataclass(frozen=True)
class SeveralReading(BookReading):
    """A report of several kinds of facts; the `others` stand beside the first, with measures of their own."""

    others: tuple[Book, ...] = ()

    def records(self, args: Any) -> Records:
        """Find what an address asks for in the book that has such a measure."""
        wanted = args.get(WHAT)
        knows = (one for one in self.others if any(wanted == measure.key for measure in one.measures))
        return next(knows, self.book).records(args)
