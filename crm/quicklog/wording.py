"""A line in other shapes: as JSON for the command line, as the fields of the full form."""

from datetime import date, time
from enum import Enum
from typing import Any

from crm.consultations.models import Presence
from crm.quicklog.parts import Choice, Line, Part, PartKind

Pairs = list[list[str]]


def as_json(line: Line) -> dict[str, Any]:
    """Give {"line", "clear", "kind", "parts", "questions"}; days are ISO, lengths are minutes."""
    return {
        "line": line.text,
        "clear": not line.open,
        "kind": line.kind_of_talk.value,
        "parts": [_part(one) for one in line.parts if not one.is_open],
        "questions": [_question(one) for one in line.open],
    }


def _part(part: Part) -> dict[str, Any]:
    found = {"part": part.kind.value, "text": part.text, "shown": part.said, "state": part.state.value}
    return found | _value(part)


def _value(part: Part | Choice) -> dict[str, Any]:
    value = part.value
    if hasattr(value, "id"):
        return {"id": value.id, "name": value.name}
    if isinstance(value, date | time):
        return {"value": value.isoformat()}
    return {"value": value.value if isinstance(value, Enum) else value}


def _question(part: Part) -> dict[str, Any]:
    choices = [{"choice": one.code, "shown": one.shown, "note": one.note} for one in part.offered]
    return {"part": part.kind.value, "text": part.text, "question": part.question, "choices": choices}


def as_fields(line: Line, values: dict[str, Any]) -> Pairs:
    """Give the fields of the full form as a draft keeps them; what is unclear stays as words of the note."""
    unclear = [one.text for one in line.open if one.text]
    note = ". ".join([*([line.note] if line.note else []), *unclear])
    pairs = [
        *(["organisations", str(one.value.id)] for one in line.of(PartKind.PLACE)),
        *_presences(line),
        *(["task_fields", str(number)] for number in values["task_fields"]),
        *(["staff", str(number)] for number in values["staff"]),
        ["note", note],
    ]
    if values["cooperation_id"]:
        pairs.append(["cooperation", str(values["cooperation_id"])])
    plain = ("duration_minutes", "preparation_minutes", "travel_minutes", "follow_up_text", "follow_up_owner")
    pairs += [[name, str(values[name])] for name in plain if values[name] is not None]
    pairs += [[name, _typed(values[name])] for name in ("held_on", "starts_at", "follow_up_on")]
    pairs += [[name, values[name].value] for name in ("kind", "channel")]
    return pairs + ([["confidential", "y"]] if values["confidential"] else [])


def _presences(line: Line) -> Pairs:
    """The rows of those who were not simply there, as the full form names their fields."""
    rows = [one for one in line.of(PartKind.PLACE) if one.presence is not Presence.PRESENT]
    return [
        [f"parties-{row}-{name}", value]
        for row, one in enumerate(rows)
        for name, value in (
            ("organisation", str(one.value.id)), ("presence", one.presence.value),
            ("represented_by", one.represented_by),
        )
    ]  # fmt: skip


def _typed(value: date | time | None) -> str:
    if value is None:
        return ""
    return f"{value:%d.%m.%Y}" if isinstance(value, date) else f"{value:%H:%M}"
