"""The list and the pages of Kommunen, read through HTTP."""

from datetime import timedelta

import pytest

from crm.db import db, today
from crm.organisations.facts import SOURCE_LINE
from tests import factories


def names(page):
    """Names in the first column of the list."""
    return [tag.get_text().strip() for tag in page.soup.select("#results tbody th a")]


def total(page):
    """Number beside the heading."""
    return int(page.soup.select_one("h1 .count").get_text().split()[0])


def number(app, name):
    """Number of an organisation."""
    with app.app_context():
        return factories.place(name).id


def test_list_shows_all_kommunen_of_today_by_name(rita):
    page = rita.get("/kommunen")
    assert total(page) == 442
    assert names(page)[:2] == ["Aarbergen", "Abtsteinach"]
    assert len(names(page)) == 50
    assert "1–50 von 442" in page.main or "1–50 of 442" in page.main
    assert SOURCE_LINE[:40] in page.main
    assert "31.12.2024" in page.main


def test_list_goes_on_page_by_page_and_any_number_is_answered(rita):
    assert len(names(rita.get("/kommunen?seite=9"))) == 42
    for wrong in ("0", "-1", "abc", "999999", "10" * 20, ""):
        assert names(rita.get(f"/kommunen?seite={wrong}"))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=county-free", 6), ("kind=special-status", 6), ("kind=county", 21), ("kind=town", 179),
        ("kind=gemeinde", 230), ("size=up-to-5000", 122), ("size=above-50000", 12), ("never=y", 442),
    ],
)  # fmt: skip
def test_filters_narrow_the_list(rita, query, found):
    page = rita.get(f"/kommunen?{query}")
    assert total(page) == found
    assert page.soup.select("#results .chip-x")


def test_county_and_region_are_filters(app, rita):
    county, region = number(app, "Main-Kinzig-Kreis"), number(app, "Regierungsbezirk Gießen")
    assert total(rita.get(f"/kommunen?county={county}")) == 29
    assert "Main-Kinzig-Kreis" in names(rita.get(f"/kommunen?county={county}&kind=county"))
    page = rita.get(f"/kommunen?region={region}")
    assert total(page) == 106
    chip = page.soup.select_one("#results .chip-x")["href"]
    assert total(rita.get(chip)) == 442


def test_columns_sort_both_ways(rita):
    assert names(rita.get("/kommunen?sortierung=-population"))[:2] == [
        "Frankfurt am Main",
        "Main-Kinzig-Kreis",
    ]
    assert names(rita.get("/kommunen?sortierung=-name"))[0] == "Zwingenberg"
    assert names(rita.get("/kommunen?sortierung=key"))[0] == "Darmstadt"
    for column in ("kind", "county", "last", "-last", "population", "name", "unsinn"):
        assert len(names(rita.get(f"/kommunen?sortierung={column}"))) == 50


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("gross gerau", "Groß-Gerau"),
        ("Rosbach v.d.H.", "Rosbach v. d. Höhe"),
        ("b. Marburg", "Marburg"),
        ("Beerfelden", "Oberzent"),
        ("Bromskirchen", "Allendorf (Eder)"),
        ("06435014", "Hanau"),
        ("HTK", "Hochtaunuskreis"),
        ("35037", "Marburg"),
    ],
)
def test_search_in_the_list_finds_the_right_place_first(rita, typed, first):
    assert names(rita.get(f"/kommunen?q={typed}"))[0] == first


def test_search_shows_until_when_a_dissolved_place_existed(rita):
    page = rita.get("/kommunen?q=Beerfelden")
    assert names(page) == ["Oberzent", "Beerfelden"]
    assert "31.12.2017" in page.main


def test_search_without_a_hit_offers_what_was_meant(rita):
    page = rita.get("/kommunen?q=Krichheim")
    assert names(page) == []
    assert "Kirchheim" in page.main


