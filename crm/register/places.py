"""The register as plain values, quick to compare: names, keys, county and figures of bodies over time."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select

from crm.db import db
from crm.organisations.describing import Called
from crm.organisations.models import (
    Designation,
    Kind,
    Level,
    Membership,
    Organisation,
    OrganisationKey,
    PopulationFigure,
    Succession,
)
from crm.organisations.queries import dated
from crm.register.timeline import Stretch, on

LEVELS = (Level.MUNICIPALITY, Level.COUNTY, Level.REGION, Level.AREA, Level.ELSEWHERE)
Figure = tuple[int | None, float | None]


@dataclass(eq=False, slots=True)
class Place:
    """A body of the register; `touched` names what a file changed about it."""

    id: int | None
    level: Level
    valid_from: date | None = None
    valid_to: date | None = None
    postcode: str | None = None
    names: list[Stretch[Called]] = field(default_factory=list)
    keys: list[Stretch[str]] = field(default_factory=list)
    parents: list[Stretch["Place"]] = field(default_factory=list)
    figures: dict[date, Figure] = field(default_factory=dict)
    heirs: list["Place"] = field(default_factory=list)
    predecessors: list["Place"] = field(default_factory=list)
    touched: set[str] = field(default_factory=set)

    def exists_on(self, day: date) -> bool:
        """Tell whether the body existed on a day."""
        return (self.valid_from or date.min) <= day <= (self.valid_to or date.max)

    def begin_on(self, day: date | None) -> None:
        """Let the body and what first held of it begin on a day."""
        self.valid_from = day
        self.names[:1] = [Stretch(day, one.valid_to, one.value) for one in self.names[:1]]
        self.keys[:1] = [Stretch(day, one.valid_to, one.value) for one in self.keys[:1]]
        self.parents[:1] = [Stretch(day, one.valid_to, one.value) for one in self.parents[:1]]

    def called_on(self, day: date) -> Called | None:
        """Name and kind on a day, else the newest."""
        found = on(self.names, day) or (self.names[-1] if self.names else None)
        return found.value if found else None

    def key_on(self, day: date) -> str:
        """The key on a day, else the newest."""
        found = on(self.keys, day) or (self.keys[-1] if self.keys else None)
        return found.value if found else ""

    @property
    def state(self) -> str:
        """Key of the Land it lies in."""
        return self.keys[-1].value[:2] if self.keys else ""

    @property
    def is_municipality(self) -> bool:
        """Tell a town or municipality from counties, regions and uninhabited areas."""
        if self.level is Level.MUNICIPALITY:
            return True
        return self.level is Level.ELSEWHERE and self.names[-1].value.kind is not Kind.COUNTY


def load() -> list[Place]:
    """Read all bodies with an official key."""
    columns = (Organisation.id, Organisation.level, Organisation.valid_from, Organisation.valid_to)
    query = select(*columns, Organisation.postcode).where(Organisation.level.in_(LEVELS))
    places = {row.id: Place(*row) for row in db.session.execute(query.order_by(Organisation.id))}
    for number, begin, end, name, official, kind in dated(
        Designation, Designation.name, Designation.official_name, Designation.kind
    ):
        if number in places:
            places[number].names.append(Stretch(begin, end, Called(name, official, kind)))
    for number, begin, end, key in dated(OrganisationKey, OrganisationKey.key):
        if number in places:
            places[number].keys.append(Stretch(begin, end, key))
    for number, begin, end, parent in dated(Membership, Membership.parent_id):
        if number in places and parent in places:
            places[number].parents.append(Stretch(begin, end, places[parent]))
    _add_figures(places)
    _add_successions(places)
    return list(places.values())


def _add_figures(places: dict[int, Place]) -> None:
    columns = (PopulationFigure.counted_on, PopulationFigure.population, PopulationFigure.area_km2)
    for number, counted_on, population, area in db.session.execute(
        select(PopulationFigure.organisation_id, *columns)
    ):
        if number in places:
            places[number].figures[counted_on] = (population, area)


def _add_successions(places: dict[int, Place]) -> None:
    query = select(Succession.predecessor_id, Succession.successor_id).order_by(Succession.id)
    for old, new in db.session.execute(query):
        if old in places and new in places:
            places[old].heirs.append(places[new])
            places[new].predecessors.append(places[old])


def by_key(places: list[Place]) -> dict[str, list[tuple[Stretch[str], Place]]]:
    """All bodies that ever bore a key."""
    found: dict[str, list[tuple[Stretch[str], Place]]] = defaultdict(list)
    for place in places:
        for stretch in place.keys:
            found[stretch.value].append((stretch, place))
    return found
