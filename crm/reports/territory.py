"""The register as a report needs it: which Kommunen exist on a day, and to which area each belongs."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sqlalchemy import select

from crm.db import db
from crm.organisations import heirs
from crm.organisations.models import KOMMUNEN, Level, Membership, Organisation, PopulationFigure
from crm.organisations.sizes import SizeClass
from crm.reports.scope import Scope

OTHER, NONE, COUNTIES = "andere", "ohne", "kreise"
Inside = dict[int, list[tuple[date, date, int]]]


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
    """All Kommunen there ever were, and the counties and regions each has belonged to."""

    bodies: dict[int, Body]
    counties: Inside
    regions: Inside

    def is_kommune(self, number: int) -> bool:
        """Municipalities and counties of Hessen are Kommunen; nothing else is."""
        return number in self.bodies

    def area(self, number: int, day: date) -> str:
        """Say where an organisation is counted on a day: in its county, or by itself if it has none."""
        always = self._always_in.get(number)
        if always is not None:
            return always
        if not self.is_kommune(number):
            return OTHER
        return str(_inside(self.counties, number, day) or number)

    @cached_property
    def _always_in(self) -> dict[int, str]:
        """The area of every Kommune that never changed it: nearly all of them, asked for a thousand times."""
        found = {}
        for number in self.bodies:
            rows = self.counties.get(number, [])
            if not rows:
                found[number] = str(number)
            elif len(rows) == 1 and rows[0][:2] == (date.min, date.max):
                found[number] = str(rows[0][2])
        return found

    def region(self, number: int, day: date) -> int | None:
        """The administrative region a Kommune lies in on a day."""
        return _inside(self.regions, _inside(self.counties, number, day) or number, day)

    @cached_property
    def area_names(self) -> dict[str, str]:
        """The names of all that can be an area, by name: counties, and towns while they lie in none."""
        return {str(one.id): one.name for one in self.named(self.bodies)}

    @cached_property
    def populations(self) -> dict[int, list[tuple[date, int]]]:
        """The inhabitants of every body as counted, the newest first: one statement, when first asked."""
        found: dict[int, list[tuple[date, int]]] = defaultdict(list)
        columns = (PopulationFigure.organisation_id, PopulationFigure.counted_on, PopulationFigure.population)
        for number, day, people in db.session.execute(
            select(*columns).order_by(PopulationFigure.counted_on.desc())
        ):
            if people is not None:
                found[number].append((day, people))
        return dict(found)

    @cached_property
    def heirs(self) -> heirs.Heirs:
        """What went up into what: one statement, when first asked."""
        return heirs.load()

    def people(self, number: int, day: date) -> int | None:
        """The inhabitants on a day: the newest count until then, else the oldest there is."""
        counts = self.populations.get(number, [])
        return next(
            (people for counted_on, people in counts if counted_on <= day), counts[-1][1] if counts else None
        )

    def size(self, number: int, day: date) -> str:
        """The size class of a Kommune on a day; counties have one of their own, unknown sizes NONE."""
        always = self._always_as_large.get(number)
        return always if always is not None else self._size(number, self.people(number, day))

    def _size(self, number: int, people: int | None) -> str:
        if not self.is_municipality(number):
            return COUNTIES
        if people is None:
            return NONE
        return next((one.value for one in SizeClass if one.holds(people)), NONE)

    @cached_property
    def _always_as_large(self) -> dict[int, str]:
        """The size class of every Kommune that no count put into another."""
        found = {}
        for number in self.bodies:
            counts = self.populations.get(number, [])
            sizes = {self._size(number, people) for _day, people in counts} or {self._size(number, None)}
            if len(sizes) == 1:
                found[number] = sizes.pop()
        return found

    def fits(self, number: int, day: date, scope: Scope) -> bool:
        """Tell whether an organisation lies where a report looks and is as large; a county has no size."""
        if scope.county_id is not None and self.area(number, day) != str(scope.county_id):
            return False
        if scope.region_id is not None and self.region(number, day) != scope.region_id:
            return False
        if scope.size is None:
            return True
        return self.size(number, day) == scope.size.value

    def is_municipality(self, number: int) -> bool:
        """Tell towns and municipalities from counties and other bodies."""
        return number in self.bodies and self.bodies[number].level is Level.MUNICIPALITY

    def base(self, scope: Scope, area: str = "") -> frozenset[int]:
        """The Kommunen a report looks at that exist on its cut-off day, of one area or of all."""
        found = self.existing(scope.cutoff, area)
        if not scope.narrows_places:
            return found
        return frozenset(number for number in found if self.fits(number, scope.cutoff, scope))

    def existing(self, day: date, area: str = "") -> frozenset[int]:
        """The Kommunen that exist on a day, of one area or of all."""
        found = (number for number, body in self.bodies.items() if body.holds_on(day))
        return frozenset(number for number in found if not area or self.area(number, day) == area)

    def bases(self, scope: Scope) -> dict[str, frozenset[int]]:
        """The Kommunen a report looks at, by area on its cut-off day."""
        found: dict[str, set[int]] = defaultdict(set)
        for number in self.base(scope):
            found[self.area(number, scope.cutoff)].add(number)
        return {area: frozenset(numbers) for area, numbers in found.items()}

    def named(self, numbers: Iterable[int]) -> list[Body]:
        """Give bodies in the order of their names."""
        return sorted((self.bodies[number] for number in numbers), key=lambda body: (body.sort_key, body.id))


def _inside(found: Inside, number: int, day: date) -> int | None:
    return next((parent for first, last, parent in found.get(number, ()) if first <= day <= last), None)


def load() -> Territory:
    """Read the register: two statements."""
    columns = (Organisation.id, Organisation.name, Organisation.level, Organisation.sort_key)
    life = (Organisation.valid_from, Organisation.valid_to)
    bodies = db.session.execute(select(*columns, *life).where(Organisation.level.in_(KOMMUNEN)))
    return Territory({row.id: Body(*row) for row in bodies}, *_parents())


def _parents() -> tuple[Inside, Inside]:
    columns = (Membership.organisation_id, Membership.valid_from, Membership.valid_to, Membership.parent_id)
    rows = db.session.execute(
        select(*columns, Organisation.level)
        .join(Organisation, Organisation.id == Membership.parent_id)
        .where(Organisation.level.in_((Level.COUNTY, Level.REGION)))
    )
    counties: Inside = defaultdict(list)
    regions: Inside = defaultdict(list)
    for one in rows:
        inside = counties if one.level is Level.COUNTY else regions
        life = (one.valid_from or date.min, one.valid_to or date.max)
        inside[one.organisation_id].append((*life, one.parent_id))
    return counties, regions
