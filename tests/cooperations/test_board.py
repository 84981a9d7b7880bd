"""Board and list: every group in the column of its weakest partner, filters, order, files."""

from datetime import timedelta

import pytest

from crm.cooperations.kinds import Stage, Step
from crm.cooperations.models import Cooperation
from crm.cooperations.services import halt
from crm.db import db, today
from tests import factories
from tests.factories import cooperation, member, place, step

PLACES = ("Cölbe", "Lahntal", "Wetter (Hessen)")


@pytest.fixture
def groups(app):
    """A group in each of some stages."""
    with app.app_context():
        archive = cooperation("Kirchhain", "Amöneburg", title="Archivverbund Ohmtal", by="bert")
        archive.adviser_id = member("bert").id
        depot = cooperation(title="Gemeinsamer Bauhof", lead="Cölbe", task_fields=[field("Bauhof")])
        for name in PLACES:
            step(depot, name, Step.INTERESTED, 90)
        factories.resolution(depot, "Lahntal", 9)
        step(depot, "Cölbe", Step.RESOLVED, 20)
        cash = cooperation("Gießen", "Lich", title="Gemeinsame Kasse")
        for name in ("Gießen", "Lich"):
            step(cash, name, Step.ACTIVE, 400)
        rest = cooperation("Fulda", "Künzell", title="Gemeinsames Ordnungsamt")
        halt(rest, {"halt": Stage.PAUSED, "halted_on": today(), "halt_reason": "Wahl"}, member("anna"))
        factories.talk("Cölbe", "Lahntal", days_ago=8, cooperation_id=depot.id)
        db.session.commit()
        return {"archive": archive.id, "depot": depot.id, "cash": cash.id, "rest": rest.id}


def field(name):
    from crm.task_fields import queries

    return next(one.id for one in queries.current() if one.name == name)


def columns(page):
    """Titles of the cards by the heading of their column."""
    return {
        one.select_one("h2").get_text(" ", strip=True).rsplit(" ", 1)[0]: [
            card.get_text(strip=True) for card in one.select(".k-t")
        ]
        for one in page.soup.select(".board-col")
    }


def titles(page):
    return [one.select_one("th a").get_text() for one in page.soup.select("main tbody tr")]


def test_every_group_in_progress_stands_in_its_column(anna, groups):
    page = anna.get("/kooperationen")
    assert columns(page) == {
        "Idee": ["Archivverbund Ohmtal"], "Partnersuche": [], "Studie": [],
        "Beschlüsse": ["Gemeinsamer Bauhof"], "Vertrag": [], "Förderantrag": [],
    }  # fmt: skip
    assert "2 in Arbeit" in page.main
    assert "Läuft: 1" in page.main
    assert "Ruht: 1" in page.main


def test_a_card_says_for_whom_the_group_waits_and_offers_the_step(anna, rita, groups):
    card = anna.get("/kooperationen").soup.select(".kcard")[1]
    text = card.get_text(" ", strip=True)
    assert "1 von 3 beschlossen" in text
    assert "wartet seit 90 Tagen auf Lahntal und 1 weitere" in text
    assert "k-late" in card["class"]
    link = card.select_one(".k-act")
    assert link["href"].endswith("/stand/resolved")
    assert anna.get(link["href"]).status == 200
    assert not rita.get("/kooperationen").soup.select(".k-act")


def test_a_card_says_that_an_authority_decides(app, anna, groups):
    with app.app_context():
        group = db.session.get(Cooperation, groups["archive"])
        group.stage, group.applied_on = Stage.APPLICATION, today()
        db.session.commit()
    cards = [one.get_text(" ", strip=True) for one in anna.get("/kooperationen").soup.select(".kcard")]
    said = ["Der Antrag ist noch nicht entschieden." in one for one in cards]
    assert said == ["Archivverbund Ohmtal" in one for one in cards]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("landkreis={fulda}", []),
        ("landkreis={marburg}", ["Archivverbund Ohmtal", "Gemeinsamer Bauhof"]),
        ("feld={bauhof}", ["Gemeinsamer Bauhof"]),
        ("feld={bauen}", ["Gemeinsamer Bauhof"]),
        ("zustaendig={bert}", ["Archivverbund Ohmtal"]),
        ("q=ohmtal", ["Archivverbund Ohmtal"]),
        ("q=amoeneburg", ["Archivverbund Ohmtal"]),
        ("q=entenhausen", []),
        ("landkreis=unfug&feld=99999", ["Archivverbund Ohmtal", "Gemeinsamer Bauhof"]),
    ],
)
def test_the_board_is_narrowed(app, anna, groups, query, found):
    with app.app_context():
        numbers = {
            "fulda": place("Landkreis Fulda").id, "marburg": place("Landkreis Marburg-Biedenkopf").id,
            "bauhof": field("Bauhof"), "bauen": field("Bauen und Technik"), "bert": member("bert").id,
        }  # fmt: skip
    page = anna.get("/kooperationen?" + query.format(**numbers))
    assert sorted(title for row in columns(page).values() for title in row) == found


