"""Which columns a list shows, and in which order; the choice stands in the address."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from flask import request

from crm.filters import address

COLUMNS = "spalten"
# What the form of the choice sends: what is ticked, and what is to be moved; OPEN keeps it open meanwhile.
TICKED, UP, DOWN, OPEN = "spalte", "hoch", "runter", "spaltenwahl"


@dataclass(frozen=True)
class Column:
    """A column of a list. `fixed`: it names the record and is always there.

    Without a choice the screen has those `shown`, and a file those `filed` besides.
    """

    key: str
    heading: Any
    sort: bool = False
    number: bool = False
    shown: bool = True
    fixed: bool = False
    filed: bool = False


class Head(NamedTuple):
    """A column as a cell needs it: its texts fetched once for all rows."""

    key: str
    text: str
    number: bool


class Option(NamedTuple):
    """A column in the choice; `place` is its place among those shown, from 0, or None."""

    key: str
    text: str
    place: int | None
    fixed: bool


@dataclass(frozen=True)
class Chosen:
    """The columns of a list as somebody wants them."""

    columns: tuple[Column, ...]
    keys: tuple[str, ...]
    own: bool

    def __contains__(self, key: str) -> bool:
        """Tell whether a column is shown."""
        return key in self.keys

    @cached_property
    def shown(self) -> list[Head]:
        """The columns in their order."""
        known = {one.key: one for one in self.columns}
        return [Head(key, str(known[key].heading), known[key].number) for key in self.keys]

    @cached_property
    def heads(self) -> list[dict[str, Any]]:
        """The same for the head of the table; `key` is empty where the list cannot be ordered by it."""
        sortable = {one.key for one in self.columns if one.sort}
        return [
            {"text": text, "key": key if key in sortable else "", "num": number}
            for key, text, number in self.shown
        ]

    @property
    def in_file(self) -> tuple[str, ...]:
        """Keys of the columns a file has."""
        if self.own:
            return self.keys
        return tuple(one.key for one in self.columns if one.shown or one.fixed or one.filed)

    @property
    def options(self) -> list[Option]:
        """All columns: those shown in their order, then the others."""
        fixed = {one.key for one in self.columns if one.fixed}
        found = [Option(key, text, place, key in fixed) for place, (key, text, _n) in enumerate(self.shown)]
        others = [one for one in self.columns if one.key not in self.keys]
        return found + [Option(one.key, str(one.heading), None, False) for one in others]

    @property
    def default_url(self) -> str:
        """Address of the list with the columns it has without a choice."""
        return address(**{COLUMNS: None, OPEN: None})

    @property
    def moved(self) -> str:
        """What was moved last, as direction-key; its button keeps the focus."""
        return request.args.get(OPEN, "")

    @property
    def wished_url(self) -> str:
        """Where the form of the choice leads when it was sent, else nothing."""
        if TICKED not in request.args:
            return ""
        ticked = _allowed(self.columns, request.args.getlist(TICKED))
        keys, moved = _moved(ticked, request.args.get(UP, ""), request.args.get(DOWN, ""))
        # An address without a choice says less, so the usual columns in their order are none.
        wanted = None if keys == _usual(self.columns) else ",".join(keys)
        gone = dict.fromkeys((TICKED, UP, DOWN))
        return address(**gone, **{COLUMNS: wanted, OPEN: moved or None})


# What a file says of a column: its heads, and its cells of a record.
Part = tuple[Sequence[str], Callable[[Any], Sequence[Any]]]


def as_table(
    chosen: Chosen, parts: dict[str, Part], records: Iterable[Any]
) -> tuple[list[str], list[list[Any]]]:
    """Give head and rows of a file with the chosen columns."""
    wanted = [parts[key] for key in chosen.in_file]
    head = [text for texts, _cells in wanted for text in texts]
    return head, [[cell for _texts, cells in wanted for cell in cells(record)] for record in records]


def chosen_columns(columns: Sequence[Column], asked: str | None = None) -> Chosen:
    """Read ?spalten=day,places; what is no column of the list is passed over."""
    text = request.args.get(COLUMNS, "") if asked is None else asked
    keys = _allowed(columns, text.split(",")) if text else []
    # The column that names the record alone would be a choice of nothing.
    own = any(not one.fixed for one in columns if one.key in keys)
    return Chosen(tuple(columns), tuple(keys) if own else tuple(_usual(columns)), own)


def _usual(columns: Sequence[Column]) -> list[str]:
    return [one.key for one in columns if one.shown or one.fixed]


def _allowed(columns: Sequence[Column], keys: Sequence[str]) -> list[str]:
    """Known columns, each once; the one that names the record comes first where it is not named."""
    known = {one.key for one in columns}
    found = [key for key in dict.fromkeys(keys) if key in known]
    return [one.key for one in columns if one.fixed and one.key not in found] + found


def _moved(keys: list[str], up: str, down: str) -> tuple[list[str], str]:
    """Move one column by one place; give the order, and what was moved as direction-key."""
    key, step = (up, -1) if up else (down, 1)
    if key not in keys:
        return keys, ""
    place = keys.index(key)
    other = place + step
    if 0 <= other < len(keys):
        keys[place], keys[other] = keys[other], keys[place]
    return keys, f"{UP if up else DOWN}-{key}"
