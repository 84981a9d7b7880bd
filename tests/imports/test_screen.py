"""Lists on screen: choose, look, decide, take over, take back."""

import io

import pytest
from sqlalchemy import select

from crm.cooperations.kinds import Step
from crm.cooperations.models import Cooperation
from crm.db import db
from crm.imports import taking
from crm.imports.models import ImportRun
from crm.register.models import WaitingFile
from tests import factories
from tests.everything import changed, stored
from tests.imports.lists import entry, real, workbook, written

PAGE, CHECK = "/importe", "/importe/pruefung"
BAUHOF = ("1", "Bauhof", "Cölbe; Lahntal", "bewilligt")


def send(client, content, name="liste.csv"):
    """Choose a file and press the button."""
    form = client.get(PAGE).fields() | {"file": (io.BytesIO(content), name)}
    return client.post(PAGE, form)


def look(client, content, name="liste.csv"):
    """Send a list and open its check."""
    return client.get(send(client, content, name).location)


def groups(app):
    """Titles of all groups with the names of their partners."""
    with app.app_context():
        return {
            one.title: [part.organisation_name for part in one.partners]
            for one in db.session.scalars(select(Cooperation))
        }


def test_a_manager_checks_looks_and_takes_over(app, mara):
    shown = look(mara, written(BAUHOF))
    assert "liste.csv. Noch wurde nichts geschrieben." in shown.main
    row = (
        shown.soup.select_one("#new").find_parent("section").select_one("tbody tr").get_text(" ", strip=True)
    )
    assert row == "Bauhof Cölbe, Lahntal unterzeichnet – 2"
    assert groups(app) == {}
    done = mara.post(CHECK, shown.fields(), follow=True)
    assert "Liste übernommen: 1 neu, 0 geändert, 0 beendet, 0 unverändert." in done.main
    assert "Import 1" in done.main
    assert groups(app) == {"Bauhof": ["Cölbe", "Lahntal"]}
    with app.app_context():
        run = db.session.scalars(select(ImportRun)).one()
        assert run.by_id == factories.member("mara").id
        assert db.session.scalars(select(WaitingFile)).all() == []
    assert "liste.csv" in mara.get(PAGE).main


def test_the_check_writes_nothing_but_the_waiting_file(app, mara):
    before = stored(app)
    look(mara, written(BAUHOF))
    assert changed(before, stored(app)) == ["waiting_files"]


def test_the_real_list_on_screen(app, mara):
    shown = look(mara, real(), "cooperations_he.csv")
    assert "Zeilen 77 Neu 77 Geändert 0 Beendet 0 Unverändert 0 Zweifelhaft 9 Fehler 0" in shown.main
    assert len(shown.soup.select("#open")) == 1
    selects = [tag["aria-label"] for tag in shown.soup.select("select[name^=ort-]")]
    assert selects == ["Wer ist mit „Ober Mörlen“ gemeint?", "Wer ist mit „Krichheim“ gemeint?"]
    assert mara.post(CHECK, shown.fields()).status == 303
    assert len(groups(app)) == 77
    again = look(mara, real())
    assert "Es gibt nichts zu übernehmen: Alle Zeilen sind schon bekannt." in again.main


def test_a_doubtful_name_is_chosen_or_left_open(app, mara):
    content = written(("1", "Bauhof", "Krichheim; Bebra", "Idee"))
    shown = look(mara, content)
    name = shown.soup.select_one("select[name^=ort-]")["name"]
    options = {one.get_text(): one["value"] for one in shown.soup.select(f"select[name={name}] option")}
    assert list(options)[0] == "bleibt offen"
    kirchheim = next(value for text, value in options.items() if text.startswith("Kirchheim ("))
    mara.post(CHECK, shown.fields())
    assert groups(app) == {"Bauhof": ["Bebra"]}
    shown = look(mara, content)
    assert "Übernehmen" in shown.main
    done = mara.post(CHECK, shown.fields() | {name: kirchheim}, follow=True)
    assert "0 neu, 1 geändert" in done.main
    assert groups(app) == {"Bauhof": ["Bebra", "Kirchheim"]}


@pytest.mark.parametrize("value", ["999999", "x", "-1", "1" * 30])
def test_a_choice_that_was_not_offered_counts_for_nothing(app, mara, value):
    shown = look(mara, written(("1", "Bauhof", "Krichheim; Bebra", "Idee")))
    name = shown.soup.select_one("select[name^=ort-]")["name"]
    assert mara.post(CHECK, shown.fields() | {name: value, "ort-": "1", "ort-x": "1"}).status == 303
    assert groups(app) == {"Bauhof": ["Bebra"]}


def test_the_meaning_of_columns_is_changed_by_hand(app, mara):
    content = written(("Bauhof", "Lich; Laubach", "Altes Projekt"), head=("Was", "Kommunen", "Titel"))
    shown = look(mara, content)
    assert shown.soup.select_one("select[name=spalte-2] option[selected]")["value"] == "title"
    assert "Nicht übernommene Spalten: Was." in shown.main
    address = f"{CHECK}?spalte-0=title&spalte-1=partners&spalte-2=-"
    other = mara.get(address)
    assert "Nicht übernommene Spalten: Titel." in other.main
    assert mara.post(address, other.fields()).status == 303
    assert groups(app) == {"Bauhof": ["Lich", "Laubach"]}


