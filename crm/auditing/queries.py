"""Questions to the audit."""

from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Select, select

from crm.audit import AuditEvent
from crm.auditing.kinds import SHOWN, events_of
from crm.db import BERLIN
from crm.history import Line, lines

PROGRAM = 0


def listing(
    user_id: int | None = None,
    group: str | None = None,
    since: date | None = None,
    until: date | None = None,
    number: int | None = None,
) -> Select[AuditEvent]:
    """Select events, the newest first: of somebody (0: of no account), about a group, between two days."""
    query = select(AuditEvent)
    if user_id is not None:
        query = query.where(AuditEvent.user_id == (user_id or None))
    if group:
        query = query.where(AuditEvent.name.in_(events_of(group)))
    if since:
        query = query.where(AuditEvent.at >= _midnight(since))
    if until:
        query = query.where(AuditEvent.at < _midnight(until + timedelta(days=1)))
    if number:
        query = query.where(AuditEvent.record_id == number)
    return query.order_by(AuditEvent.id.desc())


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), BERLIN)


def told(events: list[AuditEvent]) -> list[tuple[AuditEvent, Line]]:
    """Put words to events: what changed only for records that whoever administers may see."""
    shown = [event for event in events if event.record_type in SHOWN]
    words: dict[int, Any] = {event.id: line for event, line in zip(shown, lines(shown), strict=True)}
    hidden = [event for event in events if event.record_type not in SHOWN]
    words |= {event.id: line for event, line in zip(hidden, lines(hidden, values=False), strict=True)}
    return [(event, words[event.id]) for event in events]
