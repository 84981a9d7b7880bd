"""The one place where talks, participations and Kommunen are counted.

Counted are held talks of the period that the user may see, and of these the participations that were present
or represented. Every number of a report and the list behind it come from the same narrowing.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import Select, func, select

from crm.consultations.models import (
    COUNTED,
    Consultation,
    ConsultationKind,
    ConsultationStaff,
    ConsultationState,
    Participation,
)
from crm.consultations.queries import visible_to
from crm.db import db
from crm.reports.period import Period
from crm.reports.territory import NONE, Territory


@dataclass(frozen=True, slots=True)
class Talk:
    """A counted talk; times in minutes, None where nobody noted them."""

    id: int
    held_on: date
    kind: ConsultationKind
    duration: int | None
    preparation: int | None
    travel: int | None
    staff: int

    @property
    def staff_minutes(self) -> int | None:
        """Duration times staff present, plus preparation and travel."""
        parts = (self.duration, self.preparation, self.travel)
        if all(part is None for part in parts):
            return None
        return (self.duration or 0) * max(self.staff, 1) + (self.preparation or 0) + (self.travel or 0)


@dataclass(frozen=True, slots=True)
class Part:
    """A counted participation, with the area of its organisation on the day of the talk."""

    id: int
    talk_id: int
    organisation_id: int
    is_kommune: bool
    area: str


@dataclass(frozen=True)
class Selection:
    """What a number is about: a step of the time axis, kinds of talk, an area; empty means all."""

    step: str = ""
    kinds: tuple[ConsultationKind, ...] = ()
    area: str = ""

    @property
    def arguments(self) -> dict[str, Any]:
        """Say it in an address."""
        found = {"monat": self.step, "art": [kind.value for kind in self.kinds], "gebiet": self.area}
        return {name: value for name, value in found.items() if value}


@dataclass(frozen=True)
class Counted:
    """Talks and participations; everything a number needs."""

    talks: dict[int, Talk]
    parts: tuple[Part, ...]

    @property
    def latest(self) -> date:
        """The day of the last talk."""
        return max((talk.held_on for talk in self.talks.values()), default=date.min)

    @cached_property
    def kommunen(self) -> frozenset[int]:
        """The distinct Kommunen among the participations."""
        return frozenset(part.organisation_id for part in self.parts if part.is_kommune)


EMPTY = Counted({}, ())


def load(user: Any, period: Period, territory: Territory) -> Counted:
    """Read what is counted for this user: two statements."""
    staff = select(func.count()).where(ConsultationStaff.consultation_id == Consultation.id).scalar_subquery()
    times = (Consultation.duration_minutes, Consultation.preparation_minutes, Consultation.travel_minutes)
    columns = (Consultation.id, Consultation.held_on, Consultation.kind, *times, staff)
    talks = {
        row[0]: Talk(*row) for row in db.session.execute(_held(user, period).with_only_columns(*columns))
    }
    rows = db.session.execute(
        _held(user, period)
        .join(Participation, Participation.consultation_id == Consultation.id)
        .where(Participation.presence.in_(COUNTED))
        .with_only_columns(Participation.id, Participation.consultation_id, Participation.organisation_id)
    )
    return Counted(
        talks, tuple(_part(row, talks[row[1]].held_on, territory) for row in rows if row[1] in talks)
    )


def _held(user: Any, period: Period) -> Select[Any]:
    return visible_to(user).where(
        Consultation.state == ConsultationState.HELD, Consultation.held_on.between(period.since, period.until)
    )


def _part(row: Any, day: date, territory: Territory) -> Part:
    number = row.organisation_id
    return Part(
        row.id, row.consultation_id, number, territory.is_kommune(number), territory.area(number, day)
    )


def by_step(counted: Counted, length: int) -> dict[str, Counted]:
    """Split by month (length 7) or year (length 4)."""
    return _split(counted, lambda talk: talk.held_on.isoformat()[:length])


def by_kind(counted: Counted) -> dict[ConsultationKind, Counted]:
    """Split by kind of talk."""
    return _split(counted, lambda talk: talk.kind)


def _split(counted: Counted, key: Callable[[Talk], Any]) -> dict[Any, Counted]:
    keys = {number: key(talk) for number, talk in counted.talks.items()}
    talks: dict[Any, dict[int, Talk]] = defaultdict(dict)
    parts: dict[Any, list[Part]] = defaultdict(list)
    for number, talk in counted.talks.items():
        talks[keys[number]][number] = talk
    for part in counted.parts:
        parts[keys[part.talk_id]].append(part)
    return {one: Counted(found, tuple(parts[one])) for one, found in talks.items()}


def by_area(counted: Counted) -> dict[str, Counted]:
    """Split by area; a talk with Kommunen of two areas is in both, one with no participation in NONE."""
    parts: dict[str, list[Part]] = defaultdict(list)
    for part in counted.parts:
        parts[part.area].append(part)
    found = {area: _of_parts(counted, inside) for area, inside in parts.items()}
    taken = {part.talk_id for part in counted.parts}
    alone = {number: talk for number, talk in counted.talks.items() if number not in taken}
    return found | ({NONE: Counted(alone, ())} if alone else {})


def _of_parts(counted: Counted, parts: Iterable[Part]) -> Counted:
    kept = tuple(parts)
    return Counted({part.talk_id: counted.talks[part.talk_id] for part in kept}, kept)


def union(several: Iterable[Counted]) -> Counted:
    """Put disjoint splits together again."""
    found = list(several)
    talks = {number: talk for one in found for number, talk in one.talks.items()}
    return Counted(talks, tuple(part for one in found for part in one.parts))


def narrowed(counted: Counted, selection: Selection) -> Counted:
    """Narrow to what a number is about."""
    if selection.step:
        counted = by_step(counted, len(selection.step)).get(selection.step, EMPTY)
    if selection.kinds:
        kinds = by_kind(counted)
        counted = union(kinds[kind] for kind in ConsultationKind if kind in selection.kinds and kind in kinds)
    if selection.area:
        counted = by_area(counted).get(selection.area, EMPTY)
    return counted
