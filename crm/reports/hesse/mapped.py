"""The map page as plain values: tiles with class and words, classes with numbers, who stands beside."""

from dataclasses import dataclass
from typing import NamedTuple

from flask_babel import gettext as _

from crm.i18n import day, number, percent
from crm.reports.hesse.layers import CLASSES, Layer, MapMeasure
from crm.reports.hesse.mapping import COUNTIES, FORMER, MEASURE, Atlas
from crm.reports.hesse.pictured import Pictured, pictured
from crm.reports.sheet import Number
from crm.reports.talks.areas import area_name
from crm.reports.words import span

# What is seen around a county, and the least height of a window, in units of the picture.
AROUND, LEAST_HIGH = 14, 120
# A letter of a name and a line of it, in units of the whole picture.
LETTER, LINE = 6.2, 13
_PICKS = (min, min, max, max)


class Spot(NamedTuple):
    """One Kommune in a row of the table or as a tile."""

    id: int
    name: str
    step: int
    words: str
    number: Number
    path: str = ""
    is_true: bool = False


class Beside(NamedTuple):
    """Kommunen with a value that have no place on the map, and the way to their list."""

    title: str
    number: Number
    spots: list[Spot]


class Window(NamedTuple):
    """The part of the picture that is seen, and how many times larger than the whole."""

    x: int
    y: int
    width: int
    height: int
    zoom: float = 1


class Name(NamedTuple):
    """A name on the map, in lines around a point."""

    x: int
    y: int
    lines: tuple[str, ...]


@dataclass(frozen=True)
class View:
    """All a map page shows."""

    when: str
    layer: Layer
    made: Pictured
    window: Window
    names: list[Name]
    tiles: list[Spot]
    rest: str
    classes: list[tuple[int, str, Number]]
    shown: Number
    all: int
    beside: list[Beside]
    groups: list[tuple[str, list[Spot]]]

    @property
    def title(self) -> str:
        """Say how many of how many have a value."""
        return _("%(shown)s of %(all)s towns and municipalities", shown=self.shown.text, all=number(self.all))

    @property
    def share(self) -> str:
        """The same in percent."""
        return percent(float(self.shown.value or 0) / self.all if self.all else None)

    @property
    def text(self) -> str:
        """Say what the picture shows to who does not see it."""
        parts = [f"{name}: {found.text}" for _step, name, found in self.classes]
        return f"{self.layer.measure.label}. {self.title}. {', '.join(parts)}."


def mapped(atlas: Atlas, layer: Layer) -> View:
    """Put a layer on the map."""
    made = pictured(atlas.known.land, atlas.scope.cutoff)
    spots = [_spot(unit, atlas, layer, made) for unit in atlas.towns]
    inside = set(atlas.towns)
    rest = "".join(tile.path for unit, tile in made.picture.tiles.items() if unit not in inside)
    numbers = atlas.of_class(layer)
    classes = [(step, layer.steps[step], numbers[step]) for step in reversed(range(CLASSES))]
    placed, placeless = ([one for one in spots if bool(one.path) is has] for has in (True, False))
    window = _window(atlas, made)
    return View(
        _when(atlas, layer), layer, made, window, _names(atlas, made, window), placed, rest, classes,
        atlas.shown(layer), len(spots), _beside(atlas, layer, placeless), _groups(atlas, spots),
    )  # fmt: skip


def _window(atlas: Atlas, made: Pictured) -> Window:
    """Look at the whole, or nearer at the county or region that is asked about."""
    picture, scope = made.picture, atlas.scope
    inside = [picture.tiles[unit].edges for unit in atlas.towns if unit in picture.tiles]
    if not inside or (scope.county_id is None and scope.region_id is None):
        return Window(0, 0, picture.width, picture.height)
    edges = zip(*inside, strict=True)
    west, north, east, south = (pick(some) for pick, some in zip(_PICKS, edges, strict=True))
    height = max(south - north + 2 * AROUND, LEAST_HIGH)
    width = max(east - west + 2 * AROUND, height * picture.width / picture.height)
    x, y = (west + east - width) / 2, (north + south - height) / 2
    return Window(round(x), round(y), round(width), round(height), round(picture.width / width, 2))


def _names(atlas: Atlas, made: Pictured, window: Window) -> list[Name]:
    """Name the counties; in one county its towns, as far as their names do not touch."""
    if atlas.scope.county_id is None:
        return [Name(*one) for one in made.picture.names]
    found: list[Name] = []
    taken: list[tuple[float, float, float]] = []
    for unit in atlas.towns:
        if unit in made.picture.tiles:
            west, north, east, south = made.picture.tiles[unit].edges
            x, y, text = (west + east) / 2, (north + south) / 2, _short(atlas, unit)
            half, high = len(text) * LETTER / 2 / window.zoom, LINE / window.zoom
            if all(abs(x - x2) >= half + half2 or abs(y - y2) >= high for x2, y2, half2 in taken):
                taken.append((x, y, half))
                found.append(Name(round(x), round(y), (text,)))
    return found


def _short(atlas: Atlas, unit: int) -> str:
    return atlas.known.land.bodies[unit].name.partition(" (")[0]


def _when(atlas: Atlas, layer: Layer) -> str:
    """The days a layer is about; what is as it is on a day has but one."""
    if layer.measure in (MapMeasure.SINCE, MapMeasure.GROUPS):
        return _("Cut-off day %(day)s", day=day(atlas.scope.cutoff))
    return span(atlas.scope.period)


def _spot(unit: int, atlas: Atlas, layer: Layer, made: Pictured | None = None) -> Spot:
    tile = made.picture.tiles.get(unit) if made else None
    name, words = atlas.known.land.bodies[unit].name, layer.words(unit)
    drawn = (tile.path, tile.is_true) if tile else ("", False)
    return Spot(unit, name, layer.step(unit), words, layer.number(unit), *drawn)


def _groups(atlas: Atlas, spots: list[Spot]) -> list[tuple[str, list[Spot]]]:
    """Sort the rows of the table by county."""
    land = atlas.known.land
    found: dict[str, list[Spot]] = {}
    for one in spots:
        found.setdefault(area_name(land.area(one.id, atlas.scope.cutoff), land), []).append(one)
    return list(found.items())


def _beside(atlas: Atlas, layer: Layer, placeless: list[Spot]) -> list[Beside]:
    """Name those with a value that the map cannot show."""
    link = {MEASURE: layer.measure.value}
    lists = (
        (_("Counties have no area of their own:"), COUNTIES, atlas.counties(layer)),
        (_("No longer existing on the cut-off day:"), FORMER, atlas.former(layer)),
    )
    found = [
        Beside(title, Number(len(units), {"was": what} | link), [_spot(one, atlas, layer) for one in units])
        for title, what, units in lists
        if units and (what != FORMER or layer.measure is not MapMeasure.SINCE)
    ]
    if placeless:
        found.append(Beside(_("Nobody knows where they lie:"), Number(len(placeless)), placeless))
    return found
