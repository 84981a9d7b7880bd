"""What stands around a record that hangs on a group: where its partners lie, what they are called."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from crm.cooperations.kinds import REQUIRED_ROLES, Step
from crm.cooperations.models import Partner
from crm.cooperations.on_day import Group
from crm.db import db
from crm.reports import pages
from crm.reports.facts import COUNT, Dimension, Measure
from crm.reports.groups import joined
from crm.reports.scope import Scope
from crm.reports.sheet import Linked, Number, Table
from crm.reports.territory import Territory


def looked_at(
    groups: list[Group], scope: Scope, land: Territory, heads: dict[int, str] | None = None
) -> list[Group]:
    """The groups a report asks about, by itself, adviser, task field and place; `heads` if they are known."""
    head_of = heads or (joined.heads() if scope.field_id is not None else {})
    found = [one for one in groups if joined.fits(one, scope, head_of)]
    if scope.narrows_places:
        found = [one for one in found if joined.lies_in(one, scope, land)]
    return found


def areas_of(group: Group, scope: Scope, land: Territory) -> tuple[str, ...]:
    """The areas in which the Kommunen of a group lie on the cut-off day; those that left do not count."""
    return tuple(sorted({land.area(unit, scope.cutoff) for unit in units_of(group, scope, land)}))


def units_of(group: Group, scope: Scope, land: Territory, least: int = 0) -> frozenset[int]:
    """The Kommunen of a group as they are on the cut-off day, from a rank of steps on."""
    inside = [one for one in group.partners if one.role in REQUIRED_ROLES and one.at.rank >= least]
    units = (land.heirs.unit_on(one.organisation_id, scope.cutoff) for one in inside)
    return frozenset(unit for unit in units if land.is_kommune(unit))


def partner_names() -> dict[int, list[str]]:
    """What those are called who have signed or are active in a group: one statement."""
    columns: Any = (Partner.cooperation_id, Partner.organisation_name)
    query = select(*columns).join(Partner.cooperation)
    query = query.where(Partner.role.in_(REQUIRED_ROLES), Partner.step.in_((Step.SIGNED, Step.ACTIVE)))
    found: dict[int, list[str]] = defaultdict(list)
    for group_id, name in db.session.execute(query.order_by(Partner.position, Partner.id)):
        found[group_id].append(name)
    return found


def in_short(names: list[str]) -> str:
    """Three names and how many more."""
    more = f" + {len(names) - 3}" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more


def link_to(group: Any) -> Linked:
    """Lead to the page of a cooperation."""
    return pages.cooperation(group.id, group.title)


def months(scope: Scope, always: bool = True) -> Dimension:
    """The months of a period to its end, or its years where these are too many."""
    names = {one.key: one.name for one in scope.period.steps(scope.period.until)}
    return Dimension("monat", _("Time"), names, always)


def key_of(day: date, times: Dimension) -> str:
    """The month or the year a day of the period stands under."""
    return next((one for one in times.names if day.isoformat().startswith(one)), "")


def only_counts(table: Table, measures: Sequence[Measure]) -> Table:
    """Leave out of a sum what says nothing over all rows: the median of different things."""
    if not table.total:
        return table
    cells = zip(measures, table.total[1:], strict=True)
    total = [cell if one.how == COUNT else Number(None) for one, cell in cells]
    return replace(table, total=(table.total[0], *total))
