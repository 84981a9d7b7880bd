"""Who calls is often known: what a contact brings along where nothing was typed."""

from typing import Any

from flask_babel import gettext as _

from crm.addresses import comparable
from crm.contacts import queries as contacts
from crm.contacts.models import Function, Person
from crm.errors import RuleBroken
from crm.folding import fold
from crm.registrations import queries
from crm.registrations.kinds import kind_of
from crm.registrations.models import GONE


def chosen(ids: list[int]) -> Person | None:
    """Load the contact a form names; raises RuleBroken where it went meanwhile."""
    person = contacts.one(ids[0]) if ids else None
    if ids and person is None:
        raise RuleBroken(_("This contact does not exist any more."), "person")
    return person


def completed(event_id: int, values: dict[str, Any], person: Person) -> dict[str, Any]:
    """Fill what was left empty from a contact; `values` are columns of the registration. The event is held.

    Raises RuleBroken where the contact has a place already, is called otherwise, or is only kept.
    """
    _check(event_id, values, person)
    own = {name: value for name, value in _known_of(event_id, values, person).items() if not values.get(name)}
    return values | own


def _check(event_id: int, values: dict[str, Any], person: Person) -> None:
    if person.is_limited:
        raise RuleBroken(
            _("The data of %(name)s are only kept. Enter the name instead.", name=person.name), "person"
        )
    if same := queries.of_person(event_id, person.id):
        raise RuleBroken(_("%(name)s is registered already.", name=same.name), "person")
    _check_office(values, person)
    first = {fold(person.first_name or ""), fold(_first_name(person))}
    for name, known in (("last_name", {fold(person.last_name)}), ("first_name", first)):
        if values.get(name) and fold(values[name]) not in known:
            raise RuleBroken(
                _("The contact is called %(name)s. Leave the name empty, or the contact.", name=person.name),
                name,
            )


def _check_office(values: dict[str, Any], person: Person) -> None:
    place, current = values.get("organisation_id"), [one for one in person.functions if one.is_current]
    if place and current and all(one.organisation_id != place for one in current):
        message = _(
            "%(name)s holds no office there today. Leave the organisation empty, or the contact.",
            name=person.name,
        )
        raise RuleBroken(message, "organisation")


def _first_name(person: Person) -> str:
    return " ".join(part for part in (person.academic_title, person.first_name) if part)


def _known_of(event_id: int, values: dict[str, Any], person: Person) -> dict[str, Any]:
    held = _function(values, person)
    official = (held.email, held.phone, held.organisation_id) if held else (None, None, None)
    email = official[0] or person.email
    # An office may have one address for all: what another guest uses stays away.
    other = queries.by_key(event_id, comparable(email)) if email else None
    return {
        "first_name": _first_name(person) or None,
        "last_name": person.last_name,
        "email": email if other is None or other.seat in GONE else None,
        "phone": official[1] or person.phone,
        "organisation_id": official[2],
        "kind": kind_of([held.called], held.organisation.level) if held else None,
    }


def _function(values: dict[str, Any], person: Person) -> Function | None:
    """The function in which somebody comes: of the organisation that was typed, else the first of today."""
    place = values.get("organisation_id")
    current = [one for one in contacts.functions_over_time(person) if one.is_current]
    if values.get("organisation_text"):
        return None
    return next((one for one in current if place in (None, one.organisation_id)), None)
