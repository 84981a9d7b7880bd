"""Organisations and people in the words of the index."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from crm.contacts.finding import WHOLE, note
from crm.contacts.models import Person, unlimited
from crm.db import db, today
from crm.i18n import day as in_words
from crm.organisations.finding import initials_of
from crm.organisations.models import KOMMUNEN, Designation, Level, Organisation, OrganisationKey, Succession
from crm.search.making import FORMER_KEY, Made, said, turning
from crm.search.models import EntryKind

# Places outside Hessen stand behind all others, whatever they are called.
OUTSIDE = 4
_PLACE = (
    Organisation.id, Organisation.version, Organisation.level, Organisation.name, Organisation.note,
    Organisation.sort_key, Organisation.search_text, Organisation.postcode, Organisation.address,
    Organisation.phone, Organisation.email, Organisation.website, Organisation.valid_from,
    Organisation.valid_to,
)  # fmt: skip


def organisations(ids: Sequence[int]) -> list[Made]:
    """Describe Kommunen and other bodies."""
    named = _by_first(select(Designation.organisation_id, Designation.name, Designation.official_name), ids)
    keyed = _by_first(
        select(OrganisationKey.organisation_id, OrganisationKey.key, OrganisationKey.valid_to), ids
    )
    went_up = select(Succession.successor_id, Organisation.name).join(Succession.predecessor)
    before = _by_first(went_up, ids)
    query = select(*_PLACE).where(Organisation.id.in_(ids))
    return [
        _organisation(row, named[row.id], keyed[row.id], [one.name for one in before[row.id]])
        for row in db.session.execute(query)
    ]


def _by_first(query: Any, ids: Sequence[int]) -> dict[int, list[Any]]:
    """Rows by their first column, which is one of these numbers."""
    first = query.selected_columns[0]
    table = first.table
    found: dict[int, list[Any]] = defaultdict(list)
    for row in db.session.execute(query.where(first.in_(ids)).order_by(table.c.id)):
        found[row[0]].append(row)
    return found


def _organisation(row: Any, named: list[Any], keyed: list[Any], before: list[str]) -> Made:
    day = today()
    living = (row.valid_from or day) <= day <= (row.valid_to or day)
    current = [one.key for one in keyed if one.valid_to is None or not living]
    old = [FORMER_KEY + one.key for one in keyed if one.key not in current]
    ended = " · " + _("until %(day)s", day=in_words(row.valid_to)) if row.valid_to and not living else ""
    weight = 2 * (row.level not in KOMMUNEN) + (not living)
    return Made(
        EntryKind.ORGANISATION, row.id, row.version, row.name, row.note + ended,
        weight=weight + OUTSIDE * (row.level is Level.ELSEWHERE),
        names=[row.name, *initials_of([row.name, *(one.name for one in named)])],
        former=[one.name for one in named if one.name != row.name] + before,
        keys=[*current, *old, *([row.postcode] if row.postcode else [])], context=row.search_text,
        text=said(*(one.official_name for one in named), row.address, row.phone, row.email, row.website),
        sort_key=row.sort_key, renew_on=turning(day, [row.valid_from], [row.valid_to]),
    )  # fmt: skip


def people(ids: Sequence[int]) -> list[Made]:
    """Describe people with the functions they hold and held; whose data are only kept is not found."""
    query = select(Person).where(Person.id.in_(ids), unlimited()).options(*WHOLE)
    found = db.session.scalars(query.execution_options(populate_existing=True))
    return [_person(person) for person in found]


def _person(person: Person) -> Made:
    held = person.functions
    first, last = person.first_name or "", person.last_name
    details = [part for one in held for part in (one.called, one.organisation.name, one.email, one.phone)]
    return Made(
        EntryKind.PERSON, person.id, person.version, person.name, note(person),
        weight=int(not any(one.is_current for one in held)),
        names=[f"{first} {last}".strip(), f"{last} {first}".strip(), last],
        words=person.search_text, text=said(person.note, person.email, person.phone, *details),
        sort_key=person.sort_key,
        renew_on=turning(
            today(), (one.valid_from for one in held), (one.valid_to for one in held)
        ),
    )  # fmt: skip
