"""Which rows are about somebody: by the number of the person, or by a mail address nobody else has."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, and_, exists, func, or_, select, union_all

from crm.contacts.models import Function, Person
from crm.db import db
from crm.duplicates import queries as merges
from crm.privacy import registry
from crm.privacy.terms import Entry
from crm.registrations.models import Registration

# Removed people and functions are looked at, too.
_ALL = {"include_removed": True}


@dataclass(frozen=True)
class Subject:
    """Who it is about: numbers of people who are one (doubles went up in the first) and mail addresses."""

    ids: tuple[int, ...]
    addresses: frozenset[str]


def subject_of(person_id: int, addresses: Collection[str] = ()) -> Subject:
    """Give all numbers and addresses somebody is known by; `addresses` are some that are known besides."""
    ids = (person_id, *merges.doubles_of([person_id]))
    found = {one.lower() for one in addresses if one}
    own = (
        select(Person.email).where(Person.id.in_(ids)),
        select(Function.email).where(Function.person_id.in_(ids)),
        select(Registration.email).where(Registration.person_id.in_(ids)),
    )
    query = union_all(*own).execution_options(**_ALL)
    found |= {one.lower() for one in db.session.scalars(query) if one}
    return Subject(ids, frozenset(found - _shared(found, ids)))


def guest(address: str) -> Subject:
    """Give a guest who is no contact."""
    return Subject((), frozenset({address.strip().lower()}))


def rows_of(entry: Entry, who: Subject, also: Collection[int] = ()) -> list[dict[str, Any]]:
    """Give the rows of a table about somebody, and some more by number, as {column: value}, in order."""
    table = registry.table_of(entry.table)
    query = select(table).where(or_(_about(entry, table, who), table.c.id.in_(also)))
    return [dict(row) for row in db.session.execute(query.order_by(table.c.id)).mappings()]


def linked() -> list[Entry]:
    """Give the tables with rows about one person each, in the order of the registry."""
    return [one for one in registry.ENTRIES.values() if one.link and (one.blank or one.name)]


def _about(entry: Entry, table: Table, who: Subject) -> Any:
    by_number = table.c[entry.link].in_(who.ids)
    if not entry.address or not who.addresses or entry.table in ("people", "functions"):
        return by_number
    by_address: Any = func.lower(table.c[entry.address]).in_(who.addresses)
    if entry.table == "outgoing_mails":
        guests = registry.table_of("registrations")
        theirs = exists().where(
            guests.c.id == table.c.registration_id,
            or_(guests.c.person_id.in_(who.ids), func.lower(guests.c.email).in_(who.addresses)),
        )
        by_address = or_(by_address, theirs)
    return or_(by_number, and_(table.c[entry.link].is_(None), by_address))


def _shared(addresses: Collection[str], ids: Collection[int]) -> set[str]:
    """Addresses that others have, too, such as that of a town hall."""
    others = (
        select(func.lower(model.email)).where(
            func.lower(model.email).in_(addresses), column.not_in(ids), model.removed_at.is_(None)
        )
        for model, column in ((Person, Person.id), (Function, Function.person_id))
    )
    return set(db.session.scalars(union_all(*others)))
