"""The register as a report needs it: which Kommunen exist on a day, and to which area each belongs."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from crm.db import db
from crm.organisations.models import KOMMUNEN, Level, Membership, Organisation

OTHER, NONE = "andere", "ohne"


@dataclass(frozen=True)
class Body:
    """One Kommune and how long it exists."""

    id: int
    name: str
    level: Level
    sort_key: str
    valid_from: date | None
    valid_to: date | None

    def holds_on(self, day: date) -> bool:
        """Tell whether it exists on a day."""
        return (self.valid_from or date.min) <= day <= (self.valid_to or date.max)


@dataclass(frozen=True)
class Territory:
    """All Kommunen there ever were, and the counties each municipality has belonged to."""

    bodies: dict[int, Body]
    counties: dict[int, list[tuple[date, date, int]]]

    def is_kommune(self, number: int) -> bool:
        """Municipalities and counties of Hessen are Kommunen; nothing else is."""
        return number in self.bodies

    def area(self, number: int, day: date) -> str:
        """Say where an organisation is counted on a day: in its county, or by itself if it has none."""
        if not self.is_kommune(number):
            return OTHER
        for first, last, county in self.counties.get(number, ()):
            if first <= day <= last:
                return str(county)
        return str(number)

    def existing(self, day: date, area: str = "") -> frozenset[int]:
        """The Kommunen that exist on a day, of one area or of all."""
        found = (number for number, body in self.bodies.items() if body.holds_on(day))
        return frozenset(number for number in found if not area or self.area(number, day) == area)

    def bases(self, day: date) -> dict[str, frozenset[int]]:
        """The existing Kommunen of every area on a day."""
        found: dict[str, set[int]] = defaultdict(set)
        for number in self.existing(day):
            found[self.area(number, day)].add(number)
        return {area: frozenset(numbers) for area, numbers in found.items()}

    def named(self, numbers: frozenset[int]) -> list[Body]:
        """Give bodies in the order of their names."""
        return sorted((self.bodies[number] for number in numbers), key=lambda body: (body.sort_key, body.id))


def load() -> Territory:
    """Read the register: two statements."""
    columns = (Organisation.id, Organisation.name, Organisation.level, Organisation.sort_key)
    life = (Organisation.valid_from, Organisation.valid_to)
    bodies = db.session.execute(select(*columns, *life).where(Organisation.level.in_(KOMMUNEN)))
    return Territory({row.id: Body(*row) for row in bodies}, _counties())


def _counties() -> dict[int, list[tuple[date, date, int]]]:
    rows = db.session.execute(
        select(Membership.organisation_id, Membership.valid_from, Membership.valid_to, Membership.parent_id)
        .join(Organisation, Organisation.id == Membership.parent_id)
        .where(Organisation.level == Level.COUNTY)
    )
    found: dict[int, list[tuple[date, date, int]]] = defaultdict(list)
    for number, first, last, county in rows:
        found[number].append((first or date.min, last or date.max, county))
    return dict(found)
