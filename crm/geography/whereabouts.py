"""Where a municipality lies, in words: its county, and how far in which direction from a known city."""

import math
from datetime import date
from functools import cache
from typing import Any

from flask_babel import gettext as _

from crm.organisations.facts import BodyFact, facts

Point = tuple[float, float]
EARTH_KM = 6371.0
# Cities somebody in Hessen knows without a map.
KNOWN = ("Sonderstatusstadt", "kreisfreie Stadt")
LEAST_KM = 1


def kilometres(one: Point, other: Point) -> float:
    """Give the distance of two points (longitude, latitude) as the crow flies (haversine)."""
    lon1, lat1, lon2, lat2 = (math.radians(degrees) for degrees in (*one, *other))
    part = math.sin((lat2 - lat1) / 2) ** 2
    part += math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(min(part, 1.0)))


def whereabouts(name: str, county: Any, here: Point, day: date) -> str:
    """Cölbe liegt im Landkreis Marburg-Biedenkopf, 5 km nordöstlich von Marburg."""
    where = _from_a_city(here, day)
    if county is None:
        return str(_("%(place)s belongs to no county and lies %(where)s.", place=name, where=where))
    return str(_("%(place)s lies in %(county)s, %(where)s.", place=name, county=county.name, where=where))


def _from_a_city(here: Point, day: date) -> str:
    """Say it from the nearest well-known city that is not the place itself."""
    found = [(kilometres(at, here), at, name) for at, name, body in _cities() if body.holds_on(day)]
    km, at, name = min(one for one in found if one[0] >= LEAST_KM)
    return str(_directions(f"{int(km + 0.5)}", name)[_bearing(at, here)])


@cache
def _cities() -> list[tuple[Point, str, BodyFact]]:
    bodies = [one for one in facts().bodies if one.type in KNOWN and one.longitude and one.latitude]
    return [((float(one.longitude or 0), float(one.latitude or 0)), one.name, one) for one in bodies]


def _bearing(start: Point, end: Point) -> int:
    """Give the direction as one of eight, clockwise from north."""
    east = (end[0] - start[0]) * math.cos(math.radians((start[1] + end[1]) / 2))
    return round(math.atan2(east, end[1] - start[1]) / (math.pi / 4)) % 8


def _directions(km: str, town: str) -> list[str]:
    return [
        _("%(km)s km north of %(town)s", km=km, town=town),
        _("%(km)s km northeast of %(town)s", km=km, town=town),
        _("%(km)s km east of %(town)s", km=km, town=town),
        _("%(km)s km southeast of %(town)s", km=km, town=town),
        _("%(km)s km south of %(town)s", km=km, town=town),
        _("%(km)s km southwest of %(town)s", km=km, town=town),
        _("%(km)s km west of %(town)s", km=km, town=town),
        _("%(km)s km northwest of %(town)s", km=km, town=town),
    ]
