"""A frozen report beside the same report today: which numbers differ, and which records made them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, cast

from flask_babel import gettext as _

from crm.releases.answers import Answer, Kept
from crm.releases.gathering import ask, key_of
from crm.releases.packing import pack
from crm.reports.records import Reading, Records
from crm.reports.sheet import Linked, Number, Sheet, plain
from crm.reports.sheet import in_words as said
from crm.reports.talks.topics import catalogue_at_hand

CAME, GONE, CHANGED = "came", "gone", "changed"


@dataclass(frozen=True)
class Place:
    """Where a number stands: the table, the row and the column, and what it leads to.

    `of_record` tells that its row is about one record; asking for all lists of such rows would take too long.
    """

    table: str
    row: str
    column: str
    number: Number
    of_record: bool = False


@dataclass(frozen=True)
class Difference:
    """One number that was another: then and now, with the records that came in, went and stand elsewhere."""

    place: Place
    then: Number
    now: Number
    came: int = 0
    gone: int = 0

    @property
    def change(self) -> str:
        """How much more or less."""
        if self.then.value is None or self.now.value is None:
            return "–"
        more = Decimal(str(self.now.value)) - Decimal(str(self.then.value))
        return (
            f"{'+' if more > 0 else '±' if more == 0 else ''}{Number(plain(more), unit=self.now.unit).text}"
        )


@dataclass
class Cause:
    """One record that made numbers differ: it came in, it went, or its line says something else."""

    what: str
    columns: tuple[str, ...]
    cells: tuple[Any, ...]
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    history: list[Any] = field(default_factory=list)

    @property
    def word(self) -> str:
        """Name what happened to it."""
        return {CAME: _("came in"), GONE: _("went"), CHANGED: _("changed")}[self.what]

    @property
    def tone(self) -> str:
        """How it is shown."""
        return {CAME: "ok", GONE: "bad", CHANGED: "wait"}[self.what]

    @property
    def record(self) -> Linked | None:
        """The record itself: of a participation the talk, not the Kommune."""
        links = [one for one in self.cells if isinstance(one, Linked)]
        others = [one for one in links if one.endpoint != "organisations.show"]
        return next(iter(others or links), None)


def places_of(sheet: Sheet) -> Iterator[tuple[str, Place]]:
    """Every number of a sheet under a key that two readings share; what stands there twice comes twice."""
    for figure in sheet.figures:
        key = _key(figure.number) or f"figure {figure.label}"
        yield key, Place("", figure.label, "", figure.number)
    for table in sheet.all_tables:
        for row in (*table.rows, *((table.total,) if table.total else ())):
            for place, cell in enumerate(row):
                if isinstance(cell, Number):
                    key = _key(cell) or f"{table.id} {place} {_row_key(row)}"
                    yield (
                        key,
                        Place(
                            table.title, said(row[0]), table.columns[place], cell, isinstance(row[0], Linked)
                        ),
                    )


def _key(number: Number) -> str:
    return f"{key_of(number.link)} {number.unit}" if number.link else ""


def _row_key(row: tuple[Any, ...]) -> str:
    """What a row is about: its record, what its numbers have in common, else its words."""
    if isinstance(row[0], Linked):
        return f"{row[0].endpoint} {row[0].numbers}"
    link = next((cell.link for cell in row if isinstance(cell, Number) and cell.link), {})
    chosen = {name: value for name, value in link.items() if name != "was"}
    return key_of(chosen) if chosen else said(row[0])


def compare(answer: Answer, reading: Reading) -> list[Difference]:
    """Hold a frozen report against the same report today; give every number that differs, once."""
    with catalogue_at_hand():
        then, now = _first(answer.raw), _first(reading.sheet)
        keys = [*then, *(key for key in now if key not in then)]
        pairs = [_Pair(answer, reading, then.get(key), now.get(key)) for key in keys]
    return [one.difference for one in pairs if one.differs]


def _first(sheet: Sheet) -> dict[str, Place]:
    """The first place of every number: a sum that stands in five tables is one number."""
    found: dict[str, Place] = {}
    for key, place in places_of(sheet):
        found.setdefault(key, place)
    return found


class _Pair:
    """One number then and now, with the records behind both."""

    def __init__(self, answer: Answer, reading: Reading, then: Place | None, now: Place | None):
        self.then, self.now = then, now
        self.place = cast(Place, then or now)
        link = {} if self.place.of_record else self.place.number.link
        kept, found = (answer.kept(key_of(link)), ask(reading, link)) if link else (None, None)
        self.before = {line.id for line in kept.lines} if kept else set()
        self.after = set(found.ids) if found else set()

    @property
    def differs(self) -> bool:
        """Tell whether the number is another, or the same of other records.

        A row that only one of the two has is a difference where records stand behind it.
        """
        if self.then is None or self.now is None:
            return bool(self.place.number.link and self.place.number.value)
        if _plain(self.then) != _plain(self.now):
            return True
        return bool(self.then.number.value) and self.before != self.after

    @property
    def difference(self) -> Difference:
        """Say it."""
        none = Number(0 if self.place.number.link else None, unit=self.place.number.unit)
        then, now = (one.number if one else none for one in (self.then, self.now))
        return Difference(self.place, then, now, len(self.after - self.before), len(self.before - self.after))


def _plain(place: Place) -> Any:
    value = plain(place.number)
    return round(value, 4) if isinstance(value, float) else value


def causes(kept: Kept | None, found: Records | None) -> list[Cause]:
    """The records of one list that came in, went, or say something else than then."""
    before = {line.id: line.cells for line in kept.lines} if kept else {}
    after = {line.id: line.cells for line in found.lines()} if found else {}
    old, new = (one.columns if one else () for one in (kept, found))
    came = [Cause(CAME, new, cells) for one, cells in after.items() if one not in before]
    gone = [Cause(GONE, old, cells) for one, cells in before.items() if one not in after]
    both = [(before[one], cells) for one, cells in after.items() if one in before]
    changed = [
        Cause(CHANGED, new, now, changes) for then, now in both if (changes := _changes(old, new, then, now))
    ]
    return [*came, *gone, *changed]


def _changes(
    old: tuple[str, ...], new: tuple[str, ...], then: tuple[Any, ...], now: tuple[Any, ...]
) -> list[tuple[str, str, str]]:
    """Every cell that says something else; lists of another shape cannot be compared."""
    if old != new:
        return []
    cells = zip(old, then, now, strict=True)
    return [(name, said(one), said(other)) for name, one, other in cells if pack(one) != pack(other)]
