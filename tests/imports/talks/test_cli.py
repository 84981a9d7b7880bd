"""Old lists of talks from the command line."""

import json
from datetime import date

import pytest
from sqlalchemy import select

from crm.closing.models import Span
from crm.closing.services import close
from crm.consultations.models import Consultation
from crm.db import db
from crm.imports.models import ImportRun
from crm.imports.talks import taking
from tests import factories
from tests.everything import stored
from tests.imports.talks.old_lists import CALL, old_list, sample
from tests.statements import asked

COUNTS = ("rows", "new", "changed", "unchanged", "skipped", "doubtful", "errors")
VAGUE = ("Mai 2012", "VA", "Krichheim, Xyqwolp", "", "", "", "", "", "")


@pytest.fixture
def run(app, tmp_path):
    """Run the command with a list; give its answer."""

    def command(content, *options, name="alt.csv"):
        path = tmp_path / name
        path.write_bytes(content)
        return app.test_cli_runner().invoke(args=["consultations", "import", str(path), *options])

    return command


def numbers(answer):
    """The counts of an answer in JSON, in their order."""
    said = json.loads(answer.stdout)
    assert all(type(said[name]) is int for name in COUNTS)
    return tuple(said[name] for name in COUNTS)


def test_the_sample_in_numbers_and_once_more(app, run):
    before = stored(app)
    assert numbers(run(sample(), "--dry-run", "--json")) == (150, 72, 0, 0, 15, 63, 0)
    assert stored(app) == before
    assert numbers(run(sample(), "--json")) == (150, 72, 0, 0, 15, 63, 0)
    before = stored(app)
    assert numbers(run(sample(), "--json")) == (150, 0, 0, 72, 15, 63, 0)
    assert stored(app) == before


def test_json_says_what_the_command_promises(run):
    said = json.loads(run(old_list(CALL, VAGUE, ("2012", *[""] * 8)), "--json").stdout)
    assert set(said) == {*COUNTS, "closed", "details"}
    first, second, third = said["details"]
    assert (first["line"], first["action"], first["day"]) == (2, "new", "2012-03-08")
    assert (first["kind"], first["channel"], first["minutes"]) == ("group", "phone", 30)
    assert first["partners"] == [
        {"text": "Cölbe", "ags": "06534006", "state": "matched"},
        {"text": "Lahntal", "ags": "06534012", "state": "matched"},
    ]
    assert (second["action"], second["day"], second["kind"]) == ("doubtful", None, None)
    assert [(one["text"], one["ags"], one["state"]) for one in second["partners"]] == [
        ("Krichheim", None, "doubtful"), ("Xyqwolp", None, "unknown"),
    ]  # fmt: skip
    assert (third["action"], third["skipped"]) == ("skipped", "eine Jahreszeile")


def test_rows_without_decisions_go_into_a_file_with_their_reasons(app, run, tmp_path):
    path = tmp_path / "offen.csv"
    answer = run(old_list(CALL, VAGUE), "--errors", str(path))
    assert answer.stdout.startswith(
        "Import 1: 2 Zeilen, 1 neu, 0 geändert, 0 unverändert, 0 übersprungen, 1 zwei"
    )
    head, row = path.read_text("utf-8-sig").splitlines()
    assert head.endswith(";Zeile;Fehler;Kennung in der Liste")
    assert "„Mai 2012“ nennt nur einen Monat." in row
    assert "„VA“ wird hier als Veranstaltung geführt." in row
    mended = path.read_text("utf-8-sig").replace("Mai 2012;VA;Krichheim, Xyqwolp", "3.5.2012;Tel.;Lich")
    assert "1 neu" in run(mended.encode()).stdout
    assert "1 unverändert" in run(mended.encode()).stdout
    with app.app_context():
        assert len(db.session.scalars(select(Consultation)).all()) == 2


def test_an_import_is_taken_back(app, run):
    run(old_list(CALL))
    undo = app.test_cli_runner().invoke
    with app.app_context():
        first = db.session.scalars(select(Consultation)).one().id
    with app.test_request_context("/"):
        factories.talk("Cölbe", follows_id=first)
        db.session.commit()
    answer = undo(args=["consultations", "undo", "1"])
    assert (answer.exit_code, "- 08.03.2012 Cölbe, Lahntal" in answer.stderr) == (1, True)
    answer = undo(args=["consultations", "undo", "1", "--leave"])
    assert answer.stdout.startswith(
        "Import 1 zurückgenommen: 0 entfernt, 0 zurückgesetzt, 1 stehen gelassen."
    )


def test_a_fault_in_the_middle_leaves_nothing(app, run, monkeypatch):
    before = stored(app)
    monkeypatch.setattr(taking, "note_talks", lambda *numbers: 1 / 0)
    assert isinstance(run(old_list(CALL)).exception, ZeroDivisionError)
    assert stored(app) == before


def test_a_closed_quarter_takes_no_old_talk(app, run):
    with app.test_request_context("/"):
        close(Span(2012, 1), factories.member("mara"))
        db.session.commit()
    answer = run(old_list(CALL, ("9.6.2012", "Tel.", "Lich", *[""] * 6)), "--json")
    assert numbers(answer) == (2, 1, 0, 0, 0, 0, 1)
    assert "Das 1. Quartal 2012 ist abgeschlossen. Tragen Sie dies von Hand ein" in answer.stderr
    with app.app_context():
        assert [one.held_on for one in db.session.scalars(select(Consultation))] == [date(2012, 6, 9)]


def long_list(number):
    """Talks of so many days with two partners each."""
    rows = []
    for day in range(number):
        when = date.fromordinal(date(2010, 1, 1).toordinal() + day)
        rows.append((f"{when:%d.%m.%Y}", "Tel.", "Cölbe, Lahntal", "", "Archiv", "30 min", "", "", ""))
    return old_list(*rows)


def test_statements_do_not_grow_with_the_list(app, run):
    seen = []
    for number in (20, 400):
        with app.app_context(), asked() as statements:
            assert numbers(run(long_list(number), "--dry-run", "--json"))[1] == number
        seen.append(len(statements))
    assert seen[0] == seen[1]
    with app.app_context(), asked() as statements:
        assert numbers(run(long_list(400), "--json"))[1] == 400
    kinds = {" ".join(one.split()[:3]) for one in statements}
    # SQLite gives numbers only row by row; nothing else may be sent for each talk.
    many = [one for one in kinds if sum(1 for each in statements if each.startswith(one)) > 40]
    assert set(many) <= {"INSERT INTO consultations"}
    with app.app_context():
        assert db.session.scalars(select(ImportRun)).one().counts["new"] == 400
