"""Reports from the command line: the numbers of the screen, by stated rights, refused in plain words."""

import csv
import io
import json
from datetime import date
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from crm.db import db, now
from crm.reports import REPORTS
from crm.reports.as_json import as_json
from crm.reports.period import Period
from crm.reports.scope import Scope
from crm.reports.sheet import DAYS, EURO, Number, Sheet, Table
from tests import factories
from tests.everything import changed, stored
from tests.pdfs import Pdf
from tests.reports.talks import scatter
from tests.reports.test_routes import URL, tables_of

SPAN = ("--from", "01.11.2025", "--to", "2026-01-31")
QUERY = "?von=01.11.2025&bis=31.01.2026"
KEYS = ["version", "report", "title", "period", "filters", "definition", "figures", "charts", "tables"]


@pytest.fixture
def talks(app):
    """Talks of some years at random."""
    with app.test_request_context():
        scatter()
        db.session.remove()


def run(app, *args, name="taetigkeit", days=SPAN):
    """Run a report; give what came of it."""
    return app.test_cli_runner().invoke(args=["reports", "run", name, *days, *args])


def asked(app, *args, **more):
    """Run a report that works, as JSON."""
    result = run(app, *args, **more)
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def refused(app, *args, **more):
    """Run a report that is refused; give the words."""
    result = run(app, *args, **more)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    return result.stderr


def tables(made):
    """The tables of the JSON as rows of texts, as the screen writes them."""
    found = []
    for one in made["tables"]:
        rows = [*one["rows"], *([one["total"]] if one["total"] else [])]
        heads, units = ([column[key] for column in one["columns"]] for key in ("name", "unit"))
        found.append([heads, *([*map(_text, row, units)] for row in rows)])
    return [one for one in found if len(one) > 1]


def _text(cell, unit=None):
    if cell is None:
        return "–"
    if unit == "percent":
        return f"{cell:.1f}".replace(".", ",")
    if isinstance(cell, int | float):
        text = f"{cell:,.10g}" if isinstance(cell, float) else f"{cell:,}"
        return text.replace(",", "x").replace(".", ",").replace("x", ".").replace("-", "−")
    return cell


def _without_marks(rows):
    return [
        [cell[:-2] if cell[-2:] in (" 1", " 2") and cell[:1].isdigit() else cell for cell in row]
        for row in rows
    ]


def test_the_list_names_every_report_and_what_narrows_it(app):
    lines = app.test_cli_runner().invoke(args=["reports", "list"]).output.splitlines()
    assert [line.split("\t")[0] for line in lines] == list(REPORTS)
    assert lines[0].startswith("taetigkeit\tTätigkeitsbericht\t--cooperation --county")


def test_json_holds_the_numbers_of_the_screen(app, talks, anna):
    made = asked(app, "--as", "anna@kikz.test")
    assert list(made) == KEYS
    assert made["period"] == {"from": "2025-11-01", "to": "2026-01-31", "cutoff": "2026-01-31"}
    page = anna.get(URL + QUERY)
    screen = [_without_marks(one) for one in tables_of(page)]
    assert len(screen) > 7
    assert sorted(tables(made), key=str) == sorted(screen, key=str)
    large = [one.get_text() for one in page.soup.select(".figures-big dd:not(.delta)")]
    assert [_text(one["value"]) for one in made["figures"]] == [one.replace(" Std.", "") for one in large]


def test_without_an_account_it_is_what_a_reader_sees(app, talks, rita, anna):
    made, more = asked(app), asked(app, "--as", "anna@kikz.test")
    assert sorted(tables(made), key=str) == sorted(
        (_without_marks(one) for one in tables_of(rita.get(URL + QUERY))), key=str
    )
    assert made["figures"][0]["value"] < more["figures"][0]["value"]
    assert "außer vertraulichen" in str(made["definition"])


def test_numbers_are_numbers_with_units_and_nothing_is_null(app, talks):
    made = asked(app)
    times = next(one for one in made["tables"] if one["id"] == "zeiten")
    assert [one["unit"] for one in times["columns"]] == [None, "hours", "number", "number", None]
    assert all(isinstance(row[1], int | float) for row in times["rows"])
    areas = next(one for one in made["tables"] if one["id"] == "gebiet")
    assert any(row[-1] is None for row in areas["rows"]), "some areas have no Kommunen any more"
    assert {one["unit"] for one in made["figures"]} == {"number", "hours"}


def test_csv_xlsx_and_pdf_are_those_of_the_screen(app, talks, rita, tmp_path):
    for form in ("csv", "xlsx", "pdf"):
        file = tmp_path / f"bericht.{form}"
        result = run(app, "--format", form, "--output", str(file))
        assert (result.exit_code, result.stdout) == (0, "")
        made, shown = file.read_bytes(), rita.get(f"{URL}.{form}{QUERY}").data
        assert _values(form, made) == _values(form, shown)


def _values(form, content):
    """What stands in a file, without the minute it was made."""
    if form == "pdf":
        return Pdf(content).text.partition("Grundgesamtheit")[2]
    if form == "csv":
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
        return [row for row in rows if row[:1] != ["Stand der Daten"]]
    return [
        [list(row) for row in leaf.iter_rows(min_row=2, values_only=True)]
        for leaf in load_workbook(io.BytesIO(content)).worksheets[1:]
    ]


def test_bytes_come_whole_out_of_the_standard_output(app):
    for form, begin in (("pdf", b"%PDF-"), ("xlsx", b"PK"), ("csv", b"\xef\xbb\xbf")):
        result = run(app, "--format", form)
        assert result.exit_code == 0
        assert result.stdout_bytes.startswith(begin)
    Pdf(run(app, "--format", "pdf").stdout_bytes)


