"""Neighbours and the locator map on the pages of municipalities and counties."""

import re
from datetime import date

import pytest

from crm.db import db, today
from crm.geography import queries, services
from crm.geography.whereabouts import kilometres, whereabouts
from crm.organisations import queries as organisations
from tests import factories
from tests.geography.grid import SOURCE, collection, feature, features, square

MOST_BYTES = 15_000


def page_of(client, name, query=""):
    """The page of a body."""
    with client.app.app_context():
        number = factories.place(name).id
    return client.get(f"/kommunen/{number}{query}")


def listed(page):
    """Neighbours as (name, what is said of them)."""
    rows = page.soup.select("section[aria-labelledby=neighbours] li")
    return [(row.a.get_text().strip(), row.select_one(".row-side").get_text().strip()) for row in rows]


def load(app, content=None):
    """Take boundaries over."""
    with app.app_context():
        services.take_over(collection() if content is None else content, "", None)
        db.session.commit()


def around(name, day=None):
    """What lies around a place."""
    return queries.around(organisations.one(factories.place(name).id), day or today())


def test_distances_are_those_of_the_earth():
    assert kilometres((8.77, 50.81), (8.77, 50.81)) == 0
    assert kilometres((0, 0), (0, 1)) == pytest.approx(111.19, abs=0.01)
    assert kilometres((0, 0), (180, 0)) == pytest.approx(20015.1, abs=0.1)
    # Frankfurt to Kassel, town hall to town hall.
    assert kilometres((8.6821, 50.1109), (9.4924, 51.3155)) == pytest.approx(145.5, abs=1)


def test_neighbours_by_distance_come_nearest_first(rita):
    found = listed(page_of(rita, "Cölbe"))
    assert [name for name, _ in found] == [
        "Marburg", "Lahntal", "Wetter (Hessen)", "Rauschenberg", "Kirchhain", "Weimar (Lahn)", "Amöneburg",
        "Münchhausen",
    ]  # fmt: skip
    assert found[0][1] == "4,5 km"
    assert found[3][1] == "10,0 km"


def test_only_what_existed_on_the_day_is_a_neighbour(context):
    def names(day):
        return {one.name for one in around("Allendorf (Eder)", day).neighbours}

    assert "Bromskirchen" not in names(today())
    with_point = factories.place("Bromskirchen")
    with_point.latitude, with_point.longitude = 51.09, 8.63
    db.session.flush()
    assert "Bromskirchen" in names(date(2022, 12, 31))
    assert "Bromskirchen" not in names(date(2023, 1, 1))


def test_the_page_asks_for_the_day_in_its_address(app, rita):
    load(app)
    with app.app_context():
        gone = factories.place("Kirchhain")
        gone.valid_to = date(2024, 12, 31)
        db.session.commit()
    assert "Kirchhain" in dict(listed(page_of(rita, "Cölbe", "?am=2024-12-31")))
    assert "Kirchhain" not in dict(listed(page_of(rita, "Cölbe")))


def test_with_boundaries_neighbours_are_those_that_touch(app, rita):
    load(app)
    page = page_of(rita, "Amöneburg")
    assert {name for name, _ in listed(page)} == {"Cölbe", "Marburg", "Stadtallendorf", "Ebsdorfergrund"}
    lengths = [float(said.split()[0].replace(",", ".")) for _, said in listed(page)]
    assert lengths == [11.1, 11.1, 7.1, 7.1]
    assert all(re.fullmatch(r"[\d,]+ km Grenze · [\d,]+ km", said) for _, said in listed(page))
    assert SOURCE in page.main


def test_without_a_shape_or_a_border_the_nearest_are_shown(app, rita):
    load(app, collection([*features()[1:], feature("06534012", [square(30, 0)])]))
    page = page_of(rita, "Lahntal")
    assert "Es grenzt keine Gemeinde Hessens an." in page.main
    assert listed(page)[0] == ("Wetter (Hessen)", "4,7 km")
    page = page_of(rita, "Fulda")
    assert "Es grenzt keine" not in page.main
    assert SOURCE not in page.main
    assert listed(page)


def test_nobody_knows_where_a_dissolved_place_lay(rita):
    page = page_of(rita, "Beerfelden")
    assert page.status == 200
    assert listed(page) == []
    assert not page.soup.select("svg.locator")