@pytest.mark.parametrize(
    "typed", ["%", "_", "\\", "*", "%25", "'; --", "<>", "ö" * 5000, "%00", "👨‍👩‍👧", "   "]
)
def test_strange_words_are_searched_literally(rita, typed):
    page = rita.get(f"/kommunen?q={typed}")
    assert page.status == 200
    assert rita.get(f"/kommunen/suche?q={typed}").response.json == []


@pytest.mark.parametrize(
    "query",
    ["kind=unsinn", "county=999999", "county=abc", "region=-1", "size=7", "since=31.02.2026", "before=x"],
)
def test_wrong_filters_are_named_and_left_out(rita, query):
    page = rita.get(f"/kommunen?{query}")
    assert page.status == 200
    assert page.errors()
    assert len(names(page)) == 50


def test_last_talks_show_and_filter(app, rita):
    with app.test_request_context("/"):
        factories.talk("Lahntal", "Cölbe", days_ago=40)
        factories.talk("Lahntal", days_ago=2)
        db.session.commit()
    assert names(rita.get("/kommunen?sortierung=-last"))[:2] == ["Lahntal", "Cölbe"]
    assert total(rita.get("/kommunen?never=y")) == 440
    assert names(rita.get("/kommunen?since=01.01.2000&sortierung=name")) == ["Cölbe", "Lahntal"]
    assert total(rita.get("/kommunen?before=01.01.2000")) == 440, "who was never talked with was not since"
    assert total(rita.get(f"/kommunen?before={today() - timedelta(days=10):%d.%m.%Y}")) == 441
    assert total(rita.get("/kommunen?before=01.01.2000&never=y")) == 440


def test_who_reads_no_talks_sees_none_of_their_days(app, ada):
    with app.test_request_context("/"):
        factories.talk("Lahntal", days_ago=2)
        db.session.commit()
    page = ada.get("/kommunen?since=01.01.2000&never=y&sortierung=-last")
    assert total(page) == 442
    assert not page.soup.select(".filters [name=since], .filters [name=never]")


def test_the_list_can_lead_straight_to_the_one_that_is_meant(app, rita):
    page = rita.get("/kommunen?q=gross+gerau&oeffnen=1")
    assert (page.status, page.location) == (302, f"/kommunen/{number(app, 'Groß-Gerau')}")
    assert rita.get("/kommunen?q=Homberg&oeffnen=1").status == 200
    assert rita.get("/kommunen?q=&oeffnen=1").status == 200


def test_page_of_a_municipality_answers_a_visit(app, rita):
    page = rita.get(f"/kommunen/{number(app, 'Lahntal')}")
    assert page.soup.h1.get_text().split() == ["Lahntal", "Gemeinde"]
    for words in (
        "06534012",
        "Landkreis Marburg-Biedenkopf",
        "Regierungsbezirk Gießen",
        "6.953",
        "31.12.2024",
    ):
        assert words in page.main
    assert SOURCE_LINE in page.main
    assert not page.soup.select("main .page-actions a")


def test_page_of_hanau_shows_both_keys_with_their_validity(app, rita):
    page = rita.get(f"/kommunen/{number(app, 'Hanau')}")
    for words in (
        "06415000",
        "06435014",
        "31.12.2025",
        "01.01.2026",
        "Sonderstatusstadt",
        "Main-Kinzig-Kreis",
    ):
        assert words in page.main


def test_pages_of_merged_places_lead_to_each_other(app, rita):
    old, new = number(app, "Beerfelden"), number(app, "Oberzent")
    page = rita.get(f"/kommunen/{old}")
    assert "01.01.2018" in page.main
    assert page.soup.select(f"main .notice a[href='/kommunen/{new}']")
    assert rita.get(f"/kommunen/{new}").soup.select(f"main a[href='/kommunen/{old}']")


def test_page_of_a_county_lists_its_members(app, rita):
    page = rita.get(f"/kommunen/{number(app, 'Main-Kinzig-Kreis')}")
    assert len(page.soup.select("main tbody tr")) == 28
    region = rita.get(f"/kommunen/{number(app, 'Regierungsbezirk Darmstadt')}")
    assert len(region.soup.select("main tbody tr")) == 15


