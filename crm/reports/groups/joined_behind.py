"""The cooperations, participations and Kommunen behind every number, found by the counting that made it."""

import re
from collections import Counter
from functools import partial
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from crm.cooperations.kinds import Stage
from crm.cooperations.models import Cooperation, Partner
from crm.db import db
from crm.i18n import day
from crm.reports import kommunen, pages, titles
from crm.reports.groups.joined import (
    BASE,
    GROUPS,
    KOMMUNEN,
    PARTS,
    UNDATED,
    WITHOUT,
    Joined,
    Selection,
    narrowed,
)
from crm.reports.records import Line, NoSuchList, Records, in_order
from crm.reports.scope import Scope
from crm.reports.sheet import Number
from crm.reports.talks.topics import field_heads
from crm.reports.territory import NONE, Territory

_KEY = re.compile(rf"[1-9][0-9]{{0,8}}|{NONE}", re.ASCII)


def read(args: Any) -> Selection:
    """Read a selection from an address; raise NoSuchList for what the report never writes."""
    stage, field, area = (args.get(name, "") for name in ("stand", "feld", "gebiet"))
    if any(text and not _KEY.fullmatch(text) for text in (field, area)):
        raise NoSuchList
    try:
        return Selection(Stage(stage) if stage else None, field, area)
    except ValueError:
        raise NoSuchList from None


def find(everything: Joined, land: Territory, scope: Scope, args: Any) -> Records:
    """Find what an address asks for; raise NoSuchList for what the report never writes."""
    selection, what = read(args), args.get("was", "")
    here, words = narrowed(everything, selection), _chosen(what, selection, scope, land)
    if what == GROUPS:
        ids = [one for one in everything.groups if one in here.groups]
        title = titles.cooperations(len(ids))
        columns = (_("Cooperation"), _("Stage"), _("since"), _("Task fields"), _("Participations"))
        return Records("groups", title, words, columns, ids, partial(_groups, here), Number(len(ids)))
    if what in (PARTS, UNDATED):
        parts = here.parts if what == PARTS else here.undated
        title = titles.participations(len(parts))
        columns = (_("Municipality"), _("Counts as"), _("Cooperation"), _("Step"), _("since"))
        load = partial(_partners, here, land)
        return Records("partners", title, words, columns, [one.id for one in parts], load, Number(len(parts)))
    return _kommunen(what, everything, here, selection, words, land, scope)


def _kommunen(
    what: str,
    everything: Joined,
    here: Joined,
    selection: Selection,
    words: tuple[str, ...],
    land: Territory,
    scope: Scope,
) -> Records:
    base = land.base(scope, selection.area)
    sets = {KOMMUNEN: here.kommunen, BASE: base, WITHOUT: base - everything.kommunen}
    if what not in sets:
        raise NoSuchList
    counted = here if what == KOMMUNEN else everything
    return kommunen.records(sets[what], words, land, scope, Counter(part.unit for part in counted.parts))


def _chosen(what: str, selection: Selection, scope: Scope, land: Territory) -> tuple[str, ...]:
    """Say in words what the list is narrowed to."""
    words = {
        UNDATED: _("nobody knows since when"),
        BASE: _("existing on the cut-off day"),
        WITHOUT: _("in no cooperation"),
    }
    found = [_("As at %(day)s.", day=day(scope.cutoff)).rstrip("."), words.get(what, "")]
    found.append(str(selection.stage.label) if selection.stage else "")
    names = dict(field_heads(scope.cutoff, {selection.field})) if selection.field else {}
    known = not selection.area.isdigit() or int(selection.area) in land.bodies
    area = area_name(selection.area, land) if selection.area and known else ""
    return tuple(filter(None, (*found, names.get(selection.field, ""), area)))


def area_name(area: str, land: Territory) -> str:
    """Name an area."""
    return _("No municipality takes part") if area == NONE else land.bodies[int(area)].name


def _groups(here: Joined, ids: list[int]) -> list[Line]:
    query = select(Cooperation).where(Cooperation.id.in_(ids)).options(selectinload(Cooperation.task_fields))
    parts = Counter(part.group_id for part in here.parts)
    lines = []
    for one in in_order(ids, db.session.scalars(query)):
        then = here.groups[one.id]
        fields = ", ".join(field.name for field in one.task_fields)
        since = then.since or _("day not known")
        cells = (
            pages.cooperation(one.id, one.title),
            str(then.stage.label),
            since,
            fields,
            Number(parts[one.id]),
        )
        lines.append(Line(one.id, cells))
    return lines


def _partners(here: Joined, land: Territory, ids: list[int]) -> list[Line]:
    query = select(Partner).where(Partner.id.in_(ids)).options(joinedload(Partner.cooperation))
    then = {part.id: part for group in here.groups.values() for part in group.partners}
    units = {part.id: land.bodies[part.unit].name for part in here.parts}
    lines = []
    for one in in_order(ids, db.session.scalars(query)):
        place = pages.organisation(one.organisation_id, one.organisation_name)
        counts_as = units[one.id] if units[one.id] != one.organisation_name else ""
        at = then[one.id].at
        group = pages.cooperation(one.cooperation_id, one.cooperation.title)
        lines.append(
            Line(one.id, (place, counts_as, group, str(at.step.label), at.since or _("day not known")))
        )
    return lines
