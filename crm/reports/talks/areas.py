"""The table by county: what was counted there, and how many of its Kommunen were reached."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from crm.i18n import number
from crm.reports import words
from crm.reports.scope import Scope
from crm.reports.sheet import Number, Table, percentage
from crm.reports.talks import numbers
from crm.reports.talks.counting import EMPTY, Counted, Selection
from crm.reports.territory import NONE, OTHER, Territory

Split = dict[str, Counted]


def table(counted: Counted, scope: Scope, territory: Territory) -> Table:
    """Give a row for every area that exists on the cut-off day or was counted in."""
    split, bases = counted.areas, territory.bases(scope)
    order = sorted(split.keys() | bases.keys(), key=lambda area: _rank(area, split, territory))
    rows = [_row(area, split.get(area, EMPTY), counted, bases, territory) for area in order]
    notes = _notes(counted, split, scope, territory)
    total = _total(counted, split, scope, territory)
    title, count = _("By county"), ngettext("%(num)s area", "%(num)s areas", len(bases))
    return Table("gebiet", title, _columns(), tuple(rows), total, notes, count, bar=7)


def _columns() -> tuple[str, ...]:
    reached = (_("Reached on the cut-off day"), _("of"), _("Without a talk"), _("Reached in %"))
    return (_("Reporting area"), *numbers.heads(), *reached)


def _rank(area: str, split: Split, territory: Territory) -> tuple[Any, ...]:
    known = area not in (OTHER, NONE)
    name = territory.bodies[int(area)].sort_key if known else ""
    return not known, -len(split.get(area, EMPTY).participations), name, area


def area_name(area: str, territory: Territory) -> str:
    """Name an area."""
    if area == OTHER:
        return _("Only other bodies")
    if area == NONE:
        return _("No participation")
    return territory.bodies[int(area)].name


def _row(
    area: str, here: Counted, counted: Counted, bases: dict[str, frozenset[int]], territory: Territory
) -> tuple:
    selection = Selection(area=area)
    counts = numbers.three(here, selection)
    return (area_name(area, territory), *counts, *_reach(counted.kommunen, bases.get(area), selection))


def _reach(reached: frozenset[int], base: frozenset[int] | None, selection: Selection) -> tuple[Any, ...]:
    """Compare what the whole report reached with the Kommunen that exist; an area may have none."""
    if not base:
        return (*[Number(None)] * 3, percentage(0, 0))
    inside = len(reached & base)
    return (
        Number(inside, {"was": "erreicht"} | selection.arguments),
        Number(len(base), {"was": "grundgesamtheit"} | selection.arguments),
        Number(len(base) - inside, {"was": "ohne-kontakt"} | selection.arguments),
        percentage(inside, len(base)),
    )


def _several(split: Split) -> int:
    """Count the talks that stand in more than one row."""
    seen: dict[int, int] = {}
    for here in split.values():
        for talk in here.talks:
            seen[talk] = seen.get(talk, 0) + 1
    return sum(1 for times in seen.values() if times > 1)


def _sums(split: Split) -> tuple[int, int]:
    return sum(len(here.talks) for here in split.values()), sum(len(here.kommunen) for here in split.values())


def _total(counted: Counted, split: Split, scope: Scope, territory: Territory) -> tuple[Any, ...]:
    talks, kommunen = _sums(split)
    more = talks > len(counted.talks)
    return (
        _("Sum"),
        numbers.talks(counted, mark="1" if more else ""),
        numbers.participations(counted),
        numbers.kommunen(counted, mark=str(1 + more) if kommunen > len(counted.kommunen) else ""),
        *_reach(counted.kommunen, territory.base(scope), numbers.ALL),
    )


def _notes(counted: Counted, split: Split, scope: Scope, territory: Territory) -> tuple[str, ...]:
    talks, kommunen = _sums(split)
    found = []
    if talks > len(counted.talks):
        found.append(_several_areas(talks, _several(split)))
    if kommunen > len(counted.kommunen):
        found.append(_moved(kommunen, kommunen - len(counted.kommunen)))
    marked = tuple(f"{place} {text}" for place, text in enumerate(found, start=1))
    gone = counted.kommunen - territory.existing(scope.cutoff)
    return marked + words.former(gone, territory, scope)


def _several_areas(total: int, several: int) -> str:
    return ngettext(
        "The column of talks adds up to %(sum)s, because %(num)s talk had municipalities of several "
        "areas. It counts once in the sum.",
        "The column of talks adds up to %(sum)s, because %(num)s talks had municipalities of several areas. "
        "Each counts once in the sum.",
        several,
        sum=number(total),
    )


def _moved(total: int, moved: int) -> str:
    return ngettext(
        "The column of municipalities adds up to %(sum)s, because %(num)s municipality changed its area "
        "within the period. It counts once in the sum.",
        "The column of municipalities adds up to %(sum)s, because %(num)s municipalities changed their area "
        "within the period. Each counts once in the sum.",
        moved,
        sum=number(total),
    )
