"""The values a map can show, by Kommune: a number with its list, words for it, and a class from 0 to 4."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from crm.cooperations.kinds import Stage
from crm.i18n import day, euros
from crm.labels import Labelled, name_members
from crm.reports.hesse import of_place, touched
from crm.reports.hesse.known import Known
from crm.reports.hesse.touched import Sum
from crm.reports.sheet import DAYS, Number

CLASSES = 5
# The least number of the classes 1 to 4.
TALKS_FROM, OTHERS_FROM = (1, 2, 4, 7), (1, 2, 3, 5)
# Days gone by since the last talk, of the classes 4 to 1.
SINCE_FROM = (0, 184, 366, 731)


class MapMeasure(Labelled):
    """What a map shows; the values stand in addresses."""

    TALKS = "beratungen"
    SINCE = "zuletzt"
    GROUPS = "kooperationen"
    GRANTS = "foerderungen"
    FIELD = "stand"


name_members(
    {
        MapMeasure.TALKS: _l("Talks"),
        MapMeasure.SINCE: _l("Last talk"),
        MapMeasure.GROUPS: _l("Cooperations"),
        MapMeasure.GRANTS: _l("Grants"),
        MapMeasure.FIELD: _l("How far in the task field"),
    }
)


class Value(NamedTuple):
    """What is said of one Kommune."""

    step: int
    number: Number
    words: str


@dataclass(frozen=True)
class Layer:
    """One measure: names of its classes from 0 to 4, what is said where there is nothing, and the rest."""

    measure: MapMeasure
    steps: tuple[str, ...]
    nothing: str
    head: str
    values: dict[int, Value]

    def step(self, unit: int) -> int:
        """The class of a Kommune."""
        return self.values[unit].step if unit in self.values else 0

    def words(self, unit: int) -> str:
        """What is said of a Kommune."""
        return self.values[unit].words if unit in self.values else self.nothing

    def number(self, unit: int) -> Number:
        """The number of a Kommune; a dash where there is nothing."""
        return self.values[unit].number if unit in self.values else Number(None)


def layer(measure: MapMeasure, known: Known) -> Layer:
    """Read a measure."""
    return _MAKERS[measure](known)


def _class(count: int, bounds: Sequence[int]) -> int:
    return bisect_right(bounds, count)


def _steps(words: Callable[[int, int | None], str], bounds: Sequence[int], nothing: str) -> tuple[str, ...]:
    """Name classes of numbers; the last is open."""
    tops: list[int | None] = [one - 1 for one in bounds[1:]]
    return (nothing, *(words(least, most) for least, most in zip(bounds, [*tops, None], strict=True)))


def _span(least: int, most: int | None) -> str:
    if most is None:
        return _("%(least)s and more", least=least)
    return str(least) if least == most else _("%(least)s to %(most)s", least=least, most=most)


def _talks(known: Known) -> Layer:
    found = known.talks(known.scope)
    values = {unit: _talk(unit, one) for unit, one in found.items()}
    steps = _steps(_span, TALKS_FROM, _("no talk"))
    return Layer(MapMeasure.TALKS, steps, _("no talk"), _("Talks"), values)


def _talk(unit: int, one: Sum) -> Value:
    said = ngettext("%(num)s talk", "%(num)s talks", one.times)
    words = _("%(talks)s, last on %(day)s", talks=said, day=day(one.last))
    return Value(
        _class(one.times, TALKS_FROM), Number(one.times, of_place.link(of_place.TALKS, unit)), words
    )  # fmt: skip


def _since(known: Known) -> Layer:
    cutoff = known.scope.cutoff
    found = known.talks(touched.until_cutoff(known.scope))
    values = {unit: _ago(unit, one.last, cutoff) for unit, one in found.items()}
    steps = (
        _("never"), _("more than 2 years ago"), _("1 to 2 years ago"), _("6 to 12 months ago"),
        _("less than 6 months ago"),
    )  # fmt: skip
    return Layer(MapMeasure.SINCE, steps, _("never a talk"), _("Days since"), values)


def _ago(unit: int, last: date, cutoff: date) -> Value:
    passed = (cutoff - last).days
    said = ngettext("%(num)s day ago", "%(num)s days ago", passed)
    words = _("last on %(day)s, %(ago)s", day=day(last), ago=said)
    link = of_place.link(of_place.LAST, unit)
    return Value(CLASSES - _class(passed, SINCE_FROM), Number(passed, link, unit=DAYS), words)


def _groups(known: Known) -> Layer:
    values = {unit: _group(unit, len(groups)) for unit, groups in known.groups_by_unit.items()}
    steps = _steps(_span, OTHERS_FROM, _("no cooperation"))
    return Layer(MapMeasure.GROUPS, steps, _("no cooperation"), _("Cooperations"), values)


def _group(unit: int, count: int) -> Value:
    words = ngettext("%(num)s cooperation", "%(num)s cooperations", count)
    return Value(_class(count, OTHERS_FROM), Number(count, of_place.link(of_place.GROUPS, unit)), words)


def _grants(known: Known) -> Layer:
    found: dict[int, list[Any]] = {}
    for one in known.grants:
        for unit in one.units:
            found.setdefault(unit, []).append(one)
    values = {unit: _grant(unit, some) for unit, some in found.items()}
    steps = _steps(_span, OTHERS_FROM, _("no grant"))
    return Layer(MapMeasure.GRANTS, steps, _("no grant"), _("Grants"), values)


def _grant(unit: int, some: list[Any]) -> Value:
    words = ngettext("%(num)s grant", "%(num)s grants", len(some))
    amounts = [one.amount for one in some if one.amount is not None]
    if amounts:
        words = _("%(grants)s, %(sum)s for the whole groups", grants=words, sum=euros(sum(amounts)))
    link = of_place.link(of_place.GRANTS, unit)
    return Value(_class(len(some), OTHERS_FROM), Number(len(some), link), words)


def _field(known: Known) -> Layer:
    """The farthest a Kommune has come: an event, a talk, a cooperation, one that is running."""
    scope, groups = known.scope, known.groups_by_unit
    talks, visits = known.talks(scope), touched.visits_by_unit(known.visits(scope))
    running = {number for number, one in known.joined.groups.items() if one.stage is Stage.RUNNING}
    values = {
        unit: _farthest(unit, groups.get(unit, set()), running, talks.get(unit), visits.get(unit))
        for unit in groups.keys() | talks.keys() | visits.keys()
    }
    steps = (
        _("no participation"), _("came to an event"), _("talk"), _("cooperation in preparation"),
        _("cooperation running"),
    )  # fmt: skip
    return Layer(MapMeasure.FIELD, steps, _("no participation"), _("Number"), values)


def _farthest(unit: int, groups: set[int], running: set[int], talks: Any, visits: Any) -> Value:
    talked, visited = (one.times if one else 0 for one in (talks, visits))
    kinds = (
        (of_place.GROUPS, len(groups), ngettext("%(num)s cooperation", "%(num)s cooperations", len(groups))),
        (of_place.TALKS, talked, ngettext("%(num)s talk", "%(num)s talks", talked)),
        (of_place.VISITS, visited, ngettext("%(num)s event", "%(num)s events", visited)),
    )
    step = 4 if groups & running else 3 if groups else 2 if talks else 1
    what, count, _said = next(one for one in kinds if one[1])
    words = ", ".join(said for _what, many, said in kinds if many)
    return Value(step, Number(count, of_place.link(what, unit)), words)


_MAKERS: dict[MapMeasure, Callable[[Known], Layer]] = {
    MapMeasure.TALKS: _talks, MapMeasure.SINCE: _since, MapMeasure.GROUPS: _groups,
    MapMeasure.GRANTS: _grants, MapMeasure.FIELD: _field,
}  # fmt: skip
