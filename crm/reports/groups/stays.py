"""How long groups were at each stage: the stage on every day on which something changed, one after another.

The stage of a day follows from the same table as today's. What the records keep only while it lasts (a study
under way, an application without decision) is taken from its own days: it must not be lost once it is over.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from crm.cooperations.kinds import REQUIRED_ROLES, Stage
from crm.cooperations.models import Cooperation
from crm.cooperations.on_day import Group, Part
from crm.cooperations.settling import facts_from
from crm.cooperations.standing import At, Standing, stage_of, step_of
from crm.db import BERLIN, db
from crm.funding.models import Application
from crm.funding.stations import decided_on
from crm.proceedings.models import Study, StudyState

ALWAYS = date.min
Spans = dict[int, list[tuple[date, date | None]]]


@dataclass(frozen=True)
class Stay:
    """A group at a stage; `first` and `end` are the days on which the records put it there and elsewhere.

    `end` is None while it is there. `since` and `until` are the same, but None where nobody knows the day.
    """

    group: Group
    place: int
    stage: Stage
    first: date
    since: date | None
    end: date | None = None
    until: date | None = None
    then: Stage | None = None

    @property
    def id(self) -> int:
        """A number that no other stay has."""
        return self.group.id * 1000 + self.place

    def days_on(self, day: date) -> int | None:
        """Days until it left, or until a day before that; None where nobody knows."""
        last = self.until if self.end is not None and self.end <= day else day
        return (last - self.since).days if last and self.since else None


@dataclass(frozen=True)
class Dated:
    """When studies were under way and applications without decision, by group."""

    studies: Spans
    applications: Spans


def dated(applications: Iterable[Application]) -> Dated:
    """Collect these days: one statement for the studies; the applications are at hand."""
    studies: Spans = defaultdict(list)
    columns: Any = (
        Study.cooperation_id, Study.state, Study.begun_on, Study.finished_on, Study.created_at,
    )  # fmt: skip
    for group_id, state, begun, finished, noted in db.session.execute(
        select(*columns).join(Study.cooperation)
    ):
        if state is StudyState.BEGUN:
            studies[group_id].append((begun or noted.astimezone(BERLIN).date(), None))
        elif begun and finished and state is not StudyState.PLANNED:
            studies[group_id].append((begun, finished))
    sent: Spans = defaultdict(list)
    for one in applications:
        if one.submitted_on and (decided_on(one) or not one.is_decided):
            sent[one.cooperation_id].append((one.submitted_on, decided_on(one)))
    return Dated(studies, sent)


def applications() -> list[Application]:
    """All applications with their stations: two statements."""
    query = select(Application).join(Application.cooperation).options(selectinload(Application.stations))
    return list(db.session.scalars(query.order_by(Cooperation.sort_key, Application.id)))


def of_group(group: Group, known: Dated, last: date) -> list[Stay]:
    """The stays of a group until a day, one after another."""
    found: list[Stay] = []
    for day, standing in _standings(group, known, last):
        if found and found[-1].stage is standing.stage:
            continue
        since = day if standing.since is not None and day != ALWAYS else None
        if found:
            found[-1] = replace(found[-1], end=day, until=since, then=standing.stage)
        found.append(Stay(group, len(found), standing.stage, day, since))
    return found


def _standings(group: Group, known: Dated, last: date) -> Iterator[tuple[date, Standing]]:
    required = [one for one in group.partners if one.role in REQUIRED_ROLES]
    moving: dict[date, list[Part]] = defaultdict(list)
    for one in required:
        for step in one.steps:
            if step.reached_on:
                moving[step.reached_on].append(one)
    first = _first(group)
    at = {one.id: step_of(one.steps, first) for one in required}
    for day in [first, *(one for one in sorted(_days(group, known, moving)) if first < one <= last)]:
        for one in moving.get(day, ()):
            at[one.id] = step_of(one.steps, day)
        yield day, _standing(group, list(at.values()), known, day)


def _first(group: Group) -> date:
    """The day from which a group counts; ALWAYS where partners take part since nobody knows when."""
    return min(group.begun_on, group.entered_on) if group.begun_on else ALWAYS


def _days(group: Group, known: Dated, moving: dict[date, list[Part]]) -> set[date]:
    """Every day on which its stage may change."""
    spans = (*known.studies.get(group.id, ()), *known.applications.get(group.id, ()))
    days = {*moving, *(day for span in spans for day in span)}
    days |= {group.talked_on, group.resolving_since, group.halted_on, group.entered_on}
    return {day for day in days if day is not None}


def _standing(group: Group, at: list[At], known: Dated, day: date) -> Standing:
    facts = facts_from(group, at, day)
    study, sent = (_open_on(spans.get(group.id, ()), day) for spans in (known.studies, known.applications))
    return stage_of(replace(facts, study_since=study, applied_on=sent))


def _open_on(spans: Iterable[tuple[date, date | None]], day: date) -> date | None:
    return min((begun for begun, end in spans if begun <= day and (end is None or day < end)), default=None)
