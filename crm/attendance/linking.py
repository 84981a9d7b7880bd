"""From a guest to a contact: who it may be, and a new contact with one press."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, or_, select

from crm import audit
from crm.addresses import spellings
from crm.contacts import queries as contacts
from crm.contacts import services as people
from crm.contacts.models import FunctionRole, MailBasis, Person
from crm.contacts.names import read_name
from crm.db import db
from crm.errors import RuleBroken
from crm.registrations.models import GuestKind, Registration

_ROLES = {
    GuestKind.COUNCILLOR: FunctionRole.COUNCILLOR,
    GuestKind.STAFF: FunctionRole.STAFF,
    GuestKind.COUNTY: FunctionRole.STAFF,
}
# Whoever comes for an authority may be invited again for the task of the centre; others were not asked.
_IN_OFFICE = (
    GuestKind.HEAD, GuestKind.COUNCILLOR, GuestKind.MANAGEMENT, GuestKind.STAFF, GuestKind.COUNTY,
)  # fmt: skip


def candidates(registration: Registration) -> list[Person]:
    """People of the contacts who may be a guest: the same name, or the same address."""
    return contacts.twins(_plain_name(registration), [registration.email]) if registration.name else []


def candidates_of(guests: list[Registration]) -> dict[int, list[Person]]:
    """The same for several guests at once, in one statement; by number of the guest."""
    keys = {one.sort_key for one in guests if one.sort_key}
    spelt = {spelling for one in guests if one.email for spelling in spellings(one.email)}
    if not keys and not spelt:
        return {}
    query = select(Person).where(or_(Person.sort_key.in_(keys), func.lower(Person.email).in_(spelt)))
    found = list(db.session.scalars(query.order_by(Person.sort_key, Person.id).limit(1000)))
    return {one.id: [person for person in found if _may_be(one, person)] for one in guests}


def _may_be(registration: Registration, person: Person) -> bool:
    mail = registration.email and person.email and person.email.lower() in spellings(registration.email)
    return bool(mail) or bool(registration.sort_key and registration.sort_key == person.sort_key)


def _plain_name(registration: Registration) -> str:
    return read_name(registration.name).full


def link(registration: Registration, person_id: int, by: Any) -> Person:
    """Say which contact a guest is."""
    person = contacts.one(person_id)
    if person is None:
        raise RuleBroken(_("This contact does not exist any more."))
    if registration.person_id != person.id:
        registration.person_id = person.id
        audit.record("registration.linked", registration, by)
    return person


def make_contact(registration: Registration, by: Any) -> Person:
    """Enter a guest as a contact with a function in the organisation the guest came from."""
    if registration.person_id is not None:
        raise RuleBroken(_("This guest is a contact already."))
    if not registration.last_name:
        raise RuleBroken(_("The name of this guest is not known any more."))
    if registration.organisation_id is None:
        raise RuleBroken(_("Choose the organisation of this guest under “Registrations” first."))
    read, kind = read_name(registration.name), registration.kind
    values = {
        "academic_title": read.academic_title,
        "first_name": (registration.first_name or "").removeprefix(read.academic_title or "").strip() or None,
        "last_name": registration.last_name, "email": registration.email,
        "mail_basis": MailBasis.OFFICE if kind in _IN_OFFICE else MailBasis.NOT_ASKED,
    }  # fmt: skip
    # A guest's own word makes nobody the head of an administration; that is entered with the contact.
    role = _ROLES.get(kind, FunctionRole.OTHER)
    title = str(kind.label) if kind in (GuestKind.HEAD, GuestKind.MANAGEMENT) else None
    function = {"organisation_id": registration.organisation_id, "role": role, "title": title}
    person = people.create_person(values, function, by)
    registration.person_id = person.id
    audit.record("registration.linked", registration, by)
    return person
