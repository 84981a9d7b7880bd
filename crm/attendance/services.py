"""What is done with attendance: guests ticked, entered at the door, heads counted."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import update

from crm import audit
from crm.addresses import comparable
from crm.attendance import counted as _counted  # noqa: F401 closed quarters watch over what counts
from crm.attendance import queries
from crm.attendance.models import HeadCount
from crm.closing import guard
from crm.contacts.names import full_name
from crm.db import db, now
from crm.errors import RuleBroken
from crm.events.models import Event, EventState
from crm.i18n import day as in_german
from crm.registrations import keying, seats
from crm.registrations import queries as registrations
from crm.registrations.models import Origin, Registration, Seat


def arrival(event: Event) -> datetime:
    """The moment somebody ticked now came: now, and once the event is over, its begin."""
    return event.starts_at if queries.is_over(event) and event.starts_at else now()


def come(registration: Registration, by: Any) -> bool:
    """Note that a guest came; tell whether that was new. Two at one time note it once."""
    check_held(registration.event)
    return _set_came(registration, arrival(registration.event), "registration.came", by)


def take_back(registration: Registration, by: Any) -> bool:
    """Take a mistaken tick back; tell whether there was one."""
    return _set_came(registration, None, "registration.came-undone", by)


def _set_came(registration: Registration, moment: datetime | None, name: str, by: Any) -> bool:
    """Set or clear the moment of arrival where it is not so yet: the database decides who was first."""
    if (registration.came_at is None) is (moment is not None):
        guard.touch(registration)
    came, old = Registration.came_at, registration.came_at
    changed = update(Registration).where(
        Registration.id == registration.id, came.is_(None) if moment else came.is_not(None)
    )
    values = {"came_at": moment, "version": Registration.version + 1}
    done = db.session.execute(changed.values(values).execution_options(synchronize_session=False))
    db.session.expire(registration)
    if not done.rowcount:  # type: ignore[attr-defined]
        return False
    audit.record(name, registration, by, came_at=(None, moment) if moment else (old, None))
    return True


def check_held(event: Event) -> None:
    """Refuse for an event that was cancelled."""
    if event.state is EventState.CANCELLED:
        raise RuleBroken(_("This event is cancelled. Nobody can have come."))


def check_begun(event: Event) -> None:
    """Refuse for an event that was cancelled, and before its day."""
    check_held(event)
    if event.is_ahead:
        raise RuleBroken(
            _(
                "The event takes place on %(day)s. Enter guests under “Registrations” until then.",
                day=in_german(event.day),
            )
        )


def known_guests(event_id: int, values: dict[str, Any]) -> list[Registration]:
    """Guests on the list who may be the one at the door: the same address, or name and no other place."""
    name = full_name(values.get("first_name"), values.get("last_name"))
    found = [one for one in queries.same_guests(event_id, name) if _same_place(one, values)]
    email = values.get("email")
    same = registrations.by_key(event_id, comparable(email)) if email else None
    return found + ([same] if same is not None and same not in found else [])


def _same_place(registration: Registration, values: dict[str, Any]) -> bool:
    mine, theirs = values.get("organisation_id"), registration.organisation_id
    return mine is None or theirs is None or mine == theirs


def walk_in(event: Event, values: dict[str, Any], by: Any) -> Registration:
    """Enter somebody who came without registration; `values` are columns of the registration."""
    check_begun(event)
    event = seats.lock(event.id)
    email = values.get("email")
    if email and (known := registrations.by_key(event.id, comparable(email))):
        raise RuleBroken(_("This address is registered already: %(name)s.", name=known.name), "email")
    made = guest_of(event, values, Origin.AT_THE_DOOR)
    audit.record("registration.walked-in", made, by)
    return made


def guest_of(event: Event, values: dict[str, Any], origin: Origin) -> Registration:
    """Make a guest who is there, without a registration of before."""
    made = Registration(
        event_id=event.id,
        seat=Seat.SEATED,
        origin=origin,
        confirmed_at=now(),
        came_at=arrival(event),
        **values,
    )
    keying.set_keys(made)
    db.session.add(made)
    db.session.flush()
    return made


def note_wish(registration: Registration, wants: bool, by: Any) -> bool:
    """Note that a guest wants a talk, or that the wish is met; tell whether that was new."""
    if registration.wants_talk is wants:
        return False
    registration.wants_talk = wants
    audit.record("registration.wish-noted" if wants else "registration.wish-met", registration, by)
    return True


def count_heads(event: Event, values: dict[str, Any], by: Any) -> HeadCount:
    """Note heads without names."""
    check_held(event)
    made = HeadCount(event_id=event.id, **values)
    db.session.add(made)
    audit.record("event.heads-counted", event, by, heads=(None, made.heads))
    return made


def change_heads(row: HeadCount, values: dict[str, Any], by: Any) -> None:
    """Correct heads without names."""
    for name, value in values.items():
        setattr(row, name, value)
    if changes := audit.difference(row):
        heads = changes.get("heads", [row.heads, row.heads])
        audit.record("event.heads-changed", row.event, by, heads=tuple(heads))


def remove_heads(row: HeadCount, by: Any) -> None:
    """Take a mistaken count away."""
    audit.record("event.heads-removed", row.event, by, heads=(row.heads, None))
    db.session.delete(row)
    db.session.flush()


def note_handed_out(event: Event, text: str | None, by: Any) -> None:
    """Note what the guests were given."""
    event.handed_out = text
    if audit.difference(event):
        audit.record("event.handed-out", event, by)
