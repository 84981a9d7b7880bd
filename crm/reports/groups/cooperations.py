"""R5 for cooperations: groups by stage, participations and distinct Kommunen on the cut-off day."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from crm.cooperations.kinds import IN_PROGRESS, Stage
from crm.i18n import number, percent
from crm.reports import territory, words
from crm.reports.facts import Book
from crm.reports.groups import cases, joined, joined_behind
from crm.reports.groups.joined import (
    ALL,
    BASE,
    EMPTY,
    GROUPS,
    KOMMUNEN,
    PARTS,
    UNDATED,
    WITHOUT,
    Joined,
    Selection,
)
from crm.reports.groups.joined_behind import area_name
from crm.reports.records import Records
from crm.reports.scope import Scope
from crm.reports.sheet import Figure, Number, Sheet, Table, explained, percentage
from crm.reports.talks.topics import field_heads
from crm.reports.territory import NONE, Territory


@dataclass(frozen=True)
class Cooperations:
    """The report on cooperations that was asked."""

    scope: Scope
    land: Territory
    joined: Joined

    @cached_property
    def sheet(self) -> Sheet:
        """All it says."""
        tables = (
            _by_stage(self.joined),
            cases.table(self.cases),
            _by_field(self.joined, self.scope),
            _by_area(self.joined, self.land, self.scope),
        )
        return Sheet(_definition(self.scope, self.land), _figures(self), None, tables)

    @cached_property
    def cases(self) -> Book:
        """What happened to the groups in the period."""
        return cases.among(list(self.joined.groups.values()), self.scope, self.land)

    def records(self, args: Any) -> Records:
        """Find what an address asks for."""
        if args.get("was") in cases.KEYS:
            return self.cases.records(args)
        return joined_behind.find(self.joined, self.land, self.scope, args)


def read(_user: Any, scope: Scope) -> Cooperations:
    """Ask for what whoever reads content may see."""
    land = territory.load()
    return Cooperations(scope, land, joined.load(scope, land))


def _definition(scope: Scope, land: Territory) -> words.Definition:
    return words.definition(scope, _unit(), _rule(), words.base(scope, land), (_("Areas"), _areas()))


def _unit() -> str:
    return _(
        "Cooperations that had begun by the cut-off day, each at the stage it had on that day, ended and "
        "abandoned ones included. Removed ones count nowhere."
    )


def _rule() -> str:
    return _(
        "A participation is a municipality in a cooperation, counted once for each (multi-counted): as lead "
        "or partner, interested at least on the cut-off day. Whoever left or declined counts until that day "
        "and not from it on. In ended and abandoned cooperations nobody takes part any more. Steps without a "
        "day count as taken always. Candidates, observers, other bodies and places outside Hessen do not "
        "count. Distinct municipalities count once; a former municipality counts as the one it belongs to on "
        "the cut-off day. Only the table “In the period” asks for the first day of the period."
    )


def _areas() -> str:
    return _(
        "A municipality counts in the county it lies in on the cut-off day, a county in its own row, a town "
        "without county by itself."
    )


def _figures(asked: Cooperations) -> tuple[Figure, ...]:
    found, base = asked.joined, asked.land.base(asked.scope)
    reached, running = len(found.kommunen), _running(found, ALL).value
    ahead = sum(1 for group in found.groups.values() if group.stage in IN_PROGRESS)
    note = _("%(ahead)s in progress, %(running)s running", ahead=number(ahead), running=number(running))
    share = _(
        "%(reached)s of %(all)s on the cut-off day: %(share)s",
        reached=number(reached), all=number(len(base)),
        share=percent(reached / len(base) if base else None),
    )  # fmt: skip
    return (
        Figure(_("Cooperations"), _groups(found, ALL), note),
        Figure(_("Participations"), _parts(found, ALL), _("once for each municipality and cooperation")),
        Figure(_("Distinct municipalities"), _kommunen(found, ALL), share),
        Figure(_("Of the participations without a day"), Number(len(found.undated), {"was": UNDATED}),
               _("counted as always there")),
    )  # fmt: skip


def _groups(here: Joined, selection: Selection) -> Number:
    return Number(len(here.groups), {"was": GROUPS} | selection.arguments)


def _running(here: Joined, selection: Selection) -> Number:
    chosen = Selection(Stage.RUNNING, selection.field, selection.area)
    return _groups(here.stages.get(Stage.RUNNING, EMPTY), chosen)


def _parts(here: Joined, selection: Selection) -> Number:
    return Number(len(here.parts), {"was": PARTS} | selection.arguments)


def _kommunen(here: Joined, selection: Selection) -> Number:
    return Number(len(here.kommunen), {"was": KOMMUNEN} | selection.arguments)


def _heads() -> tuple[str, str, str, str]:
    return _("Cooperations"), _("of them running"), _("Participations"), _("Municipalities")


def _counts(here: Joined, selection: Selection) -> tuple[Number, ...]:
    return (
        _groups(here, selection), _running(here, selection), _parts(here, selection),
        _kommunen(here, selection),
    )  # fmt: skip


def _by_stage(found: Joined) -> Table:
    all_of_them = len(found.groups)
    rows = []
    for stage in Stage:
        here, selection = found.stages.get(stage, EMPTY), Selection(stage)
        share = percentage(len(here.groups), all_of_them)
        counts = _groups(here, selection), share, _parts(here, selection), _kommunen(here, selection)
        rows.append((str(stage.label), *counts))
    total = (_("Sum"), _groups(found, ALL), percentage(0, 0), _parts(found, ALL), _kommunen(found, ALL))
    columns = (_("Stage"), _("Cooperations"), _("Share in %"), _("Participations"), _("Municipalities"))
    return explained(Table("stand", _("By stage"), columns, tuple(rows), total, bar=2))


def _by_field(found: Joined, scope: Scope) -> Table:
    rows = tuple(
        (name, *_counts(found.fields.get(key, EMPTY), Selection(field=key)))
        for key, name in field_heads(scope.cutoff, found.fields)
    )
    total = (_("Sum"), *_counts(found, ALL))
    return explained(Table("feld", _("By group of task fields"), (_("Task fields"), *_heads()), rows, total))


def _by_area(found: Joined, land: Territory, scope: Scope) -> Table:
    bases = land.bases(scope)
    order = sorted(found.areas.keys() | bases.keys(), key=lambda area: _rank(area, found, land))
    rows = tuple(
        (area_name(area, land), *_counts(found.areas.get(area, EMPTY), Selection(area=area)),
         *_reach(found.kommunen, bases.get(area), area))
        for area in order
    )  # fmt: skip
    total = (_("Sum"), *_counts(found, ALL), *_reach(found.kommunen, land.base(scope), ""))
    columns = (_("Reporting area"), *_heads(), _("of"), _("In no cooperation"), _("Share in %"))
    count = ngettext("%(num)s area", "%(num)s areas", len(bases))
    return explained(Table("gebiet", _("By county"), columns, rows, total, (), count, bar=7))


def _rank(area: str, found: Joined, land: Territory) -> tuple[Any, ...]:
    name = "" if area == NONE else land.bodies[int(area)].sort_key
    return area == NONE, -len(found.areas.get(area, EMPTY).parts), name, area


def _reach(reached: frozenset[int], base: frozenset[int] | None, area: str) -> tuple[Number, ...]:
    """Compare with the Kommunen that exist."""
    if not base:
        return Number(None), Number(None), percentage(0, 0)
    inside, selection = len(reached & base), Selection(area=area)
    return (
        Number(len(base), {"was": BASE} | selection.arguments),
        Number(len(base) - inside, {"was": WITHOUT} | selection.arguments),
        percentage(inside, len(base)),
    )
