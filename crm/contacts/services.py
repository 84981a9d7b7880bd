"""What is done with people and their functions. A title never decides who leads; only the mark does."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from crm import folding, records
from crm.contacts import queries
from crm.contacts.models import Function, FunctionRole, Person
from crm.contacts.names import read_name
from crm.db import db, today
from crm.errors import RuleBroken
from crm.organisations.models import Organisation


def create_person(values: dict[str, Any], function: dict[str, Any], by: Any) -> Person:
    """Add somebody with the first function."""
    function = _checked(function)
    person: Person = records.create(Person, values | _keys(values), by, "person.created")
    _hold(person, function, by)
    return person


def change_person(person: Person, values: dict[str, Any], by: Any) -> None:
    """Change name, direct contact or note."""
    records.change(person, values | _keys(values, person), by, "person.changed")


def remove_person(person: Person, by: Any) -> None:
    """Put somebody with all functions into the trash; talks keep the function of their day."""
    records.remove([person, *person.functions], by, "person.removed")


def restore_person(person: Person, by: Any) -> None:
    """Take somebody back with the functions that went with the removal."""
    same = select(Function).where(Function.removal == person.removal)
    gone = list(db.session.scalars(same.execution_options(include_removed=True)))
    for one in [held for held in gone if held.is_head]:
        _check_head(one.organisation_id, one.valid_from or date.min, one.valid_to or date.max, one)
    records.restore([person, *gone], by, "person.restored")


def add_function(person: Person, values: dict[str, Any], by: Any) -> Function:
    """Let somebody hold one more function."""
    return _hold(person, _checked(values), by)


def change_function(function: Function, values: dict[str, Any], by: Any) -> None:
    """Change a function; talks keep what was said of their day."""
    records.change(function, _checked(values, function), by, "function.changed")
    _search_anew(function.person)


def end_function(function: Function, day: date, by: Any) -> None:
    """End a function with its last day."""
    _check_days(function.valid_from, day)
    records.change(function, {"valid_to": day}, by, "function.changed")


def person_from_text(text: str, organisation_id: int, day: date, by: Any) -> Person:
    """Make somebody of a typed name such as “Petra Henkel, Büroleitung”.

    Somebody of that name who is there that day already is taken instead.
    """
    name = read_name(text)
    for known in queries.namesakes(name.full, organisation_id) if name.first_name else []:
        if queries.function_on(known.id, organisation_id, day):
            return known
    values = {
        "academic_title": name.academic_title,
        "first_name": name.first_name,
        "last_name": name.last_name,
    }
    function = {"organisation_id": organisation_id, "role": FunctionRole.OTHER, "title": name.function}
    return create_person(values, function, by)


def _hold(person: Person, values: dict[str, Any], by: Any) -> Function:
    function: Function = records.create(Function, values | {"person_id": person.id}, by, "function.created")
    db.session.expire(person, ["functions"])
    _search_anew(person)
    return function


def _checked(values: dict[str, Any], function: Function | None = None) -> dict[str, Any]:
    """Check days and headship; the role of the head always leads."""
    values = values | {"is_head": bool(values.get("is_head")) or values["role"] is FunctionRole.HEAD}
    first, last = values.get("valid_from"), values.get("valid_to")
    _check_days(first, last)
    _existing(values["organisation_id"])
    if values["is_head"]:
        _check_head(values["organisation_id"], first or date.min, last or date.max, function)
    return values


def _check_days(first: date | None, last: date | None) -> None:
    if first and last and last < first:
        raise RuleBroken(_("The last day lies before the first day."), "valid_to")


def _existing(organisation_id: int) -> None:
    """Lock the organisation's row, so that two heads cannot be made in the same instant."""
    query = select(Organisation.id).where(Organisation.id == organisation_id).with_for_update()
    if db.session.scalar(query) is None:
        raise RuleBroken(_("Choose a municipality of the register."), "organisation")


def _check_head(organisation_id: int, first: date, last: date, function: Function | None) -> None:
    if last < today():
        return
    for other in queries.other_heads(organisation_id, function.id if function else None):
        if (other.valid_from or date.min) <= last and first <= (other.valid_to or date.max):
            raise RuleBroken(
                _(
                    "%(name)s is head there already. End that function first or remove the tick here.",
                    name=other.person.name,
                ),
                "is_head",
            )


def _keys(values: dict[str, Any], person: Person | None = None) -> dict[str, str]:
    plain = [values.get("last_name"), values.get("first_name")]
    titles = [one.title for one in person.functions] if person else []
    name = " ".join(part for part in (values.get("first_name"), values.get("last_name")) if part)
    text = folding.search_text(name, values.get("academic_title"), values.get("email"), *titles)
    return {"sort_key": folding.sort_key(" ".join(part for part in plain if part))[:400], "search_text": text}


def _search_anew(person: Person) -> None:
    values = {name: getattr(person, name) for name in ("academic_title", "first_name", "last_name", "email")}
    person.search_text = _keys(values, person)["search_text"]
    db.session.flush()
