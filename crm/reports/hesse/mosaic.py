"""The picture of Hessen: every municipality has a tile, its true area or one cut around its place.

Without boundaries the places alone make the picture: the state is the rounded hull around them, and each gets
what lies nearer to it than to any other, after the places have moved a little apart so that tiles in crowded
parts can be seen and pressed. Only geometry is worked out here, always the same for the same places; colours
stand in charts.css, the markup in macros/hesse.html.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import shapely

from crm.geography.packing import Packed, polygons
from crm.geography.shapes import FLAT, flat

WIDTH, MARGIN = 620, 6
# The hull: so far around every place in metres, then so far back; narrow hollows are filled.
REACH, BACK = 20_000, 15_200
# The places move towards the middle of their tiles, so often and so far of the way.
ROUNDS, PULL = 2, 0.6
# Half the joint between two tiles, and what is left out of a true border, in units of the picture.
JOINT, UNSEEN = 1.6, 1.0
# A tile that true areas left hardly anything of becomes a disc of this radius in metres.
LEAST_AREA, DISC = 1_500_000, 1_100
# How far the areas of a county may lie apart and still be one, in metres.
SEAM = 160
# A letter of a name on the map, and a line of it, in units.
LETTER, LINE = 5.6, 11


class Place(NamedTuple):
    """A municipality where it lies, in degrees, and the reporting area it belongs to."""

    id: int
    longitude: float
    latitude: float
    area: str


class Tile(NamedTuple):
    """What is drawn for one municipality, between which edges; a true area is told from one that was cut."""

    path: str
    is_true: bool
    edges: tuple[float, float, float, float]


class Name(NamedTuple):
    """The name of an area in one or two lines around a point."""

    x: int
    y: int
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Picture:
    """A finished picture: tiles by municipality, what belongs to none, lines and names of areas."""

    width: int
    height: int
    tiles: dict[int, Tile]
    free: str
    borders: str
    names: tuple[Name, ...]


def drawn(places: tuple[Place, ...], shapes: Mapping[int, Packed], names: Mapping[str, str]) -> Picture:
    """Draw some municipalities; `shapes` are the true areas that are known, those of no place stay free."""
    true = _sound({number: flat(polygons(shape)) for number, shape in shapes.items()})
    mine = {place.id for place in places}
    areas = _tiles(places, {number: shape for number, shape in true.items() if number in mine})
    free = [shape for number, shape in true.items() if number not in mine]
    frame = _Frame([*areas.values(), *free])
    tiles = {number: frame.tile(area, number in true) for number, area in areas.items()}
    counties = _counties(places, areas)
    several = {key: shape for key, shape in counties.items() if sum(one.area == key for one in places) > 1}
    lines = "".join(frame.line(shape) for shape in counties.values())
    return Picture(
        WIDTH, frame.height, tiles, "".join(frame.line(shape) for shape in free), lines,
        frame.names(several, names),
    )  # fmt: skip


def _sound(shapes: dict[int, Any]) -> dict[int, Any]:
    valid = shapely.make_valid(list(shapes.values()), method="structure") if shapes else ()
    return dict(zip(shapes, valid, strict=True))


def _tiles(places: tuple[Place, ...], true: dict[int, Any]) -> dict[int, Any]:
    """Give each place its area in metres."""
    found = {place.id: true[place.id] for place in places if place.id in true}
    others = [place for place in places if place.id not in true]
    if not others:
        return found
    cells = dict(zip((one.id for one in places), _cells(places), strict=True))
    taken = shapely.union_all(list(found.values())) if found else None
    for place in others:
        cell = cells[place.id]
        left = cell if taken is None else _largest(shapely.difference(cell, taken))
        found[place.id] = left if left.area >= LEAST_AREA else _disc(place)
    return {place.id: found[place.id] for place in places}


def _disc(place: Place) -> Any:
    return shapely.buffer(shapely.Point(*_metres(place)), DISC)


def _metres(place: Place) -> tuple[float, float]:
    return place.longitude * FLAT[0], place.latitude * FLAT[1]


def _cells(places: tuple[Place, ...]) -> list[Any]:
    """Cut the hull of all places into one cell for each."""
    points = _apart([_metres(place) for place in places])
    hull = _hull(points)
    for _turn in range(ROUNDS):
        middles = [cell.centroid for cell in _cut(points, hull)]
        points = [
            (x + (middle.x - x) * PULL, y + (middle.y - y) * PULL)
            for (x, y), middle in zip(points, middles, strict=True)
        ]
    return _cut(points, hull)


def _apart(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Set apart what lies on one spot; a cell needs a place of its own."""
    seen: dict[tuple[int, int], int] = {}
    found = []
    for x, y in points:
        key = round(x / 100), round(y / 100)
        seen[key] = seen.get(key, -1) + 1
        found.append((x + 1500 * seen[key], y + 900 * seen[key]))
    return found


