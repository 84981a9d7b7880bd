"""Write what a plan of events says, and put away or set back what a run made; the caller commits."""

from collections.abc import Iterable
from typing import Any

from crm import audit, records
from crm.attendance.models import HeadCount
from crm.db import db
from crm.documents.models import Document
from crm.events.models import Event
from crm.imports import event_states, runs
from crm.imports.event_states import TABLE
from crm.imports.events import KIND
from crm.imports.models import ImportRun
from crm.imports.plan import Action, Line, Plan
from crm.imports.runs import State
from crm.imports.states import DOUBTS
from crm.invitations.models import Invitation
from crm.registrations.models import Registration

_FREE = ("note", "venue", "source")


def apply(plan: Plan, file_name: str, by: Any) -> ImportRun:
    """Make and change the events of a plan within one run."""
    run = runs.begin(KIND, file_name, by)
    for line in plan.having(Action.NEW):
        event = event_states.new_event(line.state)
        db.session.flush()
        line.record_id = event.id
        runs.noted(run, line.entry.identity, TABLE, event.id, _kept(line))
    fresh = [line.record_id for line in plan.having(Action.NEW) if line.record_id]
    made: dict[int, dict[str, Any]] = {number: {} for number in fresh}
    runs.note_events(TABLE, made, by, "import.taken-over")
    _change(plan, run, by)
    runs.finish(run, plan.summary)
    db.session.flush()
    return run


def _change(plan: Plan, run: ImportRun, by: Any) -> None:
    lines = plan.having(Action.CHANGED)
    found = event_states.load(line.record_id for line in lines if line.record_id)
    changes: dict[int, dict[str, Any]] = {}
    for line in lines:
        event = found[line.record_id or 0]
        event_states.write(event, line.after)
        changes[event.id] = {key: _said(key, line, plan) for key in line.after}
        written = line.known.after if line.known else {}
        # What people changed by hand is remembered as it was written last, so that it stays theirs.
        theirs = {key: written.get(key) for key in event_states.KEYS if key not in line.after}
        kept = _kept(line) | {key: value for key, value in theirs.items() if value != line.state.get(key)}
        runs.noted(run, line.entry.identity, TABLE, event.id, kept, dict(line.before))
    db.session.flush()
    runs.note_events(TABLE, changes, by, "import.taken-over")


def _kept(line: Line) -> State:
    """What a run remembers of an event, with what was doubtful about it."""
    return line.state | {DOUBTS: [one.text for one in line.doubts]}


def _said(key: str, line: Line, plan: Plan) -> list[Any]:
    pair = [line.before[key], line.after[key]]
    if key in _FREE:
        return [None, None]
    if key == "hosts":
        return [[name for _number, name in one] for one in pair]
    if key == "task_fields":
        return [[plan.fields.get(number, "") for number in one] for one in pair]
    return pair


def set_back(event: Event, before: State, _after: State, by: Any) -> None:
    """Give an event the values it had before a run."""
    event_states.write(event, before)
    db.session.flush()
    audit.record("import.undone", event, by)


def discard(event: Event, by: Any) -> None:
    """Put an event into the trash; what hangs on it stays with it."""
    records.remove([event], by, "import.undone")


def hanging(ids: Iterable[int]) -> set[int]:
    """Events with guests, invitations, head counts or documents."""
    return runs.used_in((one.event_id for one in (Registration, Invitation, HeadCount, Document)), ids)
