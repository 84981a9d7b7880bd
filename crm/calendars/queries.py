"""What happens in some days, for one person or for all."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, and_, exists, false, or_, select
from sqlalchemy.orm import contains_eager, joinedload, load_only

from crm.accounts.models import User
from crm.calendars.days import DAY, midnight
from crm.calendars.items import Item, Kind, of_event, of_follow_up, of_session, of_talk, of_task
from crm.consultations.models import Consultation, ConsultationStaff
from crm.consultations.queries import FOR_LISTS, visible_to
from crm.cooperations.models import Cooperation
from crm.db import db, today
from crm.events import queries as events
from crm.events.calendar_entry import EXACT
from crm.events.models import ChecklistItem, Event, EventState, Precision
from crm.follow_ups import queries as follow_ups
from crm.follow_ups.models import FollowUp, FollowUpState
from crm.labels import Labelled, name_members
from crm.registrations import queries as registrations
from crm.resolutions import queries as resolutions

MOST = 1000
# A note may be long; a calendar never shows one.
TALK = load_only(
    Consultation.version, Consultation.updated_at, Consultation.held_on, Consultation.starts_at,
    Consultation.kind, Consultation.channel, Consultation.state, Consultation.place,
    Consultation.confidential, Consultation.duration_minutes,
)  # fmt: skip
# How many days from its event something may be due, and how many events without a day are named.
FARTHEST, FEW = 2000, 20
EVENT = load_only(
    Event.title, Event.kind, Event.starts_at, Event.ends_at, Event.precision, Event.state, Event.venue,
    Event.place_id, Event.capacity, Event.register_until,
)  # fmt: skip


class Who(Labelled):
    """Whose calendar it is."""

    ME = "ich"
    TEAM = "team"


name_members({Who.ME: _l("My calendar"), Who.TEAM: _l("The whole team")})


@dataclass(frozen=True)
class Found:
    """What was found, and the kinds of which there is more than is shown."""

    items: list[Item]
    cut: list[Kind] = field(default_factory=list)
    without_day: list[Event] = field(default_factory=list)


def between(user: Any, first: date, last: date, kinds: list[Kind], who: Who) -> Found:
    """Give what happens from one day to another that this user may see, in order; each kind up to a limit."""
    planned = _planned(user, first, last, who) if Kind.EVENT in kinds else []
    found = {Kind.EVENT: _events([one for one in planned if one.precision in EXACT], first)}
    found |= {kind: load(user, first, last, who) for kind, load in _LOADERS.items() if kind in kinds}
    return Found(
        sorted(
            (one for rows in found.values() for one in rows[:MOST]), key=lambda one: (one.first, one.rank)
        ),
        [kind for kind, rows in found.items() if len(rows) > MOST],
        [one for one in planned if one.precision is Precision.MONTH][:FEW],
    )


def takes_part(user: Any) -> Any:
    """The condition that somebody is among those who advise at a talk."""
    return _somebody().where(ConsultationStaff.user_id == user.id).correlate(Consultation)


def talks_of(user: Any) -> Any:
    """The condition that somebody takes part in a talk; one without anybody is that of who wrote it down."""
    nobody = ~_somebody().correlate(Consultation)
    return or_(takes_part(user), and_(Consultation.created_by_id == user.id, nobody))


def _somebody() -> Any:
    return exists().where(ConsultationStaff.consultation_id == Consultation.id)


def sessions_of(user: Any) -> Any:
    """The condition that a session is one of the groups somebody is responsible for."""
    return Cooperation.adviser_id == user.id


def tasks(first: date, last: date) -> Select[ChecklistItem]:
    """Select what is to be done in some days for events that go on; a day follows from that of its event."""
    distances = select(ChecklistItem.days).where(ChecklistItem.done_at.is_(None)).distinct()
    far = [timedelta(days=days) for days in db.session.scalars(distances) if abs(days) <= FARTHEST]
    due = [
        and_(
            ChecklistItem.days == one.days,
            Event.starts_at >= midnight(first - one), Event.starts_at < midnight(last - one + DAY),
        )
        for one in far
    ]  # fmt: skip
    return (
        select(ChecklistItem)
        .join(ChecklistItem.event)
        .where(ChecklistItem.done_at.is_(None), Event.state != EventState.CANCELLED)
        .where(Event.precision.in_(EXACT), or_(false(), *due))
        .options(
            contains_eager(ChecklistItem.event).load_only(
                Event.title, Event.starts_at, Event.version, Event.updated_at
            ),
            joinedload(ChecklistItem.owner).load_only(User.name),
        )
        .order_by(Event.starts_at, ChecklistItem.days, ChecklistItem.id)
    )


def _planned(user: Any, first: date, last: date, who: Who) -> list[Event]:
    """Events whose day, or at least the month, is known."""
    known = (*EXACT, Precision.MONTH)
    query = events.between(midnight(first), midnight(last + DAY)).where(Event.precision.in_(known))
    if who is Who.ME:
        query = query.where(Event.responsible_id == user.id)
    return list(db.session.scalars(query.options(EVENT).limit(MOST + 1)))


def _events(rows: list[Event], first: date) -> list[Item]:
    seats = registrations.numbers_of([one.id for one in rows if one.state is EventState.OPEN])
    found = [of_event(one, seats[one.id].taken if one.id in seats else 0) for one in rows]
    return [one for one in found if one.last >= first]


def _talks(user: Any, first: date, last: date, who: Who) -> list[Item]:
    query = visible_to(user).where(Consultation.held_on.between(first, last))
    if who is Who.ME:
        query = query.where(talks_of(user))
    query = query.order_by(Consultation.held_on, Consultation.starts_at, Consultation.id)
    return [of_talk(one) for one in db.session.scalars(query.options(TALK, *FOR_LISTS).limit(MOST + 1))]


def _sessions(user: Any, first: date, last: date, who: Who) -> list[Item]:
    query = resolutions.sessions(first, last)
    if who is Who.ME:
        query = query.where(sessions_of(user))
    return [of_session(one, user) for one in db.session.scalars(query.limit(MOST + 1))]


def _follow_ups(user: Any, first: date, last: date, who: Who) -> list[Item]:
    query = follow_ups.visible_to(user).where(
        FollowUp.state == FollowUpState.OPEN, FollowUp.due_on.between(first, last)
    )
    if who is Who.ME:
        query = query.where(FollowUp.owner_id.in_(follow_ups.answerable_for(user.id, today())))
    return [
        of_follow_up(one)
        for one in db.session.scalars(query.order_by(FollowUp.due_on, FollowUp.id).limit(MOST + 1))
    ]


def _tasks(user: Any, first: date, last: date, who: Who) -> list[Item]:
    query = tasks(first, last)
    if who is Who.ME:
        query = query.where(ChecklistItem.owner_id == user.id)
    found = [(one, one.due_on) for one in db.session.scalars(query.limit(MOST + 1))]
    return [of_task(one, due) for one, due in found if due is not None and first <= due <= last]


_LOADERS: dict[Kind, Callable[[Any, date, date, Who], list[Item]]] = {
    Kind.TALK: _talks,
    Kind.SESSION: _sessions,
    Kind.FOLLOW_UP: _follow_ups,
    Kind.TASK: _tasks,
}
