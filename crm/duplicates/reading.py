"""What people are compared by, read in two statements however many they are."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from crm.contacts.models import Function, Person
from crm.db import db
from crm.duplicates.scoring import Known, known
from crm.organisations.models import Organisation


def people(ids: Iterable[int] | None = None) -> list[Known]:
    """Read all people, or some by number, in the order of their numbers."""
    some = None if ids is None else set(ids)
    query = select(Person.id, Person.first_name, Person.last_name, Person.email, Person.phone)
    held = select(
        Function.person_id, Function.email, Function.phone, Organisation.id, Organisation.name
    ).join(Function.organisation)
    if some is not None:
        query, held = query.where(Person.id.in_(some)), held.where(Function.person_id.in_(some))
    functions: dict[int, list[Any]] = defaultdict(list)
    for row in db.session.execute(held):
        functions[row[0]].append(row)
    return [_known(row, functions[row.id]) for row in db.session.execute(query.order_by(Person.id))]


def _known(row: Any, held: list[Any]) -> Known:
    name = f"{row.first_name or ''} {row.last_name}"
    mails, phones = [row.email, *(one[1] for one in held)], [row.phone, *(one[2] for one in held)]
    return known(row.id, name, mails, phones, {one[3]: one[4] for one in held})
