"""Every page and list of the register as at a day."""

from datetime import date

import pytest

from crm.db import db
from tests import factories


def number(app, name):
    """Number of a body."""
    with app.app_context():
        return factories.place(name).id


def names(page):
    """Names in the list."""
    return [one.get_text(strip=True) for one in page.soup.select("tbody th a")]


@pytest.mark.parametrize(
    ("day", "there", "gone", "total"),
    [
        ("31.12.2016", "Beerfelden", "Oberzent", "447"),
        ("31.12.2017", "Sensbachtal", "Oberzent", "447"),
        ("1.1.2018", "Oberzent", "Sensbachtal", "444"),
        ("31.12.2022", "Bromskirchen", "Beerfelden", "443"),
        ("2026-06-30", "Oberzent", "Bromskirchen", "442"),
    ],
)
def test_the_list_holds_what_existed_on_the_day(rita, day, there, gone, total):
    found = rita.get(f"/kommunen?am={day}&q={there}")
    assert names(found)[0] == there
    assert f"von {total}" in found.main
    assert gone not in names(rita.get(f"/kommunen?am={day}&q={gone}"))


def test_the_list_shows_names_keys_and_counties_of_the_day(app, rita):
    row = rita.get("/kommunen?am=31.12.2025&q=Hanau").soup.select_one("tbody tr").get_text(" ", strip=True)
    assert "Sonderstatusstadt" in row
    assert "Main-Kinzig-Kreis" in row
    assert "06435014" in row
    row = rita.get("/kommunen?q=Hanau").soup.select_one("tbody tr").get_text(" ", strip=True)
    assert "kreisfreie Stadt" in row
    assert "06415000" in row


def test_filters_hold_on_the_day(app, rita):
    county = number(app, "Main-Kinzig-Kreis")
    assert "Hanau" in names(rita.get(f"/kommunen?am=31.12.2025&county={county}&q=Hanau"))
    assert names(rita.get(f"/kommunen?county={county}&q=Hanau")) == []


def test_the_list_shows_figures_counted_until_the_day(app, rita):
    with app.app_context():
        lahntal = factories.place("Lahntal")
        figure = type(lahntal.figures[0])
        lahntal.figures.append(figure(counted_on=date(2015, 12, 31), population=6543, area_km2=40.0))
        db.session.commit()
    assert "6.543" in rita.get("/kommunen?am=31.12.2016&q=Lahntal").main
    assert "6.543" not in rita.get("/kommunen?q=Lahntal").main
    assert "6.543" in rita.get(f"/kommunen/{number(app, 'Lahntal')}?am=31.12.2016").main


def test_a_page_shows_the_body_as_it_was(app, rita):
    page = rita.get(f"/kommunen/{number(app, 'Hanau')}?am=2025-12-31")
    assert "Stand vom 31.12.2025." in page.main
    assert "06435014" in page.main
    assert page.soup.select_one('a.place[href$="{}"]'.format(number(app, "Main-Kinzig-Kreis")))


def test_a_renamed_town_bears_its_old_name(app, rita):
    with app.app_context():
        place = factories.place("Lahntal")
        place.designations[0].valid_to = date(2020, 12, 31)
        place.designations.append(
            type(place.designations[0])(
                name="Lahnstadt", official_name="Lahnstadt", kind=place.designations[0].kind,
                valid_from=date(2021, 1, 1),
            )
        )  # fmt: skip
        place.name = "Lahnstadt"
        db.session.commit()
        url = f"/kommunen/{place.id}"
    assert rita.get(f"{url}?am=31.12.2020").soup.h1.get_text(strip=True).startswith("Lahntal")
    assert rita.get(url).soup.h1.get_text(strip=True).startswith("Lahnstadt")


def test_a_page_says_when_there_was_no_such_body(app, rita):
    page = rita.get(f"/kommunen/{number(app, 'Oberzent')}?am=31.12.2017")
    assert "Oberzent gab es an diesem Tag nicht." in page.main


def test_a_county_shows_its_municipalities_of_the_day(app, rita):
    url = f"/kommunen/{number(app, 'Odenwaldkreis')}"
    assert "Sensbachtal" in names(rita.get(f"{url}?am=2017-12-31"))
    assert "Sensbachtal" not in names(rita.get(url))


def test_people_in_office_are_those_of_the_day(app, anna):
    with app.app_context():
        known = factories.person("Alt", "Adam", valid_from=date(2014, 1, 1), valid_to=date(2020, 12, 31))
        factories.person("Neu", "Nina", valid_from=date(2021, 1, 1))
        db.session.commit()
        url = f"/kommunen/{known.functions[0].organisation_id}"
    assert "Adam Alt" in anna.get(f"{url}?am=31.12.2020").main
    assert "Adam Alt" not in anna.get(url).soup.select_one("ul.people").get_text()


@pytest.mark.parametrize("day", ["31.2.2020", "gestern abend", "0", "9999999", "%00"])
def test_what_is_no_day_is_named_or_left_out(app, rita, day):
    assert rita.get(f"/kommunen?am={day}").status == 200
    assert rita.get(f"/kommunen/{number(app, 'Lahntal')}?am={day}").status == 200
