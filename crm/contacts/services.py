"""What is done with people and their functions. A title never decides who leads; only the mark does."""

from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from crm import folding, records
from crm.contacts import queries
from crm.contacts.models import Function, FunctionRole, Person
from crm.contacts.names import Name, full_name, read_name
from crm.db import db, today
from crm.errors import RuleBroken
from crm.i18n import day as in_german
from crm.organisations.models import Organisation

Answers = dict[str, int | None]
ONE_DAY = timedelta(days=1)


class HeadTaken(RuleBroken):
    """Somebody leads there already; `head` is the function that would have to end first."""

    def __init__(self, message: str, field: str, head: Function):
        super().__init__(message, field)
        self.head = head


def create_person(
    values: dict[str, Any], function: dict[str, Any], by: Any, ends: int | None = None
) -> Person:
    """Add somebody with the first function; `ends` is the head's function that ends the day before."""
    function, leaving = _checked(function, None, ends)
    _leave(leaving, function.get("valid_from"), by)
    person: Person = records.create(Person, values | _keys(values), by, "person.created")
    _hold(person, function, by)
    return person


def add_person(values: dict[str, Any], by: Any) -> Person:
    """Add somebody who holds no function yet."""
    made: Person = records.create(Person, values | _keys(values), by, "person.created")
    return made


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
    for one in gone:
        _check_return(one)
    records.restore([person, *gone], by, "person.restored")


def add_function(person: Person, values: dict[str, Any], by: Any, ends: int | None = None) -> Function:
    """Let somebody hold one more function; `ends` is the head's function that ends the day before."""
    values, leaving = _checked(values, None, ends)
    _leave(leaving, values.get("valid_from"), by)
    return _hold(person, values, by)


def change_function(function: Function, values: dict[str, Any], by: Any, ends: int | None = None) -> None:
    """Change a function; talks keep what was said of their day."""
    values, leaving = _checked(values, function, ends)
    _leave(leaving, values.get("valid_from"), by)
    records.change(function, values, by, "function.changed")
    name_anew(function.person)


def keep_address(person: Person, organisation_id: int, address: str, by: Any) -> None:
    """Keep the address somebody writes from with the function held there, unless one is known already."""
    held = queries.function_on(person.id, organisation_id, today())
    if held is not None and not held.email and not person.email:
        records.change(held, {"email": address}, by, "function.changed")
        name_anew(person)


def end_function(function: Function, day: date | None, by: Any) -> None:
    """End a function with its last day, or let it go on (None); a head must not run into the next one."""
    _check_days(function.valid_from, day)
    if function.is_head and function.valid_to and (day or date.max) > function.valid_to:
        _existing(function.organisation_id)
        _check_head(function.organisation_id, function.valid_from, day, function)
    records.change(function, {"valid_to": day}, by, "function.changed")


def remove_function(function: Function, by: Any) -> None:
    """Put a function entered by mistake into the trash; talks keep what was said of their day."""
    records.remove([function], by, "function.removed")
    name_anew(function.person)


def restore_function(function: Function, by: Any) -> None:
    """Take a function back."""
    _check_return(function)
    records.restore([function], by, "function.restored")
    name_anew(function.person)


def hand_over(function: Function, who: int | str, values: dict[str, Any], by: Any) -> Function:
    """Let a successor, known by number or named, hold a function; the predecessor's ends the day before.

    `values` holds valid_from, title, email and phone; the rest is as the predecessor held it.
    """
    name = read_name(who) if isinstance(who, str) else None
    first = values["valid_from"]
    held = {"organisation_id": function.organisation_id, "role": function.role, "is_head": function.is_head}
    held |= values | {"title": values.get("title") or (name.function if name else None)}
    _existing(function.organisation_id)
    _check_handover(function, first)
    person = None if name else _known(who, function)
    held, leaving = _checked(held, None, function.id)
    if (function.valid_to or date.max) >= first and function not in leaving:
        leaving.append(function)
    _leave(leaving, first, by)
    return _hold(person or _named(name, by), held, by)  # type: ignore[arg-type]


def take_office(who: int | str, values: dict[str, Any], by: Any) -> Function:
    """Let somebody, known by number or named, hold a function nobody is known in; raises RuleBroken.

    `values` holds the columns of the function.
    """
    name = read_name(who) if isinstance(who, str) else None
    values = values | {"title": values.get("title") or (name.function if name else None)}
    _existing(values["organisation_id"])
    person = None if name else _known(who)
    values, _leaving = _checked(values, None)
    return _hold(person or _named(name, by), values, by)  # type: ignore[arg-type]


def _known(number: Any, function: Function | None = None) -> Person:
    person = queries.one(number)
    if person is None:
        raise RuleBroken(_("Choose somebody from the list."), "successor")
    if function and person.id == function.person_id:
        message = _("%(name)s holds this function already. Change its last day instead.", name=person.name)
        raise RuleBroken(message, "successor")
    return person


