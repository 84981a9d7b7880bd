"""Which rows are about somebody: by the number of the person, or by a mail address and a name that fit."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, and_, func, null, or_, select, union_all

from crm.contacts.models import Function, Person
from crm.db import db
from crm.duplicates import queries as merges
from crm.folding import fold
from crm.naming import ERASED, RESTRICTED
from crm.privacy import registry
from crm.privacy.holders import others_addresses, sealed_of
from crm.privacy.terms import Entry
from crm.registrations.models import Registration

# Removed people and functions are looked at, too.
_ALL = {"include_removed": True}
_COURTESY = frozenset(("frau", "herr", "herrn", "dr", "prof", "ing", "med", "jur", "phil"))
_NOBODY = (None, "", ERASED, RESTRICTED)
_Words = tuple[frozenset[str], frozenset[str]]


@dataclass(frozen=True)
class Subject:
    """Who it is about: numbers of people who are one (doubles went up in the first) and mail addresses.

    `shared` are those of the addresses that others have, too; `names` are (first, last) as folded words. Of a
    guest who is no contact nothing is known but the address.
    """

    ids: tuple[int, ...]
    addresses: frozenset[str]
    shared: frozenset[str] = frozenset()
    names: tuple[_Words, ...] = ()

    def fits(self, row: Mapping[str, Any]) -> bool:
        """Tell whether a row with one of the addresses bears the person's name."""
        parts = ("first_name", "last_name", "called", "recipient_name")
        said = _words(" ".join(row.get(one) or "" for one in parts)) - _COURTESY
        if not said:
            return self._is_nobodys(row)
        return any(
            last <= said and (not first or said <= last or bool(first & said)) for first, last in self.names
        )

    def _is_nobodys(self, row: Mapping[str, Any]) -> bool:
        """Tell of a row without a name whether the address alone is enough."""
        addresses = {(row.get(one) or "").lower() for one in ("email", "recipient")} - {""}
        return bool(addresses) and not addresses & self.shared and row.get("registration_id") is None


def subject_of(person_id: int, addresses: Collection[str] = ()) -> Subject:
    """Give all numbers and addresses somebody is known by; `addresses` are some that are known besides."""
    ids = numbers_of(person_id)
    sealed = sealed_of(ids)
    names = [(one.get("first_name"), one.get("last_name")) for table, one in sealed if table == "people"]
    own = _known(ids)
    names += [(first, last) for first, last, _email in own]
    words = tuple((_words(first or ""), _words(last)) for first, last in names if last not in _NOBODY)
    found = {one.lower() for one in addresses if one}
    found |= {row[one].lower() for _table, row in sealed for one in ("email", "recipient") if row.get(one)}
    found |= {email.lower() for _first, _last, email in own if email}
    who = Subject(ids, frozenset(found), names=words)
    return Subject(ids, who.addresses, frozenset(others_addresses(ids, found, who.fits)), words)


def _known(ids: Collection[int]) -> list[tuple[str | None, str | None, str | None]]:
    """Give (first name, last name, mail address) of people, and addresses of what hangs on them."""
    parts = (
        select(Person.first_name, Person.last_name, Person.email).where(Person.id.in_(ids)),
        select(null(), null(), Function.email).where(Function.person_id.in_(ids)),
        select(null(), null(), Registration.email).where(Registration.person_id.in_(ids)),
    )
    rows: Any = db.session.execute(union_all(*parts).execution_options(**_ALL))
    return [(first, last, email) for first, last, email in rows]


def numbers_of(person_id: int) -> tuple[int, ...]:
    """Give the number of somebody, and those of doubles that went up in it."""
    return (person_id, *merges.doubles_of([person_id]))


def guest(address: str) -> Subject:
    """Give a guest who is no contact."""
    return Subject((), frozenset({address.strip().lower()}))


def rows_of(entry: Entry, who: Subject, also: Collection[int] = ()) -> list[dict[str, Any]]:
    """Give the rows of a table about somebody, and some more by number, as {column: value}, in order."""
    table = registry.table_of(entry.table)
    guests = _guests(who) if entry.table == "outgoing_mails" else ()
    query = select(table).where(or_(_perhaps(entry, table, who, guests), table.c.id.in_(also)))
    rows = [dict(row) for row in db.session.execute(query.order_by(table.c.id)).mappings()]
    return [
        row
        for row in rows
        if row[entry.link] in who.ids
        or row["id"] in also
        or not who.ids
        or row.get("registration_id") in guests
        or who.fits(row)
    ]


def linked() -> list[Entry]:
    """Give the tables with rows about one person each, in the order of the registry."""
    return [one for one in registry.ENTRIES.values() if one.link and (one.blank or one.name)]


def _perhaps(entry: Entry, table: Table, who: Subject, guests: Collection[int]) -> Any:
    """Give the condition of rows by number, and by address where the name must be looked at, too."""
    by_number = table.c[entry.link].in_(who.ids)
    if not entry.address or not who.addresses or entry.table in ("people", "functions"):
        return by_number
    by_address: Any = func.lower(table.c[entry.address]).in_(who.addresses)
    if entry.table == "outgoing_mails":
        by_address = or_(by_address, table.c.registration_id.in_(guests))
    return or_(by_number, and_(table.c[entry.link].is_(None), by_address))


def _guests(who: Subject) -> set[int]:
    """Give the numbers of the registrations about somebody: mails about them are, too."""
    return {row["id"] for row in rows_of(registry.ENTRIES["registrations"], who)}


def _words(text: str) -> frozenset[str]:
    return frozenset(fold(text).split())
