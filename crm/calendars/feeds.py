"""Feeds for other calendar programs, each under a secret address.

A program reads a feed whole, every time: what was removed here is simply no longer in it and goes there,
too. What was cancelled stays in it as cancelled for sixty days, so that everybody sees that it was.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import or_

from crm import links
from crm.access import Permission
from crm.accounts.models import User
from crm.calendars import queries
from crm.calendars.days import DAY, midnight
from crm.consultations.models import Consultation, ConsultationState
from crm.consultations.queries import FOR_LISTS, visible_to
from crm.db import BERLIN, db, now, today
from crm.events import queries as events
from crm.events.calendar_entry import EXACT, entry_of
from crm.events.models import ChecklistItem, Event, EventState
from crm.follow_ups import queries as follow_ups
from crm.follow_ups.models import FollowUp, FollowUpState
from crm.ics import Entry, calendar
from crm.resolutions import queries as resolutions
from crm.resolutions.services import body_name

AGAIN = timedelta(minutes=15)
BACK, AHEAD, CANCELLED = timedelta(days=90), timedelta(days=400), timedelta(days=60)
# Where there is more, the oldest are left out.
MOST = 2000
MINE, TEAM, EVENTS = "meine", "team", "veranstaltungen"
PURPOSES = {MINE: "feed-mine", TEAM: "feed-team", EVENTS: "feed-events"}
_NAMES = {MINE: _l("My dates at the office"), TEAM: _l("Dates of the office"), EVENTS: _l("Events")}
_ABOUT = {
    MINE: _l("Talks you take part in, events and groups you are responsible for, follow-ups and to-dos."),
    TEAM: _l("All events, talks and sessions; without confidential talks, follow-ups and to-dos."),
    EVENTS: _l("All events, nothing else."),
}


@dataclass(frozen=True)
class Address:
    """A feed and where it is found."""

    kind: str
    name: Any
    about: Any
    url: str

    @property
    def webcal(self) -> str:
        """The address that opens the calendar program of a device."""
        return f"webcal://{self.url.partition('://')[2]}"


def addresses(user: Any) -> list[Address]:
    """Give the feeds of a person."""
    return [Address(kind, _NAMES[kind], _ABOUT[kind], _url(kind, user)) for kind in PURPOSES]


def _url(kind: str, user: Any) -> str:
    token = links.make(PURPOSES[kind], user.id, user.feed_number)
    return links.to("calendars.feed", feed_kind=kind, feed_token=token)


def owner(kind: str, token: str) -> User | None:
    """Find whose feed an address is; None for a wrong one, a renewed one, and where somebody was locked."""
    found = links.read(PURPOSES[kind], token) if kind in PURPOSES else None
    user = db.session.get(User, found[0]) if found else None
    if user is None or found is None or not links.holds(found[1], user.feed_number):
        return None
    return user if user.is_active and user.may(Permission.READ_CONTENT) else None


def text_of(kind: str, user: User) -> str:
    """Write a feed, in the order of keys."""
    found = _events(user if kind == MINE else None)
    if kind in (MINE, TEAM):
        found += _talks(user, kind) + _sessions(user if kind == MINE else None)
    if kind == MINE:
        found += _follow_ups(user) + _tasks(user)
    return calendar(sorted(found, key=lambda one: one.key), str(_NAMES[kind]), again=AGAIN)


def _recent(state: Any, cancelled: Any, changed_at: Any) -> Any:
    """The condition that something was not cancelled, or not long ago."""
    return or_(state != cancelled, changed_at >= now() - CANCELLED)


def _events(of: User | None) -> list[Entry]:
    """Events of everybody, or those somebody is responsible for; the way leads to the page for the office."""
    query = events.between(midnight(today() - BACK), midnight(today() + AHEAD + DAY)).where(
        Event.precision.in_(EXACT), _recent(Event.state, EventState.CANCELLED, Event.updated_at)
    )
    if of is not None:
        query = query.where(Event.responsible_id == of.id)
    return [
        replace(entry_of(one, stable=True), url=links.to("events.show", event_id=one.id))
        for one in db.session.scalars(query.limit(MOST))
    ]


def _talks(user: User, kind: str) -> list[Entry]:
    query = visible_to(user).where(
        Consultation.held_on.between(today() - BACK, today() + AHEAD),
        _recent(Consultation.state, ConsultationState.CANCELLED, Consultation.updated_at),
    )
    if kind == MINE:
        query = query.where(queries.talks_of(user))
        query = query.where(or_(Consultation.confidential.is_(False), queries.takes_part(user)))
    else:
        query = query.where(Consultation.confidential.is_(False))
    query = query.options(queries.TALK, *FOR_LISTS).order_by(Consultation.held_on.desc(), Consultation.id)
    return [_talk(one) for one in db.session.scalars(query.limit(MOST))]


def _talk(one: Consultation) -> Entry:
    """Give a talk; of a confidential one no more than that there is one."""
    starts, ends = _times(one)
    plain = Entry(
        key=f"consultation-{one.id}", sequence=one.version, starts=starts, ends=ends,
        title=_("Talk (confidential)"), url=links.to("consultations.show", consultation_id=one.id),
        cancelled=one.state is ConsultationState.CANCELLED, changed_at=one.updated_at,
    )  # fmt: skip
    if one.confidential:
        return plain
    who = ", ".join(person.name for person in one.staff)
    text = [one.heading, str(one.channel.label), _("Advised by %(names)s", names=who) if who else ""]
    title = _("Talk: %(places)s", places=one.about)
    return replace(plain, title=title, place=one.place or "", text="\n".join(part for part in text if part))


def _times(one: Consultation) -> tuple[Any, Any]:
    """Give begin and end; a duration is time gone by, also in a night when the clocks change."""
    if one.starts_at is None:
        return one.held_on, None
    starts = datetime.combine(one.held_on, one.starts_at, BERLIN).astimezone(UTC)
    return starts, starts + timedelta(minutes=one.duration_minutes) if one.duration_minutes else None


def _sessions(of: User | None) -> list[Entry]:
    query = resolutions.sessions(today() - BACK, today() + AHEAD)
    if of is not None:
        query = query.where(queries.sessions_of(of))
    return [
        Entry(
            key=f"session-{one.id}", sequence=one.version, starts=one.session_on or today(),
            title=_("Session: %(body)s", body=f"{one.partner.organisation_name}, {body_name(one)}"),
            text="\n".join((one.partner.cooperation.title, str(one.kind.label))),
            url=links.to("cooperations.show", cooperation_id=one.partner.cooperation_id),
            changed_at=one.updated_at,
        )
        for one in db.session.scalars(query.limit(MOST))
    ]  # fmt: skip


def _follow_ups(user: User) -> list[Entry]:
    """Open ones of this person; a confidential one does not say what it is about."""
    query = follow_ups.visible_to(user).where(
        FollowUp.state == FollowUpState.OPEN, FollowUp.owner_id == user.id,
        FollowUp.due_on.between(today() - BACK, today() + AHEAD),
    )  # fmt: skip
    found = db.session.scalars(query.order_by(FollowUp.due_on.desc(), FollowUp.id).limit(MOST))
    return [_follow_up(one) for one in found]


def _follow_up(one: FollowUp) -> Entry:
    about = one.organisation.name if one.organisation else one.about
    said = _("Follow-up: %(text)s", text=one.text)
    return Entry(
        key=f"follow-up-{one.id}", sequence=one.version, starts=one.due_on,
        title=_("Follow-up (confidential)") if one.confidential else said,
        text="" if one.confidential else about or "",
        url=links.to("follow_ups.show", follow_up_id=one.id), changed_at=one.updated_at,
    )  # fmt: skip


def _tasks(user: User) -> list[Entry]:
    """Give what this person has to do for events; its day moves with the event, so both versions count."""
    first, last = today() - BACK, today() + AHEAD
    query = queries.tasks(first, last).where(ChecklistItem.owner_id == user.id)
    return [
        Entry(
            key=f"task-{one.id}", sequence=one.version + one.event.version, starts=due,
            title=_("To do: %(text)s", text=one.text), text=one.event.title,
            url=links.to("events.show", event_id=one.event_id),
            changed_at=max(one.updated_at, one.event.updated_at),
        )
        for one in db.session.scalars(query.limit(MOST))
        if (due := one.due_on) is not None and first <= due <= last
    ]  # fmt: skip
