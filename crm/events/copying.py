"""A new event after the pattern of another. Guests, invitations and documents stay where they are."""

from datetime import date, timedelta
from typing import Any

from crm import audit
from crm.db import db
from crm.errors import RuleBroken
from crm.events.checklist import copied
from crm.events.models import Event, EventHost, Precision, ProgrammeItem
from crm.events.services import describe
from crm.events.spans import Unfit, span_of
from crm.events.times import day_and_clock

PARTS = ("texts", "hosts", "programme", "speakers", "checklist", "place")
_ALWAYS = ("kind", "responsible_id", "cooperation_id")
_TEXTS = ("summary", "for_whom", "asks_needs")
_PLACE = ("venue", "place_id", "capacity", "entrance")


def copy_event(event: Event, values: dict[str, Any], by: Any) -> Event:
    """Make a planned event; `values` holds `title`, `day` and for each of PARTS whether it goes along.

    It begins at the same time of day and lasts as many days. Raises RuleBroken.
    """
    columns = _ALWAYS + (_TEXTS if values["texts"] else ()) + (_PLACE if values["place"] else ())
    made = Event(title=values["title"], **{name: getattr(event, name) for name in columns})
    for name, value in _moved(event, values["day"]).items():
        setattr(made, name, value)
    made.task_fields = list(event.task_fields)
    _take_parts(event, made, values)
    db.session.add(made)
    describe(made)
    audit.record("event.created", made, by)
    return made


def _moved(event: Event, day: date) -> dict[str, Any]:
    """Give start and end on the new day; the hours stay those of the clock, whatever the season."""
    timed = event.precision is Precision.TIME
    starts, ends = (day_and_clock(one)[1] if timed else None for one in (event.starts_at, event.ends_at))
    days = (event.last_day - event.day).days if event.last_day and event.day and _exact(event) else 0
    try:
        return span_of(day, starts, day + timedelta(days=days), ends).columns
    except Unfit as problem:
        raise RuleBroken(problem.message, "day") from None


def _exact(event: Event) -> bool:
    return event.precision in (Precision.TIME, Precision.DAY)


def _take_parts(event: Event, made: Event, values: dict[str, Any]) -> None:
    if values["hosts"]:
        made.hosts = [
            EventHost(organisation_id=one.organisation_id, name=one.name, position=one.position)
            for one in event.hosts
        ]
    if values["programme"]:
        made.programme = [
            ProgrammeItem(
                position=one.position, starts_at=one.starts_at, title=one.title,
                speaker=one.speaker if values["speakers"] else None,
                person_id=one.person_id if values["speakers"] else None,
            )
            for one in event.programme
        ]  # fmt: skip
    if values["checklist"]:
        made.checklist = copied(event.checklist, made)
