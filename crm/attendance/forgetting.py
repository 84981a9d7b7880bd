"""Personal data of guests go after their time; what is counted stays as it was.

Three rules: needs go 14 days after an event, registrations nobody confirmed 7 days after they came in, names
and addresses PARTICIPANTS_KEEP_DAYS after an event. What a day missed, the next does.
"""

import enum
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, Select, func, or_, select, update

from crm import audit, jobs
from crm.db import BERLIN, db, now, today
from crm.events.models import Event
from crm.invitations.models import Invitation
from crm.mail.models import OPEN, MailState, OutgoingMail
from crm.registrations.models import Registration, Seat

DUTY = "retention"
NEEDS_DAYS, UNCONFIRMED_DAYS = 14, 7


class Rule(enum.Enum):
    """Why something goes; the value is what the command says."""

    NEEDS = "Bedarfe"
    UNCONFIRMED = "nicht bestätigte Anmeldungen"
    GUESTS = "Namen und Adressen"


@dataclass(frozen=True)
class Due:
    """What is due at one event under one rule: numbers of registrations, no names."""

    rule: Rule
    event_id: int
    title: str
    registrations: tuple[int, ...]


def _midnight_before(day: date, days: int) -> datetime:
    """The moment before which a day must have ended for `days` to have gone by on `day`."""
    return datetime.combine(day - timedelta(days=days) + timedelta(days=1), time(0), BERLIN)


def _condition(rule: Rule, day: date) -> ColumnElement[bool]:
    keep = current_app.config["PARTICIPANTS_KEEP_DAYS"]
    # An event without a date ends, for its guests, when they registered.
    ended = func.coalesce(Event.ends_at, Event.starts_at, Registration.registered_at)
    if rule is Rule.NEEDS:
        return Registration.needs.is_not(None) & (ended < _midnight_before(day, NEEDS_DAYS))
    if rule is Rule.UNCONFIRMED:
        old = Registration.registered_at < _midnight_before(day, UNCONFIRMED_DAYS)
        lapsed = (Registration.seat == Seat.LAPSED) & Registration.confirmed_at.is_(None)
        return Registration.forgotten_at.is_(None) & lapsed & Registration.came_at.is_(None) & old
    return Registration.forgotten_at.is_(None) & (ended < _midnight_before(day, keep))


def _selected(rule: Rule, day: date) -> Select[*tuple[Any, ...]]:
    """Registrations that are due, also of events in the trash."""
    columns = Registration.id, Registration.event_id, Event.title
    query = select(*columns).join(Event, Event.id == Registration.event_id).where(_condition(rule, day))
    return query.order_by(Registration.event_id, Registration.id).execution_options(include_removed=True)


def due(day: date | None = None) -> list[Due]:
    """What is due on a day, by rule and event; the real run does exactly this."""
    found = []
    for rule in Rule:
        events: dict[tuple[int, str], list[int]] = defaultdict(list)
        for number, event_id, title in db.session.execute(_selected(rule, day or today())):
            events[event_id, title].append(number)
        found += [Due(rule, *event, tuple(numbers)) for event, numbers in events.items()]
    return found


def forget(one: Due) -> int:
    """Do what is due at one event; give the number of guests. The protocol has numbers, no names.

    The event is held, so that of two at work the second finds nothing left. The caller commits.
    """
    query = select(Event).where(Event.id == one.event_id).with_for_update(of=Event)
    event = db.session.scalars(query.execution_options(include_removed=True)).one()
    numbers = _still_there(one)
    if not numbers:
        return 0
    if one.rule is Rule.NEEDS:
        _change(numbers, needs=None)
    else:
        _forget_mails(one.event_id, numbers)
        if one.rule is Rule.GUESTS:
            _forget_answers(one.event_id)
        _change(numbers, forgotten_at=now(), **NOTHING)
    audit.record("event.guests-forgotten", event, None, guests=(len(numbers), None))
    return len(numbers)


NOTHING: dict[str, Any] = {
    "first_name": None, "last_name": None, "email": None, "address_key": None, "needs": None,
    "person_id": None, "invitation_id": None, "organisation_text": None, "search_text": "", "sort_key": "",
}  # fmt: skip


def _still_there(one: Due) -> list[int]:
    there = Registration.needs if one.rule is Rule.NEEDS else Registration.id
    query = select(Registration.id).where(Registration.id.in_(one.registrations), there.is_not(None))
    if one.rule is not Rule.NEEDS:
        query = query.where(Registration.forgotten_at.is_(None))
    return list(db.session.scalars(query))


def _change(numbers: list[int], **values: Any) -> None:
    changed = update(Registration).where(Registration.id.in_(numbers))
    values["version"] = Registration.version + 1
    db.session.execute(changed.values(values).execution_options(synchronize_session=False))
    db.session.expire_all()


def _forget_mails(event_id: int, numbers: list[int]) -> None:
    """Empty the mails about these registrations, and others of the event to the same addresses."""
    query = select(Registration.email).where(Registration.id.in_(numbers), Registration.email.is_not(None))
    addresses = {address.lower() for address in db.session.scalars(query) if address}
    to_them = (OutgoingMail.event_id == event_id) & func.lower(OutgoingMail.recipient).in_(addresses)
    theirs = or_(OutgoingMail.registration_id.in_(numbers), to_them)
    empty = {
        "recipient": "", "recipient_name": "", "subject": "", "body": "", "calendar": None,
        "unsubscribe_url": None, "last_error": None, "version": OutgoingMail.version + 1,
    }  # fmt: skip
    quiet = {"synchronize_session": False}
    open_ones = update(OutgoingMail).where(theirs, OutgoingMail.state.in_(OPEN))
    db.session.execute(open_ones.values(state=MailState.DROPPED).execution_options(**quiet))
    db.session.execute(update(OutgoingMail).where(theirs).values(empty).execution_options(**quiet))


def _forget_answers(event_id: int) -> None:
    """Whom invited people named in their answers are guests as well."""
    named = or_(Invitation.represented_by.is_not(None), Invitation.remark.is_not(None))
    emptied = update(Invitation).where(Invitation.event_id == event_id, named)
    values = {"represented_by": None, "remark": None, "version": Invitation.version + 1}
    db.session.execute(emptied.values(values).execution_options(synchronize_session=False))


def is_on() -> bool:
    """Tell whether data go by themselves; RETENTION=off stops that."""
    return bool(current_app.config["RETENTION"])


def sweep(day: date | None = None) -> list[Due]:
    """Do all that is due, each event in a transaction of its own; give what was done. Off means nothing."""
    if not is_on():
        return []
    done = due(day)
    db.session.rollback()
    for one in done:
        if jobs.stopping():
            break
        forget(one)
        db.session.commit()
    return done


@jobs.duty(DUTY)
def _look() -> None:
    sweep()
