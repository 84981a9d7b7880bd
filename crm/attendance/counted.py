"""What of guests and heads counts in reports, so that a closed quarter can watch over it."""

from typing import Any

from crm.attendance.models import HeadCount
from crm.closing.guard import RULES, Rule
from crm.db import db
from crm.events import counted as _counted  # noqa: F401 what hangs on an event needs the rule of the event
from crm.events.models import Event
from crm.registrations.models import Registration


def _event_of(thing: Any) -> Event | None:
    return thing.event or db.session.get(Event, thing.event_id)


RULES[HeadCount] = Rule(("heads", "certainty", "organisation_id"), _event_of)
RULES[Registration] = Rule(
    ("seat", "came_at", "companions", "organisation_id", "origin"), _event_of, by_people=True
)
