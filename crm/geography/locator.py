"""The locator map: a flat projection, paths in whole units, names that do not cover each other.

Only geometry is worked out here; colours stand in charts.css, the markup in macros/locator.html.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from crm.geography.packing import PER_DEGREE, points
from crm.organisations.facts import facts

Point = tuple[float, float]

WIDTH, LOWEST, HIGHEST, MARGIN = 336, 200, 300, 18
INSET = 64
# What the map is about; all of the rest of a kind is drawn as one.
NAMED = ("near", "self")
# The map never shows less than so many degrees of latitude: about ten kilometres.
LEAST_SPAN = 0.09
# A name in 12px letters: width of a letter, height of a line.
LETTER, LINE = 6.4, 14
_FLAT = math.cos(math.radians(50.6))


@dataclass(frozen=True)
class Spot:
    """A municipality on the map; `kind` is self, near, county or far."""

    id: int
    name: str
    kind: str
    at: Point
    shape: Sequence[Any] = ()


@dataclass(frozen=True)
class Label:
    """A name where it stands."""

    x: int
    y: int
    text: str
    kind: str


@dataclass(frozen=True)
class Inset:
    """Where in Hessen: dots of all municipalities, and those the map is about."""

    width: int
    height: int
    dots: str
    own: str


@dataclass
class Map:
    """A finished map: areas as (kind, path), dots as kind → path, and names."""

    width: int
    height: int
    inset: Inset
    areas: list[tuple[str, str]] = field(default_factory=list)
    dots: dict[str, str] = field(default_factory=dict)
    labels: list[Label] = field(default_factory=list)


class Frame:
    """What part of the world is seen, and how large: degrees in, whole units out, y downwards."""

    def __init__(self, points: Iterable[Point], width: int, lowest: int, highest: int, margin: int):
        flat = [(x * _FLAT, y) for x, y in points]
        xs, ys = [x for x, _y in flat], [y for _x, y in flat]
        span_x, span_y = max(max(xs) - min(xs), LEAST_SPAN), max(max(ys) - min(ys), LEAST_SPAN)
        wished = (width - 2 * margin) * span_y / span_x + 2 * margin
        self.width, self.height = width, round(min(max(wished, lowest), highest))
        self.scale = min((width - 2 * margin) / span_x, (self.height - 2 * margin) / span_y)
        self.x = (min(xs) + max(xs)) / 2 - width / 2 / self.scale
        self.y = (min(ys) + max(ys)) / 2 + self.height / 2 / self.scale

    def at(self, point: Point) -> tuple[int, int]:
        """Give the place of a point on the map."""
        return round((point[0] * _FLAT - self.x) * self.scale), round((self.y - point[1]) * self.scale)

    def shows(self, x: float, y: float) -> bool:
        """Tell whether a place of the map is inside it."""
        return 0 <= x <= self.width and 0 <= y <= self.height

    def path(self, shape: Sequence[Any]) -> str:
        """Draw the rings of a shape that are seen; empty when none is."""
        k, x0, y0 = self.scale / PER_DEGREE, self.x * self.scale, self.y * self.scale
        kx = k * _FLAT
        rings = [
            [(round(x * kx - x0), round(y0 - y * k)) for x, y in zip(ring[::2], ring[1::2], strict=True)]
            for polygon in shape
            for ring in polygon
        ]
        return "".join(_line(ring) for ring in rings if self._reaches_in(ring))

    def _reaches_in(self, ring: list[tuple[int, int]]) -> bool:
        xs, ys = [x for x, _y in ring], [y for _x, y in ring]
        return max(xs) >= 0 and min(xs) <= self.width and max(ys) >= 0 and min(ys) <= self.height


def _line(ring: list[tuple[int, int]]) -> str:
    """Write one ring by its steps; a step of less than three units is left for the next one."""
    (x, y), steps = ring[0], []
    begin = f"M{x} {y}l"
    for to_x, to_y in ring[1:]:
        if abs(to_x - x) + abs(to_y - y) >= 3:
            steps.append(f"{to_x - x} {to_y - y}")
            x, y = to_x, to_y
    # A minus sign parts two numbers as well as a blank does.
    return f"{begin}{' '.join(steps)}z".replace(" -", "-") if len(steps) > 2 else ""


def drawn(spots: list[Spot]) -> Map:
    """Draw the surroundings: whatever is itself or near is seen whole, the rest as far as it reaches in."""
    middle = [spot for spot in spots if spot.kind in NAMED]
    frame = Frame((point for spot in middle for point in _points(spot)), WIDTH, LOWEST, HIGHEST, MARGIN)
    own = [spot.at for spot in spots if spot.kind == "self"] or [spot.at for spot in middle]
    made = Map(frame.width, frame.height, _inset(own))
    for kind in ("far", "county", "near", "self"):
        same = [spot for spot in spots if spot.kind == kind]
        paths = [path for spot in same if spot.shape and (path := frame.path(spot.shape))]
        made.areas += [(kind, path) for path in (paths if kind in NAMED else ["".join(paths)]) if path]
        dots = [frame.at(spot.at) for spot in same if not spot.shape]
        made.dots[kind] = _dots(at for at in dots if frame.shows(*at))
    made.labels = _labels(middle, frame)
    return made


def _points(spot: Spot) -> Iterable[Point]:
    return (point for polygon in spot.shape for point in points(polygon[0])) if spot.shape else (spot.at,)


def _dots(places: Iterable[tuple[int, int]]) -> str:
    """Write dots as one path of steps and lines without length; round caps make them visible."""
    steps, last = [], (0, 0)
    for x, y in sorted(set(places)):
        steps.append(f"m{x - last[0]} {y - last[1]}h0")
        last = x, y
    return "".join(steps).replace(" -", "-")


def _labels(spots: list[Spot], frame: Frame) -> list[Label]:
    """Name the place itself first, then as many neighbours as fit without covering each other."""
    found: list[Label] = []
    taken: list[tuple[float, float, float]] = []
    for spot in sorted(spots, key=lambda one: one.kind != "self"):
        text = spot.name.partition(" (")[0]
        half = len(text) * LETTER / 2
        x, y = frame.at(spot.at)
        x = round(min(max(x, half + 2), frame.width - half - 2))
        y = round(min(max(y + (4 if spot.shape else -8), LINE), frame.height - 5))
        if all(abs(x - x2) >= half + half2 or abs(y - y2) >= LINE for x2, y2, half2 in taken):
            taken.append((x, y, half))
            found.append(Label(x, y, text, spot.kind))
    return found


@cache
def _hessen() -> tuple[Frame, str]:
    """Project the municipalities of the built-in register, once per process."""
    bodies = facts().bodies
    points = [(float(one.longitude), float(one.latitude)) for one in bodies if one.longitude and one.latitude]
    frame = Frame(points, INSET, INSET, 2 * INSET, 3)
    return frame, _dots(frame.at(point) for point in points)


def _inset(own: list[Point]) -> Inset:
    frame, dots = _hessen()
    return Inset(frame.width, frame.height, dots, _dots(frame.at(point) for point in own))
