"""What the checklist of an election asks: the Kommunen of its day and the functions held in them."""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from crm.contacts.models import Function, FunctionRole
from crm.db import db
from crm.elections.models import Election, ElectionKind
from crm.elections.offices import PRIMARY, fills, touched
from crm.organisations.models import KOMMUNEN, Designation, Level, Membership, Organisation

County = aliased(Organisation)


@dataclass(frozen=True)
class Held:
    """A function as far as a checklist needs it."""

    id: int
    role: FunctionRole
    is_head: bool


@dataclass
class Asked:
    """One Kommune as it was called and where it lay that day, with the functions to ask about.

    A county and its municipalities bear the number of the county. `nobody` is the role without a holder.
    """

    organisation_id: int
    name: str
    county_id: int | None
    functions: list[Held] = field(default_factory=list)
    nobody: FunctionRole | None = None


@dataclass(frozen=True)
class Extent:
    """How much a checklist asks: Kommunen, functions, and Kommunen where nobody is known."""

    kommunen: int
    functions: int
    nobody: int


def asked_by(election: Election) -> list[Asked]:
    """What is asked after an election, by name of the Kommune; three statements at most."""
    places = _places(election.held_on, election.organisation_id)
    for number, held in _functions(election.kind, election.held_on, election.organisation_id):
        if number in places:
            places[number].functions.append(held)
    for place in places.values():
        if not any(fills(election.kind, one.role, one.is_head) for one in place.functions):
            place.nobody = PRIMARY[election.kind]
    return list(places.values())


def extent(election: Election) -> Extent:
    """How much would be asked, as far as is known now."""
    found = asked_by(election)
    functions = sum(len(one.functions) for one in found)
    return Extent(len(found), functions, sum(1 for one in found if one.nobody))


def _places(day: date, organisation_id: int | None) -> dict[int, Asked]:
    named = (Designation.organisation_id == Organisation.id) & Designation.on(day)
    inside = (Membership.organisation_id == Organisation.id) & Membership.on(day)
    query = (
        select(
            Organisation.id, Organisation.level, func.coalesce(Designation.name, Organisation.name), County.id
        )
        .outerjoin(Designation, named)
        .outerjoin(Membership, inside)
        .outerjoin(County, (County.id == Membership.parent_id) & (County.level == Level.COUNTY))
        .where(Organisation.level.in_(KOMMUNEN), Organisation.on(day))
        .order_by(Organisation.sort_key, Organisation.id)
    )
    if organisation_id:
        query = query.where(Organisation.id == organisation_id)
    rows = db.session.execute(query)
    return {
        number: Asked(number, name, number if level is Level.COUNTY else county)
        for number, level, name, county in rows
    }


def _functions(kind: ElectionKind, day: date, organisation_id: int | None) -> list[tuple[int, Held]]:
    query = select(Function.organisation_id, Function.id, Function.role, Function.is_head).where(
        Function.on(day), touched(kind), Function.removed_at.is_(None)
    )
    if organisation_id:
        query = query.where(Function.organisation_id == organisation_id)
    rows = db.session.execute(query.order_by(Function.id))
    return [(number, Held(own, role, is_head)) for number, own, role, is_head in rows]
