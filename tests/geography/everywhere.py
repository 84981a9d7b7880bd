"""Boundaries of every municipality of today, ragged like real ones; made up around the true places."""

import json
import math

from crm.db import today
from crm.organisations.facts import TOWN_TYPES, facts
from tests.geography.grid import feature

CORNERS, WIDE, HIGH = 24, 0.045, 0.03


def boundaries():
    """The bytes of a file with a ragged area for each."""
    towns = [one for one in facts().bodies if one.type in TOWN_TYPES and one.holds_on(today())]
    found = [feature(one.code, [_around(one, number)]) for number, one in enumerate(towns)]
    return json.dumps({"type": "FeatureCollection", "features": found}).encode()


def _around(town, number):
    points = []
    for corner in range(CORNERS):
        turn = 2 * math.pi * corner / CORNERS
        far = 1 + 0.3 * math.sin(turn * 5 + number)
        east = float(town.longitude) + WIDE * far * math.cos(turn)
        north = float(town.latitude) + HIGH * far * math.sin(turn)
        points.append([round(east, 5), round(north, 5)])
    return [*points, points[0]]
