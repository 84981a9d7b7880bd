"""The list of Kommunen: filters, order, and what a line shows."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, case, exists, literal, or_, select
from sqlalchemy.orm import aliased, joinedload, load_only, selectinload

from crm.db import db, today
from crm.labels import by_label
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
from crm.organisations.queries import (
    designation_on,
    existing_on,
    figure_on,
    key_on,
    lying_in,
    parent_on,
)
from crm.organisations.sizes import SizeClass

_SHOWN = (
    Organisation.level,
    Organisation.name,
    Organisation.sort_key,
    Organisation.valid_from,
    Organisation.valid_to,
    Organisation.latitude,
    Organisation.longitude,
)
# What lies in one body need not be asked where it lies.
FOR_MEMBERS = (
    load_only(*_SHOWN),
    joinedload(Organisation.designations),
    joinedload(Organisation.keys),
    selectinload(Organisation.figures),
)
FOR_LINES = (
    *FOR_MEMBERS,
    selectinload(Organisation.memberships)
    .joinedload(Membership.parent)
    .load_only(Organisation.name, Organisation.level),
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
    day: date | None = None
    sort: str = ""
    descending: bool = False

    @property
    def needs_talks(self) -> bool:
        """Tell whether days of talks decide about the list."""
        return bool(self.talk_since or self.talk_before or self.without_talk)


@dataclass(frozen=True)
class Line:
    """One line of the list: a body as it is on the asked day, or as it was at its end."""

    place: Organisation
    name: str
    kind: Kind
    parent: Organisation | None
    key: str
    figure: PopulationFigure | None


def line(place: Organisation, day: date | None = None, parent: Organisation | None = None) -> Line:
    """Shape a body as it was on a day (today if none is named): loaded with FOR_LINES, or a known member."""
    on = day or today()
    key, called = key_on(place, on), designation_on(place, on)
    name = called.name if day else place.name
    inside = parent or parent_on(place, on)
    return Line(place, name, called.kind, inside, key.key if key else "", figure_on(place, day))


def listing(filters: Filters, last: Any = None, inside: Any = None, known: Any = None) -> Select[Any]:
    """Select the Kommunen of a list; with words also dissolved ones, the best match first.

    `last` is a selection of (organisation_id, day) of the last talks the reader may see, `inside` one of the
    numbers the list is narrowed to, `known` one of (number, value) to order by.
    """
    query, order = _base(filters.text, filters.day)
    if inside is not None:
        query = query.where(Organisation.id.in_(inside))
    if last is not None and filters.needs_talks:
        days = last.subquery()
        query = query.outerjoin(days, days.c.organisation_id == Organisation.id)
        query = query.where(*_talked(filters, days.c.day))
    for condition in _conditions(filters):
        query = query.where(condition)
    wanted = _sorted_by(filters)
    if known is not None:
        number, wanted = known.subquery().c
        query = query.outerjoin(number.table, number == Organisation.id)
    if wanted is not None:
        order = [wanted.is_(None), wanted.desc() if filters.descending else wanted, Organisation.sort_key]
    return query.order_by(None).order_by(*order, Organisation.id)


def _base(text: str, day: date | None) -> tuple[Select[Any], list[Any]]:
    if not text:
        return existing_on(day or today()), [Organisation.sort_key]
    ids = [hit.organisation.id for hit in search(text, day, limit=None)]
    query = select(Organisation).where(Organisation.level.in_(KOMMUNEN), Organisation.id.in_(ids))
    return query, [
        case({number: place for place, number in enumerate(ids)}, value=Organisation.id)
    ] if ids else []


def _day(asked: date | None = None) -> Any:
    """The day a body is looked at: the asked one, else today, but never after its last one."""
    day = asked or today()
    return case((Organisation.valid_to < day, Organisation.valid_to), else_=literal(day))


def _conditions(filters: Filters) -> list[Any]:
    found: list[Any] = []
    if filters.kind is not None:
        named = (Designation.organisation_id == Organisation.id) & Designation.on(_day(filters.day))
        found.append(exists().where(named, Designation.kind == filters.kind))
    if filters.county_id:
        inside = _inside(Membership.parent_id == filters.county_id, filters.day)
        found.append(or_(Organisation.id == filters.county_id, inside))
    if filters.region_id:
        upper = aliased(Membership)
        on = filters.day or today()
        counties = select(upper.organisation_id).where(upper.parent_id == filters.region_id, upper.on(on))
        below = or_(Membership.parent_id == filters.region_id, Membership.parent_id.in_(counties))
        found.append(_inside(below, filters.day))
    if filters.size is not None:
        found += [
            Organisation.level == Level.MUNICIPALITY,
            _population(filters.day).between(*filters.size.bounds),
        ]
    return found


def _inside(condition: Any, day: date | None) -> Any:
    inside = (Membership.organisation_id == Organisation.id) & Membership.on(_day(day))
    return exists().where(inside, condition).correlate(Organisation)


def _talked(filters: Filters, day: Any) -> list[Any]:
    found = []
    if filters.talk_since:
        found.append(day >= filters.talk_since)
    if filters.talk_before:
        # Who was never talked with was not since then either.
        found.append(or_(day.is_(None), day < filters.talk_before))
    if filters.without_talk:
        found.append(day.is_(None))
    return found


def _population(day: date | None) -> Any:
    newest = select(PopulationFigure.population).where(PopulationFigure.organisation_id == Organisation.id)
    if day:
        newest = newest.where(PopulationFigure.counted_on <= day)
    return (
        newest.order_by(PopulationFigure.counted_on.desc()).limit(1).correlate(Organisation).scalar_subquery()
    )


def _sorted_by(filters: Filters) -> Any:
    """The expression of a column; None keeps the order there is: by name or by the best match."""
    if filters.sort == "name":
        return Organisation.sort_key
    if filters.sort == "population":
        return _population(filters.day)
    if filters.sort == "key":
        return _one(OrganisationKey, OrganisationKey.key, filters.day)
    if filters.sort == "kind":
        return by_label(_one(Designation, Designation.kind, filters.day), Kind)
    if filters.sort == "county":
        parent = aliased(Organisation)
        query = select(parent.sort_key).join(Membership, Membership.parent_id == parent.id)
        query = query.where(Membership.organisation_id == Organisation.id, Membership.on(_day(filters.day)))
        return query.limit(1).correlate(Organisation).scalar_subquery()
    return None


def _one(model: Any, column: Any, day: date | None) -> Any:
    query = select(column).where(model.organisation_id == Organisation.id, model.on(_day(day)))
    return query.limit(1).correlate(Organisation).scalar_subquery()


def last_days(last: Any, ids: list[int]) -> dict[int, date]:
    """Days of the last talks of some bodies."""
    query = last.where(last.selected_columns.organisation_id.in_(ids))
    return {row.organisation_id: row.day for row in db.session.execute(query)} if ids else {}


def member_lines(parent: Organisation, day: date, asked: date | None = None) -> list[Line]:
    """The bodies of a county or region on a day, by name; with `asked` as they were called then."""
    found = db.session.scalars(lying_in(parent, day).options(*FOR_MEMBERS)).unique()
    return [line(place, asked, parent) for place in found]


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
