"""Who gets a seat. Whoever counts or gives seats holds the event first, so that no two take the last one."""

from typing import Any

from sqlalchemy import func, select

from crm.db import db
from crm.events.models import Event
from crm.events.queries import hold
from crm.registrations.models import TAKEN, UNREGISTERED, Registration, Seat


def lock(event_id: int) -> Event:
    """Hold an event before anything is counted or given."""
    return hold(event_id)


def taken(event_id: int) -> int:
    """Count the seats that are taken or offered, companions included."""
    registered = Registration.origin.not_in(UNREGISTERED)
    return _heads(Registration.event_id == event_id, Registration.seat.in_(TAKEN), registered)


def free(event: Event) -> int | None:
    """Count the seats that are left; None where there is no limit. Never below zero."""
    return None if event.capacity is None else max(event.capacity - taken(event.id), 0)


def _heads(*conditions: Any) -> int:
    heads = func.coalesce(func.sum(1 + Registration.companions), 0)
    return int(db.session.scalar(select(heads).where(*conditions)) or 0)


def give(event: Event, registration: Registration) -> None:
    """Give a seat, or the next position of the waiting list. The event is held.

    Nobody overtakes: while somebody waits who could move up, a new guest waits behind.
    """
    left = free(event)
    if left is None or (left >= registration.heads and next_waiting(event.id, left) is None):
        registration.seat, registration.position = Seat.SEATED, None
    else:
        registration.seat, registration.position = Seat.WAITING, _last_position(event.id) + 1


def _last_position(event_id: int) -> int:
    last = select(func.max(Registration.position)).where(Registration.event_id == event_id)
    return db.session.scalar(last) or 0


def next_waiting(event_id: int, left: int) -> Registration | None:
    """The first of the waiting list who has confirmed and whose party fits into the seats that are left."""
    query = (
        select(Registration)
        .where(
            Registration.event_id == event_id,
            Registration.seat == Seat.WAITING,
            Registration.confirmed_at.is_not(None),
            1 + Registration.companions <= left,
        )
        .order_by(Registration.position, Registration.id)
    )
    return db.session.scalars(query.limit(1)).first()
