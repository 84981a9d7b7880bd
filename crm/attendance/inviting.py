"""Invited people at the door: who has no registration yet, and what is written down once they are there."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import joinedload

from crm import audit, folding
from crm.addresses import comparable
from crm.attendance import services
from crm.attendance.matching import Known
from crm.contacts.names import full_name
from crm.db import db
from crm.events.models import Event
from crm.invitations import queries as invitations
from crm.invitations import services as answers
from crm.invitations.models import Answer, Invitation
from crm.registrations import seats
from crm.registrations.kinds import kind_of
from crm.registrations.models import Origin, Registration, Seat

MOST = 5000


@dataclass(frozen=True)
class Invited:
    """An invited person as lists show a guest; the number is negative, for guests have numbers, too."""

    invitation: Invitation
    came_at = None

    @property
    def id(self) -> int:
        """The number in lists of guests."""
        return -self.invitation.id

    @property
    def name(self) -> str:
        """Petra Henkel."""
        return self.invitation.person.name

    @property
    def from_where(self) -> str:
        """The organisation, or what it was called."""
        place = self.invitation.organisation
        return place.name if place else self.invitation.organisation_name

    @property
    def known(self) -> Known:
        """The person as lists are compared with it."""
        who, address = self.invitation.person, comparable(self.invitation.email or "")
        return Known.of(self.id, who.first_name or "", who.last_name, self.from_where, address)


def missing(event_id: int, guests: Iterable[Registration]) -> list[Invited]:
    """The invited people of an event whom no registration stands for, also none of the name and place."""
    registered = exists().where(
        Registration.event_id == event_id,
        Registration.seat != Seat.LAPSED,
        (Registration.invitation_id == Invitation.id) | (Registration.person_id == Invitation.person_id),
    )
    whole = (joinedload(Invitation.person), joinedload(Invitation.organisation))
    query = invitations.of_event(event_id).where(~registered.correlate(Invitation)).options(*whole)
    places: dict[str, set[int | None]] = {}
    for guest in guests:
        places.setdefault(guest.sort_key, set()).add(guest.organisation_id)
    return [Invited(one) for one in db.session.scalars(query.limit(MOST)) if not _named_in(places, one)]


def _named_in(places: dict[str, set[int | None]], one: Invitation) -> bool:
    """Tell whether a guest bears the name and comes from the same place, or one of the two from nowhere."""
    there = places.get(one.person.sort_key, set())
    return bool(there) and (one.organisation_id is None or not there.isdisjoint({None, one.organisation_id}))


def same(event_id: int, values: dict[str, Any]) -> list[Invited]:
    """The invited people without a registration who may be the one at the door, by name or address."""
    typed = full_name(values.get("first_name"), values.get("last_name"))
    wanted, email = sorted(folding.fold(typed).split()), comparable(values.get("email") or "")
    found = []
    for one in missing(event_id, ()):
        who, place = one.invitation.person, one.invitation.organisation_id
        named = sorted(folding.fold(f"{who.first_name or ''} {who.last_name}").split()) == wanted
        elsewhere = place and values.get("organisation_id") not in (None, place)
        if (named and not elsewhere) or (email and one.known.address == email):
            found.append(one)
    return found


def come(event: Event, invitation: Invitation, by: Any) -> Registration:
    """Enter an invited person who is at the door."""
    services.check_begun(event)
    event = seats.lock(event.id)
    standing = db.session.scalar(
        select(Registration).where(
            Registration.invitation_id == invitation.id, Registration.person_id == invitation.person_id
        )
    )
    if standing is not None:
        services.come(standing, by)
        return standing
    made = enter(event, invitation, Origin.AT_THE_DOOR, by)
    audit.record("registration.walked-in", made, by)
    return made


def enter(event: Event, invitation: Invitation, origin: Origin, by: Any) -> Registration:
    """Make an invited person a guest who is there; the invitation is thereby accepted. The event is held."""
    who, place = invitation.person, invitation.organisation
    key = comparable(invitation.email) if invitation.email else ""
    free = key and not db.session.scalar(
        select(Registration.id).where(Registration.event_id == event.id, Registration.address_key == key)
    )
    values = {
        "first_name": " ".join(part for part in (who.academic_title, who.first_name) if part) or None,
        "last_name": who.last_name, "email": invitation.email if free else None,
        "organisation_id": invitation.organisation_id,
        "organisation_text": None if place else invitation.organisation_name or None,
        "kind": kind_of([invitation.called], place.level if place else None),
        "person_id": who.id, "invitation_id": invitation.id,
    }  # fmt: skip
    made = services.guest_of(event, values, origin)
    answers.note_answer(invitation, Answer.ACCEPTED, by)
    return made
