"""The picture made of places alone: whole, without overlap, always the same, whatever places there are."""

import re
from datetime import date

import pytest
import shapely

from crm.db import today
from crm.geography.packing import packed
from crm.organisations.facts import TOWN_TYPES, facts
from crm.reports import territory
from crm.reports.hesse import mosaic, pictured
from crm.reports.hesse.mosaic import Place
from tests.geography.grid import square

STEP = re.compile(r"-?[0-9]+")
NAMES = {"a": "Waldeck-Frankenberg", "b": "Fulda"}


def places():
    """All municipalities of today."""
    towns = [one for one in facts().bodies if one.type in TOWN_TYPES and one.holds_on(today())]
    return tuple(
        Place(number, float(one.longitude), float(one.latitude), one.memberships[-1].parent)
        for number, one in enumerate(towns)
    )


def shape(path):
    """Read a path of steps back into an area."""
    parts = []
    for ring in path.split("M")[1:]:
        numbers = list(map(int, STEP.findall(ring)))
        points = [tuple(numbers[:2])]
        for x, y in zip(numbers[2::2], numbers[3::2], strict=True):
            points.append((points[-1][0] + x, points[-1][1] + y))
        parts.append(shapely.Polygon(points))
    return shapely.union_all(parts)


def test_every_place_has_a_tile_and_none_covers_another():
    made = mosaic.drawn(places(), {}, {})
    tiles = {number: shape(tile.path) for number, tile in made.tiles.items()}
    assert list(tiles) == [one.id for one in places()]
    assert all(tile.is_valid and tile.area > 20 for tile in tiles.values())
    whole = shapely.union_all(list(tiles.values()))
    assert whole.area == pytest.approx(sum(tile.area for tile in tiles.values()), rel=0.002)
    frame = shapely.box(0, 0, made.width, made.height)
    assert frame.covers(whole)
    assert 800 < made.height < 1000


def test_neighbours_stay_where_they_are():
    by_name = {one.name: number for number, one in enumerate(_towns())}
    tiles = {
        number: shape(tile.path).centroid for number, tile in mosaic.drawn(places(), {}, {}).tiles.items()
    }
    kassel, fulda, darmstadt, wiesbaden = (
        tiles[by_name[name]] for name in ("Kassel", "Fulda", "Darmstadt", "Wiesbaden")
    )
    assert kassel.y < fulda.y < darmstadt.y
    assert wiesbaden.x < darmstadt.x < fulda.x


def _towns():
    return [one for one in facts().bodies if one.type in TOWN_TYPES and one.holds_on(today())]


def test_the_same_places_give_the_same_picture():
    assert mosaic.drawn(places(), {}, {}) == mosaic.drawn(places(), {}, {})


def test_places_on_one_spot_get_a_tile_each():
    crowd = tuple(Place(number, 9.0, 50.5, "a") for number in range(4))
    tiles = mosaic.drawn((*crowd, Place(9, 9.2, 50.6, "b")), {}, NAMES).tiles
    assert len(tiles) == 5
    assert all(shape(tile.path).area > 0 for tile in tiles.values())


@pytest.mark.parametrize("count", [0, 1, 2])
def test_few_places_are_a_picture_too(count):
    some = tuple(Place(number, 9.0 + number, 50.5, "a") for number in range(count))
    assert len(mosaic.drawn(some, {}, NAMES).tiles) == count


def test_a_true_area_is_drawn_and_cut_out_of_the_tiles_beside():
    some = (Place(1, 8.75, 50.75, "a"), Place(2, 8.86, 50.75, "a"), Place(3, 9.1, 50.75, "b"))
    area = [[packed(square(0, 0))]]
    made = mosaic.drawn(some, {1: area, 77: [[packed(square(5, 5))]]}, NAMES)
    assert [tile.is_true for tile in made.tiles.values()] == [True, False, False]
    one, other = shape(made.tiles[1].path), shape(made.tiles[2].path)
    assert one.intersection(other).area < 5
    assert made.free.startswith("M")


def test_a_tile_of_which_true_areas_left_nothing_is_a_disc():
    some = (Place(1, 8.75, 50.75, "a"), Place(2, 8.752, 50.751, "a"))
    made = mosaic.drawn(some, {1: [[packed(square(-20, -20, side=4))]]}, NAMES)
    assert not made.tiles[2].is_true
    assert shape(made.tiles[2].path).area > 0


def test_names_of_counties_do_not_touch_and_break_at_their_hyphen():
    counties = {one.code: one.name for one in facts().bodies if len(one.code) == 5}
    names = mosaic.drawn(places(), {}, counties).names
    assert len(names) >= 18
    assert ("Schwalm-", "Eder-Kreis") in [one.lines for one in names]
    for one in names:
        for other in names:
            assert one == other or abs(one.x - other.x) > 20 or abs(one.y - other.y) > 10


def test_the_picture_is_kept_until_places_or_boundaries_change(context):
    from crm.db import db
    from crm.geography.services import take_over
    from tests.geography import grid

    land = territory.load()
    first = pictured.pictured(land, today())
    assert pictured.pictured(land, today()) is first
    assert len(pictured.pictured(land, date(2022, 12, 31)).picture.tiles) == 421
    take_over(grid.collection(), "", None)
    db.session.flush()
    second = pictured.pictured(land, today())
    assert second is not first
    assert second.attribution == grid.SOURCE
    three = enumerate(grid.NINE[:3])
    moved = [grid.feature(grid.KEYS[name], [grid.square(place, 1)]) for place, name in three]
    take_over(grid.collection(moved), "", None)
    db.session.flush()
    assert pictured.pictured(land, today()).picture != second.picture


def test_few_pictures_are_kept(context, monkeypatch):
    monkeypatch.setattr(pictured, "MOST_KEPT", 2)
    land = territory.load()
    for year in (2016, 2018, 2021, 2024):
        pictured.pictured(land, date(year, 12, 31))
    assert len(pictured._kept) <= 2
