"""The timeline of an organisation, put together: what is shown, how much there is of each kind."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import Integer, Select, bindparam, func, select, true, union_all

from crm.consultations import queries as consultations
from crm.consultations.models import Consultation
from crm.db import db
from crm.i18n import month
from crm.timelines.entries import Entry
from crm.timelines.kinds import MOST, Choice, Kind
from crm.timelines.sources import Line, Sight, heads, selections


@dataclass(frozen=True)
class Timeline:
    """What a page shows: entries by month, the newest first, and how many there are of each kind."""

    choice: Choice
    counts: Mapping[Kind, int]
    entries: list[Entry] = field(default_factory=list)

    @property
    def total(self) -> int:
        """How many entries there are of all kinds."""
        return sum(self.counts.values())

    @property
    def has_talks(self) -> bool:
        """Tell whether there is any talk."""
        return self.counts[Kind.TALK] > 0

    @property
    def is_mixed(self) -> bool:
        """Tell whether there are entries of several kinds."""
        return sum(number > 0 for number in self.counts.values()) > 1

    @property
    def more(self) -> int:
        """How many older ones are not shown and may still be loaded."""
        kind = self.choice.kind
        known = min(self.counts[kind] if kind else self.total, MOST)
        return max(known - len(self.entries), 0)

    @property
    def months(self) -> list[tuple[str, list[Entry]]]:
        """The entries below the names of their months; what is known by its year stands below that."""
        found: dict[str, list[Entry]] = defaultdict(list)
        for one in self.entries:
            found[_heading(one)].append(one)
        return list(found.items())


def _heading(one: Entry) -> str:
    return str(one.line.day.year) if one.is_of_year else month(one.line.day)


def of_organisation(
    user: Any, organisation_id: int, choice: Choice, beside: Sequence[Select[Any]] = ()
) -> tuple[Timeline, list[int]]:
    """Give the timeline of an organisation and some numbers, each selected by itself.

    All that is one statement, and those that load talks where there are any: the page has few to spare.
    """
    numbers, page, shown_heads = _selected(db.engine.dialect.name, Sight.of(user), choice.kind)
    first = numbers.add_columns(*(one.scalar_subquery() for one in beside)).subquery()
    lines = first.outerjoin(page, true())
    query = select(first, page, *shown_heads).select_from(lines).order_by(*_order(page))
    found = db.session.execute(query, {"organisation_id": organisation_id, "most": choice.number}).all()
    known, width = len(Kind), len(first.c)
    counted = [one or 0 for one in found[0][:width]]
    shown = [Line(*row[width:]) for row in found if row.kind is not None]
    counts = dict(zip(Kind, counted[:known], strict=True))
    return Timeline(choice, counts, _entries(user, shown, organisation_id)), counted[known:]


@cache
def _selected(_dialect: str, sight: Sight, kind: Kind | None) -> tuple[Any, Any, list[Any]]:
    """How many entries of each kind there are, the newest of one kind or all, and their heads; built once."""
    every = union_all(*selections(sight)).cte("every")
    numbers = select(*(func.count().filter(every.c.kind == one.value) for one in Kind))
    newest = select(every).order_by(*_order(every)).limit(bindparam("most", type_=Integer))
    page = (newest.where(every.c.kind == kind.value) if kind else newest).subquery()
    return numbers.select_from(every), page, heads(page)


def _order(lines: Any) -> tuple[Any, ...]:
    return lines.c.day.desc(), lines.c.kind, lines.c.turn.desc(), lines.c.record_id.desc()


def _entries(user: Any, lines: list[Line], organisation_id: int) -> list[Entry]:
    """Give the lines with their talks; one that was changed since they were read is left out."""
    ids = [line.record_id for line in lines if line.kind == Kind.TALK.value]
    talks = {talk.id: talk for talk in consultations.for_timelines(user, ids)} if ids else {}
    found = (_entry(line, talks.get(line.record_id), organisation_id) for line in lines)
    return [one for one in found if one.kind is not Kind.TALK or one.own]


def _entry(line: Line, talk: Consultation | None, organisation_id: int) -> Entry:
    kind = Kind(line.kind)
    if kind is not Kind.TALK or talk is None:
        return Entry(kind, line)
    own = (one for one in talk.participations if one.organisation_id == organisation_id)
    return Entry(kind, line, talk, next(own, None))
