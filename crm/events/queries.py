"""Questions about events."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from crm.db import db
from crm.events.models import Event

WHOLE = (
    joinedload(Event.place),
    joinedload(Event.responsible),
    joinedload(Event.cooperation),
    selectinload(Event.hosts),
    selectinload(Event.task_fields),
)


def one(event_id: int) -> Event | None:
    """Load an event with what its head shows."""
    return db.session.scalar(select(Event).where(Event.id == event_id).options(*WHOLE))


def by_secret(secret: str) -> Event | None:
    """Find the event of a public address."""
    return db.session.scalar(select(Event).where(Event.secret == secret[:43]).options(*WHOLE))
