"""Personal data of guests go after their time; what is counted stays as it was.

Rules: needs go 14 days after an event, registrations nobody confirmed 7 days after they came in, names and
addresses, and whom invited people named, PARTICIPANTS_KEEP_DAYS after an event. Other areas add theirs to
RULES. What a day missed, the next does.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, Select, and_, func, or_, select, update

from crm import audit, jobs
from crm.db import BERLIN, db, now, today
from crm.events.models import Event
from crm.events.queries import hold
from crm.invitations.models import Invitation
from crm.mail.models import OPEN, MailState, OutgoingMail
from crm.registrations.models import Registration, Seat

DUTY = "retention"
NEEDS_DAYS, UNCONFIRMED_DAYS = 14, 7
Numbers = tuple[int, ...]


@dataclass(frozen=True)
class Rule:
    """One rule. `title` and `record` are what the command says, `noted` what the protocol counts.

    `condition` says which rows of `model` are due on a day; `empty` empties those it is given that are not
    empty yet, and gives how many it were.
    """

    title: str
    record: str
    noted: str
    model: Any
    condition: Callable[[date], ColumnElement[bool]]
    empty: Callable[[int, Numbers], int]


RULES: list[Rule] = []


@dataclass(frozen=True)
class Due:
    """What is due at one event under one rule: numbers of records, no names."""

    rule: Rule
    event_id: int
    title: str
    numbers: Numbers


def _midnight_before(day: date, days: int) -> datetime:
    """The moment before which a day must have ended for `days` to have gone by on `day`."""
    return datetime.combine(day - timedelta(days=days) + timedelta(days=1), time(0), BERLIN)


def kept_until(day: date) -> datetime:
    """The moment before which an event must have ended for its guests to be forgotten on a day."""
    return _midnight_before(day, current_app.config["PARTICIPANTS_KEEP_DAYS"])


def ended(day: date, undated: Any, days: int | None = None) -> ColumnElement[bool]:
    """The condition that an event was over so many days before, as many as guests are kept.

    One without a date counts, for its guests, from another moment: when they registered or answered.
    """
    limit = kept_until(day) if days is None else _midnight_before(day, days)
    return or_(Event.over_before(limit), and_(Event.starts_at.is_(None), undated < limit))


def _selected(rule: Rule, day: date) -> Select[*tuple[Any, ...]]:
    """Records that are due, also of events in the trash."""
    columns = rule.model.id, rule.model.event_id, Event.title
    query = select(*columns).join(Event, Event.id == rule.model.event_id).where(rule.condition(day))
    return query.order_by(rule.model.event_id, rule.model.id).execution_options(include_removed=True)


def due(day: date | None = None) -> list[Due]:
    """What is due on a day, by rule and event; the real run does exactly this."""
    found = []
    for rule in RULES:
        events: dict[tuple[int, str], list[int]] = defaultdict(list)
        for number, event_id, title in db.session.execute(_selected(rule, day or today())):
            events[event_id, title].append(number)
        found += [Due(rule, *event, tuple(numbers)) for event, numbers in events.items()]
    return found


def forget(one: Due) -> int:
    """Do what is due at one event; give the number of records. The protocol has numbers, no names.

    The event is held, so that of two at work the second finds nothing left. The caller commits.
    """
    event = hold(one.event_id, removed=True)
    emptied = one.rule.empty(one.event_id, one.numbers)
    if emptied:
        db.session.expire_all()
        audit.record("event.guests-forgotten", event, None, **{one.rule.noted: (emptied, None)})
    return emptied


def empty_texts(model: Any, numbers: Numbers, *columns: str) -> int:
    """Empty some columns of records in which something stands; give the number of records."""
    filled = or_(*(getattr(model, name).is_not(None) for name in columns))
    there = list(db.session.scalars(select(model.id).where(model.id.in_(numbers), filled)))
    if there:
        _change(model, there, **dict.fromkeys(columns))
    return len(there)


def _change(model: Any, numbers: list[int], **values: Any) -> None:
    changed = update(model).where(model.id.in_(numbers))
    if hasattr(model, "version"):
        values["version"] = model.version + 1
    db.session.execute(changed.values(values).execution_options(synchronize_session=False))


NOTHING: dict[str, Any] = {
    "first_name": None, "last_name": None, "email": None, "address_key": None, "needs": None,
    "person_id": None, "invitation_id": None, "organisation_text": None, "search_text": "", "sort_key": "",
}  # fmt: skip


def _forget_guests(event_id: int, numbers: Numbers) -> int:
    query = select(Registration.id).where(Registration.id.in_(numbers), Registration.forgotten_at.is_(None))
    there = list(db.session.scalars(query))
    if there:
        _forget_mails(event_id, there)
        _change(Registration, there, forgotten_at=now(), **NOTHING)
    return len(there)


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


def _needs_due(day: date) -> ColumnElement[bool]:
    return Registration.needs.is_not(None) & ended(day, Registration.registered_at, NEEDS_DAYS)


def _unconfirmed_due(day: date) -> ColumnElement[bool]:
    old = Registration.registered_at < _midnight_before(day, UNCONFIRMED_DAYS)
    lapsed = (Registration.seat == Seat.LAPSED) & Registration.confirmed_at.is_(None)
    return Registration.forgotten_at.is_(None) & lapsed & Registration.came_at.is_(None) & old


def _guests_due(day: date) -> ColumnElement[bool]:
    return Registration.forgotten_at.is_(None) & ended(day, Registration.registered_at)


def _answers_due(day: date) -> ColumnElement[bool]:
    """Whom invited people named in their answers are guests as well, though nobody registered them."""
    named = or_(Invitation.represented_by.is_not(None), Invitation.remark.is_not(None))
    return named & ended(day, func.coalesce(Invitation.answered_at, Invitation.created_at))


def _empty_needs(_event_id: int, numbers: Numbers) -> int:
    return empty_texts(Registration, numbers, "needs")


def _empty_answers(_event_id: int, numbers: Numbers) -> int:
    return empty_texts(Invitation, numbers, "represented_by", "remark")


_OF_GUESTS = ("Anmeldung", "guests", Registration)
NEEDS = Rule("Bedarfe", *_OF_GUESTS, _needs_due, _empty_needs)
UNCONFIRMED = Rule("nicht bestätigte Anmeldungen", *_OF_GUESTS, _unconfirmed_due, _forget_guests)
GUESTS = Rule("Namen und Adressen", *_OF_GUESTS, _guests_due, _forget_guests)
ANSWERS = Rule(
    "Namen und Bemerkungen in Antworten", "Einladung", "invitations", Invitation, _answers_due, _empty_answers
)
RULES += [NEEDS, UNCONFIRMED, GUESTS, ANSWERS]


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
