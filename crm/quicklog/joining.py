"""A line about a talk that was planned for its day goes into the form of that talk."""

from typing import Any

from crm.consultations import presets
from crm.consultations.models import Consultation, ConsultationKind, ConsultationState
from crm.db import today
from crm.quicklog import wording
from crm.quicklog.parts import Line, PartKind, State

# What the line says about one thing replaces what the plan said of it.
_ONE = {
    "starts_at": PartKind.START, "channel": PartKind.CHANNEL, "duration_minutes": PartKind.DURATION,
    "preparation_minutes": PartKind.PREPARATION, "travel_minutes": PartKind.TRAVEL,
}  # fmt: skip


def as_fields(line: Line, values: dict[str, Any], talk: Consultation, by: Any) -> dict[str, Any]:
    """Give what the fields of the talk's form hold once the line is in it; its day stays, and it took place.

    `values` are those of the line as a talk of its own. Nothing is saved.
    """
    found = presets.as_stored(talk, by)
    found |= {name: value for name in values if name.startswith("follow_up") and (value := values[name])}
    found |= {
        name: part.value
        for name, kind in _ONE.items()
        for part in line.of(kind)
        if part.state is not State.ASSUMED
    }
    found |= _parties(line, found["parties"])
    found |= _joined(line, values, found)
    return found | {"state": _state(talk)}


def _state(talk: Consultation) -> ConsultationState:
    over = talk.state is ConsultationState.PLANNED and talk.held_on <= today()
    return ConsultationState.HELD if over else talk.state


def _parties(line: Line, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Those of the talk with what the line says of their presence, and those only the line names."""
    said = {row["organisation"]: row for row in map(wording.row_of, line.of(PartKind.PLACE))}
    there = {row["organisation"]: row for row in rows}
    parties = [there.get(place, {}) | said.get(place, {}) for place in there | said]
    return {"parties": parties, "organisations": [row["organisation"] for row in parties]}


def _joined(line: Line, values: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    """What both may hold: texts stand below each other, lists hold what either has."""
    lists = {name: [*dict.fromkeys([*found[name], *values[name]])] for name in ("task_fields", "staff")}
    grown = found["kind"] is ConsultationKind.SINGLE and len(found["organisations"]) > 1
    usual = ConsultationKind.GROUP if grown else found["kind"]
    return lists | {
        "note": "\n\n".join(text for text in (found["note"], wording.words_of(line)) if text),
        "kind": line.first(PartKind.KIND, usual),
        "cooperation": found["cooperation"] or values["cooperation_id"],
        "confidential": found["confidential"] or values["confidential"],
    }