def test_a_place_without_coordinates_is_found_by_its_shape(app, rita):
    with app.app_context():
        factories.place("Lahntal").latitude = None
        db.session.commit()
    assert listed(page_of(rita, "Lahntal")) == []
    load(app)
    assert {name for name, _ in listed(page_of(rita, "Lahntal"))} == {"Cölbe", "Marburg"}


@pytest.mark.parametrize("loaded", [False, True])
def test_the_map_is_small_says_itself_in_words_and_has_no_styles(app, rita, loaded):
    if loaded:
        load(app)
    for name in ("Marburg", "Frankfurt am Main", "Landkreis Marburg-Biedenkopf"):
        page = page_of(rita, name)
        (drawing,) = page.soup.select("svg.locator")
        assert drawing["role"] == "img"
        named = [page.soup.find(id=one).get_text() for one in drawing["aria-labelledby"].split()]
        assert all(named)
        assert not drawing.select("[style]")
        whole = str(drawing) + str(page.soup.select_one("svg.locator-inset"))
        assert len(whole.encode()) <= MOST_BYTES


def test_the_map_says_county_direction_and_neighbours(rita):
    page = page_of(rita, "Cölbe")
    said = page.soup.select_one("svg.locator desc").get_text()
    assert said.startswith("Cölbe liegt im Landkreis Marburg-Biedenkopf, 4 km nördlich von Marburg. ")
    assert "Am nächsten liegen Marburg, Lahntal, " in said
    names = [tag.get_text() for tag in page.soup.select("svg.locator text")]
    assert names[0] == "Cölbe"
    assert "Wetter" in names
    assert "Kassel ist kreisfrei und liegt" in page_of(rita, "Kassel").main


def test_the_map_with_boundaries_says_who_borders(app, rita):
    load(app)
    page = page_of(rita, "Amöneburg")
    assert "Grenzt an " in page.soup.select_one("svg.locator desc").get_text()
    assert len(page.soup.select("svg.locator .map-self")) == 1
    assert len(page.soup.select("svg.locator .map-near")) == 4
    assert page.soup.select_one("svg.locator .map-county")["d"].count("M") == 4
    county = page_of(rita, "Landkreis Marburg-Biedenkopf")
    assert len(county.soup.select("svg.locator .map-near")) == 9
    assert SOURCE in county.main


@pytest.mark.parametrize(
    ("here", "words"),
    [
        ((8.77, 51.0), "nördlich"), ((8.95, 50.93), "nordöstlich"), ((9.0, 50.81), "östlich"),
        ((8.95, 50.7), "südöstlich"), ((8.6, 50.92), "nordwestlich"), ((8.6, 50.81), "westlich"),
    ],
)  # fmt: skip
def test_eight_directions_have_their_words(context, here, words):
    assert f" km {words} von Marburg" in whereabouts("X", factories.place("Landkreis Gießen"), here, today())


def test_a_talk_with_all_neighbours_begins_from_one_link(app, anna, rita):
    link = page_of(anna, "Cölbe").soup.select_one("section[aria-labelledby=neighbours] .more")
    assert link.get_text() == "Beratung mit Nachbarn"
    form = anna.get(link["href"])
    chosen = [number for number in form.fields()["organisations"] if number]
    assert len(chosen) == 1 + 8
    assert not page_of(rita, "Cölbe").soup.select("section[aria-labelledby=neighbours] .more")


def test_the_busiest_page_stays_within_its_statements(app, anna):
    load(app)
    with app.app_context():
        for number in range(25):
            factories.talk(
                "Marburg", "Cölbe", days_ago=number, follow_up_on=today(), follow_up_text="Anrufen"
            )
            factories.person(f"Person {number}", at="Marburg")
        db.session.commit()
    page = page_of(anna, "Marburg")
    ours = [one for one in page.statements if "boundaries" in one or "borders" in one]
    assert len(ours) == 1
    assert len(page.statements) <= 20


def test_a_municipality_lying_in_two_counties_over_time_stands_once(context):
    day = date(2025, 6, 30)
    found = around("Maintal", day)
    ids = [one.id for one in found.neighbours]
    assert len(ids) == len(set(ids))
