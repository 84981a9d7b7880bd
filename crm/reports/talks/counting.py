"""The one place where talks, participations and Kommunen are counted.

Counted are held talks of the period that the user may see, and of these the participations of Kommunen that
were present or represented; other bodies take part, but are neither participation nor Kommune. Every number
of a report and the list behind it come from the same narrowing.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import Select, func, literal, select

from crm.accounts.models import User
from crm.consultations.models import (
    COUNTED,
    Consultation,
    ConsultationKind,
    ConsultationStaff,
    ConsultationState,
    ConsultationTaskField,
    Participation,
)
from crm.consultations.queries import visible_to
from crm.db import db
from crm.reports.period import Period
from crm.reports.scope import Scope
from crm.reports.territory import NONE, OTHER, Territory
from crm.task_fields import queries as task_fields
from crm.task_fields.models import TaskField

Topics = Mapping[int, tuple[str, ...]]


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
    """An organisation that took part, its area and size on the day of the talk; only a Kommune counts."""

    id: int
    talk_id: int
    organisation_id: int
    is_kommune: bool
    area: str
    size: str


@dataclass(frozen=True)
class Selection:
    """What a number is about: a step of the time axis, kinds of talk, an area, a group of task fields, a size
    class; empty means all."""

    step: str = ""
    kinds: tuple[ConsultationKind, ...] = ()
    area: str = ""
    field: str = ""
    size: str = ""

    @property
    def arguments(self) -> dict[str, Any]:
        """Say it in an address."""
        found = {
            "monat": self.step, "art": [kind.value for kind in self.kinds], "gebiet": self.area,
            "feld": self.field, "klasse": self.size,
        }  # fmt: skip
        return {name: value for name, value in found.items() if value}


@dataclass(frozen=True)
class Counted:
    """Talks and participations; everything a number needs. `topics`: groups of task fields by talk."""

    talks: dict[int, Talk]
    parts: tuple[Part, ...]
    topics: Topics = field(default_factory=dict)

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
    def fields(self) -> dict[str, "Counted"]:
        """Split by group of task fields; a talk about several is in each, one about none in NONE."""
        return _spread(self, lambda talk: self.topics.get(talk.id) or (NONE,))

    @cached_property
    def sizes(self) -> dict[str, "Counted"]:
        """Split by size class; a talk with Kommunen of two is in both, one without any in OTHER."""
        parts: dict[str, list[Part]] = defaultdict(list)
        for part in self.participations:
            parts[part.size].append(part)
        taken = {part.talk_id for part in self.participations}
        alone = {number: talk for number, talk in self.talks.items() if number not in taken}
        found = {size: _of_parts(self, inside) for size, inside in parts.items()}
        return found | ({OTHER: Counted(alone, (), self.topics)} if alone else {})

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
        return found | ({NONE: Counted(alone, (), self.topics)} if alone else {})

    @cached_property
    def participations(self) -> tuple[Part, ...]:
        """What counts as a participation: that of a Kommune; other bodies take part uncounted."""
        return tuple(part for part in self.parts if part.is_kommune)

    @cached_property
    def kommunen(self) -> frozenset[int]:
        """The distinct Kommunen among the participations."""
        return frozenset(part.organisation_id for part in self.participations)


EMPTY = Counted({}, ())


def load_both(user: Any, scope: Scope, territory: Territory) -> tuple[Counted, Counted]:
    """Read a period and the one before it, as one."""
    now, before = scope.period, scope.period.before
    wide = replace(scope, period=Period(min(before.since, now.since), now.until))
    whole = load(user, wide, territory)
    return within(whole, now), within(whole, before)


def within(whole: Counted, period: Period) -> Counted:
    """Narrow to the talks of some days."""
    kept = {
        number: talk for number, talk in whole.talks.items() if period.since <= talk.held_on <= period.until
    }
    return Counted(kept, tuple(part for part in whole.parts if part.talk_id in kept), whole.topics)


def load(user: Any, scope: Scope, territory: Territory) -> Counted:
    """Read what is counted for this user: three statements, one more where successors are asked for."""
    there = select(func.count()).where(ConsultationStaff.consultation_id == Consultation.id).scalar_subquery()
    # Narrowed to one colleague, staff time is that of this one.
    staff = literal(1) if scope.staff_id is not None else there
    times = (Consultation.duration_minutes, Consultation.preparation_minutes, Consultation.travel_minutes)
    columns = (Consultation.id, Consultation.held_on, Consultation.kind, *times, staff)
    held = held_talks(user, scope)
    talks = {row[0]: Talk(*row) for row in db.session.execute(held.with_only_columns(*columns))}
    rows = db.session.execute(
        held.join(Participation, Participation.consultation_id == Consultation.id)
        .where(Participation.presence.in_(COUNTED))
        .with_only_columns(Participation.id, Participation.consultation_id, Participation.organisation_id)
    )
    parts = tuple(_part(row, talks[row[1]].held_on, scope, territory) for row in rows if row[1] in talks)
    whole = Counted(talks, parts, _topics(held))
    return _of_places(whole, scope, territory) if scope.narrows_places else whole


def held_talks(user: Any, scope: Scope) -> Select[Any]:
    """Select the held talks of a period somebody may see, narrowed to what is asked about."""
    period = scope.period
    query = visible_to(user).where(
        Consultation.state == ConsultationState.HELD, Consultation.held_on.between(period.since, period.until)
    )
    if scope.kind is not None:
        query = query.where(Consultation.kind == scope.kind)
    if scope.cooperation_id is not None:
        query = query.where(Consultation.cooperation_id == scope.cooperation_id)
    if scope.staff_id is not None:
        query = query.where(Consultation.staff.any(User.id == scope.staff_id))
    if scope.field_id is not None:
        query = query.where(Consultation.task_fields.any(task_fields.under(scope.field_id)))
    return query


def _part(row: Any, day: date, scope: Scope, territory: Territory) -> Part:
    number = row.organisation_id
    if scope.rolled_up:
        number, day = territory.heirs.unit_on(number, scope.cutoff), scope.cutoff
    area, size = territory.area(number, day), territory.size(number, day)
    return Part(row.id, row.consultation_id, number, territory.is_kommune(number), area, size)


def _topics(held: Select[Any]) -> Topics:
    """The groups of task fields each talk is about."""
    head = func.coalesce(TaskField.parent_id, TaskField.id)
    link = ConsultationTaskField
    rows = db.session.execute(
        held.join(link, link.consultation_id == Consultation.id)
        .join(TaskField, TaskField.id == link.task_field_id)
        .with_only_columns(Consultation.id, head)
        .distinct()
    )
    found: dict[int, tuple[str, ...]] = {}
    for talk, group in rows:
        found[talk] = (*found.get(talk, ()), str(group))
    return found


def _of_places(whole: Counted, scope: Scope, territory: Territory) -> Counted:
    """Keep the participations of the Kommunen a report looks at, and the talks they took part in."""
    parts = []
    for part in whole.participations:
        on = scope.cutoff if scope.rolled_up else whole.talks[part.talk_id].held_on
        if territory.fits(part.organisation_id, on, scope):
            parts.append(part)
    return _of_parts(whole, parts)


def _split(counted: Counted, key: Callable[[Talk], Any]) -> dict[Any, Counted]:
    return _spread(counted, lambda talk: (key(talk),))


def _spread(counted: Counted, keys_of: Callable[[Talk], tuple[Any, ...]]) -> dict[Any, Counted]:
    """Split by what each talk stands under; one under several is in each."""
    keys = {number: keys_of(talk) for number, talk in counted.talks.items()}
    talks: dict[Any, dict[int, Talk]] = defaultdict(dict)
    parts: dict[Any, list[Part]] = defaultdict(list)
    for number, talk in counted.talks.items():
        for key in keys[number]:
            talks[key][number] = talk
    for part in counted.parts:
        for key in keys[part.talk_id]:
            parts[key].append(part)
    return {one: Counted(found, tuple(parts[one]), counted.topics) for one, found in talks.items()}


def _of_parts(counted: Counted, parts: Iterable[Part]) -> Counted:
    kept = tuple(parts)
    return Counted({part.talk_id: counted.talks[part.talk_id] for part in kept}, kept, counted.topics)


def union(several: Iterable[Counted]) -> Counted:
    """Put disjoint splits together again."""
    found = list(several)
    talks = {number: talk for one in found for number, talk in one.talks.items()}
    topics = found[0].topics if found else {}
    return Counted(talks, tuple(part for one in found for part in one.parts), topics)


def narrowed(counted: Counted, selection: Selection) -> Counted:
    """Narrow to what a number is about."""
    if selection.step:
        counted = (counted.years if len(selection.step) == 4 else counted.months).get(selection.step, EMPTY)
    if selection.kinds:
        chosen = [counted.kinds[kind] for kind in selection.kinds if kind in counted.kinds]
        counted = chosen[0] if len(chosen) == 1 else union(chosen)
    if selection.field:
        counted = counted.fields.get(selection.field, EMPTY)
    if selection.size:
        counted = counted.sizes.get(selection.size, EMPTY)
    return counted.areas.get(selection.area, EMPTY) if selection.area else counted
