"""Write what a plan of people says, and put away or set back what a run made; the caller commits."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from crm import audit, records
from crm.consultations.models import Naming, ParticipationPerson
from crm.contacts import services as contacts
from crm.contacts.models import Function, FunctionRole, Person
from crm.db import db
from crm.follow_ups.models import FollowUp
from crm.imports import runs
from crm.imports.models import ImportRun
from crm.imports.people import alike, states
from crm.imports.people.planning import KIND
from crm.imports.people.states import FILLED, FUNCTION_ID, PERSON, TABLE, State
from crm.imports.plan import Action, Line, Plan
from crm.imports.states import DOUBTS
from crm.invitations.models import Invitation
from crm.registrations.models import Registration

_DAYS = ("valid_from", "valid_to")


def apply(plan: Plan, file_name: str, by: Any) -> ImportRun:
    """Add and fill in the people of a plan within one run."""
    run = runs.begin(KIND, file_name, by)
    told: dict[int, dict[str, Any]] = {}
    for line in plan.having(Action.NEW):
        _make(line, run, by)
        told[line.record_id or 0] = {}
    changing = plan.having(Action.CHANGED)
    found = states.load(line.record_id or 0 for line in changing)
    for line in changing:
        person = found[line.record_id or 0]
        (_fill if getattr(line, "fills", None) else _change)(line, person, run, by)
        told[person.id] = {}
    db.session.flush()
    runs.note_events(TABLE, told, by, "import.taken-over")
    runs.finish(run, plan.summary)
    db.session.flush()
    return run


def _make(line: Any, run: ImportRun, by: Any) -> None:
    person = contacts.add_person({name: line.state[name] for name in PERSON}, by)
    function = _hold(person, line.state, by)
    line.record_id = person.id
    runs.noted(run, line.entry.identity, TABLE, person.id, _kept(line, function))


def _hold(person: Person, state: State, by: Any) -> Function | None:
    held = _function(state)
    if not held.get("organisation_id"):
        return None
    return contacts.add_function(person, held, by)


def _function(state: State) -> dict[str, Any]:
    found = {
        key.removeprefix("function."): value for key, value in state.items() if key.startswith("function.")
    }
    for name in _DAYS:
        if found.get(name):
            found[name] = date.fromisoformat(found[name])
    if "role" in found:
        found["role"] = FunctionRole(found["role"])
    return found


def _kept(line: Any, function: Function | None = None) -> State:
    made = {FUNCTION_ID: function.id} if function is not None else {}
    # What is doubtful about somebody names them; it stands in the list and not in the run.
    return states.kept(line.state) | made | {DOUBTS: []}


def _fill(line: Line, person: Person, run: ImportRun, by: Any) -> None:
    """Fill in what is empty; nothing is overwritten."""
    held = alike.function_at(person, line.state.get("function.organisation_id"))
    before = {key: None for key in line.after if held is not None or not key.startswith("function.")}
    made = None
    if held is None and any(key.startswith("function.") for key in line.after):
        made = _hold(person, line.after, by)
    write(person, {key: line.after[key] for key in before}, held, by)
    after = _kept(line, made or held) | {FILLED: True}
    kept: State = before | {FILLED: True, "_made": made.id if made else None}
    runs.noted(run, line.entry.identity, TABLE, person.id, after, kept)


def _change(line: Line, person: Person, run: ImportRun, by: Any) -> None:
    written = line.known.after if line.known else {}
    function = states.function_of(person, written.get(FUNCTION_ID))
    write(person, line.after, function, by)
    theirs = {key: written.get(key) for key in states.KEYS if key not in line.after}
    runs.noted(
        run, line.entry.identity, TABLE, person.id, _kept(line, function) | theirs, dict(line.before)
    )  # fmt: skip


def write(person: Person, values: State, function: Function | None, by: Any) -> None:
    """Set values of somebody and of one function; keys that are not there stay."""
    own = {key: value for key, value in values.items() if key in PERSON}
    if own:
        whole = {name: getattr(person, name) for name in PERSON} | own
        contacts.change_person(person, whole, by)
    held = {key: value for key, value in _function(values).items() if key not in ("organisation_id", "role")}
    if function is not None and held:
        records.change(function, held, by, "function.changed")


def set_back(person: Person, before: State, after: State, by: Any) -> None:
    """Give somebody the values of before a run, and take away the function it added."""
    function = states.function_of(person, after.get(FUNCTION_ID))
    made = states.function_of(person, before.get("_made"))
    write(person, {key: value for key, value in before.items() if not key.startswith("_")}, function, by)
    if made is not None:
        contacts.remove_function(made, by)
    audit.record("import.undone", person, by)


def discard(people: Sequence[Person], by: Any) -> None:
    """Put people into the trash, each with the functions held."""
    for person in people:
        functions = [one for one in person.functions if one.removed_at is None]
        records.remove([person, *functions], by, "import.undone")


def name(person: Person) -> str:
    """Name somebody."""
    return person.name


def hanging(ids: Iterable[int]) -> set[int]:
    """People who were in a talk or are named in one, are invited or registered, or have a follow-up."""
    models = ParticipationPerson, Naming, FollowUp, Invitation, Registration
    return runs.used_in((one.person_id for one in models), ids)
