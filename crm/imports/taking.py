"""Write what a plan of cooperations says, many rows at once; the caller commits."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, update

from crm.cooperations.kinds import Step
from crm.cooperations.models import Cooperation
from crm.db import chunks, db
from crm.i18n import euros
from crm.imports import groups, parents, runs
from crm.imports.cooperations import KIND
from crm.imports.inserting import insert_groups
from crm.imports.models import ImportRun
from crm.imports.plan import Action, Line, Plan
from crm.imports.states import DOUBTS, IDS, PARTNER, State, compared
from crm.task_fields import queries as task_fields

CHUNK = 200
_GROUPS: Any = Cooperation.__table__


def apply(plan: Plan, file_name: str, by: Any) -> ImportRun:
    """Make and change the groups of a plan within one run."""
    run = runs.begin(KIND, file_name, by)
    fresh = plan.having(Action.NEW)
    for chunk in chunks(fresh, CHUNK):
        _make(chunk, plan)
    _place_below(plan)
    for line in fresh:
        runs.noted(run, line.entry.identity, groups.TABLE, line.number, _kept(line))
    names = {line.number: _partners(line, plan) for line in fresh}
    runs.note_events(groups.TABLE, names, by, "import.taken-over")
    _change(plan, run, by)
    runs.finish(run, plan.summary)
    db.session.flush()
    return run


def _make(lines: Sequence[Line], plan: Plan) -> None:
    """Insert some groups with all that is theirs, and remember their numbers."""
    fields = {field.id: field for field in task_fields.everything()}
    made = []
    for line in lines:
        row = isinstance(line.state["parent_id"], str)
        state = line.state | {"parent_id": None} if row else line.state
        made.append(groups.new_group(state, plan.names, fields))
    children = [groups.children_of(line.state) for line in lines]
    insert_groups(made, children)
    for group, line, mine in zip(made, lines, children, strict=True):
        line.record_id = group.id
        if mine:
            line.state[IDS] = {name: record.id for name, record in mine.items()}


def _place_below(plan: Plan) -> None:
    """Programmes that stand in the same file have numbers only now."""
    numbers = {f"{parents.ROW}{line.entry.identity}": line.record_id for line in plan.lines}
    below: list[dict[str, Any]] = []
    for line in plan.having(Action.NEW, Action.CHANGED, Action.CLOSED):
        target = line.state.get("parent_id")
        if not isinstance(target, str):
            continue
        line.state["parent_id"] = numbers[target]
        if "parent_id" in line.after:
            line.after["parent_id"] = numbers[target]
        elif line.action is Action.NEW:
            below.append({"number": line.number, "above": numbers[target]})
    if below:
        placed = update(_GROUPS).where(_GROUPS.c.id == bindparam("number"))
        db.session.connection().execute(placed.values(parent_id=bindparam("above")), below)


def _kept(line: Line) -> State:
    """What a run remembers of a group, with what was doubtful about it."""
    return line.state | {DOUBTS: [one.text for one in line.doubts]}


def _partners(line: Line, plan: Plan) -> dict[str, Any]:
    return {"partners": [None, [plan.names[place.id] for place in line.found.places]]}


def _change(plan: Plan, run: ImportRun, by: Any) -> None:
    lines = plan.having(Action.CHANGED, Action.CLOSED)
    found = groups.load(line.number for line in lines)
    events: dict[int, dict[str, Any]] = {}
    for line in lines:
        assert line.known is not None  # noqa: S101 for the type checker
        group, old = found[line.number], line.known.after
        ids = dict(old.get(IDS, {}))
        events[group.id] = _words(line.before, line.after, plan)
        made = groups.write(group, line.after, ids)
        db.session.flush()
        ids |= {name: record.id for name, record in made.items()}
        # What people changed by hand is remembered as it was written last, so that it stays theirs.
        theirs = {key: old.get(key) for key in compared(line.state | old) if _is_theirs(key, line, old)}
        kept = {
            key: value for key, value in (_kept(line) | theirs).items() if value is not None or key in old
        }
        runs.noted(run, line.entry.identity, groups.TABLE, group.id, kept | {IDS: ids}, dict(line.before))
    runs.note_events(groups.TABLE, events, by, "import.taken-over")


def _is_theirs(key: str, line: Line, old: State) -> bool:
    return key not in line.after and line.state.get(key) != old.get(key)


def _words(before: State, after: State, plan: Plan) -> dict[str, list[Any]]:
    """Say a change for the history of a group: columns as they are, records of their own in words."""
    found: dict[str, list[Any]] = {}
    parts: list[list[str]] = [[], []]
    for key in after:
        pair = [before[key], after[key]]
        if key.startswith(PARTNER):
            for side, value in zip(parts, pair, strict=True):
                side += [_part_in_words(key, value, plan)] if value else []
        elif key == "application":
            found["funding"] = [_money_in_words(value) for value in pair]
        elif key == "study":
            found["studies"] = [value["title"] if value else None for value in pair]
        elif key == "task_fields":
            found[key] = [[plan.fields.get(number, "") for number in value] for value in pair]
        else:
            found[key] = [None, None] if key == "note" else pair
    return found | ({"partners": [side or None for side in parts]} if any(parts) else {})


def _part_in_words(key: str, value: list[str], plan: Plan) -> str:
    return f"{plan.places.get(int(key.removeprefix(PARTNER)), '')}: {Step(value[-1]).label}"


def _money_in_words(value: State | None) -> str | None:
    amount = (value or {}).get("granted") or (value or {}).get("requested")
    return euros(Decimal(amount)) if amount else None