def test_what_was_shown_with_other_columns_is_not_taken_over(app, mara):
    content = written(("Bauhof", "Lich", "Altes Projekt"), head=("Was", "Kommunen", "Titel"))
    shown = look(mara, content)
    page = mara.post(f"{CHECK}?spalte-0=title&spalte-2=-", shown.fields())
    assert page.status == 422
    assert groups(app) == {}


def test_a_list_without_a_title_asks_for_the_columns(mara):
    shown = look(mara, written(("Bauhof", "Idee"), head=("Was", "Stand")))
    assert shown.status == 422
    assert "Keine Spalte hat die Bedeutung „Titel“. Die Liste hat die Spalten Was, Stand." in shown.main
    assert shown.soup.select_one("details[open] select[name=spalte-0]")
    assert mara.get(f"{CHECK}?spalte-0=title&spalte-1=title").status == 422
    assert mara.get(f"{CHECK}?spalte-0=title").status == 200


@pytest.mark.parametrize(
    "query", ["spalte-0=unsinn", "spalte-99=title", "spalte-x=title", "spalte-=-", "blatt=Nirgends"]
)
def test_nonsense_in_the_address_changes_nothing(mara, query):
    look(mara, written(BAUHOF))
    assert "Neu 1" in mara.get(f"{CHECK}?{query}").main


def test_what_is_taken_over_is_what_was_shown(app, mara):
    shown = look(mara, written(BAUHOF))
    with app.app_context():
        factories.cooperation("Lich", "Laubach", title="Bauhof")
        db.session.commit()
    page = mara.post(CHECK, shown.fields())
    assert page.status == 422
    assert "So würde die Liste jetzt wirken." in page.main
    assert mara.post(CHECK, page.fields()).status == 303


def test_a_second_press_takes_over_once(app, mara):
    form = look(mara, written(BAUHOF)).fields()
    assert [mara.post(CHECK, form).status for _ in range(2)] == [303, 303]
    assert groups(app) == {"Bauhof": ["Cölbe", "Lahntal"]}


def test_a_fault_in_the_middle_leaves_nothing_and_the_list_waits(app, mara, monkeypatch):
    form = look(mara, written(BAUHOF)).fields()
    before = stored(app)
    monkeypatch.setattr(taking, "_place_below", lambda plan: 1 / 0)
    assert mara.post(CHECK, form).status == 500
    assert stored(app) == before
    monkeypatch.undo()
    assert mara.post(CHECK, form).status == 303


def test_wrong_rows_are_left_out_and_can_be_fetched_before_and_after(app, mara):
    shown = look(mara, written(("1", "", "Lich", "Idee"), ("2", "Kasse", "Lich", "Idee")))
    assert "Zeile 2, Spalte „Titel“: der Titel fehlt." in shown.main
    before = mara.get(shown.soup.find("a", string="Diese Zeilen zum Berichtigen herunterladen")["href"])
    assert before.data.decode("utf-8-sig").splitlines()[1].startswith("1;;Lich;Idee;2;")
    done = mara.post(CHECK, shown.fields(), follow=True)
    after = mara.get(done.soup.find("a", string="Diese Zeilen zum Berichtigen herunterladen")["href"])
    assert after.data == before.data
    assert groups(app) == {"Kasse": ["Lich"]}


def test_all_findings_can_be_fetched(mara):
    look(mara, written(("1", "", "Lich", "Idee"), ("2", "Kasse", "Krichheim", "Idee")))
    table = mara.get(f"{CHECK}.csv").data.decode("utf-8-sig").splitlines()
    assert table[0] == "Zeile;Spalte;Wert;Was nicht stimmt"
    assert [row.split(";")[0] for row in table[1:]] == ["2", "3"]


@pytest.mark.parametrize(
    ("content", "name", "status", "sentence"),
    [
        (b"%PDF-1.7", "liste.pdf", 415, "Das ist PDF. Gelesen werden Listen als CSV oder"),
        (b"\xd0\xcf\x11\xe0", "liste.xls", 415, "eine alte Excel-Datei (.xls) oder eine mit Kennwort"),
        (written(BAUHOF), "liste.xlsx", 415, "aber keine Arbeitsmappe"),
        (b"", "liste.csv", 422, "Die Datei ist leer."),
        (b'a;b\n"x;y\n', "liste.csv", 422, "Zeile 2: ein Anführungszeichen"),
        (written(), "liste.csv", 422, "Unter der Kopfzeile stehen keine Datenzeilen."),
    ],
)
def test_what_is_no_list_is_refused_at_once(app, mara, content, name, status, sentence):
    before = stored(app)
    page = send(mara, content, name)
    assert (page.status, sentence in page.main) == (status, True)
    assert changed(before, stored(app)) == []


