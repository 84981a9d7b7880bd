"""Write what a plan of talks says, many rows at once; the caller commits."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import insert

from crm.consultations.groups import note_talks
from crm.consultations.models import (
    Channel,
    Consultation,
    ConsultationKind,
    ConsultationStaff,
    ConsultationState,
    ConsultationTaskField,
    Participation,
    Presence,
)
from crm.db import chunks, db, now
from crm.follow_ups.models import FollowUp, FollowUpState
from crm.imports import runs
from crm.imports.models import ImportRun
from crm.imports.plan import Action, Line, Plan
from crm.imports.states import DOUBTS
from crm.imports.talks import states
from crm.imports.talks.changing import write
from crm.imports.talks.states import COLUMNS, DUE, PERSONAL, TABLE, State
from crm.imports.talks.understanding import KIND

CHUNK = 1000
_FRESH = {"version": 1, "confidential": False, "state": ConsultationState.HELD}


def apply(plan: Plan, file_name: str, by: Any) -> ImportRun:
    """Make and change the talks of a plan within one run."""
    run = runs.begin(KIND, file_name, by)
    fresh = plan.having(Action.NEW)
    for chunk in chunks(fresh, CHUNK):
        _make(chunk, by)
    runs.note_made(run, TABLE, ((line.entry.identity, line.number, _kept(line)) for line in fresh))
    told = {line.number: {"organisations": [None, _names(line.state)]} for line in fresh}
    runs.note_events(TABLE, told, by, "import.taken-over")
    _change(plan, run, by)
    note_talks(*{line.state["cooperation_id"] for line in fresh})
    runs.finish(run, plan.summary)
    db.session.flush()
    return run


def _names(state: State) -> list[str]:
    return [name for _id, name in state["parties"]]


def _kept(line: Line) -> State:
    """What a run remembers of a talk, with what was doubtful about it: where, but not what stood there."""
    return states.kept(line.state) | {DOUBTS: [replace(one, value="").text for one in line.doubts]}


def _make(lines: Sequence[Line], by: Any) -> None:
    """Insert some talks with all that is theirs: a statement for each kind of row."""
    moment = now()
    stamp = {"created_at": moment, "updated_at": moment, "version": 1}
    returning = insert(Consultation).returning(Consultation.id, sort_by_parameter_order=True)
    rows = [_row(line.state) | _FRESH | stamp for line in lines]
    for line, number in zip(lines, db.session.scalars(returning, rows), strict=True):
        line.record_id = number
    _insert(Participation, [one | stamp for line in lines for one in _parties(line)])
    for model, key, name in (
        (ConsultationStaff, "staff", "user_id"),
        (ConsultationTaskField, "task_fields", "task_field_id"),
    ):
        links = [{"consultation_id": line.number, name: one} for line in lines for one in line.state[key]]
        _insert(model, links)
    _plan_follow_ups([line for line in lines if line.state[DUE]], stamp, by)


def _insert(model: Any, rows: list[dict[str, Any]]) -> None:
    if rows:
        db.session.execute(insert(model), rows)


def _row(state: State) -> dict[str, Any]:
    return {name: state[name] for name in COLUMNS} | {
        "held_on": date.fromisoformat(state["held_on"]),
        "kind": ConsultationKind(state["kind"]),
        "channel": Channel(state["channel"]),
    }


def _parties(line: Line) -> Iterator[dict[str, Any]]:
    for position, (place, name) in enumerate(line.state["parties"]):
        yield {
            "consultation_id": line.number, "organisation_id": place, "organisation_name": name,
            "position": position, "presence": Presence.PRESENT,
        }  # fmt: skip


def _plan_follow_ups(lines: Sequence[Line], stamp: dict[str, Any], by: Any) -> None:
    if not lines:
        return
    rows = []
    for line in lines:
        due, names = line.state[DUE], _names(line.state)
        rows.append(
            stamp
            | {
                "consultation_id": line.number, "text": due["text"], "owner_id": due["owner_id"],
                "due_on": date.fromisoformat(due["due_on"]), "state": FollowUpState.OPEN,
                "about": ", ".join(names[:3])[:190], "confidential": False,
                "cooperation_id": line.state["cooperation_id"],
            }
        )  # fmt: skip
    returning = insert(FollowUp).returning(FollowUp.id, sort_by_parameter_order=True)
    made: dict[int, dict[str, Any]] = {number: {} for number in db.session.scalars(returning, rows)}
    runs.note_events(FollowUp.__tablename__, made, by, "import.taken-over")


def _change(plan: Plan, run: ImportRun, by: Any) -> None:
    lines = plan.having(Action.CHANGED)
    found = states.load(line.number for line in lines)
    changes: dict[int, dict[str, Any]] = {}
    for line in lines:
        talk = found[line.number]
        changes[talk.id] = {key: _said(key, line, plan) for key in line.after}
        write(talk, line.after)
        written = line.known.after if line.known else {}
        # What people changed by hand is remembered as it was written last, so that it stays theirs.
        theirs = {key: written.get(key) for key in states.KEYS if key not in line.after}
        runs.noted(run, line.entry.identity, TABLE, talk.id, _kept(line) | theirs, dict(line.before))
    db.session.flush()
    runs.note_events(TABLE, changes, by, "import.taken-over")


def _said(key: str, line: Line, plan: Plan) -> list[Any]:
    pair = [line.before[key], line.after[key]]
    if key in PERSONAL:
        return [None, None]
    if key == "parties":
        return [[name for _id, name in one] for one in pair]
    if key == "task_fields":
        return [[plan.fields.get(number, "") for number in one] for one in pair]
    return [len(one) for one in pair] if key == "staff" else pair
