"""How shapes are stored: each ring one list of whole numbers, longitude and latitude by turns.

A hundred-thousandth of a degree is one metre. Pairs of decimals would cost a page twice the time to read.
"""

from collections.abc import Iterable
from typing import Any

PER_DEGREE = 100_000
Packed = list[list[list[int]]]


def packed(ring: Iterable[Any]) -> list[int]:
    """Pack a ring of (longitude, latitude)."""
    return [round(degrees * PER_DEGREE) for point in ring for degrees in point]


def points(ring: list[int]) -> list[tuple[float, float]]:
    """Give the points of a packed ring in degrees."""
    return [(x / PER_DEGREE, y / PER_DEGREE) for x, y in zip(ring[::2], ring[1::2], strict=True)]


def polygons(shape: Packed) -> list[list[list[tuple[float, float]]]]:
    """Give a packed shape in degrees."""
    return [[points(ring) for ring in rings] for rings in shape]


def middle(shape: Packed) -> tuple[float, float]:
    """Give the middle of the frame around a packed shape."""
    xs = [x for rings in shape for x in rings[0][::2]]
    ys = [y for rings in shape for y in rings[0][1::2]]
    return (min(xs) + max(xs)) / 2 / PER_DEGREE, (min(ys) + max(ys)) / 2 / PER_DEGREE
