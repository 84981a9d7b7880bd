"""Lists of Kommunen behind a number, the same for every report."""

from collections import Counter
from typing import Any

from flask_babel import gettext as _

from crm.reports import pages, titles
from crm.reports.records import Line, Records
from crm.reports.scope import Scope
from crm.reports.sheet import Number
from crm.reports.talks import areas
from crm.reports.territory import Territory

KOMMUNEN = "kommunen"


def records(
    wanted: frozenset[int],
    words: tuple[str, ...],
    land: Territory,
    scope: Scope,
    times: Counter[int] | None = None,
) -> Records:
    """List Kommunen by name with the area they lie in on the cut-off day, and how often each was counted."""
    ids = [body.id for body in land.named(wanted)]
    columns: tuple[str, ...] = (_("Municipality"), _("Reporting area"))
    if times is not None:
        columns += (_("Participations"),)

    def load(some: list[int]) -> list[Line]:
        return [Line(one, _cells(one, land, scope, times)) for one in some]

    title = titles.kommunen(len(ids))
    return Records(KOMMUNEN, title, words, columns, ids, load, Number(len(ids)))


def _cells(one: int, land: Territory, scope: Scope, times: Counter[int] | None) -> tuple[Any, ...]:
    area = areas.area_name(land.area(one, scope.cutoff), land)
    cells = (pages.organisation(one, land.bodies[one].name), area)
    return cells if times is None else (*cells, Number(times[one]))
