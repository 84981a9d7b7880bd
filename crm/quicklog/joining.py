"""A line about a talk that was planned for its day goes into the form of that talk."""

from typing import Any

from crm.consultations import presets
from crm.consultations.ahead import lies_ahead
from crm.consultations.models import COUNTED, Consultation, ConsultationKind, ConsultationState, Presence
from crm.quicklog import wording
from crm.quicklog.parts import Line, Part, PartKind, State

Row = dict[str, Any]
# What the line says about one thing replaces what the plan said of it.
_ONE = {
    "starts_at": PartKind.START, "channel": PartKind.CHANNEL, "duration_minutes": PartKind.DURATION,
    "preparation_minutes": PartKind.PREPARATION, "travel_minutes": PartKind.TRAVEL,
}  # fmt: skip
_EXPECTED = (Presence.INVITED, Presence.PRESENT)
_DUE = ("follow_up_on", "follow_up_text")


def as_fields(line: Line, values: dict[str, Any], talk: Consultation, by: Any) -> dict[str, Any]:
    """Give what the fields of the talk's form hold once the line is in it; nothing is saved.

    `values` are those of the line as a talk of its own. What the plan says and the line does not stays.
    """
    found = presets.as_stored(talk, by)
    found |= {name: value for name in values if name.startswith("follow_up") and (value := values[name])}
    found |= {name: part.value for name, kind in _ONE.items() for part in _written(line, kind)}
    found |= {"state": _state(line, talk)}
    rows = _rows(line, found["parties"], found["state"] is ConsultationState.HELD)
    found |= {"parties": rows, "organisations": [row["organisation"] for row in rows]}
    found |= _joined(line, values, found)
    return found | _to_do(line, rows, found)


def belongs(line: Line, talk: Consultation) -> bool:
    """Tell whether a talk is planned for the day of a line."""
    return talk.state is ConsultationState.PLANNED and talk.held_on == line.day


def may_be(line: Line, talk: Consultation) -> bool:
    """Tell whether a line may be about a planned talk: about one still to come only if the line is, too."""
    if not belongs(line, talk):
        return False
    is_ahead = lies_ahead(line.day, line.first(PartKind.START))
    return is_ahead or not lies_ahead(talk.held_on, talk.starts_at)


def unnamed(line: Line, talk: Consultation) -> list[str]:
    """Who was to come and is not in the line, where the talk took place with those it names."""
    named = _named(line)
    if not named or _state(line, talk) is not ConsultationState.HELD:
        return []
    silent = [one for one in talk.participations if str(one.organisation_id) not in named]
    return [one.organisation_name for one in silent if one.presence in _EXPECTED]


def _written(line: Line, kind: PartKind) -> list[Part]:
    return [one for one in line.of(kind) if one.state is not State.ASSUMED]


def _named(line: Line) -> dict[str, Part]:
    """The organisations somebody wrote; the partners of a named group are known to the plan already."""
    return {str(one.value.id): one for one in _written(line, PartKind.PLACE)}


def _state(line: Line, talk: Consultation) -> ConsultationState:
    """It took place, unless it is still to come or those the line names did not come."""
    if lies_ahead(talk.held_on, line.first(PartKind.START)):
        return talk.state
    named = _named(line)
    if not named or any(one.spoken in COUNTED for one in named.values()):
        return ConsultationState.HELD
    others = {str(one.organisation_id) for one in talk.participations} - set(named)
    return talk.state if others else ConsultationState.CANCELLED


def _rows(line: Line, rows: list[Row], is_held: bool) -> list[Row]:
    """Those of the talk with what the line says of their presence, and those only the line names."""
    named = _named(line)
    others = Presence.ABSENT if named else Presence.PRESENT
    there = [_row(row, named.pop(row["organisation"], None), others if is_held else None) for row in rows]
    return there + [wording.row_of(one) for one in named.values()]


def _row(row: Row, part: Part | None, others: Presence | None) -> Row:
    """What the line says comes first; of a talk that took place those it does not name are as `others`."""
    if part is not None and part.spoken is not Presence.PRESENT:
        return row | wording.row_of(part)
    if others is None or row["presence"] not in _EXPECTED:
        return row
    return row | {"presence": Presence.PRESENT if part is not None else others}


def _joined(line: Line, values: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    """What both may hold: texts stand below each other, lists hold what either has."""
    lists = {name: [*dict.fromkeys([*found[name], *values[name]])] for name in ("task_fields", "staff")}
    grown = found["kind"] is ConsultationKind.SINGLE and len(found["organisations"]) > 1
    usual = ConsultationKind.GROUP if grown else found["kind"]
    # The plan's own group stays; another one is not lost, but a word of the note.
    other = [one for one in line.of(PartKind.GROUP) if found["cooperation"] not in ([], [one.value.id])]
    texts = [found["note"], wording.words_of(line), *(one.text for one in other)]
    return lists | {
        "note": "\n\n".join(text for text in texts if text),
        "kind": line.first(PartKind.KIND, usual),
        "cooperation": found["cooperation"] or values["cooperation_id"],
        "confidential": found["confidential"] or values["confidential"],
    }


def _to_do(line: Line, rows: list[Row], found: dict[str, Any]) -> dict[str, Any]:
    """What is promised to the one municipality of a line hangs on that one, not on all of the talk."""
    named = _named(line)
    if len(named) != 1 or len(rows) == 1 or not found.get("follow_up_on"):
        return {}
    due = {name: found[name] for name in _DUE}
    rows = [row | (due if row["organisation"] in named else {}) for row in rows]
    return {"parties": rows} | dict.fromkeys(_DUE)