@pytest.mark.parametrize(
    ("option", "text", "filter_"),
    [
        ("--county", "Landkreis Marburg-Biedenkopf", "kreis"),
        ("--county", "marburg-biedenkopf", "kreis"),
        ("--region", "Gießen", "bezirk"),
        ("--size", "5001-10000", "groesse"),
        ("--size", "5.001 bis 10.000", "groesse"),
        ("--field", "Finanzen", "aufgabenfeld"),
        ("--kind", "group", "art-der-beratung"),
        ("--kind", "Gruppengespräch", "art-der-beratung"),
        ("--cooperation", "Gemeinsamer Bauhof", "kooperation"),
    ],
)
def test_filters_take_names_and_give_the_numbers_of_the_screen(app, talks, rita, option, text, filter_):
    with app.app_context():
        factories.cooperation("Cölbe", "Lahntal")
        db.session.commit()
    made = asked(app, option, text)
    assert list(made["filters"]) == [filter_]
    page = rita.get(f"{URL}{QUERY}&{filter_}={made['filters'][filter_]}")
    assert sorted(tables(made), key=str) == sorted((_without_marks(one) for one in tables_of(page)), key=str)


def test_numbers_of_records_and_former_kommunen_work_too(app, talks):
    with app.app_context():
        number = factories.place("Landkreis Marburg-Biedenkopf").id
    made = asked(app, "--county", str(number), "--rolled-up")
    assert made["filters"] == {"kreis": number, "nachfolge": 1}


def test_figures_of_a_colleague_need_the_rights_of_a_manager(app, talks):
    assert "Leitung" in refused(app, "--staff", "bert@kikz.test")
    assert "Leitung" in refused(app, "--staff", "bert@kikz.test", "--as", "anna@kikz.test")
    assert asked(app, "--staff", "bert@kikz.test", "--as", "mara@kikz.test")["filters"]["person"]


@pytest.mark.parametrize(
    ("args", "word"),
    [
        (
            ("--county", "Atlantis"),
            "Den Landkreis „Atlantis“ gibt es nicht. Es gibt zum Beispiel: Hochtaunuskreis",
        ),
        (("--county", "kreis"), "nicht eindeutig"),
        (("--county", "999999999"), "gibt es nicht"),
        (("--field", "Zauberei"), "Das Aufgabenfeld „Zauberei“ gibt es nicht"),
        (("--size", "riesig"), "Möglich sind: up-to-5000"),
        (("--kind", "Plausch"), "Die Art „Plausch“ gibt es nicht"),
        (("--cooperation", "Keine solche"), "Die Kooperation „Keine solche“ gibt es nicht"),
        (("--as", "wer@kikz.test"), "Es gibt kein Konto mit der Adresse wer@kikz.test"),
        (("--as", "ada@kikz.test"), "darf keine Berichte sehen"),
        (("--format", "doc"), "Das Format „doc“ gibt es nicht"),
        (("--output", "/gibt/es/nicht.json"), "lässt sich nicht schreiben"),
    ],
)
def test_what_cannot_be_done_is_said_in_german(app, args, word):
    assert word in refused(app, *args)


@pytest.mark.parametrize(
    ("days", "word"),
    [
        ((), "Nennen Sie den ersten und den letzten Tag"),
        (("--from", "1.1.2026"), "Nennen Sie den ersten und den letzten Tag"),
        (("--from", "31.02.2026", "--to", "2026-12-31"), "--from „31.02.2026“: Dieses Datum gibt es nicht"),
        (("--from", "2026-13-01", "--to", "2026-12-31"), "--from „2026-13-01“"),
        (("--from", "2.1.2026", "--to", "1.1.2026"), "Der letzte Tag liegt vor dem ersten"),
        (("--from", "1.1.1950", "--to", "1.1.2026"), "höchstens 20 Jahre"),
    ],
)
def test_wrong_days_are_said_in_german(app, days, word):
    assert word in refused(app, days=days)


def test_unknown_reports_and_filters_are_named(app):
    assert "Es gibt: taetigkeit" in refused(app, name="gewinn")
    assert "--kind" in refused(app, "--kind", "group", name="kooperationen")


def test_a_locked_account_lends_no_rights(app):
    with app.app_context():
        factories.member("anna").locked_at = now()
        db.session.commit()
    assert "gesperrt" in refused(app, "--as", "anna@kikz.test")


def test_running_writes_nothing(app, talks):
    before = stored(app)
    for form in ("json", "csv", "xlsx", "pdf"):
        run(app, "--format", form)
    assert changed(before, stored(app)) == []


@pytest.mark.parametrize("name", sorted(REPORTS))
def test_every_report_runs(app, name):
    made = asked(app, name=name)
    assert list(made) == KEYS
    assert made["report"] == name
    for table in made["tables"]:
        for row in (*table["rows"], *([table["total"]] if table["total"] else [])):
            assert len(row) == len(table["columns"])


def test_days_are_iso_texts_and_mixed_units_stand_at_each_number(context):
    rows = (("a", date(2025, 12, 3), Number(3, unit=EURO)), ("b", None, Number(Decimal("2.50"), unit=DAYS)))
    table = Table("t", "T", ("Wer", "Wann", "Wert"), rows, ("Summe", None, Number(None)))
    made = as_json(
        "x", "X", Scope(Period(date(2025, 1, 1), date(2025, 12, 31))), Sheet((), (), None, (table,))
    )
    (found,) = made["tables"]
    assert [one["unit"] for one in found["columns"]] == [None, None, "mixed"]
    assert found["rows"][0] == ["a", "2025-12-03", {"value": 3, "unit": "eur"}]
    assert found["rows"][1] == ["b", None, {"value": 2.5, "unit": "days"}]
    assert found["total"] == ["Summe", None, {"value": None, "unit": "number"}]
