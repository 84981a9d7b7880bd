"""Files for spreadsheets: nothing in them runs, everything comes back as it was."""

import csv
import io
from datetime import date, datetime
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from crm.db import BERLIN
from crm.export import Leaf, download, safe_cell, to_csv, to_workbook, to_xlsx

ACTIVE = (
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u00a0=1", "＝1", "＋1", "－1", "＠a",
    "=HYPERLINK(\"http://evil.example\")", "-2+3+cmd|' /C calc'!A0",
)  # fmt: skip
HARMLESS = ("Cölbe", "1-2", "a=b", "", "'schon", "06534006", "Straße 5", "3. Gespräch", "–")


def lines(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def cells(content, place=0):
    return [
        list(row) for row in load_workbook(io.BytesIO(content)).worksheets[place].iter_rows(values_only=True)
    ]


@pytest.mark.parametrize("text", ACTIVE)
def test_text_that_a_spreadsheet_would_run_gets_an_apostrophe(text):
    assert safe_cell(text) == "'" + text
    assert lines(to_csv(["Kopf"], [[text]]))[1] == ["'" + text]


@pytest.mark.parametrize("text", ACTIVE)
def test_an_active_heading_is_defused_as_well(text):
    assert lines(to_csv([text], []))[0] == ["'" + text]


@pytest.mark.parametrize("text", HARMLESS)
def test_harmless_text_stays_as_it_is(text):
    assert lines(to_csv(["Kopf", "zwei"], [[text, "x"]]))[1] == [text, "x"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (-5, "-5"),
        (0, "0"),
        (1284, "1284"),
        (-2.5, "-2,5"),
        (78.3, "78,3"),
        (date(2026, 11, 24), "24.11.2026"),
        (None, ""),
    ],
)
def test_numbers_and_days_are_german_and_never_defused(value, text):
    assert lines(to_csv(["Kopf", "zwei"], [[value, "x"]]))[1][0] == text


def test_csv_opens_in_a_german_excel():
    content = to_csv(["Ort", "Größe"], [["Cölbe", "ä;b"]])
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.decode("utf-8-sig") == 'Ort;Größe\r\nCölbe;"ä;b"\r\n'


def test_line_breaks_and_quotes_come_back():
    text = 'erste\nzweite „Zeile“ mit "Strich"; und mehr'
    assert lines(to_csv(["Kopf"], [[text]]))[1] == [text]


@pytest.mark.parametrize(
    "text", [*ACTIVE, *HARMLESS, "http://example.de", "mailto:a@b.de", "internal:Blatt!A1"]
)
def test_xlsx_keeps_text_as_text_without_formulas_and_links(text):
    content = to_xlsx("Titel", [text], [[text]], [text])
    with ZipFile(io.BytesIO(content)) as archive:
        inside = b"".join(
            archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/")
        )
    assert b"<f>" not in inside
    assert b"hyperlink" not in inside.lower()
    if text and "\r" not in text:
        assert cells(content)[3] == [text]


def test_xlsx_keeps_numbers_and_days_as_such():
    moment = datetime(2026, 11, 24, 9, 30, tzinfo=BERLIN)
    row = ["06534006", 5, -2.5, date(2026, 11, 24), None, moment]
    found = cells(to_xlsx("Titel", list("abcdef"), [row]))[1]
    assert found[:3] == ["06534006", 5, -2.5]
    assert found[3] == datetime(2026, 11, 24)  # noqa: DTZ001 spreadsheets know no zones
    assert found[4] is None


@pytest.mark.parametrize("title", ["Nach Landkreis", "a/b:c?d*e[f]g\\h", "'x'", "x" * 50])
def test_any_title_names_a_leaf(title):
    assert len(cells(to_xlsx(title, ["a"], [["b"]]))) == 2


def test_a_workbook_has_a_leaf_for_every_table_with_its_notes_above():
    content = to_workbook([Leaf("Eins", ["a"], [[1]]), Leaf("Zwei", ["b"], [[2]], ["Zeitraum: 2026"])])
    assert cells(content) == [["a"], [1]]
    assert cells(content, 1) == [["Zeitraum: 2026"], [None], ["b"], [2]]


def test_a_download_names_its_file_and_kind(context):
    answer = download(b"x", "taetigkeit-2026", "csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="taetigkeit-2026.csv"'
    assert answer.mimetype == "text/csv"
    assert "spreadsheetml" in download(b"x", "y", "xlsx").mimetype


@pytest.mark.parametrize(
    ("name", "plain", "encoded"),
    [
        ("Büro-Größe", "Buero-Groesse", "B%C3%BCro-Gr%C3%B6%C3%9Fe"),
        ("Ärger-Łódź", "Aerger-odz", "%C3%84rger-%C5%81%C3%B3d%C5%BA"),
    ],
)
def test_a_name_with_umlauts_is_given_twice(context, name, plain, encoded):
    named = download(b"x", name, "pdf").headers["Content-Disposition"]
    assert named == f"attachment; filename=\"{plain}.pdf\"; filename*=UTF-8''{encoded}.pdf"