def _hull(points: list[tuple[float, float]]) -> Any:
    """Draw a rounded line around all places, in one piece and without holes."""
    wide = shapely.union_all(shapely.buffer(shapely.points(points), REACH, quad_segs=16))
    back = shapely.simplify(shapely.buffer(wide, -BACK, quad_segs=16), 60)
    return shapely.union_all([shapely.Polygon(part.exterior) for part in shapely.get_parts(back)])


def _cut(points: list[tuple[float, float]], hull: Any) -> list[Any]:
    if len(points) == 1:
        return [hull]
    cells = shapely.voronoi_polygons(shapely.MultiPoint(points), extend_to=hull, ordered=True)
    parts = shapely.intersection(shapely.get_parts(cells), hull)
    return [_largest(part) for part in parts]


def _largest(shape: Any) -> Any:
    return max(shapely.get_parts(shape), key=lambda part: part.area, default=shape)


def _counties(places: Iterable[Place], areas: Mapping[int, Any]) -> dict[str, Any]:
    """Put the areas of a county together, across the seams that simplified borders leave."""
    members = defaultdict(list)
    for place in places:
        members[place.area].append(areas[place.id])
    wide = {key: shapely.buffer(shapely.union_all(some), SEAM, quad_segs=1) for key, some in members.items()}
    return {key: shapely.buffer(shape, -SEAM, quad_segs=1) for key, shape in wide.items()}


class _Frame:
    """Where metres lie on the picture, y downwards."""

    def __init__(self, shapes: list[Any]):
        west, south, east, north = shapely.total_bounds(shapes) if shapes else (0, 0, 1, 1)
        self.scale = (WIDTH - 2 * MARGIN) / max(east - west, 1)
        self.west, self.north = west, north
        self.height = round((north - south) * self.scale) + 2 * MARGIN

    def _placed(self, shape: Any) -> Any:
        def turn(points: Any) -> Any:
            return (points - (self.west, self.north)) * (self.scale, -self.scale) + MARGIN

        return shapely.transform(shape, turn)

    def tile(self, shape: Any, is_true: bool) -> Tile:
        """Draw an area; one that was cut keeps a joint to its neighbours."""
        placed = self._placed(shape)
        if is_true:
            return Tile(_path(shapely.simplify(placed, UNSEEN)), True, placed.bounds)
        path = _path(shapely.buffer(placed, -JOINT, join_style="mitre")) or _path(placed)
        return Tile(path, False, placed.bounds)

    def line(self, shape: Any) -> str:
        """Draw an outline."""
        return _path(shapely.simplify(self._placed(shape), UNSEEN))

    def names(self, shapes: Mapping[str, Any], names: Mapping[str, str]) -> tuple[Name, ...]:
        """Write the names of the areas, the largest first, as far as they fit without touching."""
        found: list[Name] = []
        boxes: list[Any] = []
        for key, shape in sorted(shapes.items(), key=lambda one: (-one[1].area, one[0])):
            name = self._name(self._placed(shape), names.get(key, ""))
            half = max(map(len, name.lines)) * LETTER / 2
            height = len(name.lines) * LINE / 2
            box = shapely.box(name.x - half, name.y - height, name.x + half, name.y + height)
            if name.lines[0] and not any(shapely.intersects(box, other) for other in boxes):
                found.append(name)
                boxes.append(box)
        return tuple(found)

    def _name(self, shape: Any, text: str) -> Name:
        """Put a name where its area is widest; a long one breaks after its hyphen."""
        middle = shapely.get_point(shapely.maximum_inscribed_circle(_largest(shape), 4), 0)
        first, hyphen, last = text.partition("-")
        lines = (first + hyphen, last) if len(text) > 12 and hyphen else (text,)
        return Name(round(middle.x), round(middle.y), lines)


def _path(shape: Any) -> str:
    """Write an area as steps in whole units; a minus sign parts two numbers as well as a blank does."""
    rings = [
        ring
        for part in shapely.get_parts(shape)
        if part.geom_type == "Polygon"
        for ring in (part.exterior, *part.interiors)
    ]
    return "".join(_ring(shapely.get_coordinates(ring).round().astype(int).tolist()) for ring in rings)


def _ring(points: list[list[int]]) -> str:
    (x, y), steps = points[0], []
    begin = f"M{x} {y}l"
    for to_x, to_y in points[1:-1]:
        if (to_x, to_y) != (x, y):
            steps.append(f"{to_x - x} {to_y - y}")
            x, y = to_x, to_y
    return f"{begin}{' '.join(steps)}z".replace(" -", "-") if len(steps) > 1 else ""
