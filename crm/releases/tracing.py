"""Who did what since a report was frozen, to the records that make it differ today."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select

from crm.audit import AuditEvent
from crm.db import db
from crm.history import Line, lines
from crm.releases.comparing import Cause
from crm.releases.queries import target_of

MOST_EVENTS = 500


def tell(causes: list[Cause], since: datetime) -> None:
    """Give every cause the history of its record since a moment; of several of one record only the first."""
    told = _events(causes, since)
    for one in causes:
        if key := _record(one):
            one.history = told.pop(key, [])


def _record(cause: Cause) -> tuple[str, int] | None:
    target = target_of(cause.record) if cause.record else None
    return None if target is None else (target[0].__tablename__, target[1])


def _events(causes: list[Cause], since: datetime) -> dict[tuple[str, int], list[Line]]:
    wanted: dict[str, set[int]] = defaultdict(set)
    for one in causes:
        if key := _record(one):
            wanted[key[0]].add(key[1])
    if not wanted:
        return {}
    touched: list[Any] = [
        and_(AuditEvent.record_type == name, AuditEvent.record_id.in_(ids)) for name, ids in wanted.items()
    ]
    query = select(AuditEvent).where(AuditEvent.at > since, or_(*touched))
    events = list(db.session.scalars(query.order_by(AuditEvent.id.desc()).limit(MOST_EVENTS)))
    found: dict[tuple[str, int], list[Line]] = defaultdict(list)
    for event, line in zip(events, lines(events), strict=True):
        found[event.record_type, event.record_id].append(line)
    return found
