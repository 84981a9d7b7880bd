"""Questions about bodies that are no Kommunen: which there are, who belongs to them on a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, case, exists, func, literal, or_, select
from sqlalchemy.orm import joinedload

from crm.bodies.models import BodyMember
from crm.bodies.supervision import Member
from crm.db import db, today
from crm.organisations import queries as organisations
from crm.organisations.finding import search
from crm.organisations.models import Designation, Kind, Level, Organisation
from crm.organisations.short import Place, places

FOR_LINES = (joinedload(Organisation.designations),)


@dataclass(frozen=True)
class Filters:
    """What the list of bodies is narrowed to and ordered by; None and empty mean: all, and by name."""

    text: str = ""
    kind: Kind | None = None
    ended: bool = False
    sort: str = ""
    descending: bool = False


def one(body_id: int) -> Organisation | None:
    """Load a body with its names."""
    query = select(Organisation).where(Organisation.id == body_id, Organisation.level == Level.BODY)
    return db.session.scalars(query.options(*FOR_LINES)).unique().one_or_none()


def listing(filters: Filters) -> Select[Any]:
    """Select bodies: those of today, with words or on demand the ended ones, too; the best match first."""
    query = select(Organisation).where(Organisation.level == Level.BODY)
    order: list[Any] = [Organisation.sort_key]
    if filters.text:
        ids = [hit.organisation.id for hit in search(filters.text, limit=None, levels=(Level.BODY,))]
        query = query.where(Organisation.id.in_(ids))
        if ids:
            places: dict[Any, int] = {number: place for place, number in enumerate(ids)}
            order = [case(places, value=Organisation.id)]
    elif not filters.ended:
        query = query.where(Organisation.on(today()))
    if filters.kind is not None:
        query = query.where(_kind() == filters.kind)
    columns = {"name": Organisation.sort_key, "kind": _kind(), "members": _size()}
    column = columns.get(filters.sort)
    if column is not None:
        order = [column.desc() if filters.descending else column, Organisation.sort_key]
    return query.order_by(*order, Organisation.id)


def _day() -> Any:
    """The day a body is looked at: today, or its last one."""
    return case((Organisation.valid_to < today(), Organisation.valid_to), else_=literal(today()))


def _kind() -> Any:
    query = select(Designation.kind).where(Designation.organisation_id == Organisation.id)
    newest = query.where(Designation.on(_day())).order_by(Designation.valid_from.desc()).limit(1)
    return newest.correlate(Organisation).scalar_subquery()


def _size() -> Any:
    query = select(func.count(BodyMember.id)).where(BodyMember.body_id == Organisation.id)
    return query.where(BodyMember.on(today())).correlate(Organisation).scalar_subquery()


def sizes(ids: list[int], day: date) -> dict[int, int]:
    """How many members bodies have on a day."""
    query = (
        select(BodyMember.body_id, func.count(BodyMember.id))
        .join(BodyMember.organisation)
        .where(BodyMember.body_id.in_(ids), BodyMember.on(day), Organisation.on(day))
        .group_by(BodyMember.body_id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)} if ids else {}


def members_on(body_id: int, day: date) -> list[BodyMember]:
    """Memberships in a body on a day, by name of the member; `.organisation` is loaded."""
    return [row for row in members_ever(body_id) if row.counts_on(day) and row.body.holds_on(day)]


def members_ever(body_id: int) -> list[BodyMember]:
    """All memberships in a body, by name of the member and then the oldest first."""
    query = (
        select(BodyMember)
        .join(BodyMember.organisation)
        .where(BodyMember.body_id == body_id)
        .options(joinedload(BodyMember.body), joinedload(BodyMember.organisation))
        .order_by(Organisation.sort_key, Organisation.id, BodyMember.valid_from.nulls_first(), BodyMember.id)
    )
    return list(db.session.scalars(query))


def bodies_of(organisation_id: int, day: date) -> list[BodyMember]:
    """Memberships of an organisation on a day, by name of the body; `.body` and its names are loaded."""
    query = (
        select(BodyMember)
        .join(BodyMember.body)
        .where(BodyMember.organisation_id == organisation_id, BodyMember.on(day), Organisation.on(day))
        .options(joinedload(BodyMember.body).joinedload(Organisation.designations))
        .order_by(Organisation.sort_key, Organisation.id, BodyMember.id)
    )
    return list(db.session.scalars(query).unique())


def member_ids(body_id: int, day: date) -> Select[Any]:
    """Select the numbers of the members of a body on a day, for narrowing a list."""
    return select(BodyMember.organisation_id).where(BodyMember.body_id == body_id, BodyMember.on(day))


def member(body_id: int, member_id: int) -> BodyMember | None:
    """Load one membership of a body."""
    query = select(BodyMember).where(BodyMember.id == member_id, BodyMember.body_id == body_id)
    return db.session.scalar(query.options(joinedload(BodyMember.organisation)))


def overlapping(
    body_id: int, ids: Iterable[int], first: date | None, last: date | None, but: int | None = None
) -> list[BodyMember]:
    """Memberships of these organisations in a body that share a day with a stretch of time."""
    query = select(BodyMember).where(
        BodyMember.body_id == body_id,
        BodyMember.organisation_id.in_(list(ids)),
        BodyMember.id != (but or 0),
        or_(BodyMember.valid_to.is_(None), BodyMember.valid_to >= (first or date.min)),
        or_(BodyMember.valid_from.is_(None), BodyMember.valid_from <= (last or date.max)),
    )
    return list(
        db.session.scalars(query.options(joinedload(BodyMember.organisation)).order_by(BodyMember.id))
    )


def of_kind(kind: Kind, day: date) -> list[Organisation]:
    """Bodies of a kind that exist on a day, by name."""
    called = exists().where(
        Designation.organisation_id == Organisation.id, Designation.on(day), Designation.kind == kind
    )
    query = select(Organisation).where(Organisation.level == Level.BODY, Organisation.on(day), called)
    return list(db.session.scalars(query.order_by(Organisation.sort_key, Organisation.id)))


def to_judge(ids: Iterable[int], day: date) -> list[Member]:
    """Organisations as the rule of supervision sees them on a day, by name."""
    return as_members(places(ids, day).values(), day)


def as_members(found: Iterable[Place], day: date) -> list[Member]:
    """Places asked for on a day as the rule of supervision sees them, by name."""
    return [_as_member(one, day) for one in sorted(found, key=lambda one: (one.sort_key, one.id))]


def _as_member(place: Place, day: date) -> Member:
    county, region = organisations.county_on(place, day), organisations.region_on(place, day)
    named, key = organisations.designation_on(place, day), organisations.key_on(place, day)
    return Member(
        named.name,
        named.kind,
        county.name if county else "",
        region.name if region else "",
        place.population,
        place.level is not Level.ELSEWHERE,
        key.key if key else "",
    )
