"""Lists from the command line, and how they speak to other programs."""

import json

import pytest
from sqlalchemy import select

from crm.cooperations.kinds import Step
from crm.cooperations.models import Cooperation
from crm.db import db
from crm.imports import taking
from crm.imports.models import ImportRun
from tests import factories
from tests.everything import stored
from tests.imports.lists import real, workbook, written

COUNTS = ("rows", "new", "changed", "unchanged", "closed", "doubtful", "errors")


@pytest.fixture
def run(app, tmp_path):
    """Run a command of the group with a list; give its answer."""

    def command(content, *options, name="liste.csv"):
        path = tmp_path / name
        path.write_bytes(content)
        return app.test_cli_runner().invoke(args=["cooperations", "import", str(path), *options])

    return command


def numbers(answer):
    """The counts of an answer in JSON, in their order."""
    said = json.loads(answer.stdout)
    assert all(type(said[name]) is int for name in COUNTS)
    return tuple(said[name] for name in COUNTS)


def test_the_real_list_in_numbers_and_once_more(app, run):
    content = real()
    dry = run(content, "--dry-run", "--json")
    assert numbers(dry) == (77, 77, 0, 0, 0, 9, 0)
    with app.app_context():
        assert db.session.scalars(select(Cooperation)).all() == []
    assert numbers(run(content, "--json")) == (77, 77, 0, 0, 0, 9, 0)
    before = stored(app)
    assert numbers(run(content, "--json")) == (77, 0, 0, 77, 0, 9, 0)
    assert stored(app) == before


def test_json_says_what_the_command_promises(run):
    answer = run(
        written(("A-1", "Bauhof", "Cölbe; Krichheim; Xyqwolp", "Idee"), ("A-2", "", "Lich", "")), "--json"
    )
    said = json.loads(answer.stdout)
    assert set(said) == {*COUNTS, "details"}
    first, second = said["details"]
    assert (first["line"], first["source_id"], first["cooperation"]) == (2, "A-1", "Bauhof")
    assert [(one["text"], one["ags"], one["state"]) for one in first["partners"]] == [
        ("Cölbe", "06534006", "matched"), ("Krichheim", None, "doubtful"), ("Xyqwolp", None, "unknown"),
    ]  # fmt: skip
    assert (second["line"], second["partners"]) == (3, [])
    assert "der Titel fehlt." in answer.stderr


def test_people_read_sentences_and_counts(run):
    answer = run(written(("A-1", "Bauhof", "Krichheim", "Idee")))
    assert answer.stdout.startswith(
        "Import 1: 1 Zeilen, 1 neu, 0 geändert, 0 unverändert, 0 beendet, 1 zweifelhaft"
    )
    assert "„Krichheim“ steht so nicht im Verzeichnis. Meinten Sie Kirchheim" in answer.stderr
    assert run(written(("A-1", "Bauhof", "Krichheim", "Idee"))).stdout.startswith(
        "Nichts zu ändern: 1 Zeilen"
    )


def test_wrong_rows_go_into_a_file_on_request(run, tmp_path):
    path = tmp_path / "fehler.csv"
    run(written(("A-1", "", "Lich", "Idee"), ("A-2", "Archiv", "Lich", "Idee")), "--errors", str(path))
    assert path.read_text("utf-8-sig").splitlines()[1].startswith("A-1;;Lich;Idee;2;Zeile 2")


@pytest.mark.parametrize(
    ("content", "options", "sentence"),
    [
        (b"", (), "Die Datei ist leer."),
        (b"%PDF-1.7", (), "Das ist PDF. Gelesen werden Listen als CSV oder als Excel-Arbeitsmappe (.xlsx)."),
        (b"Stand;Jahr\nIdee;2020\n", (), "Keine Spalte hat die Bedeutung „Titel“."),
        (b"Was;Jahr\nBauhof;2020\n", ("--column", "Wer=title"), "„Wer“ ist keine Überschrift."),
        (b"Was;Jahr\nBauhof;2020\n", ("--column", "Was=titel"), "„titel“ ist keine Bedeutung."),
    ],
)
def test_a_refused_list_says_why_and_writes_nothing(app, run, content, options, sentence):
    before = stored(app)
    answer = run(content, "--json", *options)
    assert answer.exit_code != 0
    assert sentence in answer.stderr
    assert stored(app) == before


def test_columns_and_leaves_can_be_named(app, run):
    def fill(book, _sheet):
        other = book.add_worksheet("Zweites")
        other.write_row(0, 0, ["Was", "Stand"])
        other.write_row(1, 0, ["Archiv", "Idee"])

    content = workbook(fill, rows=[("1", "Bauhof", "Lich", "Idee")])
    run(content, "--sheet", "Zweites", "--column", "Was=title", name="liste.xlsx")
    with app.app_context():
        assert [one.title for one in db.session.scalars(select(Cooperation))] == ["Archiv"]


def test_an_import_is_taken_back(app, run):
    run(written(("1", "Bauhof", "Cölbe; Lahntal", "Idee"), ("2", "Archiv", "Lich", "Idee")))
    with app.test_request_context("/"):
        group = db.session.scalars(select(Cooperation).where(Cooperation.title == "Bauhof")).one()
        factories.step(group, "Lahntal", Step.ACTIVE)
        db.session.commit()
    undo = app.test_cli_runner().invoke
    answer = undo(args=["cooperations", "undo", "1"])
    assert (answer.exit_code, "- Bauhof" in answer.stderr) == (1, True)
    with app.app_context():
        assert db.session.get(ImportRun, 1).undone_at is None
    answer = undo(args=["cooperations", "undo", "1", "--leave"])
    assert answer.stdout.startswith(
        "Import 1 zurückgenommen: 1 entfernt, 0 zurückgesetzt, 1 stehen gelassen."
    )
    assert "schon zurückgenommen" in undo(args=["cooperations", "undo", "1"]).stderr
    assert "Einen Import 99 gibt es nicht." in undo(args=["cooperations", "undo", "99"]).stderr


def test_a_fault_in_the_middle_leaves_nothing(app, run, monkeypatch):
    before = stored(app)
    monkeypatch.setattr(taking, "_place_below", lambda plan: 1 / 0)
    answer = run(written(("1", "Bauhof", "Lich", "Idee")))
    assert isinstance(answer.exception, ZeroDivisionError)
    assert stored(app) == before
