"""What is open and due by a day: follow-ups, duties after a grant, repayments, tasks of events."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import literal, select, union_all
from sqlalchemy.orm import contains_eager, joinedload

from crm.consultations.models import ConsultationTaskField, Participation
from crm.cooperations.on_day import Group, groups_on
from crm.db import db, today
from crm.events.models import ChecklistItem, Event, EventState, EventTaskField, Precision
from crm.follow_ups.models import FollowUp, FollowUpState
from crm.follow_ups.queries import visible_to
from crm.funding import deadlines
from crm.funding.kinds import DeadlineKind
from crm.reports import pages
from crm.reports.groups import around, joined
from crm.reports.scope import Scope
from crm.reports.sheet import Cell, Linked
from crm.reports.territory import Territory
from crm.task_fields import queries as task_fields
from crm.task_fields.models import TaskField

KINDS = ("wiedervorlage", "pflicht", "rueckzahlung", "veranstaltung")
FOLLOW_UP, OBLIGATION, REPAYMENT, TASK = KINDS
MOST = 50_000


@dataclass(frozen=True)
class Entry:
    """Something open: what, whose, by when, by whom; and what it hangs on."""

    kind: str
    number: int
    what: Cell
    about: Cell
    due_on: date | None
    owner_id: int | None
    owner: str
    group_id: int | None = None
    talk_id: int | None = None
    event_id: int | None = None
    place_id: int | None = None

    @property
    def id(self) -> int:
        """A number that no other entry of any kind has."""
        return self.number * len(KINDS) + KINDS.index(self.kind)


def kind_names() -> dict[str, str]:
    """What the kinds are called."""
    return {
        FOLLOW_UP: _("Follow-up"),
        OBLIGATION: str(DeadlineKind.OBLIGATION.label),
        REPAYMENT: str(DeadlineKind.REPAYMENT.label),
        TASK: _("Task of an event"),
    }


def entries(user: Any, scope: Scope, land: Territory) -> list[Entry]:
    """Read what is open today and due by the last day of a period, as far as somebody may see it.

    Seven statements, one more when narrowed to a task field, two more when narrowed to places.
    """
    groups = {one.id: one for one in groups_on(today())}
    last = scope.period.until
    found = [*_follow_ups(user, last, groups), *_owed(last), *_tasks(last)]
    fitting = filter(_fits(scope, land, groups), found)
    return sorted(fitting, key=lambda one: (one.due_on or date.max, KINDS.index(one.kind), one.number))


def _follow_ups(user: Any, last: date, groups: dict[int, Group]) -> Iterator[Entry]:
    query = visible_to(user).where(FollowUp.state == FollowUpState.OPEN, FollowUp.due_on <= last)
    for one in db.session.scalars(query.order_by(FollowUp.due_on, FollowUp.id).limit(MOST)):
        what = Linked(one.text, "follow_ups.show", (("follow_up_id", one.id),), typed=True)
        yield Entry(
            FOLLOW_UP, one.id, what, _whose(one, groups), one.due_on, one.owner_id, one.owner.name,
            one.cooperation_id, one.consultation_id, None, one.organisation_id,
        )  # fmt: skip


def _whose(one: FollowUp, groups: dict[int, Group]) -> Cell:
    """The Kommune, else the cooperation, else the places of the talk."""
    if one.organisation is not None:
        place = one.organisation
        return pages.organisation(place.id, place.name)
    group = groups.get(one.cooperation_id or 0)
    return around.link_to(group) if group else one.about or ""


def _owed(last: date) -> Iterator[Entry]:
    kinds = {DeadlineKind.OBLIGATION: OBLIGATION, DeadlineKind.REPAYMENT: REPAYMENT}
    for one in deadlines.owed(today(), last, MOST):
        adviser, group = one.group.adviser, around.link_to(one.group)
        name = adviser.name if adviser else ""
        yield Entry(
            kinds[one.kind], one.number or 0, Linked(one.what, group.endpoint, group.numbers), group, one.day,
            one.group.adviser_id, name, one.group.id,
        )  # fmt: skip


def _tasks(last: date) -> Iterator[Entry]:
    """What is not ticked on the checklists of events whose day is known, called-off ones left out."""
    query = (
        select(ChecklistItem)
        .join(ChecklistItem.event)
        .where(
            ChecklistItem.done_at.is_(None),
            Event.state != EventState.CANCELLED,
            Event.starts_at.is_not(None),
            Event.precision.in_((Precision.TIME, Precision.DAY)),
        )
        .options(
            contains_eager(ChecklistItem.event).joinedload(Event.responsible),
            joinedload(ChecklistItem.owner),
        )
    )
    for one in db.session.scalars(query.order_by(ChecklistItem.id).limit(MOST)):
        if one.due_on is not None and one.due_on <= last:
            yield _task(one)


def _task(one: ChecklistItem) -> Entry:
    owner, event = one.owner or one.event.responsible, one.event
    where = (("event_id", event.id),)
    return Entry(
        TASK, one.id, Linked(one.text, "events.show", where, typed=True),
        pages.event(event.id, event.title),
        one.due_on, owner.id if owner else None, owner.name if owner else "",
        event.cooperation_id, None, event.id, event.place_id,
    )  # fmt: skip


@dataclass(frozen=True)
class Fits:
    """Tells whether a report asks about an entry.

    `fields` are the task fields looked at, `talks` and `events` those about one of them; `places` are the
    places of the talks that follow-ups hang on. They are empty where the report does not ask for them.
    """

    scope: Scope
    land: Territory
    groups: dict[int, Group]
    fields: set[int]
    talks: set[int]
    events: set[int]
    places: dict[int, set[int]]

    def __call__(self, one: Entry) -> bool:
        """Tell by its group, whoever has to do it, its task field and its place."""
        scope = self.scope
        if scope.cooperation_id not in (None, one.group_id) or scope.staff_id not in (None, one.owner_id):
            return False
        if scope.field_id is not None and not self._is_about(one):
            return False
        return not scope.narrows_places or self._lies_in(one)

    def _is_about(self, one: Entry) -> bool:
        group = self.groups.get(one.group_id or 0)
        by_group = group is not None and bool(self.fields & set(group.fields))
        return by_group or one.talk_id in self.talks or one.event_id in self.events

    def _lies_in(self, one: Entry) -> bool:
        day, group = self.scope.cutoff, self.groups.get(one.group_id or 0)
        if one.place_id is not None:
            found = {one.place_id}
        elif group is not None:
            return joined.lies_in(group, self.scope, self.land)
        else:
            found = self.places.get(one.talk_id or 0, set())
        units = {self.land.heirs.unit_on(number, day) for number in found}
        return any(self.land.is_kommune(unit) and self.land.fits(unit, day, self.scope) for unit in units)


def _fits(scope: Scope, land: Territory, groups: dict[int, Group]) -> Fits:
    found: tuple[set[int], set[int], set[int]] = set(), set(), set()
    if scope.field_id is not None:
        for place, number in db.session.execute(_about(scope.field_id)):
            found[place].add(number)
    return Fits(scope, land, groups, *found, _places() if scope.narrows_places else {})


def _about(field_id: int) -> Any:
    """Select a task field with those below it, the talks and the events about one of them."""
    wanted = task_fields.under(field_id)
    fields = select(TaskField.id).where(wanted)
    talks, events = ConsultationTaskField, EventTaskField
    return union_all(
        select(literal(0), TaskField.id).where(wanted),
        select(literal(1), talks.consultation_id).where(talks.task_field_id.in_(fields)),
        select(literal(2), events.event_id).where(events.task_field_id.in_(fields)),
    )


def _places() -> dict[int, set[int]]:
    """The organisations of the talks on which open follow-ups hang."""
    open_ones = select(FollowUp.consultation_id).where(FollowUp.state == FollowUpState.OPEN)
    columns: Any = (Participation.consultation_id, Participation.organisation_id)
    query = select(*columns).where(Participation.consultation_id.in_(open_ones))
    found: dict[int, set[int]] = defaultdict(set)
    for talk_id, place_id in db.session.execute(query):
        found[talk_id].add(place_id)
    return found
