"""Somebody asks under a mail address: which contact that is, and what was told."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import func, select, union

from crm.barriers.models import BarrierReport
from crm.contacts.models import Function, Person
from crm.db import db
from crm.duplicates.models import Merge
from crm.mail.models import OutgoingMail
from crm.privacy.models import OPEN, Case, SealedValue
from crm.registrations.models import Registration

_TOLD = (Registration, OutgoingMail, BarrierReport)
MOST_CONTACTS = 50


def contacts_of(address: str) -> list[int]:
    """Numbers of the contacts an address leads to, also of restricted ones and of those in the trash."""
    address = address.strip().lower()
    sealed = func.lower(SealedValue.sealed["email"].as_string()) == address
    numbers: Any = union(
        select(Person.id).where(func.lower(Person.email) == address),
        select(Function.person_id).where(func.lower(Function.email) == address),
        select(Registration.person_id).where(
            func.lower(Registration.email) == address, Registration.person_id.is_not(None)
        ),
        select(Case.person_id).join(SealedValue, SealedValue.case_id == Case.id).where(
            sealed, Case.state.in_(OPEN)
        ),
    ).execution_options(include_removed=True)  # fmt: skip
    found = set(db.session.scalars(numbers))
    # Who went up in another contact is told with it.
    merged = select(Merge.lost_person_id).where(Merge.lost_person_id.in_(found), Merge.undone_at.is_(None))
    return sorted(found - set(db.session.scalars(merged)))[:MOST_CONTACTS]


def told_records(numbers: Mapping[str, list[int]]) -> Iterator[Any]:
    """Give the records of a guest that were told, in order."""
    for model in _TOLD:
        query = select(model).where(model.id.in_(numbers.get(model.__tablename__, ()))).order_by(model.id)
        yield from db.session.scalars(query)
