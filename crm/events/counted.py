"""What of an event counts in reports, so that a closed quarter can watch over it."""

from datetime import date
from typing import Any

from crm.closing.guard import ROOTS, RULES, Root, Rule
from crm.db import BERLIN
from crm.events.models import OVER, Event

_EVENT = (
    "starts_at", "kind", "place_id", "place", "cooperation_id", "cooperation", "responsible_id",
    "responsible", "task_fields",
)  # fmt: skip


def _day(values: dict[str, Any]) -> date | None:
    """The day on which an event counts; only one that was held and is not removed does."""
    if values.get("state") not in OVER or values["removed_at"] is not None or values["starts_at"] is None:
        return None
    return values["starts_at"].astimezone(BERLIN).date()


ROOTS[Event] = Root("event_id", "event.corrected", ("starts_at", "state", "removed_at"), _day)
RULES[Event] = Rule(_EVENT, lambda event: event)
