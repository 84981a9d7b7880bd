"""Places in short, with all that decides how they are called and who supervises them on a day.

One statement, and no records made of its rows: twenty places with names, keys and memberships are a hundred.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import aliased

from crm.dates import Dated
from crm.db import db
from crm.organisations.models import (
    Designation,
    Kind,
    Level,
    Membership,
    Organisation,
    OrganisationKey,
    PopulationFigure,
)


@dataclass(eq=False)
class Name(Dated):
    """What a place is called and of which kind it is, for a time."""

    name: str
    kind: Kind
    valid_from: date | None
    valid_to: date | None


@dataclass(eq=False)
class Key(Dated):
    """The official key of a place for a time."""

    key: str
    valid_from: date | None
    valid_to: date | None


@dataclass(eq=False)
class Place(Dated):
    """A place; `population` is as counted last before the day that was asked for, else as counted first."""

    id: int
    level: Level
    name: str
    sort_key: str
    valid_from: date | None
    valid_to: date | None
    population: int | None = None
    designations: list[Name] = field(default_factory=list)
    keys: list[Key] = field(default_factory=list)
    memberships: list["Inside"] = field(default_factory=list)


@dataclass(eq=False)
class Inside(Dated):
    """A place lies in another for a time."""

    parent: Place
    valid_from: date | None
    valid_to: date | None


def places(ids: Iterable[int], day: date) -> dict[int, Place]:
    """Give places by number, in the order of their names."""
    wanted = list(ids)
    found: dict[int, Place] = {}
    above: dict[int, Place] = {}
    seen: set[tuple[int, int]] = set()
    for row in db.session.execute(_PLACES, {"ids": wanted, "day": day}) if wanted else ():
        place = found.get(row[0]) or found.setdefault(row[0], Place(*row[:7]))
        _take(seen, place.designations, Name, row[7:12])
        _take(seen, place.keys, Key, row[12:16])
        county = _lies_in(seen, above, place, row[16:22])
        if county:
            _lies_in(seen, above, county, row[22:28])
    return found


def _take(seen: set[tuple[int, int]], rows: list[Any], kind: Any, values: Any) -> None:
    """Add what a row says to a list of a place, unless an earlier row of the join said it."""
    number, *rest = values
    if number is not None and (id(rows), number) not in seen:
        seen.add((id(rows), number))
        rows.append(kind(*rest))


def _lies_in(seen: set[tuple[int, int]], above: dict[int, Place], place: Place, values: Any) -> Place | None:
    """Say what a place lies in by a row, and note it once."""
    number, first, last, parent_id, level, name = values
    if number is None:
        return None
    parent = above.setdefault(parent_id, Place(parent_id, level, name, "", None, None))
    _take(seen, place.memberships, Inside, (number, parent, first, last))
    return parent


def _population() -> Any:
    counted = select(PopulationFigure.population).where(
        PopulationFigure.organisation_id == Organisation.id, PopulationFigure.population.is_not(None)
    )
    before = counted.where(PopulationFigure.counted_on <= bindparam("day"))
    last = before.order_by(PopulationFigure.counted_on.desc()).limit(1).scalar_subquery()
    return func.coalesce(last, counted.order_by(PopulationFigure.counted_on).limit(1).scalar_subquery())


def _query() -> Any:
    name, key, inside, again = Designation, OrganisationKey, Membership, aliased(Membership)
    county, region = aliased(Organisation), aliased(Organisation)
    columns = (
        Organisation.id, Organisation.level, Organisation.name, Organisation.sort_key,
        Organisation.valid_from, Organisation.valid_to, _population(),
        name.id, name.name, name.kind, name.valid_from, name.valid_to,
        key.id, key.key, key.valid_from, key.valid_to,
        inside.id, inside.valid_from, inside.valid_to, county.id, county.level, county.name,
        again.id, again.valid_from, again.valid_to, region.id, region.level, region.name,
    )  # fmt: skip
    query = select(*columns).select_from(Organisation).outerjoin(Organisation.designations)
    query = query.outerjoin(Organisation.keys).outerjoin(Organisation.memberships)
    query = query.outerjoin(county, county.id == inside.parent_id)
    query = query.outerjoin(again, again.organisation_id == county.id)
    query = query.outerjoin(region, region.id == again.parent_id)
    query = query.where(Organisation.id.in_(bindparam("ids", expanding=True)))
    dated = (one.valid_from.nulls_first() for one in (name, key, inside, again))
    return query.order_by(Organisation.sort_key, Organisation.id, *dated)


# Made once: to put it together took longer than to answer it.
_PLACES = _query()
