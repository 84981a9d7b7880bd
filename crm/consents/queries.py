"""Questions about agreements."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from crm.addresses import comparable
from crm.consents.models import Consent, Purpose
from crm.contacts.finding import functions_over_time
from crm.contacts.models import Person
from crm.db import db

MOST = 50


def one(person_id: int, consent_id: int) -> Consent | None:
    """Load an agreement of somebody."""
    query = select(Consent).where(Consent.id == consent_id, Consent.person_id == person_id)
    return db.session.scalar(query)


def waiting(consent_id: int) -> Consent | None:
    """Load one that a link was sent for, whether used or not; nobody who was removed."""
    query = select(Consent).join(Consent.person).where(Consent.id == consent_id)
    return db.session.scalar(query.options(joinedload(Consent.person)))


def of_person(person_id: int) -> list[Consent]:
    """All agreements of somebody, the newest first."""
    query = select(Consent).where(Consent.person_id == person_id).options(joinedload(Consent.entered_by))
    newest = query.order_by(Consent.asked_on.desc(), Consent.id.desc())
    return list(db.session.scalars(newest.limit(MOST)))


def holding(person_id: int, purposes: Iterable[Purpose] = tuple(Purpose)) -> list[Consent]:
    """Agreements of somebody that were not taken back, waiting ones too."""
    query = select(Consent).where(
        Consent.person_id == person_id, Consent.purpose.in_(purposes), Consent.withdrawn_on.is_(None)
    )
    return list(db.session.scalars(query.order_by(Consent.id)))


def address_of(person: Person) -> str | None:
    """Where mailings to somebody go: to the office held today, else to the person's own address."""
    held = [one.email for one in functions_over_time(person) if one.is_current and one.email]
    return held[0] if held else person.email


def is_still_theirs(consent: Consent) -> bool:
    """Tell whether the address a link was sent to is still one of the person's."""
    known = [consent.person.email, *(one.email for one in consent.person.functions)]
    return bool(consent.address) and comparable(consent.address or "") in {
        comparable(one) for one in known if one
    }
