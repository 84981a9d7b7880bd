"""Geometry with a library: is a shape sound, how does it look simpler, who touches whom.

Lengths are plain ones on a flat Hessen (equirectangular), right to about two percent.
"""

import math
from collections.abc import Iterable
from typing import Any

import shapely

from crm.geography.geojson import Polygons
from crm.geography.packing import Packed, packed

METRES_PER_DEGREE = 111_195
FLAT = (METRES_PER_DEGREE * math.cos(math.radians(50.6)), METRES_PER_DEGREE)
# How far two borders of one truth may lie apart in generalised data, in metres.
TOLERANCE = 100
# What is nearer to a straight line than this is half a pixel of the map, in metres.
UNSEEN = 50
# A corner alone gives twice the tolerance; what is hardly more is still a corner.
SHORTEST = 10
# So much of what lies near must be the very same line, for a file to count as exact.
EXACT = 0.95


def flat(polygons: Polygons) -> Any:
    """Make a geometry in metres."""
    parts = [shapely.Polygon(rings[0], rings[1:]) for rings in polygons]
    shape = shapely.MultiPolygon(parts) if len(parts) > 1 else parts[0]
    return shapely.transform(shape, lambda points: points * FLAT)


def unsound_at(shape: Any) -> tuple[float, float] | None:
    """Give longitude and latitude where a shape is none; that it touches itself in a point is allowed."""
    if shapely.is_valid(shape):
        return None
    reason = shapely.is_valid_reason(shape)
    if reason.startswith("Ring Self-intersection"):
        return None
    where = reason.partition("[")[2].rstrip("]").split()
    x, y = (float(one) for one in where[:2]) if len(where) >= 2 else (0.0, 0.0)
    return round(x / FLAT[0], 4), round(y / FLAT[1], 4)


def simpler(shapes: Iterable[Any]) -> list[Packed]:
    """Take away the points that no screen shows; each shape by itself, so that one change stays one."""
    sound = shapely.make_valid(list(shapes), method="structure")
    return [_packed(shape) for shape in shapely.simplify(sound, UNSEEN)]


def _packed(shape: Any) -> Packed:
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    rings = [(part.exterior, *part.interiors) for part in parts]
    return [[packed(shapely.get_coordinates(ring) / FLAT) for ring in some] for some in rings]


def borders(shapes: dict[int, Any]) -> dict[tuple[int, int], int]:
    """Give the metres of common border by (smaller number, larger number).

    Where the data are exact, that is the very line both have; else what of each lies near the other.
    """
    numbers = sorted(shapes)
    areas = shapely.make_valid([shapes[number] for number in numbers], method="structure")
    lines, wide = shapely.boundary(areas), shapely.buffer(areas, TOLERANCE)
    one, other = shapely.STRtree(areas).query(wide, predicate="intersects")
    one, other = one[one < other], other[one < other]
    same = shapely.length(shapely.intersection(lines[one], lines[other]))
    there = shapely.length(shapely.intersection(lines[other], wide[one]))
    back = shapely.length(shapely.intersection(lines[one], wide[other]))
    near = (there + back) / 2 - 2 * TOLERANCE
    exact = same.sum() >= EXACT * near[near >= SHORTEST].sum()
    lengths, least = (same, 1) if exact else (near, SHORTEST)
    return {
        (numbers[a], numbers[b]): round(metres)
        for a, b, metres in zip(one.tolist(), other.tolist(), lengths.tolist(), strict=True)
        if metres >= least
    }