def test_every_page_of_the_register_opens(app, rita):
    with app.app_context():
        ids = [
            factories.place(name).id for name in ("Wesertal", "Wahlsburg", "Wiesbaden", "Landkreis Kassel")
        ]
    assert [rita.get(f"/kommunen/{one}").status for one in ids] == [200] * 4


def test_the_timeline_leads_to_the_list_where_it_can_be_filtered(app, rita):
    with app.app_context():
        factories.talk("Lahntal", "Cölbe")
        factories.talk("Marburg")
        db.session.commit()
        number = factories.place("Lahntal").id
    page = rita.get(f"/kommunen/{number}")
    listed = rita.get(page.soup.select_one("section[aria-labelledby=timeline] a.more")["href"])
    assert "Cölbe" in listed.main
    assert "Marburg" not in listed.soup.select_one("#results").get_text()


def test_advisers_log_a_talk_from_the_page(app, anna):
    lahntal = number(app, "Lahntal")
    assert anna.get(f"/kommunen/{lahntal}").soup.select(f"a[href*='kommune={lahntal}']")


@pytest.mark.parametrize("entries", ["0", "-5", "abc", "10" * 20, ""])
def test_any_number_of_entries_is_answered(app, anna, entries):
    assert anna.get(f"/kommunen/{number(app, 'Lahntal')}?eintraege={entries}").status == 200


@pytest.mark.parametrize("number", ["0", "-1", "1.5", "2147483648", "99999", "abc", "%00", "1%20", "١", "+1"])
def test_addresses_of_nothing_give_404(rita, number):
    assert rita.get(f"/kommunen/{number}").status == 404


def test_suggestions_have_value_text_and_note(app, anna):
    found = anna.get("/kommunen/suche?q=coelbe").response.json
    assert found == [
        {"value": str(number(app, "Cölbe")), "text": "Cölbe", "note": "LK Marburg-Biedenkopf · 06534006"}
    ]


def test_suggestions_offer_a_whole_county(anna):
    county, group = anna.get("/kommunen/suche?q=LK+Fulda").response.json
    assert county["text"] == "Landkreis Fulda"
    assert len(group["members"]) == 23
    assert {"value", "text", "note"} == set(group["members"][0])
    (group,) = anna.get("/kommunen/suche?q=alle+Kommunen+im+Landkreis+Fulda").response.json
    assert len(group["members"]) == 23


def test_suggestions_guess_at_a_misspelt_name(app, anna):
    (found, *_others) = anna.get("/kommunen/suche?q=Cölbbe").response.json
    assert found == {
        "value": str(number(app, "Cölbe")), "text": "Cölbe", "guess": True,
        "note": "LK Marburg-Biedenkopf · 06534006 · ähnlich geschrieben",
    }  # fmt: skip


def test_suggestions_tell_namesakes_apart_by_county(anna):
    found = anna.get("/kommunen/suche?q=allendorf").response.json
    assert [(one["text"], one["note"]) for one in found[:2]] == [
        ("Allendorf (Eder)", "LK Waldeck-Frankenberg · 06635001"),
        ("Allendorf (Lumda)", "LK Gießen · 06531001"),
    ]


def test_suggestions_can_be_asked_for_a_day(anna):
    assert [one["text"] for one in anna.get("/kommunen/suche?q=Beerfelden&am=2015-01-01").response.json] == [
        "Beerfelden"
    ]
    assert [one["text"] for one in anna.get("/kommunen/suche?q=Beerfelden&am=2020-01-01").response.json] == [
        "Oberzent"
    ]
    assert len(anna.get("/kommunen/suche?q=Beerfelden&am=gestern").response.json) == 2


def test_strangers_are_sent_to_sign_in(stranger):
    for url in ("/kommunen", "/kommunen/1", "/kommunen/suche?q=a"):
        assert stranger.get(url).status in (302, 303, 401)
