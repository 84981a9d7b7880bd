"""How long applications lay at Landkreis, Regierungspräsidium and ministry."""

from datetime import date, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from crm.cooperations.on_day import Group
from crm.db import today
from crm.funding.models import Application
from crm.funding.stations import WAY, Stay, stays
from crm.i18n import number
from crm.reports.facts import LEAST, MEDIAN, MOST, Book, Dimension, Fact, Measure, stands
from crm.reports.groups import around
from crm.reports.scope import Scope
from crm.reports.sheet import DAYS, Number
from crm.reports.territory import Territory

PASSED, HALF, SHORTEST, LONGEST, LYING, LYING_HALF, UNKNOWN = (
    "durchlaufen", "stationstage", "station-kuerzeste", "station-laengste", "liegt", "liegt-tage",
    "station-ohne-tag",
)  # fmt: skip


def book(applications: list[Application], groups: list[Group], scope: Scope, land: Territory) -> Book:
    """Ask the applications of some groups."""
    titles = {one.id: one for one in groups}
    facts = [
        fact
        for one in applications
        if one.cooperation_id in titles
        for stay in stays(one, today())
        if (fact := _fact(stay, titles[one.cooperation_id], scope)) is not None
    ]
    columns = (_("Cooperation"), _("Station"), _("arrived"), _("passed on"), _("Days"))
    names = {one.value: str(one.label) for one in WAY}
    dimension = Dimension("station", _("Station"), names, always=True)
    return Book(tuple(facts), columns, _measures(), (dimension,), _title, scope, land, "stations")


def _fact(stay: Stay, group: Group, scope: Scope) -> Fact | None:
    """Say what became of a stay in the period; None where it lies outside."""
    station, ends = stay.station, None
    if stay.days is not None and not stay.is_open:
        ends = station.arrived_on + timedelta(days=stay.days)
    state, days = _state(stay, ends, scope)
    if state is None:
        return None
    left = ends if state == PASSED else None
    cells = (
        around.link_to(group), str(station.kind.label), station.arrived_on, left, Number(days, unit=DAYS),
    )  # fmt: skip
    values = dict.fromkeys(_VALUED[state], days)
    return Fact(station.id, cells, {"station": (station.kind.value,), "lage": (state,)}, values)


_VALUED = {PASSED: (HALF, SHORTEST, LONGEST), LYING: (LYING_HALF,), UNKNOWN: ()}


def _state(stay: Stay, ends: date | None, scope: Scope) -> tuple[str | None, int | None]:
    """Passed within the period, lying there on the cut-off day, or with days that nobody knows."""
    arrived, cutoff = stay.station.arrived_on, scope.cutoff
    if arrived > cutoff:
        return None, None
    if stay.is_open or (ends is not None and ends > cutoff):
        return LYING, (cutoff - arrived).days
    if ends is None:
        return (UNKNOWN if arrived >= scope.period.since else None), None
    return (PASSED, stay.days) if ends >= scope.period.since else (None, None)


def _measures() -> tuple[Measure, ...]:
    passed, lying = _("passed on in the period"), _("lying there on the cut-off day")
    return (
        Measure(PASSED, _("Passed on"), where=stands("lage", PASSED), words=passed),
        Measure(HALF, _("Days (median)"), MEDIAN, DAYS, words=passed),
        Measure(SHORTEST, _("shortest"), LEAST, DAYS, words=passed),
        Measure(LONGEST, _("longest"), MOST, DAYS, words=passed),
        Measure(LYING, _("Lying there"), where=stands("lage", LYING), words=lying),
        Measure(LYING_HALF, _("Days so far (median)"), MEDIAN, DAYS, words=lying),
        Measure(UNKNOWN, _("Without a day"), where=stands("lage", UNKNOWN), words=_("without a day")),
    )


def _title(count: int) -> str:
    return ngettext("%(shown)s stay at a station", "%(shown)s stays at stations", count, shown=number(count))
