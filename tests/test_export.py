"""Files for spreadsheets: nothing in them runs, everything comes back as it was."""

import csv
import io
import tracemalloc
from datetime import date, datetime
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from crm import export
from crm.db import BERLIN
from crm.export import (
    Leaf,
    csv_file,
    download,
    safe_cell,
    to_csv,
    to_workbook,
    to_xlsx,
    workbook_file,
)

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
    assert b"<hyperlink" not in inside.lower()
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


NAMES = (
    ["Förderung nach Landkreis und Aufgabenfeld A", "Förderung nach Landkreis und Aufgabenfeld B"],
    ["Gleich", "gleich", "GLEICH"],
    ["[a]:b*c?d/e\\f", "a b c d e f", "'" * 3, "", "   "],
    ["History", "history"],
    ["x" * 31, "x" * 31 + "y", "x" * 40] + ["x" * 31] * 9,
)


@pytest.mark.parametrize("names", NAMES)
def test_leaves_have_names_of_their_own_that_spreadsheets_take(names):
    made = load_workbook(io.BytesIO(to_workbook(Leaf(name, ["Kopf"], []) for name in names))).sheetnames
    assert len(made) == len(names)
    assert len({one.casefold() for one in made}) == len(names)
    for one in made:
        assert 1 <= len(one) <= 31
        assert not set(one) & set("[]:*?/\\")
        assert one.strip("' ") == one
        assert one.casefold() != "history"


def test_the_head_is_marked_stays_in_sight_and_is_printed_on_every_page():
    sheet = load_workbook(io.BytesIO(to_xlsx("Liste", ["Ort", "Tag"], [["a", 1]], ["Notiz"]))).active
    assert sheet["A3"].font.b
    assert sheet.freeze_panes == "A4"
    assert sheet.print_title_rows == "$3:$3"
    assert sheet.page_setup.orientation == "landscape"


def test_a_text_too_long_for_a_cell_is_cut_and_says_so():
    (row,) = cells(to_xlsx("Liste", ["Text"], [["x" * 40_000]]))[1:]
    assert len(row[0]) == 32_767
    assert row[0].endswith("…")


def rows(number):
    """Rows of eight cells, each text another one, made one by one."""
    for one in range(number):
        yield [f"Titel {one}", one, one / 7, date(2026, 1, 1), None, f"Ort {one}", f"Zweck {one} " * 3, "ja"]


def peak(work):
    """The most memory a piece of work holds at once, in megabytes."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1] / 1e6
    finally:
        tracemalloc.stop()


HEAD, BOUND = [f"Spalte {one}" for one in range(8)], 4


def test_fifty_thousand_rows_of_a_workbook_take_little_memory():
    def work():
        with workbook_file([Leaf("Groß", HEAD[:3], (row[:3] for row in rows(50_000)))]) as file:
            assert file.seek(0, io.SEEK_END) > 500_000

    assert peak(work) < BOUND


def test_fifty_thousand_rows_of_csv_take_little_memory():
    def work():
        with csv_file(HEAD, rows(50_000)) as file:
            assert file.seek(0, io.SEEK_END) > 4_000_000

    assert peak(work) < BOUND


def test_written_in_memory_a_tenth_of_the_rows_would_take_more(monkeypatch):
    """The control: without the file each cell stays in memory."""
    whole = export.xlsxwriter.Workbook
    monkeypatch.setattr(
        export.xlsxwriter, "Workbook", lambda file, options: whole(file, options | {"constant_memory": False})
    )
    assert peak(lambda: workbook_file([Leaf("Groß", HEAD, rows(5_000))]).close()) > BOUND
    assert peak(lambda: to_csv(HEAD, list(rows(10_000)))) > BOUND


def test_a_large_file_is_handed_out_in_pieces_and_goes_afterwards(context):
    file = csv_file(HEAD, rows(5_000))
    answer = download(file, "liste", "csv")
    assert answer.content_length > 300_000
    pieces = list(answer.iter_encoded())
    assert len(pieces) > 4
    assert sum(map(len, pieces)) == answer.content_length
    assert file.closed


def test_a_file_nobody_fetches_goes_too(context):
    file = csv_file(HEAD, rows(10))
    download(file, "liste", "csv").close()
    assert file.closed