def test_the_list_has_a_tab_for_every_state(anna, groups):
    for tab, found in (
        ("arbeit", ["Archivverbund Ohmtal", "Gemeinsamer Bauhof"]), ("laeuft", ["Gemeinsame Kasse"]),
        ("ruht", ["Gemeinsames Ordnungsamt"]), ("zu-ende", []),
        ("unfug", ["Archivverbund Ohmtal", "Gemeinsamer Bauhof"]),
    ):  # fmt: skip
        assert titles(anna.get(f"/kooperationen/liste?stand={tab}")) == found
    assert len(titles(anna.get("/kooperationen/liste?stand=alle"))) == 4


@pytest.mark.parametrize("key", ["title", "stage", "days", "talk", "session", "unfug"])
@pytest.mark.parametrize("sign", ["", "-"])
def test_the_list_is_ordered_by_every_column(anna, groups, key, sign):
    page = anna.get(f"/kooperationen/liste?stand=alle&sortierung={sign}{key}")
    assert len(titles(page)) == 4
    if key in ("talk", "session"):
        assert titles(page)[0] == "Gemeinsamer Bauhof"
    along = ["Archivverbund Ohmtal", "Gemeinsamer Bauhof", "Gemeinsame Kasse", "Gemeinsames Ordnungsamt"]
    if key == "stage":
        assert titles(page) == (along[::-1] if sign else along)
    if key == "days":
        assert titles(page)[0 if sign else -1] == "Gemeinsame Kasse"


def test_the_list_computes_its_columns(anna, groups):
    row = anna.get("/kooperationen/liste?q=bauhof").soup.select_one("main tbody tr").get_text(" ", strip=True)
    assert "Lahntal und 1 weitere" in row
    assert f"{today() - timedelta(days=8):%d.%m.%Y}" in row
    assert f"{today() + timedelta(days=9):%d.%m.%Y}" in row


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_file_holds_what_the_list_shows(anna, groups, ending):
    page = anna.get(f"/kooperationen/liste.{ending}?stand=alle")
    assert page.status == 200
    if ending == "csv":
        lines = page.data.decode("utf-8-sig").splitlines()
        assert len(lines) == 5
        assert "Gemeinsamer Bauhof;Beschlüsse;0;Lahntal" in page.data.decode("utf-8-sig")


def test_no_other_file_is_offered(anna, groups):
    assert anna.get("/kooperationen/liste.pdf").status == 404


def test_a_column_shows_eight_cards_and_links_the_rest(app, anna):
    with app.app_context():
        for turn in range(11):
            cooperation("Cölbe", "Lahntal", title=f"Vorhaben {turn:02}")
        db.session.commit()
    page = anna.get("/kooperationen")
    assert len(page.soup.select(".kcard")) == 8
    rest = page.soup.select_one(".k-rest a")
    assert rest.get_text() == "3 weitere"
    assert len(titles(anna.get(rest["href"]))) == 11


def test_a_column_says_the_mean_and_shows_who_waits_longest_first(app, anna):
    with app.app_context():
        for days in (5, 30, 11):
            group = cooperation("Cölbe", "Lahntal", title=f"Seit {days} Tagen")
            group.stage_since = today() - timedelta(days=days)
        cooperation("Cölbe", "Lahntal", title="Ohne Tag").stage_since = None
        db.session.commit()
    page = anna.get("/kooperationen")
    assert columns(page)["Idee"] == ["Seit 30 Tagen", "Seit 11 Tagen", "Seit 5 Tagen", "Ohne Tag"]
    assert page.soup.select_one(".col-sub").get_text(strip=True) == "im Mittel 15 Tage"


def test_an_empty_board_says_what_will_stand_there(anna):
    assert "Keine Kooperation in Arbeit" in anna.get("/kooperationen").main


def test_the_file_names_everybody_a_group_waits_for(anna, groups):
    rows = anna.get("/kooperationen/liste.csv?spalten=waits").text.splitlines()
    depot = next(one for one in rows if "Gemeinsamer Bauhof" in one)
    assert "Lahntal, Wetter (Hessen)" in depot
