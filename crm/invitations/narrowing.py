"""Which organisations an audience is looked for in, as conditions of its query."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import aliased

from crm.contacts.models import FunctionRole
from crm.cooperations.kinds import EXITS
from crm.cooperations.models import Partner
from crm.labels import Labelled, name_members
from crm.organisations.models import (
    PARTIES,
    Designation,
    Kind,
    Level,
    Membership,
    Organisation,
    PopulationFigure,
)
from crm.organisations.sizes import SizeClass


class Bodies(Labelled):
    """What kinds of organisations people are looked for in."""

    GEMEINDEN = "gemeinden"
    TOWNS = "staedte"
    COUNTIES = "landkreise"
    OTHERS = "andere"


name_members(
    {
        Bodies.GEMEINDEN: _l("Gemeinden"),
        Bodies.TOWNS: _l("Towns"),
        Bodies.COUNTIES: _l("Counties"),
        Bodies.OTHERS: _l("Other bodies (partner organisations)"),
    }
)
_KINDS = {
    Bodies.GEMEINDEN: (Kind.GEMEINDE,),
    Bodies.TOWNS: (Kind.TOWN, Kind.SPECIAL_STATUS, Kind.COUNTY_FREE),
}
_LEVELS = {Bodies.COUNTIES: (Level.COUNTY,), Bodies.OTHERS: (Level.BODY, Level.ELSEWHERE)}


@dataclass(frozen=True)
class Wanted:
    """Whom an audience is made of; an empty part does not narrow. `people` are added to what is found.

    `within` are single organisations, and not what lies in them.
    """

    roles: tuple[FunctionRole, ...] = ()
    areas: tuple[int, ...] = ()
    sizes: tuple[SizeClass, ...] = ()
    bodies: tuple[Bodies, ...] = ()
    cooperation_id: int | None = None
    people: tuple[int, ...] = ()
    within: tuple[int, ...] = ()

    @property
    def narrows(self) -> bool:
        """Tell whether functions are looked for at all; without any wish nobody is meant, not everybody."""
        return bool(
            self.roles or self.areas or self.sizes or self.bodies or self.cooperation_id or self.within
        )

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing was chosen."""
        return not (self.narrows or self.people)


def places(wanted: Wanted, day: date) -> list[Any]:
    """Say what the organisations of an audience have to fulfil on a day."""
    found: list[Any] = [Organisation.level.in_(PARTIES), Organisation.on(day)]
    if wanted.areas:
        found.append(or_(Organisation.id.in_(wanted.areas), _lies_in(wanted.areas, day)))
    if wanted.within:
        found.append(Organisation.id.in_(wanted.within))
    if wanted.sizes:
        people = _population()
        classes = [people.between(*one.bounds) for one in wanted.sizes]
        found.append(and_(Organisation.level == Level.MUNICIPALITY, or_(*classes)))
    if wanted.bodies:
        found.append(or_(*(_of_kind(one, day) for one in wanted.bodies)))
    if wanted.cooperation_id:
        partners = select(Partner.organisation_id).where(
            Partner.cooperation_id == wanted.cooperation_id, Partner.step.not_in(EXITS)
        )
        found.append(Organisation.id.in_(partners))
    return found


def _lies_in(areas: tuple[int, ...], day: date) -> Any:
    upper = aliased(Membership)
    below = select(upper.organisation_id).where(upper.parent_id.in_(areas), upper.on(day))
    inside = Membership.parent_id.in_(areas) | Membership.parent_id.in_(below)
    own = (Membership.organisation_id == Organisation.id) & Membership.on(day)
    return exists().where(own, inside).correlate(Organisation)


def _population() -> Any:
    newest = select(PopulationFigure.population).where(PopulationFigure.organisation_id == Organisation.id)
    newest = newest.order_by(PopulationFigure.counted_on.desc()).limit(1)
    return newest.correlate(Organisation).scalar_subquery()


def _of_kind(bodies: Bodies, day: date) -> Any:
    if bodies in _LEVELS:
        return Organisation.level.in_(_LEVELS[bodies])
    called = (Designation.organisation_id == Organisation.id) & Designation.on(day)
    return exists().where(called, Designation.kind.in_(_KINDS[bodies])).correlate(Organisation)
