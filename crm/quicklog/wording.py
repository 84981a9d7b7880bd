"""A line in other shapes: as JSON for the command line, as the fields of the full form."""

from datetime import date, time
from enum import Enum
from typing import Any

from crm.consultations.models import Presence
from crm.quicklog.parts import Choice, Line, Part, PartKind


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


def as_fields(line: Line, values: dict[str, Any]) -> dict[str, Any]:
    """Give what the fields of the full form hold; what is unclear stays as words of the note."""
    return values | {
        "organisations": [one.value.id for one in line.of(PartKind.PLACE)],
        "parties": [row_of(one) for one in line.of(PartKind.PLACE) if one.presence is not Presence.PRESENT],
        "cooperation": values["cooperation_id"],
        "note": words_of(line),
    }


def row_of(place: Part) -> dict[str, Any]:
    """The row of an organisation in the full form, with how it took part."""
    return {
        "organisation": str(place.value.id),
        "presence": place.spoken,
        "represented_by": place.represented_by,
    }


def words_of(line: Line) -> str:
    """The note, with the words of what is unclear."""
    return ". ".join([*([line.note] if line.note else []), *(one.text for one in line.open if one.text)])
