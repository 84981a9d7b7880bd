"""Rows of a list of events that a closed quarter does not take: they are entered by hand, with a reason."""

from collections.abc import Iterable
from datetime import date

from flask_babel import gettext as _

from crm.closing import guard
from crm.closing.models import span_of
from crm.db import today
from crm.events.models import OVER, Event
from crm.imports.event_columns import EventField
from crm.imports.plan import Action, Line

# What reports count of an event.
COUNTED = {"day", "kind", "place_id", "task_fields"}


def refuse(lines: Iterable[Line], stored: dict[int, Event]) -> None:
    """Note as wrong what would change figures of a closed quarter: one small statement for the whole list."""
    touching = [(line, days) for line in lines if (days := _days(line, stored))]
    closed = guard.closed_on({day for _line, days in touching for day in days})
    for line, days in touching:
        for quarter in closed:
            if any(quarter.span == span_of(day) for day in days):
                name = quarter.span.name
                said = _("%(quarter)s is closed. Enter this by hand, with a reason.", quarter=name)
                line.entry.wrong(EventField.DATE, line.entry.date_text, said)
                line.action = Action.ERROR
                break


def _days(line: Line, stored: dict[int, Event]) -> set[date]:
    """The days on which a row counts before and after it is taken over; none if figures stay as they are."""
    event = stored.get(line.record_id or 0)
    if line.action is Action.NEW:
        found = {line.entry.day}
    elif line.action is Action.CHANGED and event is not None and event.state in OVER:
        if not COUNTED & line.after.keys():
            return set()
        found = {event.day, line.entry.day if "day" in line.after else event.day}
    else:
        return set()
    return {day for day in found if day is not None and day <= today()}
