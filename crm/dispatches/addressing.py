"""Who is written to, under which address, and who is not and why; one rule for question and sending."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from crm.addresses import comparable, is_mail_address
from crm.contacts.models import Person
from crm.contacts.queries import by_rank
from crm.dispatches import queries
from crm.dispatches.models import DispatchRecipient
from crm.invitations.reasons import Skip, against
from crm.materials.models import Material
from crm.organisations.models import Organisation


@dataclass(frozen=True)
class Addressee:
    """Somebody who gets a mail with a link; `holds` is the version they held so far."""

    name: str
    email: str
    person_id: int | None
    organisation_id: int | None
    holds: int = 0

    @property
    def key(self) -> str:
        """What tells addressees apart."""
        return f"p{self.person_id}" if self.person_id else f"o{self.organisation_id}"


@dataclass(frozen=True)
class Found:
    """Who gets the new version, and who is left out and why; `sharing` are those whose address gets it."""

    people: list[Addressee] = field(default_factory=list)
    skipped: list[tuple[str, Skip]] = field(default_factory=list)
    sharing: list[Addressee] = field(default_factory=list)


def current(person: Person) -> list[Any]:
    """The functions somebody holds today, the first in rank first."""
    return sorted((one for one in person.functions if one.is_current and not one.removed_at), key=by_rank)


def address_of(person: Person, organisation_id: int | None = None) -> str | None:
    """Give the address of somebody: that of the function there, of another one, or the own."""
    held = sorted(current(person), key=lambda one: one.organisation_id != organisation_id)
    return next((one for one in [*(each.email for each in held), person.email] if one), None)


def of_older(user: Any, material: Material) -> Found:
    """Find who, as far as a user may know of them, holds only an older version and may be sent the newest."""
    found = Found()
    for one in sorted(queries.holders(user, material.id), key=lambda one: one.person_id is None):
        _sort_in(found, one, material.newest.number)
    return _one_per_address(found)


def _sort_in(found: Found, one: DispatchRecipient, newest: int) -> None:
    place, number = one.organisation, one.material_version.number
    email = address_of(one.person, one.organisation_id) if one.person else place.email if place else None
    reason = Skip.HAS_IT if number >= newest else _against(one, email)
    if reason is None:
        who = Addressee(one.name, email or "", one.person_id, one.organisation_id, number)
        found.people.append(who)
    else:
        found.skipped.append((one.name, reason))


def _against(one: DispatchRecipient, email: str | None) -> Skip | None:
    """A new version that nobody asked for is a mailing: an objection holds, and a person must be there."""
    person, place = one.person, one.organisation
    if one.person_id and person is None:
        return Skip.LIMITED
    if person is not None and (
        reason := against(person.mail_basis, bool(current(person)), email, person.is_limited)
    ):
        return reason
    if person is None and place is not None and not place.exists:
        return Skip.NO_FUNCTION
    return None if email and is_mail_address(email) else Skip.NO_ADDRESS


def _one_per_address(found: Found) -> Found:
    """Of those who share an address one gets the mail, people before their organisation."""
    kept: dict[str, Addressee] = {}
    sharing = [who for who in found.people if kept.setdefault(comparable(who.email), who) is not who]
    skipped = [*found.skipped, *((who.name, Skip.SAME_ADDRESS) for who in sharing)]
    return Found(list(kept.values()), skipped, sharing)


def refused(people: Iterable[Person], places: Iterable[Organisation]) -> list[tuple[str, Skip]]:
    """Name whom a single mail on request cannot go to: it is no mailing, but data that are only kept rest."""
    found = []
    for person in people:
        email = address_of(person)
        if person.is_limited:
            found.append((person.name, Skip.LIMITED))
        elif not email or not is_mail_address(email):
            found.append((person.name, Skip.NO_ADDRESS))
    return found + [
        (one.name, Skip.NO_ADDRESS) for one in places if not one.email or not is_mail_address(one.email)
    ]
