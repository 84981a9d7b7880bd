"""The list of Kommunen: filters, order, and what a line shows."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, case, exists, literal, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from crm.db import db, today
from crm.organisations.finding import search
from crm.organisations.models import (
    KOMMUNEN,
    Designation,
    Kind,
    Level,
    Membership,
    Organisation,
    OrganisationKey,
    PopulationFigure,
)
from crm.organisations.queries import designation_on, existing_on, key_on, lying_in, parent_on
from crm.organisations.sizes import SizeClass

FOR_LINES = (
    joinedload(Organisation.designations),
    joinedload(Organisation.keys),
    selectinload(Organisation.figures),
    selectinload(Organisation.memberships).joinedload(Membership.parent),
)


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to and ordered by; None and empty mean: all, and by name or best match."""

    text: str = ""
    kind: Kind | None = None
    county_id: int | None = None
    region_id: int | None = None
    size: SizeClass | None = None
    talk_since: date | None = None
    talk_before: date | None = None
    without_talk: bool = False
    sort: str = ""
    descending: bool = False

    @property
    def needs_talks(self) -> bool:
        """Tell whether days of talks decide about the list."""
        return bool(self.talk_since or self.talk_before or self.without_talk or self.sort == "last")


@dataclass(frozen=True)
class Line:
    """One line of the list: a body as it is today, or as it was at its end."""

    place: Organisation
    kind: Kind
    parent: Organisation | None
    key: str
    figure: PopulationFigure | None


def line(place: Organisation) -> Line:
    """Shape a body loaded with FOR_LINES."""
    day = today()
    figure = place.figures[0] if place.figures else None
    kind, key = designation_on(place, day).kind, key_on(place, day).key
    return Line(place, kind, parent_on(place, day), key, figure)


def listing(filters: Filters, last: Any = None) -> Select[Any]:
    """Select the Kommunen of a list; with words also dissolved ones, the best match first.

    `last` is a selection of (organisation_id, day) of the last talks the reader may see.
    """
    query, order = _base(filters.text)
    days = last.subquery() if last is not None and filters.needs_talks else None
    if days is not None:
        query = query.outerjoin(days, days.c.organisation_id == Organisation.id)
        query = query.where(*_talked(filters, days.c.day))
    for condition in _conditions(filters):
        query = query.where(condition)
    wanted = _sorted_by(filters, days)
    if wanted is not None:
        order = [wanted.is_(None), wanted.desc() if filters.descending else wanted, Organisation.sort_key]
    return query.order_by(None).order_by(*order, Organisation.id)


def _base(text: str) -> tuple[Select[Any], list[Any]]:
    if not text:
        return existing_on(today()), [Organisation.sort_key]
    ids = [hit.organisation.id for hit in search(text, limit=None)]
    query = select(Organisation).where(Organisation.level.in_(KOMMUNEN), Organisation.id.in_(ids))
    return query, [
        case({number: place for place, number in enumerate(ids)}, value=Organisation.id)
    ] if ids else []


def _day() -> Any:
    """The day a body is looked at: today, or its last one."""
    return case((Organisation.valid_to < today(), Organisation.valid_to), else_=literal(today()))


def _conditions(filters: Filters) -> list[Any]:
    found: list[Any] = []
    if filters.kind is not None:
        named = (Designation.organisation_id == Organisation.id) & Designation.on(_day())
        found.append(exists().where(named, Designation.kind == filters.kind))
    if filters.county_id:
        found.append(_inside(Membership.parent_id == filters.county_id))
    if filters.region_id:
        upper = aliased(Membership)
        counties = select(upper.organisation_id).where(upper.parent_id == filters.region_id)
        found.append(
            _inside(or_(Membership.parent_id == filters.region_id, Membership.parent_id.in_(counties)))
        )
    if filters.size is not None:
        found += [Organisation.level == Level.MUNICIPALITY, _population().between(*filters.size.bounds)]
    return found


def _inside(condition: Any) -> Any:
    inside = (Membership.organisation_id == Organisation.id) & Membership.on(_day())
    return exists().where(inside, condition).correlate(Organisation)


def _talked(filters: Filters, day: Any) -> list[Any]:
    found = []
    if filters.talk_since:
        found.append(day >= filters.talk_since)
    if filters.talk_before:
        found.append(day < filters.talk_before)
    if filters.without_talk:
        found.append(day.is_(None))
    return found


def _population() -> Any:
    newest = select(PopulationFigure.population).where(PopulationFigure.organisation_id == Organisation.id)
    return (
        newest.order_by(PopulationFigure.counted_on.desc()).limit(1).correlate(Organisation).scalar_subquery()
    )


def _sorted_by(filters: Filters, days: Any) -> Any:
    """The expression of a column; None keeps the order there is: by name or by the best match."""
    if filters.sort == "name":
        return Organisation.sort_key
    if filters.sort == "population":
        return _population()
    if filters.sort == "last" and days is not None:
        return days.c.day
    if filters.sort == "key":
        return _one(OrganisationKey, OrganisationKey.key)
    if filters.sort == "kind":
        return _one(Designation, Designation.kind)
    if filters.sort == "county":
        parent = aliased(Organisation)
        query = select(parent.sort_key).join(Membership, Membership.parent_id == parent.id)
        query = query.where(Membership.organisation_id == Organisation.id, Membership.on(_day()))
        return query.limit(1).correlate(Organisation).scalar_subquery()
    return None


def _one(model: Any, column: Any) -> Any:
    query = select(column).where(model.organisation_id == Organisation.id, model.on(_day()))
    return query.limit(1).correlate(Organisation).scalar_subquery()


def last_days(last: Any, ids: list[int]) -> dict[int, date]:
    """Days of the last talks of some bodies."""
    days = last.subquery()
    query = select(days.c.organisation_id, days.c.day).where(days.c.organisation_id.in_(ids))
    return {row.organisation_id: row.day for row in db.session.execute(query)} if ids else {}


def member_lines(parent: Organisation, day: date) -> list[Line]:
    """The bodies of a county or region on a day, by name."""
    found = db.session.scalars(lying_in(parent, day).options(*FOR_LINES)).unique()
    return [line(place) for place in found]


@dataclass(frozen=True)
class Stretch:
    """Something that held for a time, in words."""

    what: str
    text: str
    valid_from: date | None
    valid_to: date | None


def stretches(place: Organisation) -> list[Stretch]:
    """Names, keys and belonging of a body over time, the oldest first in each."""
    found = [
        Stretch(_("Name"), f"{one.official_name} ({one.kind.label})", one.valid_from, one.valid_to)
        for one in place.designations
    ]
    found += [Stretch(_("Key"), one.key, one.valid_from, one.valid_to) for one in place.keys]
    found += [
        Stretch(_("Lies in"), one.parent.name, one.valid_from, one.valid_to) for one in place.memberships
    ]
    return found


def date_of_figures(lines: list[Line]) -> date | None:
    """The newest day on which people were counted, of some lines."""
    return max((one.figure.counted_on for one in lines if one.figure), default=None)
