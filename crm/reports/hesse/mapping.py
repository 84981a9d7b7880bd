"""The map as a report: how many Kommunen stand in which class, who is not on it, all values as a table."""

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from flask_babel import gettext as _

from crm.i18n import number
from crm.reports import kommunen, pages, territory, words
from crm.reports.hesse import of_place
from crm.reports.hesse.known import Known
from crm.reports.hesse.layers import CLASSES, Layer, MapMeasure, layer
from crm.reports.records import NoSuchList, Records
from crm.reports.scope import Scope
from crm.reports.sheet import Figure, Number, Sheet, Table
from crm.reports.talks.areas import area_name
from crm.reports.words import span

STEP, COUNTIES, FORMER, BASE = "stufe", "kreise", "fruehere", "grundgesamtheit"
MEASURE, CLASS = "mass", "klasse"


@dataclass(frozen=True)
class Atlas:
    """The map that was asked: one layer for each measure, read when it is wanted."""

    known: Known
    _layers: dict[MapMeasure, Layer] = field(default_factory=dict)

    @property
    def scope(self) -> Scope:
        """What is asked about."""
        return self.known.scope

    @cached_property
    def base(self) -> frozenset[int]:
        """The Kommunen looked at that exist on the cut-off day."""
        return self.known.land.base(self.scope)

    @cached_property
    def towns(self) -> list[int]:
        """Those of them that have an area of their own, by county and name."""
        land, on = self.known.land, self.scope.cutoff
        towns = land.named(one for one in self.base if land.is_municipality(one))
        return [one.id for one in sorted(towns, key=lambda one: area_name(land.area(one.id, on), land))]

    def layer(self, measure: MapMeasure) -> Layer:
        """Give a layer."""
        if measure not in self._layers:
            self._layers[measure] = layer(measure, self.known)
        return self._layers[measure]

    def of_class(self, of: Layer) -> list[Number]:
        """How many towns and municipalities stand in each class, from 0 to 4."""
        found = Counter(of.step(unit) for unit in self.towns)
        link = {"was": STEP, MEASURE: of.measure.value}
        return [Number(found[step], link | {CLASS: step}) for step in range(CLASSES)]

    def shown(self, of: Layer) -> Number:
        """How many towns and municipalities have a value."""
        count = sum(1 for unit in self.towns if of.step(unit))
        return Number(count, {"was": STEP, MEASURE: of.measure.value})

    def counties(self, of: Layer) -> list[int]:
        """The counties with a value: they have no area of their own on the map."""
        land = self.known.land
        found = (one for one in self.base if one in of.values and not land.is_municipality(one))
        return [one.id for one in land.named(found)]

    def former(self, of: Layer) -> list[int]:
        """Kommunen with a value that no longer exist on the cut-off day."""
        land, scope = self.known.land, self.scope
        gone = [one for one in of.values if land.is_kommune(one) and one not in land.existing(scope.cutoff)]
        if scope.narrows_places:
            return []
        return [one.id for one in land.named(gone)]

    @cached_property
    def sheet(self) -> Sheet:
        """All layers as tables."""
        layers = [self.layer(one) for one in MapMeasure]
        tables = (*(self.classes(one) for one in layers), self._everything(layers))
        figures = (Figure(one.head, self.shown(one), self.note) for one in layers)
        return Sheet(definition(self.known, layers[0]), tuple(figures), None, tables)

    @property
    def note(self) -> str:
        """What the numbers of a map compare with."""
        return _("of %(all)s towns and municipalities", all=number(len(self.towns)))

    def classes(self, of: Layer) -> Table:
        """How many stand in each class, with the counties beside the map."""
        numbers = self.of_class(of)
        rows = [(of.steps[step], numbers[step]) for step in reversed(range(CLASSES))]
        base = Number(len(self.towns), {"was": BASE})
        columns = (str(of.measure.label), _("Towns and municipalities"))
        return Table(of.measure.value, str(of.measure.label), columns, tuple(rows), (_("Sum"), base))

    def _everything(self, layers: list[Layer]) -> Table:
        rows = tuple(self._row(unit, layers) for unit in self.towns)
        columns = (_("Municipality"), _("Reporting area"), *(one.head for one in layers))
        return Table("kommunen", _("All towns and municipalities"), columns, rows)

    def _row(self, unit: int, layers: list[Layer]) -> tuple[Any, ...]:
        land = self.known.land
        area = area_name(land.area(unit, self.scope.cutoff), land)
        name = pages.organisation(unit, land.bodies[unit].name)
        return (name, area, *(one.number(unit) for one in layers))

    def records(self, args: Any) -> Records:
        """Find what an address asks for; raises NoSuchList for what the map never writes."""
        what = args.get("was")
        if what in of_place.KEYS:
            return self.known.of_place(args)
        said = [span(self.scope.period)]
        if what == BASE:
            return self._list(self.towns, (*said, _("towns and municipalities on the cut-off day")))
        try:
            chosen = self.layer(MapMeasure(args.get(MEASURE)))
        except ValueError:
            raise NoSuchList from None
        said.append(str(chosen.measure.label))
        if what == COUNTIES:
            return self._list(self.counties(chosen), (*said, _("Counties")))
        if what == FORMER:
            return self._list(self.former(chosen), (*said, _("no longer existing")))
        return self._class(what, chosen, args.get(CLASS), said)

    def _class(self, what: Any, of: Layer, step: Any, said: list[str]) -> Records:
        if what != STEP or (step is not None and str(step) not in map(str, range(CLASSES))):
            raise NoSuchList
        if step is None:
            return self._list([one for one in self.towns if of.step(one)], tuple(said))
        units = [one for one in self.towns if of.step(one) == int(step)]
        return self._list(units, (*said, of.steps[int(step)]))

    def _list(self, units: list[int], said: tuple[str, ...]) -> Records:
        return kommunen.records(frozenset(units), said, self.known.land, self.scope)


def read(user: Any, scope: Scope) -> Atlas:
    """Ask for this user and period."""
    return Atlas(Known(user, scope, territory.load()))


def definition(known: Known, of: Layer) -> words.Definition:
    """Say what a map shows by which rule."""
    return words.definition(known.scope, _unit(known), rule(of.measure), words.base(known.scope, known.land))


def _unit(known: Known) -> str:
    return words.talks_seen(known.user)


def rule(measure: MapMeasure) -> str:
    """Say how a layer counts."""
    return {
        MapMeasure.TALKS: _(
            "Talks of the period in which a municipality was present or represented; a talk with six "
            "municipalities counts once at each of them."
        ),
        MapMeasure.SINCE: _(
            "Days from the last talk until the cut-off day in which a municipality was present or "
            "represented, however long ago."
        ),
        MapMeasure.GROUPS: _(
            "Cooperations in which a municipality takes part on the cut-off day, ended and abandoned ones "
            "not among them."
        ),
        MapMeasure.GRANTS: _(
            "Grants of the period to cooperations in which a municipality took part on that day. The sum is "
            "that of the whole group; grants without a day are not among them."
        ),
        MapMeasure.FIELD: _(
            "The farthest a municipality has come in the task field, or in all of them: somebody came to an "
            "event or it took part in a talk in the period, it takes part in a cooperation on the cut-off "
            "day."
        ),
    }[measure]
