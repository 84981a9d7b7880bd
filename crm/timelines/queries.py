"""The timeline of an organisation, put together: what is shown, how much there is of each kind."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import chain, groupby
from typing import Any

from sqlalchemy import func, select, union_all

from crm.consultations import queries as consultations
from crm.consultations.models import Consultation
from crm.db import db
from crm.i18n import month
from crm.timelines.entries import Entry
from crm.timelines.kinds import Kind, Wanted
from crm.timelines.sources import Line, of_organisation


@dataclass(frozen=True)
class Timeline:
    """What a page shows: entries by month, the newest first, and how many there are of each kind."""

    wanted: Wanted
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
        """How many older ones are not shown."""
        kind = self.wanted.kind
        return max((self.counts[kind] if kind else self.total) - len(self.entries), 0)

    @property
    def months(self) -> list[tuple[str, list[Entry]]]:
        """The entries below the names of their months; what is known by its year stands below that."""
        return [(name, list(group)) for name, group in groupby(self.entries, _heading)]


def _heading(one: Entry) -> str:
    return str(one.line.day.year) if one.is_of_year else month(one.line.day)


def numbers(user: Any, organisation_id: int) -> list[Any]:
    """Select for each kind in order how many entries there are, to be asked together with other numbers."""
    return [
        select(func.count()).select_from(union_all(*lines).subquery())
        for lines in of_organisation(user, organisation_id).values()
    ]


def entries(user: Any, organisation_id: int, wanted: Wanted) -> list[Entry]:
    """Load the newest entries: one statement, and those that load talks where there are any."""
    lines = of_organisation(user, organisation_id)
    every = union_all(*(lines[wanted.kind] if wanted.kind else chain(*lines.values()))).subquery()
    order = every.c.day.desc(), every.c.kind, every.c.record_id.desc(), every.c.state
    rows = db.session.execute(select(every).order_by(*order).limit(wanted.number))
    found = [Line(*row) for row in rows]
    ids = [line.record_id for line in found if line.kind == Kind.TALK.value]
    talks = {talk.id: talk for talk in consultations.for_timelines(user, ids)} if ids else {}
    return [_entry(line, talks, organisation_id) for line in found]


def _entry(line: Line, talks: Mapping[int, Consultation], organisation_id: int) -> Entry:
    kind = Kind(line.kind)
    if kind is not Kind.TALK:
        return Entry(kind, line)
    talk = talks[line.record_id]
    own = next(one for one in talk.participations if one.organisation_id == organisation_id)
    return Entry(kind, line, talk, own)
