"""The official file on screen: check, look, decide."""

import io

import pytest
from sqlalchemy import select

from crm.db import db
from crm.organisations import queries
from crm.organisations.models import Organisation
from crm.register.models import Edition, WaitingFile
from tests import factories
from tests.everything import changed, stored
from tests.register.editions import LATER, edition, official

COLBE, WETTER = "06534006", "06534021"
PAGE, CHECK = "/verzeichnis", "/verzeichnis/pruefung"


def send(client, content, name="GV100AD.txt", **fields):
    """Choose a file and press the button."""
    form = client.get(PAGE).fields() | fields | {"file": (io.BytesIO(content), name)}
    return client.post(PAGE, form)


def test_an_administrator_checks_looks_and_takes_over(app, ada):
    shown = ada.get(send(ada, edition(LATER, {COLBE: "Radfahrstadt"})).location)
    assert "Cölbe (Gemeinde)" in shown.main
    assert "Radfahrstadt (Gemeinde)" in shown.main
    assert "420 Kommunen ändern sich nur in ihren Zahlen" in shown.main
    with app.app_context():
        assert db.session.scalars(select(Edition)).all() == []
    done = ada.post(CHECK, shown.fields(), follow=True)
    assert "Verzeichnis vom 31.01.2027 übernommen: 0 neu, 421 geändert, 0 geschlossen." in done.main
    with app.app_context():
        edition_row = db.session.scalars(select(Edition)).one()
        assert (edition_row.changed, edition_row.loaded_by_id) == (421, factories.member("ada").id)
        assert db.session.scalars(select(WaitingFile)).all() == []


def test_the_preview_writes_nothing_but_the_waiting_file(app, ada):
    before = stored(app)
    ada.get(send(ada, edition(LATER, {COLBE: "X"})).location)
    assert changed(before, stored(app)) == ["waiting_files"]


def test_the_same_file_again_says_so_and_offers_nothing_to_take(ada):
    ada.post(CHECK, ada.get(send(ada, edition(LATER)).location).fields())
    again = ada.get(send(ada, edition(LATER)).location)
    assert "nichts zu ändern" in again.main
    assert "Übernehmen" not in again.main


def test_an_older_file_asks_first(app, ada):
    shown = ada.get(send(ada, official("31122022")).location)
    assert "Älter als das Verzeichnis." in shown.main
    before = stored(app)
    asked = ada.post(CHECK, shown.fields())
    assert (asked.status, asked.errors()[0]) == (
        422, "Bestätigen Sie, dass eine ältere Datei die Geschichte ergänzen darf.",
    )  # fmt: skip
    assert changed(before, stored(app)) == []
    assert ada.post(CHECK, shown.fields() | {"older": "y"}).status == 303
    with app.app_context():
        assert db.session.scalars(select(Edition.changed)).one() == 421


def test_the_successor_of_a_missing_municipality_is_chosen(app, ada):
    shown = ada.get(send(ada, edition(LATER, without=[WETTER])).location)
    field = f"successor-{WETTER}"
    options = [one["value"] for one in shown.soup.select(f"select[name={field}] option")]
    assert (options[0], COLBE in options[:30]) == ("", True)
    looked = ada.post(CHECK, shown.fields() | {field: COLBE})
    assert (looked.status, "Cölbe" in looked.main) == (422, True)
    assert ada.post(CHECK, looked.fields()).status == 303
    with app.app_context():
        wetter = db.session.scalars(select(Organisation).where(Organisation.name == "Wetter (Hessen)")).one()
        assert queries.successors(wetter)[0].successor.name == "Cölbe"


def test_a_missing_municipality_may_stay_open(app, ada):
    shown = ada.get(send(ada, edition(LATER, without=[WETTER])).location)
    assert "(06534021) fehlt in der Datei" in shown.main
    assert ada.post(CHECK, shown.fields()).status == 303
    with app.app_context():
        assert factories.place("Wetter (Hessen)").valid_to is None