def person_from_text(
    text: str, organisation_id: int, day: date, by: Any, answers: Answers | None = None
) -> Person:
    """Make somebody of a typed name such as “Petra Henkel, Büroleitung”.

    Somebody of that name who is there that day already is taken instead, unless `answers` says otherwise:
    the number of who is meant, or None for a namesake.
    """
    name, answers = read_name(text), answers or {}
    function = {"organisation_id": organisation_id, "role": FunctionRole.OTHER, "title": name.function}
    number = answers.get(text)
    meant = queries.one(number) if number else None
    if meant is not None:
        if name.function and not queries.function_on(meant.id, organisation_id, day):
            add_function(meant, function, by)
        return meant
    alike = queries.namesakes(name.full, organisation_id) if name.first_name and text not in answers else []
    for known in alike:
        if queries.function_on(known.id, organisation_id, day):
            return known
    person = _named(name, by)
    _hold(person, _checked(function, None)[0], by)
    return person


def _named(name: Name, by: Any) -> Person:
    values = {
        "academic_title": name.academic_title,
        "first_name": name.first_name,
        "last_name": name.last_name,
    }
    return add_person(values, by)


def _hold(person: Person, values: dict[str, Any], by: Any) -> Function:
    function: Function = records.create(Function, values | {"person_id": person.id}, by, "function.created")
    name_anew(person)
    return function


def _leave(leaving: list[Function], first: date | None, by: Any) -> None:
    """End functions the day before a successor begins."""
    for one in leaving:
        records.change(one, {"valid_to": first and first - ONE_DAY}, by, "function.handed-over")


def _checked(
    values: dict[str, Any], function: Function | None, ends: int | None = None
) -> tuple[dict[str, Any], list[Function]]:
    """Check days and headship; give the values and whose function has to end. The role of the head leads."""
    values = values | {"is_head": bool(values.get("is_head")) or values["role"] is FunctionRole.HEAD}
    first, last = values.get("valid_from"), values.get("valid_to")
    _check_days(first, last)
    _existing(values["organisation_id"])
    if not values["is_head"]:
        return values, []
    return values, _check_head(values["organisation_id"], first, last, function, ends)


def _check_days(first: date | None, last: date | None) -> None:
    if first and last and last < first:
        raise RuleBroken(_("The last day lies before the first day."), "valid_to")


def _existing(organisation_id: int) -> None:
    """Lock the organisation's row, so that two heads cannot be made in the same instant."""
    query = select(Organisation.id).where(Organisation.id == organisation_id).with_for_update()
    if db.session.scalar(query) is None:
        raise RuleBroken(_("Choose a municipality of the register."), "organisation")


def _check_return(function: Function) -> None:
    """Refuse to take back a head where another one leads by now."""
    if function.is_head:
        _existing(function.organisation_id)
        _check_head(function.organisation_id, function.valid_from, function.valid_to, function)


def _check_head(
    organisation_id: int,
    first: date | None,
    last: date | None,
    function: Function | None,
    ends: int | None = None,
) -> list[Function]:
    """Refuse a second head at one time; give the functions that end for this one."""
    if (last or date.max) < today():
        return []
    leaving = []
    for other in queries.other_heads(organisation_id, function.id if function else None):
        if (other.valid_from or date.min) > (last or date.max) or (first or date.min) > (
            other.valid_to or date.max
        ):
            continue
        if other.id != ends:
            raise HeadTaken(_taken(other), "is_head", other)
        _check_handover(other, first)
        leaving.append(other)
    return leaving


def _taken(other: Function) -> str:
    way_out = _("Let that term end the day before, or do not enter this person as the head.")
    name, since = other.person.name, in_german(other.valid_from)
    if since:
        return " ".join([_("%(name)s leads there since %(day)s.", name=name, day=since), way_out])
    return " ".join([_("%(name)s leads there already.", name=name), way_out])


def _check_handover(other: Function, first: date | None) -> None:
    """The day before the first day must be one on which the predecessor held the function."""
    name = other.person.name
    if first is None:
        message = _("Enter the first day. The term of %(name)s ends the day before.", name=name)
        raise HeadTaken(message, "valid_from", other)
    if other.valid_from and first <= other.valid_from:
        message = _(
            "The term of %(name)s began on %(day)s and cannot end before. Choose a later first day.",
            name=name,
            day=in_german(other.valid_from),
        )
        raise HeadTaken(message, "valid_from", other)


def _keys(values: dict[str, Any], person: Person | None = None) -> dict[str, str]:
    titles = [one.title for one in person.functions] if person else []
    name = full_name(values.get("first_name"), values.get("last_name"))
    text = folding.search_text(name, values.get("academic_title"), values.get("email"), *titles)
    key = folding.name_key(values.get("last_name"), values.get("first_name"))
    return {"sort_key": key, "search_text": text}


def name_anew(person: Person) -> None:
    """Compute what a person is found and sorted by, after name and functions were changed together."""
    db.session.flush()
    db.session.expire(person, ["functions"])
    for name, value in _keys(_named_by(person), person).items():
        setattr(person, name, value)
    db.session.flush()


def _named_by(person: Person) -> dict[str, Any]:
    return {name: getattr(person, name) for name in ("academic_title", "first_name", "last_name", "email")}
