"""Questions about where a municipality lies: who is next to it, how far, and what a map of it shows."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Date, Float, Integer, and_, bindparam, func, or_, select, union_all

from crm.db import db
from crm.geography import locator
from crm.geography.models import Border, Boundary
from crm.geography.packing import middle
from crm.geography.whereabouts import kilometres, whereabouts
from crm.organisations import queries as organisations
from crm.organisations.models import Designation, Level, Membership, Organisation

NEAREST, FARTHEST_KM = 8, 30
# How far the nearest places and the shapes of a map are looked for, in degrees of latitude and longitude.
AROUND, DRAWN = (0.28, 0.44), (0.2, 0.31)
# A point that is near nothing.
NOWHERE = 999.0


@dataclass(frozen=True)
class Neighbour:
    """A municipality next to another: kilometres between the two, metres of common border."""

    id: int
    name: str
    km: float
    metres: int | None


@dataclass(frozen=True)
class Surroundings:
    """What the page of a body shows about where it lies; `by_border` tells how neighbours were found."""

    sentence: str
    neighbours: list[Neighbour]
    by_border: bool
    bounded: bool
    map: locator.Map | None
    attribution: str


@dataclass(frozen=True)
class State:
    """How many boundaries and borders are stored, when they came, and where from."""

    boundaries: int
    borders: int
    loaded_on: date | None
    attributions: list[str]


def surroundings(place: Organisation, day: date, members: list[Organisation]) -> Surroundings | None:
    """Give what the page of a body shows about where it lies; its members only for a county."""
    if place.level is Level.MUNICIPALITY:
        return around(place, day)
    return of_county(members) if place.level is Level.COUNTY else None


def around(place: Organisation, day: date) -> Surroundings | None:
    """Give what lies around a municipality on a day; None where nobody knows where it is."""
    rows = [(row, at) for row in _rows(place, day) if (at := _middle(row))]
    own, here = next(((row, at) for row, at in rows if row.id == place.id), (None, None))
    if own is None or here is None:
        return None
    towns = [(row, at) for row, at in rows if row.level is Level.MUNICIPALITY]
    others = [(row, kilometres(here, at)) for row, at in towns if row.id != place.id]
    touching = [Neighbour(row.id, row.name, km, row.metres) for row, km in others if row.metres is not None]
    near = sorted(touching, key=lambda one: -(one.metres or 0)) or _nearest(others)
    county = organisations.county_on(place, day)
    kinds = {row.id: "county" for row, _km in others if county is not None and row.parent_id == county.id}
    kinds |= {one.id: "near" for one in near} | {place.id: "self"}
    spots = [
        locator.Spot(row.id, row.name, kinds.get(row.id, "far"), at, row.shape or ())
        for row, at in rows
        if row.shape or not own.shape
    ]
    return Surroundings(
        whereabouts(own.name, county, here, day), near, bool(touching), bool(own.shape),
        locator.drawn(spots), own.attribution or "",
    )  # fmt: skip


def of_county(members: list[Organisation]) -> Surroundings | None:
    """Give a map of municipalities that lie in a county; None where nobody knows where they are."""
    query = select(Boundary).where(Boundary.organisation_id.in_([one.id for one in members]))
    found = {one.organisation_id: one for one in db.session.scalars(query)}
    shapes = {one.id: found[one.id].shape if one.id in found else () for one in members}
    spots = [
        locator.Spot(one.id, one.name, "near", at, shapes[one.id])
        for one in members
        if (at := _at(one.longitude, one.latitude, shapes[one.id]))
    ]
    sources = ", ".join(sorted({one.attribution for one in found.values()}))
    return Surroundings("", [], False, bool(found), locator.drawn(spots), sources) if spots else None


def state() -> State:
    """Count what is stored."""
    rows = db.session.execute(
        select(Boundary.attribution, func.count(), func.max(Boundary.loaded_on))
        .group_by(Boundary.attribution)
        .order_by(Boundary.attribution)
    ).all()
    borders = db.session.scalar(select(func.count()).select_from(Border)) or 0
    newest = max((row[2] for row in rows), default=None)
    return State(sum(row[1] for row in rows), borders, newest, [row[0] for row in rows])


def _rows(place: Organisation, day: date) -> list[Any]:
    """Load a municipality with everything around it on a day: one statement for list and map."""
    here = {"latitude": place.latitude, "longitude": place.longitude}
    if place.latitude is None or place.longitude is None:
        here = {"latitude": NOWHERE, "longitude": NOWHERE}
    found = db.session.execute(_statement(), {"place": place.id, "day": day, **here})
    return list({row.id: row for row in found}.values())


@cache
def _statement() -> Any:
    """Build the statement once per process; that costs as much as running it."""
    place, day, touching = bindparam("place", type_=Integer), bindparam("day", type_=Date), _touching()
    known = or_(touching.c.metres.is_not(None), Organisation.id == place)
    # The four uninhabited areas of Hessen are nobody's neighbours, but a map without them has holes.
    free = Organisation.level == Level.AREA
    seen = and_(Boundary.organisation_id == Organisation.id, or_(known, free, _within(DRAWN)))
    asked = or_(Organisation.id == place, and_(Organisation.on(day), or_(known, free, _within(AROUND))))
    name = func.coalesce(Designation.name, Organisation.name).label("name")
    where = (Organisation.latitude, Organisation.longitude, Boundary.shape, Boundary.attribution)
    query = select(Organisation.id, Organisation.level, name, Membership.parent_id, touching.c.metres, *where)
    for dated in (Designation, Membership):
        query = query.outerjoin(dated, and_(dated.organisation_id == Organisation.id, dated.on(day)))
    return (
        query.outerjoin(touching, touching.c.id == Organisation.id)
        .outerjoin(Boundary, seen)
        .where(Organisation.level.in_((Level.MUNICIPALITY, Level.AREA)), asked)
        .order_by(Organisation.sort_key, Organisation.id)
    )


def _touching() -> Any:
    """Bodies with a common border, whichever way round it is stored."""
    place = bindparam("place", type_=Integer)
    return union_all(
        select(Border.neighbour_id.label("id"), Border.metres).where(Border.organisation_id == place),
        select(Border.organisation_id.label("id"), Border.metres).where(Border.neighbour_id == place),
    ).subquery()


def _within(reach: tuple[float, float]) -> Any:
    """Whether a town hall lies so near the asked point."""
    north, east = reach
    return and_(
        func.abs(Organisation.latitude - bindparam("latitude", type_=Float)) <= north,
        func.abs(Organisation.longitude - bindparam("longitude", type_=Float)) <= east,
    )


def _middle(row: Any) -> locator.Point | None:
    return _at(row.longitude, row.latitude, row.shape)


def _at(longitude: float | None, latitude: float | None, shape: Any) -> locator.Point | None:
    """The place of the town hall, else the middle of the shape's frame."""
    if longitude is not None and latitude is not None:
        return longitude, latitude
    return middle(shape) if shape else None


def _nearest(others: list[tuple[Any, float]]) -> list[Neighbour]:
    """The nearest few, nearest first."""
    found = [Neighbour(row.id, row.name, km, None) for row, km in others if km <= FARTHEST_KM]
    return sorted(found, key=lambda one: one.km)[:NEAREST]
