"""The cooperations, participations and Kommunen behind every number, found by the counting that made it."""

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from crm.cooperations.kinds import Stage
from crm.cooperations.models import Cooperation, Partner
from crm.cooperations.on_day import Group, Part
from crm.db import db
from crm.i18n import day, number
from crm.organisations.models import Organisation
from crm.reports import areas, cooperations, joined, territory
from crm.reports.behind import KOMMUNEN, NoSuchList
from crm.reports.joined import Joined, Selection, narrowed
from crm.reports.period import Period
from crm.reports.sheet import Records
from crm.reports.territory import NONE, Territory

_KEY = re.compile(rf"[1-9][0-9]{{0,8}}|{NONE}", re.ASCII)
GROUPS, PARTNERS = "groups", "partners"


@dataclass(frozen=True)
class Behind:
    """Numbers of the records behind a number, in the order of the list, and what the list says of them."""

    kind: str
    ids: list[int]
    title: str
    joined: Joined
    land: Territory
    period: Period

    def group(self, number: int) -> Group:
        """A group as it was on the cut-off day."""
        return self.joined.groups[number]

    def partner(self, number: int) -> Part:
        """A partner as it was on the cut-off day."""
        return self._partners[number]

    def unit(self, number: int) -> str:
        """Name the Kommune a partner counts as on the cut-off day."""
        return self.land.bodies[self._units[number]].name

    def area(self, number: int) -> str:
        """Name the area of a Kommune on the cut-off day."""
        return areas.area_name(self.land.area(number, self.period.cutoff), self.land)

    @cached_property
    def times_counted(self) -> Counter[int]:
        """How often each Kommune takes part among what was counted."""
        return Counter(part.unit for part in self.joined.parts)

    @cached_property
    def parts_of(self) -> Counter[int]:
        """How many participations each group has among what was counted."""
        return Counter(part.group_id for part in self.joined.parts)

    @cached_property
    def _units(self) -> dict[int, int]:
        return {part.id: part.unit for part in self.joined.parts}

    @cached_property
    def _partners(self) -> dict[int, Part]:
        return {part.id: part for group in self.joined.groups.values() for part in group.partners}


def read(args: Any) -> Selection:
    """Read a selection from an address; raise NoSuchList for what the report never writes."""
    stage, field, area = (args.get(name, "") for name in ("stand", "feld", "gebiet"))
    if any(text and not _KEY.fullmatch(text) for text in (field, area)):
        raise NoSuchList
    try:
        return Selection(Stage(stage) if stage else None, field, area)
    except ValueError:
        raise NoSuchList from None


def records(_user: Any, period: Period, args: Any) -> Records:
    """Find what an address asks for; raise NoSuchList for what the report never writes."""
    selection, what, land = read(args), args.get("was", ""), territory.load()
    found = among(joined.load(period.cutoff, land), land, period, selection, what)
    return Records(found, _chosen(what, selection, period, land), LOADERS[found.kind])


def among(everything: Joined, land: Territory, period: Period, selection: Selection, what: str) -> Behind:
    """Find the records among what was counted."""
    here = narrowed(everything, selection)
    if what in (cooperations.GROUPS, *cooperations.EVENTS):
        if what in cooperations.EVENTS:
            here = cooperations.happened(here, period, what)
        ids = list(here.groups)
        title = ngettext("%(shown)s cooperation", "%(shown)s cooperations", len(ids), shown=number(len(ids)))
        return Behind(GROUPS, _by_name(everything, ids), title, here, land, period)
    if what in (cooperations.PARTS, cooperations.UNDATED):
        parts = here.parts if what == cooperations.PARTS else here.undated
        title = ngettext(
            "%(shown)s participation", "%(shown)s participations", len(parts), shown=number(len(parts))
        )
        return Behind(PARTNERS, [part.id for part in parts], title, here, land, period)
    return _kommunen(what, everything, here, selection, land, period)


def _by_name(everything: Joined, ids: list[int]) -> list[int]:
    """In the order of the titles, in which groups were read."""
    wanted = set(ids)
    return [number for number in everything.groups if number in wanted]


def _kommunen(
    what: str, everything: Joined, here: Joined, selection: Selection, land: Territory, period: Period
) -> Behind:
    base = land.existing(period.cutoff, selection.area)
    sets = {
        cooperations.KOMMUNEN: here.kommunen,
        cooperations.BASE: base,
        cooperations.WITHOUT: base - everything.kommunen,
    }
    if what not in sets:
        raise NoSuchList
    ids = [body.id for body in land.named(sets[what])]
    title = ngettext("%(shown)s Kommune", "%(shown)s Kommunen", len(ids), shown=number(len(ids)))
    return Behind(KOMMUNEN, ids, title, here if what == cooperations.KOMMUNEN else everything, land, period)


def _chosen(what: str, selection: Selection, period: Period, land: Territory) -> list[str]:
    """Say in words what the list is narrowed to."""
    words = {
        cooperations.UNDATED: _("nobody knows since when"),
        cooperations.BASE: _("existing on the cut-off day"),
        cooperations.WITHOUT: _("in no cooperation"),
        **cooperations.events(),
    }
    span = _("%(first)s to %(last)s", first=day(period.since), last=day(period.until))
    found = [span if what in cooperations.EVENTS else _("As at %(day)s.", day=day(period.cutoff)).rstrip(".")]
    found.append(words.get(what, ""))
    found.append(str(selection.stage.label) if selection.stage else "")
    names = dict(cooperations.field_heads(period.cutoff, {selection.field})) if selection.field else {}
    known = not selection.area.isdigit() or int(selection.area) in land.bodies
    area = cooperations.area_name(selection.area, land) if selection.area and known else ""
    return [*found, names.get(selection.field, ""), area]


def groups(ids: list[int]) -> list[Cooperation]:
    """Load groups in the given order."""
    query = select(Cooperation).where(Cooperation.id.in_(ids)).options(selectinload(Cooperation.task_fields))
    return _ordered(ids, db.session.scalars(query))


def partners(ids: list[int]) -> list[Partner]:
    """Load partners with their groups in the given order."""
    query = select(Partner).where(Partner.id.in_(ids)).options(joinedload(Partner.cooperation))
    return _ordered(ids, db.session.scalars(query))


def kommunen(ids: list[int]) -> list[Organisation]:
    """Load Kommunen in the given order."""
    return _ordered(ids, db.session.scalars(select(Organisation).where(Organisation.id.in_(ids))))


def _ordered(ids: list[int], found: Any) -> list[Any]:
    rows = {row.id: row for row in found}
    return [rows[number] for number in ids if number in rows]


LOADERS = {GROUPS: groups, PARTNERS: partners, KOMMUNEN: kommunen}
