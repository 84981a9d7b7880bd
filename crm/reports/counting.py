"""The one place where talks, participations and Kommunen are counted.

Counted are held talks of the period that the user may see, and of these the participations of Kommunen that
were present or represented; other bodies take part, but are neither participation nor Kommune. Every number
of a report and the list behind it come from the same narrowing.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

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
from crm.reports.territory import NONE, OTHER, Territory


class Talk(NamedTuple):
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


class Part(NamedTuple):
    """An organisation that took part, with its area on the day of the talk; only a Kommune counts."""

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
    def months(self) -> dict[str, "Counted"]:
        """Split by month: 2026-11."""
        return _split(self, lambda talk: talk.held_on.isoformat()[:7])

    @cached_property
    def years(self) -> dict[str, "Counted"]:
        """Split by year."""
        return _split(self, lambda talk: talk.held_on.isoformat()[:4])

    @cached_property
    def kinds(self) -> dict[ConsultationKind, "Counted"]:
        """Split by kind of talk."""
        return _split(self, lambda talk: talk.kind)

    @cached_property
    def areas(self) -> dict[str, "Counted"]:
        """Split by area; a talk with Kommunen of two areas is in both.

        A talk in which only other bodies took part is in OTHER, one in which nobody took part in NONE.
        """
        parts: dict[str, list[Part]] = defaultdict(list)
        for part in self.participations:
            parts[part.area].append(part)
        of_kommunen = {part.talk_id for part in self.participations}
        for part in self.parts:
            if part.talk_id not in of_kommunen:
                parts[OTHER].append(part)
        taken = {part.talk_id for part in self.parts}
        alone = {number: talk for number, talk in self.talks.items() if number not in taken}
        found = {area: _of_parts(self, inside) for area, inside in parts.items()}
        return found | ({NONE: Counted(alone, ())} if alone else {})

    @cached_property
    def participations(self) -> tuple[Part, ...]:
        """What counts as a participation: that of a Kommune; other bodies take part uncounted."""
        return tuple(part for part in self.parts if part.is_kommune)

    @cached_property
    def kommunen(self) -> frozenset[int]:
        """The distinct Kommunen among the participations."""
        return frozenset(part.organisation_id for part in self.participations)


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


def _split(counted: Counted, key: Callable[[Talk], Any]) -> dict[Any, Counted]:
    keys = {number: key(talk) for number, talk in counted.talks.items()}
    talks: dict[Any, dict[int, Talk]] = defaultdict(dict)
    parts: dict[Any, list[Part]] = defaultdict(list)
    for number, talk in counted.talks.items():
        talks[keys[number]][number] = talk
    for part in counted.parts:
        parts[keys[part.talk_id]].append(part)
    return {one: Counted(found, tuple(parts[one])) for one, found in talks.items()}


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
        counted = (counted.years if len(selection.step) == 4 else counted.months).get(selection.step, EMPTY)
    if selection.kinds:
        chosen = [counted.kinds[kind] for kind in selection.kinds if kind in counted.kinds]
        counted = chosen[0] if len(chosen) == 1 else union(chosen)
    return counted.areas.get(selection.area, EMPTY) if selection.area else counted
