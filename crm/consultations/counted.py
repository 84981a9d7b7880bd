"""What of a talk counts in reports, so that a closed quarter can watch over it."""

from datetime import date
from typing import Any

from crm.closing.guard import ROOTS, RULES, Root, Rule
from crm.consultations.models import Consultation, ConsultationState, Participation

_TALK = (
    "held_on", "kind", "confidential", "duration_minutes", "preparation_minutes", "travel_minutes",
    "cooperation_id", "cooperation", "participations", "staff", "task_fields",
)  # fmt: skip


def _day(values: dict[str, Any]) -> date | None:
    """The day on which a talk counts; only a held one that is not removed does."""
    if values.get("state") is not ConsultationState.HELD or values["removed_at"] is not None:
        return None
    return values["held_on"]


ROOTS[Consultation] = Root(
    "consultation_id", "consultation.corrected", ("held_on", "state", "removed_at"), _day
)
RULES[Consultation] = Rule(_TALK, lambda talk: talk)
RULES[Participation] = Rule(("presence", "organisation_id"), lambda part: part.consultation)
