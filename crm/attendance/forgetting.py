"""Personal data of guests go after their time; what is counted stays as it was.

The periods stand in `retention.rules`; they count from the end of the event. Here stands how guests are
forgotten, event by event. What a day missed, the next does.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, update

from crm import audit
from crm.db import db, now
from crm.events.models import Event
from crm.events.queries import hold
from crm.invitations.models import Invitation
from crm.mail.models import OPEN, MailState, OutgoingMail
from crm.notices import queries as notices
from crm.registrations.models import Registration, Seat
from crm.retention import queries as retention
from crm.retention.doing import DOINGS, Doing, Due, Numbers, Query

Condition = Callable[[datetime], ColumnElement[bool]]


def ended(limit: datetime, undated: Any) -> ColumnElement[bool]:
    """The condition that an event was over before a moment.

    One without a date counts, for its guests, from another moment: when they registered or answered.
    """
    return or_(Event.over_before(limit), and_(Event.starts_at.is_(None), undated < limit))


def of_event(
    key: str, noted: str, model: Any, condition: Condition, empty: Callable[[int, Numbers], int]
) -> None:
    """Hand over how a rule about guests is done.

    `condition` says which rows of `model` are due before a moment, also of events in the trash; `empty`
    empties those it is given that are not empty yet, and gives how many it were; `noted` is what the history
    of the event counts. The event is held, so that of two at work the second finds nothing left.
    Rows that say what somebody was told go after the shorter of the period of today and the one promised.
    """
    found = select(model.id, model.event_id, Event.title).join(Event, Event.id == model.event_id)

    def asking() -> Query:
        shorter = _shorter_promises(key) if hasattr(model, "privacy_version") else []

        def query(limit: datetime) -> Select[*tuple[Any, ...]]:
            told = (
                model.privacy_version.in_(marks) & condition(retention.later(limit, days))
                for days, marks in shorter
            )
            return found.where(or_(condition(limit), *told)).order_by(model.event_id, model.id)

        return query

    def forget(due: Due) -> int:
        event = hold(due.event_id, removed=True)
        emptied = empty(event.id, due.numbers)
        if emptied:
            db.session.expire_all()
            audit.record("event.guests-forgotten", event, None, **{noted: (emptied, None)})
        return emptied

    DOINGS[key] = Doing(forget, asking=asking)


def _shorter_promises(key: str) -> list[tuple[int, list[str]]]:
    """By how many days guests were promised less than holds today, and the marks of the texts that did."""
    length = retention.period(key)
    return [(length - days, marks) for days, marks in notices.shorter_promises(key, length).items()]


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
    "first_name": None, "last_name": None, "email": None, "phone": None, "address_key": None,
    "needs": None, "person_id": None, "invitation_id": None, "organisation_text": None, "search_text": "",
    "sort_key": "",
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


def _needs_due(limit: datetime) -> ColumnElement[bool]:
    return Registration.needs.is_not(None) & ended(limit, Registration.registered_at)


def _unconfirmed_due(limit: datetime) -> ColumnElement[bool]:
    lapsed = (Registration.seat == Seat.LAPSED) & Registration.confirmed_at.is_(None)
    old = Registration.registered_at < limit
    return Registration.forgotten_at.is_(None) & lapsed & Registration.came_at.is_(None) & old


def _guests_due(limit: datetime) -> ColumnElement[bool]:
    return Registration.forgotten_at.is_(None) & ended(limit, Registration.registered_at)


def _answers_due(limit: datetime) -> ColumnElement[bool]:
    """Whom invited people named in their answers are guests as well, though nobody registered them."""
    named = or_(Invitation.represented_by.is_not(None), Invitation.remark.is_not(None))
    return named & ended(limit, func.coalesce(Invitation.answered_at, Invitation.created_at))


def _empty_needs(_event_id: int, numbers: Numbers) -> int:
    return empty_texts(Registration, numbers, "needs")


def _empty_answers(_event_id: int, numbers: Numbers) -> int:
    return empty_texts(Invitation, numbers, "represented_by", "remark")


of_event("needs", "guests", Registration, _needs_due, _empty_needs)
of_event("unconfirmed", "guests", Registration, _unconfirmed_due, _forget_guests)
of_event("guests", "guests", Registration, _guests_due, _forget_guests)
of_event("answers", "invitations", Invitation, _answers_due, _empty_answers)
