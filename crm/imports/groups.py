"""Bring states of cooperations into the database and back: made, changed, set back, put into the trash."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from crm import records
from crm.cooperations.kinds import LegalForm, PartnerRole, Stage, Step, StepSource
from crm.cooperations.models import Cooperation, Partner, PartnerStep
from crm.cooperations.settling import describe, settle
from crm.db import chunks, db, today
from crm.funding.models import Application
from crm.imports import runs
from crm.imports.states import APPLICATION, COLUMNS, PARTNER, State
from crm.organisations import queries as organisations
from crm.organisations.models import Organisation
from crm.proceedings.models import Study, StudyState
from crm.task_fields.models import TaskField

TABLE = Cooperation.__tablename__
_DAYS = {"planned_start", "effective_on", "term_until", "halted_on"}


def load(ids: Iterable[int]) -> dict[int, Cooperation]:
    """Groups by number, those in the trash too, with all that their states tell."""
    partners = selectinload(Cooperation.partners).selectinload(Partner.steps)
    return runs.records_by_number(Cooperation, ids, partners, selectinload(Cooperation.task_fields))


def removed(ids: Iterable[int]) -> dict[int, bool]:
    """Tell of groups by number whether they lie in the trash; what is not stored any more is not there."""
    found = {}
    for chunk in chunks(sorted(set(ids))):
        query = select(Cooperation.id, Cooperation.removed_at).where(Cooperation.id.in_(chunk))
        for number, day in db.session.execute(query.execution_options(include_removed=True)):
            found[number] = day is not None
    return found


def children(model: Any, ids: Iterable[int]) -> dict[int, Any]:
    """Applications or studies by number."""
    found: dict[int, Any] = {}
    for chunk in chunks(sorted(set(ids))):
        found |= {one.id: one for one in db.session.scalars(select(model).where(model.id.in_(chunk)))}
    return found


def new_group(state: State, names: dict[int, str], fields: dict[int, TaskField]) -> Cooperation:
    """Make a group with its partners; application and study follow once it has a number."""
    group = Cooperation(sort_key="", search_text="", term_unlimited=False)
    for name in COLUMNS:
        setattr(group, name, column(name, state[name]))
    group.task_fields = [fields[number] for number in state["task_fields"]]
    for key, (role, step) in parts(state).items():
        group.partners.append(_partner(key, names[key], role, step, len(group.partners)))
    describe(group)
    settle(group)
    return group


def parts(state: State) -> dict[int, list[str]]:
    """Role and step by number of the organisation."""
    return {
        int(key.removeprefix(PARTNER)): value
        for key, value in state.items()
        if key.startswith(PARTNER) and value is not None
    }


def column(name: str, value: Any) -> Any:
    """Give a value of a state as the column keeps it."""
    if value is None:
        return None
    if name in _DAYS:
        return date.fromisoformat(value)
    if name == "legal_form":
        return LegalForm(value)
    return Stage(value) if name == "halt" else value


def _partner(number: int, name: str, role: str, step: str, position: int) -> Partner:
    taken = PartnerStep(step=Step(step), source=StepSource.IMPORT)
    return Partner(
        organisation_id=number,
        organisation_name=name,
        position=position,
        role=PartnerRole(role),
        steps=[taken],
    )


def children_of(state: State) -> dict[str, Any]:
    """Make the application and the study a state tells of; the group they belong to is set by the caller."""
    made: dict[str, Any] = {}
    if state["application"]:
        made["application"] = Application()
        set_application(made["application"], state["application"])
    if state["study"]:
        made["study"] = Study()
        set_study(made["study"], state["study"])
    return made


def set_application(record: Application, values: State) -> None:
    """Set what an import knows of an application."""
    for name in APPLICATION:
        value = values[name]
        if value is not None and name in ("requested", "granted"):
            value = Decimal(value)
        if value is not None and name == "granted_on":
            value = date.fromisoformat(value)
        if getattr(record, name) != value:
            setattr(record, name, value)


def set_study(record: Study, values: State) -> None:
    """Set what an import knows of a study."""
    grant = Decimal(values["grant"]) if values["grant"] is not None else None
    record.title, record.state, record.grant = values["title"], StudyState(values["state"]), grant


def write(group: Cooperation, values: State, ids: dict[str, int]) -> dict[str, Any]:
    """Set the values of some keys on a stored group; give the records that were made for it."""
    for name in COLUMNS:
        if name in values:
            setattr(group, name, column(name, values[name]))
    if "task_fields" in values:
        query = select(TaskField).where(TaskField.id.in_(values["task_fields"]))
        group.task_fields = list(db.session.scalars(query.order_by(TaskField.name)))
    for key in values:
        if key.startswith(PARTNER):
            _write_partner(group, int(key.removeprefix(PARTNER)), values[key])
    made = {}
    for name, model, setter in (("application", Application, set_application), ("study", Study, set_study)):
        if name in values and (record := _write_child(group, name, model, setter, values[name], ids)):
            made[name] = record
    describe(group)
    settle(group)
    return made


def _write_partner(group: Cooperation, number: int, value: Sequence[str] | None) -> None:
    known = next((one for one in group.partners if one.organisation_id == number), None)
    if value is None:
        if known is not None:
            group.partners.remove(known)
    elif known is None:
        place = db.session.get_one(Organisation, number)
        name = organisations.name_on(place, min(today(), place.valid_to or today()))
        group.partners.append(_partner(number, name, value[0], value[1], len(group.partners)))
    else:
        known.role = PartnerRole(value[0])
        known.steps[0].step = Step(value[1])


def _write_child(
    group: Cooperation, name: str, model: Any, setter: Any, values: State | None, ids: dict[str, int]
) -> Any:
    """Make, set or delete the application or study that an import keeps; give one that is new."""
    record = db.session.get(model, ids[name]) if name in ids else None
    if values is None:
        if record is not None:
            db.session.delete(record)
        return None
    if record is None:
        record = model(cooperation_id=group.id)
        setter(record, values)
        db.session.add(record)
        return record
    setter(record, values)
    return None


def discard(group: Cooperation, by: Any) -> None:
    """Put a group into the trash; what hangs on it stays with it."""
    records.remove([group], by, "import.undone")
