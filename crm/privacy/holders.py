"""Who else has a mail address or a phone: what a town hall shares is no mark of one person."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from sqlalchemy import Text, cast, func, literal, null, or_, select, union_all

from crm.contacts.models import Function, Person
from crm.db import db
from crm.organisations.models import Organisation
from crm.privacy.models import Case, SealedValue
from crm.privacy.needles import digits_in, digits_of
from crm.registrations.models import Registration

# What is in the trash comes back, and what is sealed, too.
_ALL = {"include_removed": True}
_OWNED = ((Person, Person.id), (Function, Function.person_id))


def sealed_of(ids: Collection[int]) -> list[tuple[str, dict[str, Any]]]:
    """Give what is sealed with the cases of some people, as (table, values)."""
    query = select(SealedValue.table_name, SealedValue.sealed).join(Case, Case.id == SealedValue.case_id)
    rows = db.session.execute(query.where(Case.person_id.in_(ids)).order_by(SealedValue.id))
    return [(table, values) for table, values in rows]


def others_addresses(
    ids: Collection[int], addresses: Collection[str], is_own: Callable[[Mapping[str, Any]], bool]
) -> set[str]:
    """Give those of some mail addresses that another contact, guest or body has; `is_own` knows a guest."""
    if not addresses:
        return set()
    nobody, number = (null().label("first_name"), null().label("last_name")), "person_id"
    held: list[Any] = [
        select(model.email, *nobody, column.label(number)).where(column.not_in(ids))
        for model, column in _OWNED
    ]
    # A body has a number of its own kind: it is somebody else in any case.
    held.append(select(Organisation.email, *nobody, literal(0).label(number)))
    guest = Registration.first_name, Registration.last_name, Registration.person_id
    held.append(select(Registration.email, *guest))
    parts = (one.where(func.lower(one.selected_columns[0]).in_(addresses)) for one in held)
    rows = db.session.execute(union_all(*parts).execution_options(**_ALL)).mappings()
    found = {
        row["email"].lower()
        for row in rows
        if row[number] not in ids and (row[number] is not None or not is_own(dict(row)))
    }
    for values in _sealed_of_others(ids, ["email", "recipient"]):
        found |= {str(values.get(one, "")).lower() for one in ("email", "recipient")} & {*addresses}
    return found


def others_phones(ids: Collection[int], phones: Collection[str]) -> set[str]:
    """Give those of some phone numbers, as digits, that another contact, a guest or a body has."""
    if not phones:
        return set()
    columns = [(model.phone, owner.not_in(ids)) for model, owner in _OWNED]
    columns.append((Organisation.phone, Organisation.id.is_not(None)))
    columns.append((Registration.phone, Registration.person_id.not_in(ids)))
    parts = [
        select(column).where(other, or_(*(digits_in(column).contains(one.lstrip("0")) for one in phones)))
        for column, other in columns
    ]
    found = {digits_of(one or "") for one in db.session.scalars(union_all(*parts).execution_options(**_ALL))}
    found |= {digits_of(str(one.get("phone") or "")) for one in _sealed_of_others(ids, ["phone"])}
    return found & {*phones}


def _sealed_of_others(ids: Collection[int], fields: Collection[str]) -> list[dict[str, Any]]:
    """Give what is sealed of other people where some fields are among it."""
    text = cast(SealedValue.sealed, Text)
    query = select(SealedValue.sealed).join(Case, Case.id == SealedValue.case_id)
    query = query.where(Case.person_id.not_in(ids), or_(*(text.contains(f'"{one}"') for one in fields)))
    return list(db.session.scalars(query))
