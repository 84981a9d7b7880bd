"""When and where an event was to be before it was moved, read from the log of its changes."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import select

from crm.audit import AuditEvent
from crm.db import db
from crm.events.models import Event, Precision
from crm.events.times import when_in_full
from crm.organisations.models import Organisation

_TIMES = ("starts_at", "ends_at", "precision")
_PLACES = ("venue", "place_id")
# What guests have written down of an event.
NOTED_DOWN = (*_TIMES, *_PLACES)
Change = tuple[datetime, dict[str, list[Any]]]


def moved_at(event_id: int) -> datetime | None:
    """The moment date, time or place of an event were changed last; None where they never were."""
    return next((at for at, _changed in _moves(event_id)), None)


def former(event: Event, since: datetime | None) -> tuple[str, str]:
    """What stood before: day and time in words, and the place; empty is what has stayed as it was.

    All changes after `since`, when people were last written to, count; without it the last one.
    """
    before: dict[str, Any] = {}
    for position, (at, changed) in enumerate(_moves(event.id)):
        if position and (since is None or at <= since):
            break
        # The changes come newest first: what an older one replaced is what people know.
        before |= {name: changed[name][0] for name in NOTED_DOWN if name in changed}
    then = {name: before.get(name, getattr(event, name)) for name in NOTED_DOWN}
    is_other = {name for name in before if then[name] != _plain(event, name)}
    when = when_in_full(_at(then)) if is_other & set(_TIMES) else ""
    return when, _where(then) if is_other & set(_PLACES) else ""


def _moves(event_id: int) -> Iterator[Change]:
    """The changes that touched what guests know, the newest first."""
    query = select(AuditEvent.at, AuditEvent.changes).where(
        AuditEvent.record_type == "events",
        AuditEvent.record_id == event_id,
        AuditEvent.name == "event.changed",
    )
    newest = query.order_by(AuditEvent.at.desc(), AuditEvent.id.desc()).limit(200)
    return ((at, changed) for at, changed in db.session.execute(newest) if _is_move(changed))


def _is_move(changed: dict[str, list[Any]]) -> bool:
    """Tell whether a change touched what guests know; a first link to a video meeting misleads nobody."""
    renewed_link = (changed.get("video_link") or [None])[0]
    return bool(renewed_link) or any(name in changed for name in NOTED_DOWN)


def _plain(event: Event, name: str) -> Any:
    """A column as the log writes it."""
    value = getattr(event, name)
    return value.isoformat() if isinstance(value, datetime) else getattr(value, "value", value)


def _at(then: dict[str, Any]) -> Event:
    """An event at the time before, which belongs to no session."""
    starts, ends = (_moment(then[name]) for name in ("starts_at", "ends_at"))
    return Event(starts_at=starts, ends_at=ends, precision=Precision(then["precision"]))


def _moment(value: str | datetime | None) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def _where(then: dict[str, Any]) -> str:
    place = db.session.get(Organisation, then["place_id"]) if then["place_id"] else None
    return ", ".join(filter(None, (then["venue"], place.name if place else None)))
