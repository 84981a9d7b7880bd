"""Log what a line says. Check, then change, then record: the talk's own service does all three."""

from typing import Any

from flask_babel import gettext as _

from crm.consultations import services as consultations
from crm.consultations.models import Consultation
from crm.consultations.services import Party
from crm.errors import RuleBroken
from crm.quicklog.parts import Line, PartKind


def log(line: Line, by: Any) -> Consultation:
    """Make the talk, its participations and its follow-up; raises RuleBroken while anything is unclear."""
    if line.open:
        raise RuleBroken(_("Say first what the marked parts mean."), "line")
    return consultations.log_consultation(values(line, by.id), parties(line), by)


def parties(line: Line) -> list[Party]:
    """The organisations of a line, each once, in their order."""
    found = {one.value.id: one for one in reversed(line.of(PartKind.PLACE))}
    return [
        Party(number, one.presence, one.represented_by or None) for number, one in reversed(found.items())
    ]


def values(line: Line, user_id: int) -> dict[str, Any]:
    """What the service of talks asks for, apart from the organisations."""
    group, owner = line.first(PartKind.GROUP), line.first(PartKind.OWNER)
    fields = [one.value.id for one in line.of(PartKind.TASK_FIELD)]
    return {
        "held_on": line.day,
        "starts_at": line.first(PartKind.START),
        "kind": line.kind_of_talk,
        "channel": line.channel,
        "confidential": any(one.value for one in line.of(PartKind.CONFIDENTIAL)),
        "duration_minutes": line.first(PartKind.DURATION),
        "preparation_minutes": line.first(PartKind.PREPARATION),
        "travel_minutes": line.first(PartKind.TRAVEL),
        "note": line.note,
        "cooperation_id": group.id if group else None,
        "staff": [user_id],
        "task_fields": list(dict.fromkeys(fields)),
        "follow_up_on": line.first(PartKind.DUE),
        "follow_up_text": line.first(PartKind.TO_DO),
        "follow_up_owner": owner.id if owner else user_id,
    }