def test_the_day_of_the_figures_can_be_given(app, ada):
    shown = ada.get(send(ada, edition(LATER), population_on="30.6.2026").location)
    assert "Einwohner vom 30.06.2026" in shown.main
    assert ada.post(f"{CHECK}?einwohner=2026-06-30", shown.fields()).status == 303
    with app.app_context():
        assert str(db.session.scalars(select(Edition.population_on)).one()) == "2026-06-30"


def test_a_wrong_file_tells_every_error_and_a_table_to_take_along(app, ada):
    before = stored(app)
    page = ada.get(send(ada, edition(LATER)[:60_000]).location)
    assert page.status == 422
    assert "statt 220 Zeichen. Die Datei ist abgeschnitten oder beschädigt." in page.main
    table = ada.get(f"{CHECK}.csv").data.decode("utf-8-sig")
    assert table.splitlines()[0] == "Zeile;Spalte;Wert;Was nicht stimmt"
    assert len(table.splitlines()) == 2
    assert changed(before, stored(app)) == ["waiting_files"]


def test_no_file_is_asked_for(ada):
    page = ada.post(PAGE, ada.get(PAGE).fields())
    assert (page.status, page.errors()[0]) == (422, "Wählen Sie die Datei des amtlichen Verzeichnisses.")


def test_a_wrong_day_keeps_the_page(ada):
    page = send(ada, edition(LATER), population_on="31.2.2027")
    assert page.status == 422
    assert "31.2.2027" in page.html


def test_without_a_waiting_file_the_page_leads_back(ada):
    assert "Es wartet keine Datei." in ada.get(ada.get(CHECK).location).main
    assert ada.get(f"{CHECK}.csv").location == PAGE


def test_a_second_press_takes_over_once(app, ada):
    form = ada.get(send(ada, edition(LATER)).location).fields()
    assert [ada.post(CHECK, form).status for _ in range(2)] == [303, 303]
    with app.app_context():
        assert len(db.session.scalars(select(Edition)).all()) == 1


def test_what_is_taken_over_is_what_was_shown(app, ada):
    shown = ada.get(send(ada, edition(LATER, {COLBE: "Neu"})).location)
    with app.app_context():
        place = factories.place("Cölbe")
        place.designations[0].official_name = "Cölbe, inzwischen"
        db.session.commit()
    page = ada.post(CHECK, shown.fields())
    assert page.status == 422
    assert "Das Verzeichnis hat sich inzwischen geändert." in page.main
    assert ada.post(CHECK, page.fields()).status == 303


@pytest.mark.parametrize("name", ["rita", "anna", "emil", "mara"])
def test_nobody_else_may(app, request, name):
    before = stored(app)
    client = request.getfixturevalue(name)
    for url in (PAGE, CHECK, f"{CHECK}.csv"):
        assert client.get(url).status == 403
    assert client.post(PAGE, {"file": (io.BytesIO(edition(LATER)), "x.txt")}).status == 403
    assert client.post(CHECK).status == 403
    assert changed(before, stored(app)) == []


def test_a_file_waits_for_its_user_only_and_a_day_at_most(app, ada):
    send(ada, edition(LATER))
    with app.app_context():
        row = db.session.scalars(select(WaitingFile)).one()
        row.user_id = factories.member("mara").id
        db.session.commit()
    assert ada.get(CHECK).location == PAGE


def test_a_file_sent_elsewhere_is_refused(anna):
    assert anna.post("/beratungen/neu", {"note": "x", "file": (io.BytesIO(b"x"), "x.txt")}).status == 400


def test_a_file_above_the_limit_says_the_limit(ada):
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="gv.txt"\r\n\r\n'
    body = head + b"6" * 40_200_000 + b"\r\n--x--\r\n"
    answer = ada.browser.open(PAGE, method="POST", data=body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 413
    assert "40,1 MB" in answer.get_data(as_text=True)


def test_a_stranger_sends_no_file(app, stranger):
    before = stored(app)
    page = stranger.post(PAGE, {"file": (io.BytesIO(edition(LATER)), "x.txt")})
    assert page.status in (400, 401)
    assert changed(before, stored(app)) == []
