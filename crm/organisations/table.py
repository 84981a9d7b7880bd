"""Columns of the list of Kommunen: which there are, and what other areas know about those of a page."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select

from crm.calendars import coming
from crm.calendars.coming import Coming
from crm.columns import Chosen, Column
from crm.consultations import promises
from crm.consultations import queries as consultations
from crm.cooperations import of_place
from crm.db import today, values_of

COLUMNS = (
    Column("name", _l("Name"), sort=True, fixed=True),
    Column("kind", _l("Kind"), sort=True),
    Column("county", _l("Lies in"), sort=True),
    Column("population", _l("Inhabitants"), sort=True, number=True),
    Column("last", _l("Last talk"), sort=True),
    Column("key", _l("Key"), sort=True),
    Column("days", _l("Days since the last talk"), sort=True, number=True, shown=False),
    Column("follow-ups", _l("Open follow-ups"), sort=True, number=True, shown=False),
    Column("next", _l("Next date"), sort=True, shown=False),
    Column("groups", _l("Running cooperations"), sort=True, number=True, shown=False),
)
# What only those see who read more than the register.
OF_CONTENT = ("last", "days", "follow-ups", "next", "groups")


@dataclass
class Computed:
    """What other areas know about some Kommunen, by number."""

    last: dict[int, date] = field(default_factory=dict)
    follow_ups: dict[int, int] = field(default_factory=dict)
    coming: dict[int, Coming] = field(default_factory=dict)
    groups: dict[int, int] = field(default_factory=dict)

    def days(self, number: int) -> int | None:
        """Days since the last talk."""
        last = self.last.get(number)
        return (today() - last).days if last else None


def columns_for(reads_content: bool) -> tuple[Column, ...]:
    """Give the columns somebody may see."""
    return tuple(one for one in COLUMNS if reads_content or one.key not in OF_CONTENT)


def computed(user: Any, columns: Chosen, numbers: list[int]) -> Computed:
    """Compute what the chosen columns need for some Kommunen, each in one statement."""
    found = Computed()
    if "last" in columns or "days" in columns:
        found.last = values_of(consultations.last_held_on(user), numbers)
    if "follow-ups" in columns:
        found.follow_ups = values_of(promises.open_by_place(user), numbers)
    if "next" in columns:
        found.coming = coming.next_of_places(user, numbers)
    if "groups" in columns:
        found.groups = values_of(of_place.running_by_place(user), numbers)
    return found


def known_by(user: Any, key: str) -> Select[Any] | None:
    """Select (number, value) of a column that another area knows, to order by."""
    if key in ("last", "days"):
        return consultations.last_held_on(user)
    if key == "follow-ups":
        return promises.open_by_place(user)
    if key == "next":
        return coming.next_by_place(user)
    return of_place.running_by_place(user) if key == "groups" else None
