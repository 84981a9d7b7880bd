"""Who calls is often known: what a contact brings along where nothing was typed."""

from typing import Any

from flask_babel import gettext as _

from crm.contacts import queries as contacts
from crm.contacts.models import Person
from crm.errors import RuleBroken
from crm.folding import fold
from crm.registrations.kinds import kind_of
from crm.registrations.models import GuestKind


def completed(values: dict[str, Any], person: Person | None) -> dict[str, Any]:
    """Fill what was left empty from a contact; `values` are columns of the registration.

    Raises RuleBroken where the data of the contact are only kept.
    """
    own = _known_of(person) if person else {}
    if person and fold(values.get("last_name") or person.last_name) != fold(person.last_name):
        raise RuleBroken(
            _("The contact is called %(name)s. Leave the last name empty, or the contact.", name=person.name),
            "last_name",
        )
    whole = values | {name: value for name, value in own.items() if not values.get(name)}
    if values.get("organisation_text"):
        whole["organisation_id"] = values["organisation_id"]
    return whole | {"kind": whole.get("kind") or GuestKind.OTHER}


def _known_of(person: Person) -> dict[str, Any]:
    if person.is_limited:
        raise RuleBroken(_("The data of %(name)s are only kept. Type the name.", name=person.name), "person")
    held = next((one for one in contacts.functions_over_time(person) if one.is_current), None)
    first = " ".join(part for part in (person.academic_title, person.first_name) if part)
    return {
        "person_id": person.id,
        "first_name": first,
        "last_name": person.last_name,
        "email": (held.email if held else None) or person.email,
        "phone": (held.phone if held else None) or person.phone,
        "organisation_id": held.organisation_id if held else None,
        "kind": kind_of([held.called], held.organisation.level) if held else None,
    }
