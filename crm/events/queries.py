"""Questions about events."""

import re
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from crm.db import db, now
from crm.events.models import ChecklistItem, Entrance, Event, EventState, ProgrammeItem

WHOLE = (
    joinedload(Event.place),
    joinedload(Event.responsible),
    joinedload(Event.cooperation),
    selectinload(Event.hosts),
    selectinload(Event.task_fields),
)
_SECRET = re.compile("[A-Za-z0-9_-]{1,43}")


def one(event_id: int) -> Event | None:
    """Load an event with what its head shows."""
    return db.session.scalar(select(Event).where(Event.id == event_id).options(*WHOLE))


def whole(event_id: int) -> Event | None:
    """Load an event with its programme and checklist, too."""
    more = (
        selectinload(Event.programme).joinedload(ProgrammeItem.person),
        selectinload(Event.checklist).joinedload(ChecklistItem.owner),
    )
    return db.session.scalar(select(Event).where(Event.id == event_id).options(*WHOLE, *more))


def removed(event_id: int) -> Event | None:
    """Find an event in the trash."""
    query = select(Event).where(Event.id == event_id, Event.removed_at.is_not(None)).options(*WHOLE)
    return db.session.scalar(query.execution_options(include_removed=True))


def hold(event_id: int, removed: bool = False) -> Event:
    """Hold an event until the end of the transaction: whoever comes next waits for what is written now.

    On SQLite a writing transaction holds everything from its beginning (BEGIN IMMEDIATE). Whoever holds
    several things holds the event first. Raises NoResultFound for one that is not there, or in the trash
    unless `removed` ones count.
    """
    query = select(Event).where(Event.id == event_id).with_for_update(of=Event, key_share=True)
    options = {"populate_existing": True, "include_removed": removed}
    return db.session.scalars(query.execution_options(**options)).one()


def by_secret(secret: str) -> Event | None:
    """Find the event of a public address."""
    if not _SECRET.fullmatch(secret):
        return None
    query = select(Event).where(Event.secret == secret)
    return db.session.scalar(query.options(*WHOLE, selectinload(Event.programme)))


def listed() -> list[Event]:
    """What stands on the public list: not over yet, the next first, cancelled ones too."""
    on_list = (EventState.SAVE_THE_DATE, EventState.OPEN, EventState.CLOSED, EventState.CANCELLED)
    query = (
        select(Event)
        .where(
            Event.entrance == Entrance.LISTED,
            Event.state.in_(on_list),
            Event.starts_at.is_not(None),
            ~Event.over_before(now()),
        )
        .options(joinedload(Event.place))
        .order_by(Event.starts_at, Event.id)
    )
    return list(db.session.scalars(query.limit(100)))


def between(begins: datetime, ends: datetime) -> Select[Event]:
    """Select the events that touch the time from one moment to another, in order, with their places."""
    return (
        select(Event)
        .where(Event.starts_at < ends, func.coalesce(Event.ends_at, Event.starts_at) >= begins)
        .options(joinedload(Event.place))
        .order_by(Event.starts_at, Event.id)
    )
