"""A plan of talks as the preview shows it."""

from datetime import date
from typing import Any

from crm.consultations.models import Channel, ConsultationKind
from crm.i18n import day
from crm.imports.plan import Line, Plan
from crm.imports.shown import shown_asking
from crm.imports.talks.settling import label_of
from crm.imports.talks.states import State


def shown_talks(plan: Plan, most: int) -> dict[str, Any]:
    """Give the parts of a preview, each with its number and as many rows as a page shows."""
    return shown_asking(plan, most, lambda line: talk_words(line.state), lambda line: _changes(line, plan))


def talk_words(state: State) -> tuple[str, str, str, str]:
    """Say when a talk was, what kind, with whom and how long."""
    kind, channel = ConsultationKind(state["kind"]).label, Channel(state["channel"]).label
    minutes = state["duration_minutes"]
    return (
        day(date.fromisoformat(state["held_on"])),
        f"{kind}, {channel}",
        ", ".join(name for _id, name in state["parties"]),
        str(minutes) if minutes else "–",
    )


def _changes(line: Line, plan: Plan) -> list[tuple[str, str, str]]:
    return [
        (label_of(key), _value(key, line.before[key], plan), _value(key, line.after[key], plan))
        for key in line.after
    ]


def _value(key: str, value: Any, plan: Plan) -> str:
    if value in (None, []):
        return "–"
    if key == "held_on":
        return day(date.fromisoformat(value))
    if key == "parties":
        return ", ".join(name for _id, name in value)
    if key == "task_fields":
        return ", ".join(plan.fields.get(number, "") for number in value)
    if key == "kind":
        return str(ConsultationKind(value).label)
    if key == "channel":
        return str(Channel(value).label)
    text = str(len(value)) if key == "staff" else str(value)
    return text if len(text) <= 200 else text[:199] + "…"
