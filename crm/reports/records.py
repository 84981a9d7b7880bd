"""The records behind a number: a list in its order, in what it was narrowed to, and what it adds up to."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from crm.db import chunks
from crm.reports.sheet import Cell, Number, Sheet

AT_ONCE = 500


class NoSuchList(Exception):
    """The address asks for something that no report writes."""


class Line(NamedTuple):
    """One record: its number and what is shown of it."""

    id: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Records:
    """A list of records of one kind.

    `load` gives the lines of some of `ids` in their order. `worth` is the number the list stands behind, made
    of nothing but the list. `head` is the column that names a record.
    """

    kind: str
    title: str
    words: tuple[str, ...]
    columns: tuple[str, ...]
    ids: list[int]
    load: Callable[[list[int]], list[Line]]
    worth: Number
    head: int = 0
    sum_text: str = ""

    def is_number(self, place: int, lines: list[Line]) -> bool:
        """Tell whether numbers stand in a column."""
        return any(isinstance(one.cells[place], Number) for one in lines)

    def lines(self) -> Iterator[Line]:
        """Load all of them, some at a time."""
        for chunk in chunks(self.ids, AT_ONCE):
            yield from self.load(chunk)


class Reading(Protocol):
    """A report that was asked: its sheet, and the list behind each of its numbers."""

    @property
    def sheet(self) -> Sheet:
        """All it says."""

    def records(self, args: Any) -> Records:
        """Find what an address asks for; raises NoSuchList for what the report never writes."""


def in_order(ids: Iterable[int], found: Iterable[Any]) -> list[Any]:
    """Put loaded records into the order of their numbers; those that are gone are left out."""
    rows = {row.id: row for row in found}
    return [rows[number] for number in ids if number in rows]
