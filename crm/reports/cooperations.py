"""R5 for cooperations: groups by stage, participations and distinct Kommunen on the cut-off day."""

from collections.abc import Container
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from crm.cooperations.kinds import IN_PROGRESS, Stage
from crm.db import now
from crm.i18n import day, moment, number, percent
from crm.reports import joined, territory
from crm.reports.joined import ALL, EMPTY, Joined, Selection
from crm.reports.period import Period
from crm.reports.sheet import Figure, Number, Sheet, Table
from crm.reports.territory import NONE, Territory
from crm.task_fields import queries as task_fields

GROUPS, PARTS, KOMMUNEN, UNDATED = "kooperationen", "teilnahmen", "kommunen", "ohne-tag"
BASE, WITHOUT = "grundgesamtheit", "ohne-kooperation"
BEGUN, STARTED, ENDED, ABANDONED = "begonnen", "angelaufen", "beendet", "aufgegeben"
EVENTS = (BEGUN, STARTED, ENDED, ABANDONED)
_STAGES = {STARTED: Stage.RUNNING, ENDED: Stage.ENDED, ABANDONED: Stage.ABANDONED}


def make(_user: Any, period: Period) -> Sheet:
    """Count what whoever reads content may see, and put it into words."""
    land = territory.load()
    found = joined.load(period.cutoff, land)
    tables = (
        _by_stage(found),
        _in_period(found, period),
        _by_field(found, period),
        _by_area(found, land, period),
    )
    return Sheet(_definition(period, land), _figures(found, land, period), None, tables)


def happened(found: Joined, period: Period, event: str) -> Joined:
    """Narrow to the groups of which something happened within the period."""
    kept = {one: group for one, group in found.groups.items() if _falls(_day_of(group, event), period)}
    return Joined(kept, tuple(part for part in found.parts if part.group_id in kept), found.heads)


def _day_of(group: Any, event: str) -> Any:
    if event == BEGUN:
        begun = group.begun_on
        return begun and min(begun, group.entered_on)
    return group.since if group.stage is _STAGES[event] else None


def _falls(on: Any, period: Period) -> bool:
    return on is not None and period.since <= on <= period.cutoff


def events() -> dict[str, str]:
    """What can happen to a group, in words."""
    return {
        BEGUN: _("Begun"),
        STARTED: _("Started running"),
        ENDED: _("Ended"),
        ABANDONED: _("Abandoned"),
    }


def field_heads(on: date, also: Container[str] = ()) -> list[tuple[str, str]]:
    """The groups of task fields of a day and some others, as (key, name); at the end what has none."""
    heads = [one for one in task_fields.everything() if one.parent_id is None]
    shown = [(str(one.id), one.name) for one in heads if one.holds_on(on) or str(one.id) in also]
    return [*shown, (NONE, _("Without task field"))]


def _definition(period: Period, land: Territory) -> tuple[tuple[str, str], ...]:
    base = number(len(land.existing(period.cutoff)))
    return (
        (_("Period"), _("%(first)s to %(last)s", first=day(period.since), last=day(period.until))),
        (_("Cut-off day"), day(period.cutoff)),
        (_("Data as of"), moment(now())),
        (_("Base"), _("%(all)s Kommunen of Hessen on the cut-off day", all=base)),
        (_("Unit"), _unit()),
        (_("Counting rule"), _rule()),
        (_("Areas"), _areas()),
    )  # fmt: skip


def _unit() -> str:
    return _(
        "Cooperations that had begun by the cut-off day, each at the stage it had on that day, ended and "
        "abandoned ones included. Removed ones count nowhere."
    )


def _rule() -> str:
    return _(
        "A participation is a Kommune in a cooperation, counted once for each (multi-counted): as lead or "
        "partner, interested at least on the cut-off day. Whoever left or declined counts until that day and "
        "not from it on. In ended and abandoned cooperations nobody takes part any more. Steps without a day "
        "count as taken always. Candidates, observers, other bodies and places outside Hessen do not count. "
        "Distinct Kommunen count once; a former Kommune counts as the one it belongs to on the cut-off day. "
        "Only the table “In the period” asks for the first day of the period."
    )


def _areas() -> str:
    return _(
        "A municipality counts in the county it lies in on the cut-off day, a county in its own row, a town "
        "without county by itself."
    )


