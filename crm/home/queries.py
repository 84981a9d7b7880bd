"""What the first page asks: today, the desk, what waits, what was worked on last, and the year."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, case, exists, func, or_, select, union
from sqlalchemy.orm import contains_eager

from crm.access import Permission
from crm.calendars.days import midnight
from crm.calendars.items import Item, of_event
from crm.consultations.models import (
    COUNTED,
    Consultation,
    ConsultationStaff,
    ConsultationState,
    Participation,
)
from crm.consultations.queries import FOR_LISTS, visible_to
from crm.db import BERLIN, count, db, now, today
from crm.events import queries as events
from crm.events.calendar_entry import EXACT
from crm.events.models import AHEAD, ChecklistItem, Event, EventState
from crm.follow_ups import queries as follow_ups
from crm.follow_ups.models import FollowUp
from crm.organisations import queries as organisations
from crm.organisations.models import KOMMUNEN, Organisation
from crm.resolutions import queries as resolutions
from crm.resolutions.models import Resolution
from crm.resolutions.services import body_name

FEW, MANY = 5, 20
SOON, LATELY = timedelta(days=14), timedelta(days=365)


@dataclass(frozen=True)
class Talks:
    """Talks of the first page, each list in its order."""

    today: list[Consultation]
    due: list[Consultation]
    without_note: list[Consultation]
    recent: list[Consultation]

    @property
    def next(self) -> Consultation | None:
        """The next planned talk of today that has a clock time."""
        later = [one for one in self.today if one.starts_at and not _has_begun(one)]
        return next((one for one in later if one.state is ConsultationState.PLANNED), None)


@dataclass(frozen=True)
class Desk:
    """Open follow-ups by urgency, and those that wait for others."""

    late: list[FollowUp]
    today: list[FollowUp]
    week: list[FollowUp]
    later: list[FollowUp]
    waiting: list[FollowUp]

    @property
    def total(self) -> int:
        """Count them, each once."""
        return sum(len(one) for one in (self.late, self.today, self.week, self.later))


@dataclass(frozen=True)
class Sessions:
    """Sessions over all groups whose day has come and that ask for their result, and those of the next days.

    `names` says by number which body decides.
    """

    due: list[Resolution]
    coming: list[Resolution]
    names: dict[int, str]


@dataclass(frozen=True)
class Year:
    """Held talks of the year so far that the user may see."""

    since: date
    until: date
    talks: int
    participations: int
    kommunen: int
    base: int


def talks(user: Any) -> Talks:
    """Load all talks of the first page at once, then sort them into its lists."""
    mine = _mine(user)
    wanted = (
        visible_to(user).where(Consultation.held_on == today()),
        visible_to(user).where(_is_due()).order_by(Consultation.held_on).limit(MANY),
        visible_to(user).where(mine, _lacks_note()).order_by(Consultation.held_on.desc()).limit(FEW),
        visible_to(user).where(mine).order_by(Consultation.updated_at.desc()).limit(FEW),
    )
    ids = union(*(select(one.with_only_columns(Consultation.id).subquery().c.id) for one in wanted))
    query = visible_to(user).where(Consultation.id.in_(ids)).options(*FOR_LISTS)
    found: list[Consultation] = list(db.session.scalars(query))
    own = [one for one in found if one.created_by_id == user.id or user in one.staff]
    return Talks(
        today=_by_clock(
            one for one in found if one.held_on == today() and one.state is not ConsultationState.CANCELLED
        ),
        due=sorted((one for one in found if _is_over(one)), key=lambda one: (one.held_on, one.id))[:MANY],
        without_note=_newest((one for one in own if one.needs_note), "held_on"),
        recent=_newest(own, "updated_at"),
    )


def _mine(user: Any) -> Any:
    there = exists().where(
        ConsultationStaff.consultation_id == Consultation.id, ConsultationStaff.user_id == user.id
    )
    return or_(Consultation.created_by_id == user.id, there.correlate(Consultation))


def _is_due() -> Any:
    return and_(Consultation.state == ConsultationState.PLANNED, Consultation.held_on <= today())


def _is_over(talk: Consultation) -> bool:
    """Tell whether to ask if a talk took place: not while it is still to begin today."""
    return talk.is_due and (talk.held_on < today() or _has_begun(talk))


def _has_begun(talk: Consultation) -> bool:
    """Tell whether a talk of today has begun; one without a clock time may have."""
    return talk.starts_at is None or talk.starts_at <= now().astimezone(BERLIN).time()


def _lacks_note() -> Any:
    return and_(Consultation.state == ConsultationState.HELD, Consultation.note.is_(None))


def _by_clock(found: Iterable[Consultation]) -> list[Consultation]:
    return sorted(found, key=lambda one: (one.starts_at is None, str(one.starts_at), one.id))


def _newest(found: Iterable[Consultation], column: str) -> list[Consultation]:
    return sorted(found, key=lambda one: (getattr(one, column), one.id), reverse=True)[:FEW]


def events_today() -> list[Item]:
    """Events of today as a calendar shows them, in order; cancelled ones are not."""
    day = today()
    query = events.between(midnight(day), midnight(day + timedelta(days=1))).where(
        Event.precision.in_(EXACT), Event.state != EventState.CANCELLED
    )
    found = [of_event(one) for one in db.session.scalars(query.limit(MANY))]
    return [one for one in found if one.last >= day]


def event_tasks(user: Any) -> list[ChecklistItem]:
    """What this user has to do for events within a week, or should have done: the earliest day first."""
    if not user.may(Permission.WRITE_EVENTS):
        return []
    mine = or_(
        ChecklistItem.owner_id == user.id,
        ChecklistItem.owner_id.is_(None) & (Event.responsible_id == user.id),
    )
    query = (
        select(ChecklistItem)
        .join(ChecklistItem.event)
        .where(mine, ChecklistItem.done_at.is_(None), Event.state.in_((*AHEAD, EventState.HELD)))
        .options(contains_eager(ChecklistItem.event).load_only(Event.title, Event.starts_at))
        .order_by(Event.starts_at.desc(), ChecklistItem.days)
        .limit(200)
    )
    until = today() + timedelta(days=7)
    due = [one for one in db.session.scalars(query) if one.due_on is not None and one.due_on <= until]
    return sorted(due, key=lambda one: (one.due_on or until, one.id))


def desk(user: Any) -> Desk:
    """Sort the open follow-ups of this user, and of absent colleagues, by urgency."""
    found, day = follow_ups.desk(user), today()
    soon = day + timedelta(days=7)
    waiting = sorted((one for one in found if one.waiting_for), key=lambda one: one.created_at)
    return Desk(
        late=[one for one in found if one.due_on < day],
        today=[one for one in found if one.due_on == day],
        week=[one for one in found if day < one.due_on <= soon],
        later=[one for one in found if one.due_on > soon],
        waiting=waiting,
    )


def sessions() -> Sessions:
    """Load the sessions of the first page; of those without a result the latest come first."""
    day = today()
    asking = resolutions.planned(day - LATELY, day).order_by(None)
    asking = asking.order_by(Resolution.session_on.desc(), Resolution.id.desc()).limit(FEW)
    ahead = resolutions.planned(day + timedelta(days=1), day + SOON).limit(MANY)
    shown = [Resolution.id.in_(one.with_only_columns(Resolution.id)) for one in (asking, ahead)]
    found = list(db.session.scalars(resolutions.sessions(day - LATELY).where(or_(*shown))))
    return Sessions(
        due=[one for one in reversed(found) if one.is_due],
        coming=[one for one in found if not one.is_due],
        names={one.id: body_name(one) for one in found},
    )


def year(user: Any) -> Year:
    """Count held talks since the first of January, their participations and distinct Kommunen."""
    first, last = date(today().year, 1, 1), today()
    held = visible_to(user).where(
        Consultation.state == ConsultationState.HELD, Consultation.held_on.between(first, last)
    )
    is_kommune = case((Organisation.level.in_(KOMMUNEN), Organisation.id))
    part = and_(Participation.consultation_id == Consultation.id, Participation.presence.in_(COUNTED))
    taking_part = held.join(Participation, part).join(Participation.organisation)
    counts = func.count(is_kommune), func.count(is_kommune.distinct())
    numbers = db.session.execute(taking_part.with_only_columns(*counts)).one()
    return Year(first, last, count(held), *numbers, base=organisations.count_existing(last))
