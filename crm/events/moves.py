"""When and where an event was to be before it was moved, read from the log of its changes."""

from datetime import datetime
from types import SimpleNamespace
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from crm.audit import AuditEvent
from crm.db import db
from crm.events.models import Event, Precision
from crm.events.times import when_in_full
from crm.organisations.models import Organisation

# What guests have written down of an event.
NOTED_DOWN = ("starts_at", "ends_at", "precision", "venue", "place_id")
KNOWN = (*NOTED_DOWN, "video_link")
_ROUGHLY = {Precision.YEAR: "%Y", Precision.MONTH: "%Y-%m"}
# The less exact first.
_EXACTLY = tuple(reversed(Precision))
Move = tuple[datetime, dict[str, list[Any]]]


def moves(event_id: int) -> list[Move]:
    """When what guests know of an event was changed, and {column: [old, new]}; the newest first."""
    query = select(AuditEvent.at, AuditEvent.changes).where(
        AuditEvent.record_type == "events",
        AuditEvent.record_id == event_id,
        AuditEvent.name == "event.changed",
    )
    newest = query.order_by(AuditEvent.at.desc(), AuditEvent.id.desc()).limit(200)
    return [(at, changed) for at, changed in db.session.execute(newest) if _is_move(changed)]


def _is_move(changed: dict[str, list[Any]]) -> bool:
    """Tell whether a change touched what guests know; a first link to a video meeting misleads nobody."""
    renewed_link = (changed.get("video_link") or [None])[0]
    return bool(renewed_link) or any(name in changed for name in NOTED_DOWN)


def moved_at(event_id: int) -> datetime | None:
    """The moment date, time or place of an event were changed last; None where they never were."""
    return next((at for at, _changed in moves(event_id)), None)


def place_of(event: Any) -> str:
    """Where an event is, as guests are told: the venue and its place, or that it is a video meeting."""
    return event.where or (_("Video meeting") if event.video_link else "")


def former(event: Event, found: list[Move], since: datetime) -> tuple[str, str]:
    """What was true at a moment and is not any more: day and time in words, and the place.

    Empty is what stayed as it was, or is only said more exactly now.
    """
    then = _at(event, [changed for at, changed in found if at > since])
    when = "" if _same_time(then, event) else when_in_full(then)
    where = place_of(then)
    is_there_still = f", {place_of(event)}".endswith(f", {where}")
    return when, "" if is_there_still else where


def _at(event: Event, later: list[dict[str, list[Any]]]) -> Any:
    """An event as it stood before some changes, the newest of them first."""
    then = {name: getattr(event, name) for name in KNOWN}
    for changed in later:
        then |= {name: changed[name][0] for name in KNOWN if name in changed}
    starts, ends = (_moment(then[name]) for name in ("starts_at", "ends_at"))
    made = Event(starts_at=starts, ends_at=ends, precision=Precision(then["precision"]))
    return SimpleNamespace(
        starts_at=starts, ends_at=ends, precision=made.precision, day=made.day, last_day=made.last_day,
        where=_where(then["venue"], then["place_id"]), video_link=then["video_link"],
    )  # fmt: skip


def _moment(value: str | datetime | None) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def _where(venue: str | None, place_id: int | None) -> str:
    query = select(Organisation.name).where(Organisation.id == place_id)
    place = db.session.scalar(query.execution_options(include_removed=True)) if place_id else None
    return ", ".join(filter(None, (venue, place)))


def _same_time(then: Any, event: Event) -> bool:
    """Tell whether the time is the same, or what was known of it was not wrong."""
    if then.day is None or then.precision is Precision.UNKNOWN:
        return True
    if event.day is None or _EXACTLY.index(event.precision) < _EXACTLY.index(then.precision):
        return False
    if roughly := _ROUGHLY.get(then.precision):
        return bool(then.day.strftime(roughly) == event.day.strftime(roughly))
    if then.precision is Precision.DAY:
        return (then.day, then.last_day) == (event.day, event.last_day)
    return (then.starts_at, then.ends_at) == (event.starts_at, event.ends_at)
