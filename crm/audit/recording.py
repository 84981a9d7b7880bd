"""Note what happened, read it back, and let go of what was noted about somebody who is erased."""

import enum
from collections.abc import Collection
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from sqlalchemy import inspect, select, update

from crm import security_log
from crm.audit.events import AuditEvent
from crm.audit.names import EVENTS
from crm.db import MOST_VALUES, chunks, db, now

SILENT = {
    "id",
    "version",
    "created_at",
    "updated_at",
    "password_hash",
    "search_text",
    "sort_key",
    "form_key",
}


def record(name: str, thing: Any, by: Any, **more: Any) -> AuditEvent:
    """Flush and note one event with the old and new value of each changed column.

    `by` is the acting user or None for the command line; `more` adds plain values, each as [old, new].
    Raises KeyError for an event name that is not in EVENTS.
    """
    if name not in EVENTS:
        raise KeyError(name)
    changes = difference(thing) | {key: [_plain(old), _plain(new)] for key, (old, new) in more.items()}
    db.session.flush()
    event = AuditEvent(
        name=name,
        user_id=getattr(by, "id", None),
        record_type=thing.__tablename__,
        record_id=thing.id,
        changes=changes,
    )
    db.session.add(event)
    db.session.flush()
    security_log.mirror(name, event.user_id, (event.record_type, event.record_id), changes)
    return event


def difference(thing: Any) -> dict[str, list[Any]]:
    """Give {column: [old, new]} of what is unsaved on a record; personal columns give [None, None]."""
    found: dict[str, list[Any]] = {}
    state = inspect(thing)
    for column in state.mapper.column_attrs:
        if column.key in SILENT:
            continue
        history = state.attrs[column.key].history
        if not history.has_changes():
            continue
        old = history.deleted[0] if history.deleted else None
        new = history.added[0] if history.added else None
        if old == new:
            continue
        info = column.columns[0].info
        if info.get("derived"):
            continue
        personal = info.get("personal")
        found[column.key] = [None, None] if personal else [_plain(old), _plain(new)]
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, set | frozenset):
        return sorted(_plain(one) for one in value)
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value


def history_of(thing: Any, limit: int = 50) -> list[AuditEvent]:
    """Give the newest events of a record, newest first."""
    found = db.session.scalars(
        select(AuditEvent)
        .where(AuditEvent.record_type == thing.__tablename__, AuditEvent.record_id == thing.id)
        .order_by(AuditEvent.id.desc())
        .limit(limit)
    )
    return list(found)


def redact(record_type: str, record_ids: Collection[int]) -> int:
    """Empty what was noted about some records of a table for good; give the number of events emptied.

    `record_type` is the name of the table ("people"), as in `AuditEvent.record_type`. Of every event of these
    records the old and new values go, and with them the salt, so that nobody can find the values by trying.
    That it happened, when and by whom stays, and so does the digest: the chain of seals holds. Events emptied
    before are not counted again. It is the only change that the database allows; it cannot be undone. The
    caller records an event of its own ("person.erased") and commits.
    """
    emptied = 0
    for part in chunks(sorted(record_ids), MOST_VALUES):
        known = (AuditEvent.record_type == record_type) & AuditEvent.record_id.in_(part)
        change = update(AuditEvent).where(known, AuditEvent.redacted_at.is_(None))
        done: Any = db.session.execute(change.values(changes={}, salt=None, redacted_at=now()))
        emptied += done.rowcount
    return emptied
