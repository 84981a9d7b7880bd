"""What the reports on money share: cooperations with their partners on a day, applications and costs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from crm.cooperations.kinds import EXITS, REQUIRED_ROLES, PartnerRole
from crm.cooperations.models import Cooperation, Partner
from crm.cooperations.on_day import Group, Part, groups_on
from crm.cooperations.standing import step_of
from crm.db import db, today
from crm.funding.models import CostRow, Plan
from crm.reports import territory
from crm.reports.facts import NONE, Dimension
from crm.reports.groups import joined
from crm.reports.money import asked
from crm.reports.money.asked import Asked
from crm.reports.scope import Scope
from crm.reports.sheet import Linked
from crm.reports.territory import Territory
from crm.task_fields import queries as task_fields

YEAR, AREA, FIELD = "jahr", "gebiet", "feld"
# No dimension: under it a fact says of which cooperation it is.
GROUP = "gruppe"


@dataclass(frozen=True)
class Party:
    """Who took part on a day: names, the Kommunen a report looks at, and the areas these lie in."""

    names: tuple[str, ...]
    units: frozenset[int]
    areas: tuple[str, ...]
    all_areas: tuple[str, ...]


@dataclass(frozen=True)
class Files:
    """All cooperations with their applications, read once for a period and the one before."""

    land: Territory
    groups: dict[int, Group]
    table: dict[int, Any]
    fields: dict[int, Any]
    asked: list[Asked]

    @cached_property
    def heads(self) -> dict[int, str]:
        """The group of every task field."""
        return {one.id: str(one.parent_id or one.id) for one in self.fields.values()}

    def fits(self, group: Group, scope: Scope) -> bool:
        """Tell whether a report asks about a group: itself, its adviser, its task fields."""
        return joined.fits(group, scope, self.heads)

    def party(self, group: Group, day: date, scope: Scope) -> Party:
        """Say who took part on a day; former Kommunen as what they were then, or are on the cut-off day."""
        there, on = members_on(group, day), scope.cutoff if scope.rolled_up else day
        units = {self.land.heirs.unit_on(one.organisation_id, on) for one in there}
        kommunen = {one for one in units if self.land.is_kommune(one)}
        seen = {one for one in kommunen if not scope.narrows_places or self.land.fits(one, on, scope)}
        names = tuple(self.table[one.id].organisation_name for one in there if one.id in self.table)
        return Party(names, frozenset(seen), self._areas(seen, on), self._areas(kommunen, on))

    def _areas(self, units: Iterable[int], on: date) -> tuple[str, ...]:
        found = {int(self.land.area(one, on)) for one in units}
        return tuple(str(body.id) for body in self.land.named(found))

    def looked_at(self, party: Party, scope: Scope) -> bool:
        """Tell whether somebody took part from where a report looks."""
        return bool(party.units) or not scope.narrows_places

    def keys(self, group: Group, party: Party) -> dict[str, tuple[str, ...]]:
        """What a fact stands under: its cooperation, the counties, the groups of task fields."""
        heads = tuple(dict.fromkeys(self.heads[one] for one in group.fields))
        return {GROUP: (str(group.id),), AREA: party.areas, FIELD: heads}

    def field_names(self, group: Group) -> str:
        """Its task fields in words."""
        return ", ".join(one.name for number, one in self.fields.items() if number in group.fields)

    def responsible(self, one: Asked, group: Group) -> str:
        """Who applied, else who leads."""
        lead = (part.id for part in group.partners if part.role is PartnerRole.LEAD)
        return one.applicant or ", ".join(self.table[number].organisation_name for number in lead)

    def evaluated_on(self, group: Group, day: date) -> date | None:
        """When it was evaluated, if that was by a day."""
        rows = (self.table[one.id] for one in group.partners if one.id in self.table)
        return next((row.evaluated_on for row in rows if row.evaluated_on and row.evaluated_on <= day), None)

    def area_words(self, party: Party) -> str:
        """Its counties in words, those a report does not look at too."""
        return ", ".join(self.land.bodies[int(one)].name for one in party.all_areas)

    def dimensions(self, scope: Scope) -> tuple[Dimension, ...]:
        """Sort by year, by county, by group of task fields."""
        years = range(scope.period.since.year, scope.period.until.year + 1)
        return Dimension(YEAR, _("Year"), {str(one): str(one) for one in years}), *self._sorting

    @cached_property
    def _sorting(self) -> tuple[Dimension, ...]:
        """Any Kommune may be an area by itself; those without a fact have no row."""
        areas = {str(one.id): one.name for one in self.land.named(self.land.bodies)}
        heads = {str(one.id): one.name for one in self.fields.values() if one.parent_id is None}
        return (
            Dimension(AREA, _("County"), areas | {NONE: _("Without municipality")}),
            Dimension(FIELD, _("Task fields"), heads | {NONE: _("Without task field")}),
        )


def members_on(group: Group, day: date) -> list[Part]:
    """The lead and the members that had come by a day and had neither left nor declined.

    Where every step of every partner lies later, the days say nothing about who took part: then all count.
    """
    mine = [one for one in group.partners if one.role in REQUIRED_ROLES]
    there = [one for one in mine if _had_come(one, day)] or mine
    return [one for one in there if step_of(one.steps, day).step not in EXITS]


def _had_come(part: Part, day: date) -> bool:
    return not part.steps or any(one.reached_on is None or one.reached_on <= day for one in part.steps)


def load(stations: bool = False) -> Files:
    """Read what there is today: nine statements, one more with the stations of applications."""
    land = territory.load()
    groups = {one.id: one for one in groups_on(today())}
    known = [one for one in asked.load(stations) if one.group_id in groups]
    return Files(land, groups, _table(), {one.id: one for one in task_fields.everything()}, known)


def _table() -> dict[int, Any]:
    """The name and the costs of every partner, with what its group will cost and when it was evaluated."""
    costs = (CostRow.staff_before, CostRow.material_before, CostRow.staff_after, CostRow.material_after)
    columns: Any = (
        Partner.id, Partner.organisation_name, Cooperation.evaluated_on, Plan.cost_after, *costs,
        CostRow.created_at,
    )  # fmt: skip
    query = select(*columns).join(Partner.cooperation)
    query = query.outerjoin(Plan, Plan.cooperation_id == Cooperation.id)
    query = query.outerjoin(CostRow, CostRow.partner_id == Partner.id)
    return {row.id: row for row in db.session.execute(query)}


def link_to(group: Group, application_id: int | None = None) -> Linked:
    """Lead to the funding of a group, and to one of its applications."""
    numbers = (("cooperation_id", group.id), *((("antrag", application_id),) if application_id else ()))
    return Linked(group.title, "funding.show", numbers)


def worth(sum: Decimal | None, key: str) -> dict[str, Decimal]:
    """Give a value of a fact, or none where nobody noted it."""
    return {} if sum is None else {key: sum}
