"""The list of events: what comes, what lies behind, filters, order, files."""

import io
from datetime import timedelta

import openpyxl
import pytest

from crm.db import db, today
from crm.events import services
from crm.events.models import EventKind, EventState, Precision
from crm.registrations.models import Seat
from tests import factories

LIST = "/veranstaltungen"


@pytest.fixture
def four(app):
    """An open event with guests, a planned one of Emil, one long ago, one that waits for an answer."""
    with app.app_context():
        emil = factories.member("emil")
        first = factories.event("Fachtagung Bauhof", in_days=20, capacity=3)
        for name in ("Abel", "Bebel"):
            factories.registration(first, name)
        factories.registration(first, "Cebel", seat=Seat.WAITING, position=1)
        factories.event("Übung Öffentlichkeit", in_days=5, state=EventState.PLANNED, kind=EventKind.WORKSHOP,
                        responsible_id=emil.id, place_id=factories.place("Kassel").id)  # fmt: skip
        factories.event("Kongress von früher", in_days=-3000, state=EventState.HELD, ends_at=None,
                        precision=Precision.MONTH)  # fmt: skip
        factories.event("Noch offen", in_days=-3, state=EventState.CLOSED)
        for one in db.session.scalars(db.select(services.Event)):
            services.describe(one)
        db.session.commit()


def titles(page):
    """Titles of the rows, in their order."""
    return [tag.text for tag in page.soup.select("main tbody th a")]


def test_what_comes_stands_first_and_what_waits_for_an_answer_with_it(emil, four):
    page = emil.get(LIST)
    assert titles(page) == ["Noch offen", "Übung Öffentlichkeit", "Fachtagung Bauhof"]
    assert "2 von 3, 1 warten" in page.main.replace(" ,", ",")
    assert titles(emil.get(f"{LIST}?zeit=vergangen")) == ["Kongress von früher"]
    assert len(titles(emil.get(f"{LIST}?zeit=alle"))) == 4


FILTERS = [
    ("q=oeffentlichkeit", ["Übung Öffentlichkeit"]),
    ("q=Buseck bauhof", ["Fachtagung Bauhof"]),
    ("q=nichts", []),
    ("art=workshop", ["Übung Öffentlichkeit"]),
    ("stand=planned", ["Übung Öffentlichkeit"]),
    ("stand=cancelled", []),
    ("landkreis=gießen", ["Noch offen", "Fachtagung Bauhof"]),
    ("zustaendig=emil", ["Übung Öffentlichkeit"]),
    ("jahr=1999", ["Noch offen", "Übung Öffentlichkeit", "Fachtagung Bauhof"]),
    ("art=nonsense", ["Noch offen", "Übung Öffentlichkeit", "Fachtagung Bauhof"]),
    ("sortierung=-title", ["Übung Öffentlichkeit", "Noch offen", "Fachtagung Bauhof"]),
    ("sortierung=responsible", ["Übung Öffentlichkeit", "Noch offen", "Fachtagung Bauhof"]),
    (
        "zeit=nonsense&seite=99&sortierung=nonsense",
        ["Noch offen", "Übung Öffentlichkeit", "Fachtagung Bauhof"],
    ),
]


@pytest.mark.parametrize(("query", "found"), FILTERS, ids=[query for query, _found in FILTERS])
def test_the_list_is_narrowed_and_ordered_by_its_address(app, emil, four, query, found):
    with app.app_context():
        query = query.replace("gießen", str(factories.place("Landkreis Gießen").id))
        query = query.replace("emil", str(factories.member("emil").id))
    assert titles(emil.get(f"{LIST}?{query}")) == found


def test_the_year_counts_in_berlin(app, emil):
    with app.app_context():
        event = factories.event("Silvester", state=EventState.HELD)
        event.starts_at = event.starts_at.replace(year=2025, month=12, day=31, hour=23, minute=30)
        event.ends_at = None
        factories.event("Später", in_days=1)
        db.session.commit()
    assert titles(emil.get(f"{LIST}?zeit=alle&jahr=2025")) == ["Silvester"]
    assert titles(emil.get(f"{LIST}?zeit=alle&jahr={(today() + timedelta(days=1)).year}")) == ["Später"]


def test_an_empty_list_says_what_will_stand_here(emil, rita):
    assert "Nichts geplant" in emil.get(LIST).main
    assert "Veranstaltung planen" not in rita.get(LIST).main


def test_the_files_hold_what_the_screen_shows(emil, four):
    lines = emil.get(f"{LIST}/liste.csv?zeit=alle").data.decode("utf-8-sig").splitlines()
    assert len(lines) == 5
    day = today() + timedelta(days=20)
    assert any(line.startswith(f"{day:%d.%m.%Y};") and ";3;2;1;" in line for line in lines)
    assert any(line.startswith(";") and "Kongress von früher" in line for line in lines)
    book = openpyxl.load_workbook(io.BytesIO(emil.get(f"{LIST}/liste.xlsx?art=workshop").data))
    assert [row[2].value for row in book.active.iter_rows(min_row=2)] == ["Übung Öffentlichkeit"]
    assert emil.get(f"{LIST}/liste.pdf").status == 404


def test_a_full_page_asks_few_questions(app, emil):
    with app.app_context():
        for number in range(120):
            event = factories.event(f"Vortrag {number}", in_days=number, capacity=5)
            factories.registration(event)
        db.session.commit()
    page = emil.get(f"{LIST}?sortierung=title")
    assert len(titles(page)) == 50
    assert "1–50 von 120" in page.main
    assert len(titles(emil.get(f"{LIST}?seite=3"))) == 20


def test_the_navigation_marks_every_page_of_an_event(app, emil, four):
    for path in (LIST, f"{LIST}/1", f"{LIST}/1/einladungen", f"{LIST}/1/anmeldungen", f"{LIST}/1/anwesenheit",
                 f"{LIST}/1/nachbereitung", "/dokumente/veranstaltung/1"):  # fmt: skip
        page = emil.get(path)
        if page.status == 404:
            continue
        assert page.soup.select_one(".side a[aria-current=page] span").text == "Veranstaltungen", path