def test_no_file_is_asked_for(mara):
    page = mara.post(PAGE, mara.get(PAGE).fields())
    assert (page.status, page.errors()[0]) == (422, "Wählen Sie die Datei der Liste.")


def test_without_a_waiting_list_the_pages_lead_back(mara):
    assert "Es wartet keine Liste." in mara.get(mara.get(CHECK).location).main
    for url in (f"{CHECK}.csv", f"{PAGE}/fehlerzeilen.csv"):
        assert mara.get(url).location == CHECK


def test_a_leaf_of_a_workbook_is_chosen(app, mara):
    def fill(book, _sheet):
        other = book.add_worksheet("Zweites")
        other.write_row(0, 0, ["Titel", "Kommunen"])
        other.write_row(1, 0, ["Archiv", "Lich"])

    look(mara, workbook(fill, rows=[BAUHOF]), "liste.xlsx")
    shown = mara.get(f"{CHECK}?blatt=Zweites")
    assert shown.soup.select_one("select[name=blatt] option[selected]").get_text() == "Zweites"
    mara.post(f"{CHECK}?blatt=Zweites", shown.fields())
    assert groups(app) == {"Archiv": ["Lich"]}


def test_a_change_shows_before_and_after(mara):
    mara.post(
        CHECK, look(mara, entry(Kennung="1", Titel="Bauhof", Kommunen="Cölbe", Stand="geplant")).fields()
    )
    cells = {
        "Kennung": "1", "Titel": "Bauhof Nord", "Kommunen": "Cölbe; Lahntal", "Stand": "beendet",
        "Ende": "31.12.2024", "Rechtsform": "Zweckverband", "Fördersumme": "5", "Aufgabenfeld": "Bauhof",
        "Grundlage der Förderung": "granted",
    }  # fmt: skip
    shown = look(mara, entry(**cells))
    assert "Beendet 1" in shown.main
    for text in (
        "Titel der Kooperation",
        "Bauhof Nord",
        "Lahntal",
        "Zweckverband (§ 5 KGG)",
        "31.12.2024",
        "5 €",
    ):
        assert text.replace("\u00a0", " ") in shown.main.replace("\u00a0", " "), text


def test_an_import_is_taken_back_after_asking(app, mara):
    mara.post(CHECK, look(mara, written(BAUHOF)).fields())
    asked = mara.get("/importe/1/zuruecknehmen")
    assert groups(app) != {}
    done = mara.post("/importe/1/zuruecknehmen", asked.fields(), follow=True)
    assert "Import zurückgenommen: 1 entfernt, 0 zurückgesetzt, 0 stehen gelassen." in done.main
    assert "Zurückgenommen." in done.main
    assert groups(app) == {}
    page = mara.post("/importe/1/zuruecknehmen", asked.fields())
    assert (page.status, "Dieser Import wurde schon zurückgenommen." in page.main) == (422, True)
    assert "Bauhof" in mara.get("/entfernt").main


def test_work_done_since_is_named_and_may_stay(app, mara):
    mara.post(CHECK, look(mara, written(BAUHOF, ("2", "Archiv", "Lich", "Idee"))).fields())
    with app.test_request_context("/"):
        group = db.session.scalars(select(Cooperation).where(Cooperation.title == "Bauhof")).one()
        factories.step(group, "Lahntal", Step.ACTIVE)
        db.session.commit()
    asked = mara.get("/importe/1/zuruecknehmen")
    assert "Seither bearbeitet 1 Bauhof" in asked.main
    before = stored(app)
    page = mara.post("/importe/1/zuruecknehmen", asked.fields())
    assert (page.status, changed(before, stored(app))) == (422, [])
    assert "An diesen Einträgen wurde seither gearbeitet: Bauhof." in page.errors()[0]
    mara.post("/importe/1/zuruecknehmen", asked.fields() | {"leave": "y"})
    assert groups(app) == {"Bauhof": ["Cölbe", "Lahntal"]}


def test_rows_kept_for_a_day_are_gone_later(mara):
    mara.post(CHECK, look(mara, written(BAUHOF)).fields())
    assert mara.get("/importe/1/fehlerzeilen.csv").location == "/importe/1"
    assert mara.get("/importe/99").status == 404


def test_dangerous_text_is_text(mara):
    shown = look(mara, entry(Titel="<b>{{7*7}}</b>", Kommunen="<script>alert(1)</script>"))
    assert "<b>{{7*7}}</b>" in shown.main
    assert not shown.soup.select("main script")


@pytest.mark.parametrize("name", ["rita", "anna", "emil", "ada"])
def test_nobody_else_may(app, request, name):
    before = stored(app)
    client = request.getfixturevalue(name)
    for url in (PAGE, CHECK, f"{CHECK}.csv", f"{PAGE}/fehlerzeilen.csv"):
        assert client.get(url).status == 403
    assert client.post(PAGE, {"file": (io.BytesIO(written(BAUHOF)), "x.csv")}).status == 403
    assert client.post(CHECK).status == 403
    assert changed(before, stored(app)) == []