def _figures(found: Joined, land: Territory, period: Period) -> tuple[Figure, ...]:
    base, reached, running = land.existing(period.cutoff), len(found.kommunen), _running(found, ALL).value
    ahead = sum(1 for group in found.groups.values() if group.stage in IN_PROGRESS)
    note = _("%(ahead)s in progress, %(running)s running", ahead=number(ahead), running=number(running))
    share = _(
        "%(reached)s of %(all)s on the cut-off day: %(share)s",
        reached=number(reached), all=number(len(base)),
        share=percent(reached / len(base) if base else None),
    )  # fmt: skip
    return (
        Figure(_("Cooperations"), _groups(found, ALL), note),
        Figure(_("Participations"), _parts(found, ALL), _("once for each Kommune and cooperation")),
        Figure(_("Distinct Kommunen"), _kommunen(found, ALL), share),
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
    return _("Cooperations"), _("of them running"), _("Participations"), _("Kommunen")


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
        share = Number(round(100 * len(here.groups) / all_of_them, 1) if all_of_them else None)
        counts = _groups(here, selection), share, _parts(here, selection), _kommunen(here, selection)
        rows.append((str(stage.label), *counts))
    total = (_("Sum"), _groups(found, ALL), Number(None), _parts(found, ALL), _kommunen(found, ALL))
    columns = (_("Stage"), _("Cooperations"), _("Share in %"), _("Participations"), _("Kommunen"))
    return _explained(Table("stand", _("By stage"), columns, tuple(rows), total, bar=2))


def _in_period(found: Joined, period: Period) -> Table:
    names = events()
    rows = tuple(
        (names[one], Number(len(happened(found, period, one).groups), {"was": one})) for one in EVENTS
    )
    return Table("zeitraum", _("In the period"), (_("What happened"), _("Cooperations")), rows)


def _by_field(found: Joined, period: Period) -> Table:
    rows = tuple(
        (name, *_counts(found.fields.get(key, EMPTY), Selection(field=key)))
        for key, name in field_heads(period.cutoff, found.fields)
    )
    total = (_("Sum"), *_counts(found, ALL))
    return _explained(Table("feld", _("By group of task fields"), (_("Task fields"), *_heads()), rows, total))


def _by_area(found: Joined, land: Territory, period: Period) -> Table:
    bases = land.bases(period.cutoff)
    order = sorted(found.areas.keys() | bases.keys(), key=lambda area: _rank(area, found, land))
    rows = tuple(
        (area_name(area, land), *_counts(found.areas.get(area, EMPTY), Selection(area=area)),
         *_reach(found.kommunen, bases.get(area), area))
        for area in order
    )  # fmt: skip
    total = (_("Sum"), *_counts(found, ALL), *_reach(found.kommunen, land.existing(period.cutoff), ""))
    columns = (_("Reporting area"), *_heads(), _("of"), _("In no cooperation"), _("Share in %"))
    count = ngettext("%(num)s area", "%(num)s areas", len(bases))
    return _explained(Table("gebiet", _("By county"), columns, rows, total, (), count, bar=7))


def _rank(area: str, found: Joined, land: Territory) -> tuple[Any, ...]:
    name = "" if area == NONE else land.bodies[int(area)].sort_key
    return area == NONE, -len(found.areas.get(area, EMPTY).parts), name, area


def area_name(area: str, land: Territory) -> str:
    """Name an area."""
    return _("No Kommune takes part") if area == NONE else land.bodies[int(area)].name


def _reach(reached: frozenset[int], base: frozenset[int] | None, area: str) -> tuple[Number, ...]:
    """Compare with the Kommunen that exist."""
    if not base:
        return (Number(None),) * 3
    inside, selection = len(reached & base), Selection(area=area)
    return (
        Number(len(base), {"was": BASE} | selection.arguments),
        Number(len(base) - inside, {"was": WITHOUT} | selection.arguments),
        Number(round(100 * inside / len(base), 1)),
    )


def _explained(table: Table) -> Table:
    """Say under the table why a column adds up to more than its sum."""
    total: list[Any] = list(table.total)
    notes: list[str] = []
    for place, cell in enumerate(total):
        column = sum(row[place].value or 0 for row in table.rows) if isinstance(cell, Number) else 0
        if isinstance(cell, Number) and cell.link and column != cell.value:
            mark = str(len(notes) + 1)
            total[place] = Number(cell.value, cell.link, mark)
            said = _(
                "The column “%(name)s” adds up to %(sum)s, for some stand in several rows. In the sum each "
                "counts once.", name=table.columns[place], sum=number(column),
            )  # fmt: skip
            notes.append(f"{mark} {said}")
    return Table(
        table.id, table.title, table.columns, table.rows, tuple(total), tuple(notes), table.count, table.bar
    )
