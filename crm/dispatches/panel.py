"""What a page shows of what was handed out there, and the short form to hand out one more."""

from dataclasses import dataclass
from typing import Any

from crm.access import Permission
from crm.dispatches import queries
from crm.dispatches.forms import QuickForm
from crm.materials import queries as materials


@dataclass(frozen=True)
class Panel:
    """What was handed out, each with the number of recipients; the form only for who may write."""

    lines: list[Any]
    form: Any = None


def of_talk(user: Any, consultation_id: int, there: bool = True) -> Panel:
    """What was handed out in a talk, if there is any: one statement, and one more for who may hand out."""
    lines = queries.at(consultation_id=consultation_id) if there else []
    if not user.may(Permission.WRITE_MATERIALS):
        return Panel(lines)
    return Panel(lines, QuickForm(formdata=None).connect(materials.offered()))


def of_event(event_id: int) -> Panel:
    """What was handed out at an event: one statement."""
    return Panel(queries.at(event_id=event_id))
