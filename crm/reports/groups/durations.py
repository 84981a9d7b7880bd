"""R10, time per stage: how long groups were at each, what is there now, how long applications lay where."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from crm.cooperations.kinds import IN_PROGRESS, OVER, Stage
from crm.cooperations.on_day import groups_on
from crm.db import today
from crm.i18n import number
from crm.reports import territory, words
from crm.reports.facts import LEAST, MEDIAN, MOST, NONE, Book, Dimension, Fact, Measure, SeveralReading
from crm.reports.groups import around, joined, station_days, stays
from crm.reports.groups.stays import Stay
from crm.reports.scope import Scope
from crm.reports.sheet import DAYS, Figure, Number, Sheet, Table
from crm.reports.talks import topics
from crm.reports.territory import Territory

LEFT, HALF, SHORTEST, LONGEST, UNKNOWN = "beendet", "tage", "kuerzeste", "laengste", "ohne-tag"
HERE, HERE_HALF, HERE_LONGEST, HERE_UNKNOWN = "laufend", "bisher", "bisher-laengste", "laufend-ohne-tag"
# Of groups that neither run nor rest: to run for long is no delay.
WAY_HALF, WAY_LONGEST = "tage-unterwegs", "bisher-unterwegs"
# What is ended or abandoned stays so for ever.
STAGES = tuple(one for one in Stage if one not in OVER)
_VALUED = {LEFT: (HALF, SHORTEST, LONGEST), HERE: (HERE_HALF, HERE_LONGEST)}


def read(_user: Any, scope: Scope) -> SeveralReading:
    """Ask for the time per stage: eleven statements, for both periods together."""
    land, groups, heads = territory.load(), groups_on(today()), joined.heads()
    applications = stays.applications()
    known = stays.dated(applications)
    ways = {one.id: stays.of_group(one, known, today()) for one in groups}

    def stays_of(asked: Scope) -> Book:
        inside = around.looked_at(groups, asked, land, heads)
        facts = (_fact(stay, asked, heads) for one in inside for stay in ways[one.id])
        return _book(sorted((one for one in facts if one is not None), key=_rank), asked, land)

    inside = around.looked_at(groups, scope, land, heads)
    stations = station_days.book(applications, inside, scope, land)
    make = partial(_sheet, stations=stations)
    return SeveralReading(stays_of(scope), make, lambda: stays_of(scope.before), (stations,))


def _rank(fact: Fact) -> tuple[Any, ...]:
    """The longest first, those without a day last."""
    days: Any = fact.cells[4]
    return days.value is None, -(days.value or 0), str(fact.cells[0]), fact.id


def _book(facts: list[Fact], scope: Scope, land: Territory) -> Book:
    stages = {one.value: str(one.label) for one in STAGES}
    fields = {key: name for key, name in topics.field_heads(scope.cutoff, _used(facts)) if key != NONE}
    dimensions = (
        Dimension("stufe", _("Stage"), stages, always=True),
        Dimension("feld", _("Task fields"), fields),
    )
    return Book(tuple(facts), _columns(), _measures(), dimensions, _title, scope, land, "stays")


def _used(facts: list[Fact]) -> set[str]:
    return {key for one in facts for key in one.keys["feld"]}


def _fact(stay: Stay, scope: Scope, heads: dict[int, str]) -> Fact | None:
    """Say what became of a stay; None where it was over before the period or began after its end."""
    state = _state(stay, scope)
    if state is None:
        return None
    days = stay.days_on(scope.cutoff)
    left = state == LEFT
    cells = (
        around.link_to(stay.group), str(stay.stage.label), stay.since, stay.until if left else None,
        Number(days, unit=DAYS), str(stay.then.label) if left and stay.then else _("still there"),
    )  # fmt: skip
    keys = {
        "stufe": (stay.stage.value,),
        "feld": tuple(sorted({heads[one] for one in stay.group.fields})),
        "lage": (state,),
    }
    return Fact(stay.id, cells, keys, {} if days is None else dict.fromkeys(_values(stay, state), days))


def _values(stay: Stay, state: str) -> tuple[str, ...]:
    on_the_way = (WAY_HALF if state == LEFT else WAY_LONGEST,) if stay.stage in IN_PROGRESS else ()
    return (*_VALUED[state], *on_the_way)


def _state(stay: Stay, scope: Scope) -> str | None:
    if stay.stage in OVER or stay.first > scope.cutoff:
        return None
    if stay.end is None or stay.end > scope.cutoff:
        return HERE
    return LEFT if stay.end >= scope.period.since else None


def _columns() -> tuple[str, ...]:
    return _("Cooperation"), _("Stage"), _("since"), _("until"), _("Days"), _("Next stage")


def _measures() -> tuple[Measure, ...]:
    left, here = _("left in the period"), _("there on the cut-off day")
    return (
        Measure(LEFT, _("Left in the period"), where=_is(LEFT), words=left),
        Measure(HALF, _("Days (median)"), MEDIAN, DAYS, words=left),
        Measure(SHORTEST, _("shortest"), LEAST, DAYS, words=left),
        Measure(LONGEST, _("longest"), MOST, DAYS, words=left),
        Measure(UNKNOWN, _("of them without a day"), where=_is(LEFT, HALF), words=_("without a day")),
        Measure(HERE, _("There on the cut-off day"), where=_is(HERE), words=here),
        Measure(HERE_HALF, _("Days so far (median)"), MEDIAN, DAYS, words=here),
        Measure(HERE_LONGEST, _("longest"), MOST, DAYS, words=here),
        Measure(
            HERE_UNKNOWN, _("of them without a day"), where=_is(HERE, HERE_HALF), words=_("without a day")
        ),
        Measure(WAY_HALF, _("Days (median)"), MEDIAN, DAYS, words=_("before running, left in the period")),
        Measure(WAY_LONGEST, _("longest"), MOST, DAYS, words=_("before running, there on the cut-off day")),
    )


def _is(state: str, without: str = "") -> Callable[[Fact], bool]:
    return lambda fact: fact.keys["lage"] == (state,) and without not in fact.values


def _title(count: int) -> str:
    return ngettext("%(shown)s stay at a stage", "%(shown)s stays at a stage", count, shown=number(count))


def _sheet(book: Book, stations: Book) -> Sheet:
    stages, fields = book.dimensions
    left, half, _shortest, _longest, unknown, here, *staying, way_half, way_longest = book.measures
    figures = (
        Figure(_("Left in the period"), book.number(left), _("stages that groups left for another")),
        Figure(_("Days at a stage (median)"), book.number(way_half), _("before running")),
        Figure(_("Longest on the cut-off day"), book.number(way_longest), _("before running")),
        Figure(_("Without a day"), book.number(unknown), _("start or end is not known")),
    )
    finished = book.by(stages, _("Stages left in the period"), book.measures[:5])
    running = book.by(stages, _("Groups there on the cut-off day"), (here, *staying))
    (ways,) = stations.dimensions
    lying = stations.by(ways, _("Applications by station"), stations.measures)
    tables = (
        around.only_counts(finished, book.measures[:5]),
        around.only_counts(replace(running, id="stufe-laufend"), (here, *staying)),
        _matrix(book, stages, fields, half),
        around.only_counts(lying, stations.measures),
        book.among(here).listing("laufend", _("Where each group is")),
        book.among(left).listing("beendet", _("All stages left in the period")),
    )
    return Sheet(_definition(book.scope), figures, None, tables)


def _matrix(book: Book, stages: Dimension, fields: Dimension, half: Measure) -> Table:
    """The median of every stage by group of task fields."""
    columns = (fields.head, *stages.names.values())
    keys = [key for key in (*fields.names, NONE) if any(key in one.under("feld") for one in book.facts)]
    rows = tuple((_field(fields, key), *_medians(book, stages, half, {"feld": key})) for key in keys)
    total = (_("All"), *_medians(book, stages, half, {}))
    return Table("feld", _("Days (median) by group of task fields"), columns, rows, total if rows else ())


def _field(fields: Dimension, key: str) -> str:
    return _("Without task field") if key == NONE else fields.name(key)


def _medians(book: Book, stages: Dimension, half: Measure, chosen: dict[str, str]) -> tuple[Number, ...]:
    return tuple(book.number(half, chosen | {"stufe": stage}) for stage in stages.names)


def _definition(scope: Scope) -> words.Definition:
    unit = _(
        "Stays: a cooperation at a stage, from the day it reached it to the day it reached another. Its "
        "stage on every day is that of the weakest partner. Removed cooperations count nowhere."
    )
    rule = _(
        "Stays that ended in the period and stays that last on the cut-off day are counted apart; the latter "
        "run to the cut-off day. Half of the stays are as long as the median or shorter. Where the day of a "
        "step is not known, the stay is counted as without a day and is in no median. What was reached and "
        "left on one day is no stay. Ended and abandoned is no stage to leave."
    )
    return words.definition(scope, unit, rule)
