"""Questions about the register: what was on a day, who belonged where, what went up into what."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload, selectinload

from crm.db import count, db, today
from crm.organisations.finding import chip_source, resolve, search, suggestions
from crm.organisations.models import (
    KOMMUNEN,
    Level,
    Membership,
    Organisation,
    PopulationFigure,
    Succession,
)
from crm.organisations.short import Place

WHOLE = (
    joinedload(Organisation.designations),
    joinedload(Organisation.keys),
    selectinload(Organisation.figures),
    joinedload(Organisation.memberships)
    .joinedload(Membership.parent)
    .selectinload(Organisation.memberships)
    .joinedload(Membership.parent),
)

__all__ = ["chip_source", "resolve", "search", "suggestions"]


def existing_on(day: date) -> Select[Any]:
    """Select the Kommunen (municipalities and counties) that exist on a day, by name."""
    query = select(Organisation).where(Organisation.level.in_(KOMMUNEN), Organisation.on(day))
    return query.order_by(Organisation.sort_key, Organisation.id)


def count_existing(day: date) -> int:
    """Count the Kommunen that exist on a day."""
    return count(existing_on(day))


def names_on_offer() -> list[str]:
    """Names of all Kommunen of today, for choosing while typing."""
    query = select(Organisation.name).where(Organisation.level.in_(KOMMUNEN), Organisation.on(today()))
    return list(db.session.scalars(query.order_by(Organisation.sort_key, Organisation.id)))


def one(organisation_id: int) -> Organisation | None:
    """Load a body with all that is dated about it, and what it lies in."""
    query = select(Organisation).where(Organisation.id == organisation_id).options(*WHOLE)
    return db.session.scalars(query).unique().one_or_none()


def named(organisation_id: int) -> Organisation | None:
    """Load a body with its names over time, and nothing else that is dated about it."""
    query = select(Organisation).where(Organisation.id == organisation_id)
    query = query.options(joinedload(Organisation.designations))
    return db.session.scalars(query).unique().one_or_none()


def counties() -> list[Any]:
    """Number and name of the counties that exist today, by name: what a filter offers."""
    query = select(Organisation.id, Organisation.name)
    query = query.where(Organisation.level == Level.COUNTY, Organisation.on(today()))
    return list(db.session.execute(query.order_by(Organisation.sort_key, Organisation.id)))


def regions(day: date | None = None) -> list[Organisation]:
    """Administrative regions that exist on a day (today if none is named), by name."""
    return [area for area in areas(day) if area.level is Level.REGION]


def areas(day: date | None = None) -> list[Organisation]:
    """Counties and administrative regions that exist on a day (today if none is named), by name."""
    levels = Organisation.level.in_((Level.COUNTY, Level.REGION))
    query = select(Organisation).where(levels, Organisation.on(day or today()))
    return list(db.session.scalars(query.order_by(Organisation.sort_key, Organisation.id)))


def designation_on(organisation: Organisation | Place, day: date) -> Any:
    """Name and kind on a day; of a day without any, the newest."""
    return _on(organisation.designations, day)


def name_on(organisation: Organisation | Place, day: date) -> str:
    """What a body was called on a day."""
    return designation_on(organisation, day).name


def key_on(organisation: Organisation | Place, day: date) -> Any:
    """The official key on a day; of a day without any, the newest; None for a body that never had one."""
    return _on(organisation.keys, day)


def figure_on(organisation: Organisation, day: date | None) -> PopulationFigure | None:
    """The newest inhabitants and area, of those counted until a day if one is named."""
    return next((one for one in organisation.figures if day is None or one.counted_on <= day), None)


def parent_on(organisation: Organisation | Place, day: date) -> Any:
    """The county or region a body lies in on a day; of a day without any, the newest."""
    inside = _on(organisation.memberships, day)
    return inside.parent if inside else None


def county_on(organisation: Organisation | Place, day: date) -> Any:
    """The county of a municipality on a day; None for a county-free city and for a county itself."""
    parent = parent_on(organisation, day)
    return parent if parent is not None and parent.level is Level.COUNTY else None


def region_on(organisation: Organisation | Place, day: date) -> Any:
    """The administrative region of a body on a day."""
    parent = parent_on(organisation, day)
    if parent is not None and parent.level is Level.COUNTY:
        return parent_on(parent, day)
    return parent


def lying_in(parent: Organisation, day: date) -> Select[Any]:
    """Select the bodies that lie directly in a county or region on a day, by name."""
    inside = (Membership.organisation_id == Organisation.id) & (Membership.parent_id == parent.id)
    query = select(Organisation).join(Membership, inside & Membership.on(day)).where(Organisation.on(day))
    query = query.where(Organisation.level != Level.AREA)
    return query.order_by(Organisation.sort_key, Organisation.id)


def members(parent: Organisation, day: date) -> list[Organisation]:
    """Bodies that lie directly in a county or region on a day, by name."""
    return list(db.session.scalars(lying_in(parent, day)))


def predecessors(organisation: Organisation) -> list[Succession]:
    """What went up into a body, by day and name; `.predecessor` is loaded."""
    return _successions(Succession.successor_id == organisation.id, Succession.predecessor)


def successors(organisation: Organisation) -> list[Succession]:
    """What a body went up into; `.successor` is loaded."""
    return _successions(Succession.predecessor_id == organisation.id, Succession.successor)


@dataclass(frozen=True)
class Lineage:
    """Where a body comes from and what it went up into; `former` names predecessors of all generations."""

    before: list[Succession]
    after: list[Succession]
    former: dict[int, str]


def lineage(organisation: Organisation) -> Lineage:
    """Give predecessors of all generations and successors of a body: one statement."""
    first = select(Succession.predecessor_id.label("id")).where(Succession.successor_id == organisation.id)
    chain = first.cte("chain", recursive=True)
    older = select(Succession.predecessor_id).where(Succession.successor_id == chain.c.id)
    ancestors = select(chain.union(older).c.id)
    query = select(Succession).where(
        or_(
            Succession.predecessor_id == organisation.id,
            Succession.successor_id == organisation.id,
            Succession.successor_id.in_(ancestors),
        )
    )
    both = joinedload(Succession.predecessor), joinedload(Succession.successor)
    found = list(db.session.scalars(query.options(*both)))
    found.sort(key=lambda one: (one.effective_on, one.predecessor.sort_key, one.successor.sort_key))
    after = [one for one in found if one.predecessor_id == organisation.id]
    earlier = [one for one in found if one.predecessor_id != organisation.id]
    former = {one.predecessor_id: one.predecessor.name for one in earlier}
    return Lineage([one for one in earlier if one.successor_id == organisation.id], after, former)


def _successions(condition: Any, other: Any) -> list[Succession]:
    query = select(Succession).where(condition).join(other).options(joinedload(other))
    return list(db.session.scalars(query.order_by(Succession.effective_on, Organisation.sort_key)))


def dated(model: Any, *columns: Any, of: Any = None) -> Any:
    """Read what holds for a time of bodies as rows (number of the body, first day, last day, *columns).

    The earliest come first; `of` selects the numbers of the bodies, else those of all are read.
    """
    query = select(model.organisation_id, model.valid_from, model.valid_to, *columns)
    if of is not None:
        query = query.where(model.organisation_id.in_(of))
    return db.session.execute(query.order_by(model.valid_from.nulls_first(), model.id))


def _on(rows: list[Any], day: date) -> Any:
    """The row that holds on a day, else the newest; None where there is no row."""
    newest = max(rows, key=lambda row: row.valid_from or date.min, default=None)
    return next((row for row in rows if row.holds_on(day)), newest)
