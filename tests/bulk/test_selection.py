"""Selections as nobody sends them by a form; files of a selection; who sees boxes at all."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from crm.bulk.models import BulkAction
from crm.bulk.services import LIFETIME
from crm.db import db, now, today
from crm.follow_ups.models import FollowUp
from crm.picks import MOST
from tests import factories
from tests.bulk.steps import address, done, preview, undo_url
from tests.retention.running import forget

MOVE = "/auswahl/wiedervorlagen/verschieben"


@pytest.fixture
def promise(app):
    """The number of one follow-up."""
    with app.app_context():
        number = factories.follow_up().id
        db.session.commit()
    return number


@pytest.mark.parametrize(
    "query",
    [
        "&".join(f"nummer={one}" for one in range(1, 10_001)), "nummer=x", "nummer=-1", "nummer=1&nummer=1e9",
        "nummer=0", "nummer=99999999999999999999", "nummer=%00", "nummer=²", "alle=x", "alle=-3",
        "alle=0",
    ],
    ids=lambda text: text[:24],
)  # fmt: skip
def test_a_hostile_selection_is_refused_in_words(anna, promise, query):
    for page in (anna.get(f"{MOVE}?{query}"), anna.post(f"{MOVE}?{query}", days="3")):
        assert page.status == 422
        assert "Nicht gespeichert" in page.main
    for file in ("/beratungen/liste.csv", "/kontakte/vcard", "/kontakte/liste.xlsx", "/kommunen/liste.csv",
                 "/kooperationen/liste.csv", "/veranstaltungen/liste.csv"):  # fmt: skip
        assert anna.get(f"{file}?auswahl=1&{query}").status == 422


def test_numbers_of_nothing_change_nothing(app, anna, promise):
    page = preview(anna, address("wiedervorlagen", "verschieben", [promise + 7, promise + 8]), days=3)
    assert "2 gewählte Einträge gibt es nicht oder nicht mehr." in page.main
    assert not page.soup.select("main form")
    assert anna.post(MOVE + f"?nummer={promise + 7}", days="3", mark=_mark(page)).status in (409, 422)


def _mark(_page):
    return "0" * 12


def test_nothing_ticked_leads_back_to_the_list(anna, promise):
    page = anna.get(f"{MOVE}?stand=offen&auswahl=1")
    assert page.location == "/wiedervorlagen?stand=offen"
    assert "Wählen Sie zuerst mindestens eine Zeile aus." in anna.get(page.location).main
    assert anna.get("/kontakte/vcard?auswahl=1").status == 422


def test_unknown_lists_and_actions_do_not_exist(anna, promise):
    for path in ("wiedervorlagen/loeschen", "nichts/verschieben", "kooperationen/einladen"):
        assert anna.get(f"/auswahl/{path}?nummer=1").status == 404


def test_more_than_is_done_at_once_is_refused(app, anna):
    with app.app_context():
        owner = factories.member("anna").id
        place = factories.place("Lahntal").id
        db.session.execute(
            db.insert(FollowUp),
            [
                {"version": 1, "text": "x", "due_on": today(), "owner_id": owner, "organisation_id": place}
                for _one in range(MOST + 1)
            ],
        )
        db.session.commit()
    page = anna.get("/wiedervorlagen")
    assert not page.soup.select("[data-pick-whole]")
    refused = anna.get(f"{MOVE}?alle={MOST + 1}")
    assert refused.status == 422
    assert f"Höchstens {MOST} auf einmal." in refused.main


def test_files_hold_what_was_ticked_and_nothing_else(app, rita):
    with app.app_context():
        talks = [factories.talk(name).id for name in ("Lahntal", "Cölbe")]
        people = [factories.person(name).id for name in ("Alt", "Neu")]
        group = factories.cooperation(title="Kasse Nord").id
        factories.cooperation(title="Bauhof Süd")
        event = factories.event("Fachtagung").id
        factories.event("Kongress")
        place = factories.place("Marburg").id
        db.session.commit()
    for url, there, absent in (
        (f"/beratungen/liste.csv?auswahl=1&nummer={talks[0]}", "Lahntal", "Cölbe"),
        (f"/kontakte/liste.csv?auswahl=1&nummer={people[0]}", "Alt", "Neu"),
        (f"/kontakte/vcard?auswahl=1&nummer={people[0]}", "Alt", "Neu"),
        (f"/kooperationen/liste.csv?auswahl=1&nummer={group}", "Kasse Nord", "Bauhof Süd"),
        (f"/veranstaltungen/liste.csv?auswahl=1&nummer={event}", "Fachtagung", "Kongress"),
        (f"/kommunen/liste.csv?auswahl=1&nummer={place}", "06534014", "Kassel"),
    ):
        text = rita.get(url).data.decode("utf-8-sig")
        assert there in text, url
        assert absent not in text, url
    assert rita.get("/kontakte/liste.xlsx").data[:2] == b"PK"
    assert rita.get("/kommunen/liste.exe").status == 404


def test_files_of_a_selection_keep_columns_and_order_of_the_list(app, rita):
    with app.app_context():
        people = [factories.person(name).id for name in ("Alt", "Mitte", "Neu")]
        db.session.commit()
    asked = f"auswahl=1&spalten=name,basis&sortierung=-name&nummer={people[0]}&nummer={people[2]}"
    head, *rows = rita.get(f"/kontakte/liste.csv?{asked}").data.decode("utf-8-sig").splitlines()
    assert head == "Nachname;Vorname;Titel;Serienbriefe"
    assert [row.split(";")[0] for row in rows] == ["Neu", "Alt"]


@pytest.mark.parametrize(
    ("kind", "action", "path", "column"),
    [
        ("beratungen", "wiedervorlage", "/beratungen", "follow-ups"),
        ("kontakte", "einladen", "/kontakte", "last"),
        ("kommunen", "einladen", "/kommunen", "days"),
        ("kooperationen", "wiedervorlage", "/kooperationen/liste", "next"),
        ("wiedervorlagen", "verschieben", "/wiedervorlagen", "place"),
    ],
)
def test_a_list_in_any_order_and_with_any_columns_is_chosen_whole(app, mara, kind, action, path, column):
    with app.app_context():
        talk = factories.talk("Lahntal")
        factories.cooperation(title="Kasse Nord")
        factories.event("Fachtagung")
        factories.follow_up(by="mara", consultation_id=talk.id)
        factories.person()
        db.session.commit()
    query = f"sortierung=-{column}&spalten={column}"
    page = mara.get(f"{path}?{query}")
    assert page.soup.select_one("#results input[data-pick-all]")
    assert page.soup.select_one("#results tr > td.pick:first-child, #results li > [name=nummer]:first-child")
    form = page.soup.select_one("#picks")
    assert {one["name"] for one in form.select("[type=hidden]")} == {"sortierung", "spalten", "auswahl"}
    assert mara.get(f"/auswahl/{kind}/{action}?{query}&q=a&auswahl=1&alle=1").soup.select(".bulk-chosen li")


def test_readers_tick_rows_only_for_files(app, rita, anna, promise):
    for path in ("/beratungen", "/kontakte", "/kommunen", "/kooperationen/liste?stand=alle"):
        buttons = [one["formaction"] for one in rita.get(path).soup.select(".pick-bar button[formaction]")]
        assert not [one for one in buttons if one.startswith("/auswahl/")], path
    assert not rita.get("/wiedervorlagen?stand=offen").soup.select("[name=nummer], .pick-bar")
    assert anna.get("/wiedervorlagen").soup.select("[name=nummer]")


def test_coordinators_are_offered_what_they_may_do(app, emil, promise):
    with app.app_context():
        factories.person()
        factories.talk("Lahntal")
        db.session.commit()
    found = {}
    for path in ("/kontakte", "/kommunen", "/beratungen"):
        buttons = emil.get(path).soup.select(".pick-bar button[formaction^='/auswahl/']")
        found[path] = [one["formaction"] for one in buttons]
    assert found == {
        "/kontakte": ["/auswahl/kontakte/einladen"], "/kommunen": ["/auswahl/kommunen/einladen"],
        "/beratungen": [],
    }  # fmt: skip


def test_after_thirty_days_there_is_nothing_to_take_back(app, anna, promise):
    listed = done(anna, address("wiedervorlagen", "verschieben", [promise]), days=3)
    with app.app_context():
        assert forget("bulk-actions") == 0
        with time_machine.travel(now() + LIFETIME + timedelta(minutes=1)):
            assert forget("bulk-actions") == 1
        db.session.commit()
        assert db.session.scalar(select(func.count(BulkAction.id))) == 0
    # The session has gone with the rest.
    anna.come_in("anna@kikz.test")
    assert anna.get(undo_url(listed)).status == 404


def test_no_typed_text_is_kept_to_take_back(app, anna, promise):
    done(anna, address("wiedervorlagen", "verschieben", [promise]), days=3)
    with app.app_context():
        held = db.session.scalars(select(BulkAction)).one().entries[0]
    assert set(held) == {"id", "version", "before"}
    assert set(held["before"]) == {"owner_id", "due_on"}
