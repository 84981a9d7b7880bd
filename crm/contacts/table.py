"""Columns of the list of people: which there are, and what is computed for those of a page."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select

from crm.columns import Column
from crm.consultations import queries as consultations
from crm.contacts.models import Function, Person
from crm.db import values_of
from crm.follow_ups import queries as follow_ups
from crm.follow_ups.models import FollowUp

COLUMNS = (
    Column("name", _l("Name"), sort=True, fixed=True),
    Column("function", _l("Function")),
    Column("phone", _l("Phone")),
    Column("mail", _l("E-mail")),
    Column("last", _l("Last talk"), sort=True, shown=False),
    Column("follow-ups", _l("Open follow-ups"), sort=True, number=True, shown=False),
    Column("ends", _l("Term ends on"), sort=True, shown=False),
    Column("basis", _l("Mailings"), sort=True, shown=False),
)
SORTABLE = tuple(one.key for one in COLUMNS if one.sort)


@dataclass
class Computed:
    """What other areas know about some people, by number."""

    last: dict[int, date] = field(default_factory=dict)
    follow_ups: dict[int, int] = field(default_factory=dict)


def computed(user: Any, wanted: Sequence[str], numbers: list[int]) -> Computed:
    """Compute what the columns in `wanted` need for some people, each in one statement."""
    found = Computed()
    for key in ("last", "follow-ups"):
        known = known_by(user, key) if key in wanted else None
        if known is not None:
            setattr(found, key.replace("-", "_"), values_of(known, numbers))
    return found


def known_by(user: Any, key: str) -> Select[Any] | None:
    """Select (number, value) of a column that another area knows, to order by."""
    if key == "last":
        return consultations.last_held_with_person(user)
    return follow_ups.open_by(user, FollowUp.person_id) if key == "follow-ups" else None


def current(person: Person) -> list[Function]:
    """The functions somebody holds today."""
    return [one for one in person.functions if one.is_current]


def ends_on(person: Person) -> date | None:
    """The day the first of the present terms ends, where one is known."""
    return min((one.valid_to for one in current(person) if one.valid_to), default=None)


def reached(person: Person, by: str) -> list[str]:
    """Numbers or addresses of somebody: those of the functions first, then the own one."""
    found = [*(getattr(one, by) for one in current(person)), getattr(person, by)]
    return list(dict.fromkeys(one for one in found if one))
