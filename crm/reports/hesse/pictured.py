"""The picture under a map: worked out once for the same places and boundaries, then kept by the process."""

import importlib
from dataclasses import dataclass
from datetime import date
from typing import Any

from crm.geography import atlas
from crm.geography.packing import middle
from crm.organisations.models import Level
from crm.reports.territory import Territory

# One for every cut-off day with other Kommunen: six since 2008, and a few for a register under change.
MOST_KEPT = 12
_PREFIX = "Landkreis "


@dataclass(frozen=True)
class Pictured:
    """A picture, and from where its boundaries were taken; empty where it was made of the places alone."""

    picture: Any
    attribution: str


_kept: dict[Any, Pictured] = {}


def pictured(land: Territory, on: date) -> Pictured:
    """Give the picture of all municipalities of a day: two statements, a third to work it out."""
    spots = {one.id: one for one in atlas.spots()}
    places = tuple(
        (number, spot.longitude, spot.latitude, land.area(number, on))
        for number, spot in spots.items()
        if land.is_municipality(number) and land.bodies[number].holds_on(on)
    )
    areas = [number for number, spot in spots.items() if spot.level is Level.AREA]
    key = places, atlas.edition()
    if key not in _kept:
        made = _made(places, areas, key[1][0] > 0, land)
        while len(_kept) >= MOST_KEPT:
            _kept.pop(next(iter(_kept)), None)
        _kept[key] = made
    return _kept[key]


def _made(places: Any, areas: list[int], bounded: bool, land: Territory) -> Pictured:
    shapes, source = atlas.shapes() if bounded else ({}, "")
    # The geometry library is loaded with the first map: who never opens one does without its 30 MB.
    mosaic = importlib.import_module("crm.reports.hesse.mosaic")
    known = []
    for number, east, north, area in places:
        if east is None and number in shapes:
            east, north = middle(shapes[number])
        if east is not None and north is not None:
            known.append(mosaic.Place(number, east, north, area))
    names = {key: land.bodies[int(key)].name.removeprefix(_PREFIX) for key in {one.area for one in known}}
    wanted = {number: shapes[number] for number in (*areas, *(one.id for one in known)) if number in shapes}
    return Pictured(mosaic.drawn(tuple(known), wanted, names), source)
