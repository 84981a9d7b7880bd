"""Reading workbooks: cells of every kind, what Excel hides, and archives that mean harm."""

import io
import zipfile
from datetime import date

import pytest

from crm.importing import Refused
from crm.imports import tables, workbook
from tests.imports.lists import workbook as made

pytestmark = pytest.mark.usefixtures("words")


def read(content, **options):
    """The table of a workbook."""
    return tables.read(content, "liste.xlsx", **options)


def changed(content, name, change):
    """The same workbook with one part changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            text = old.read(part)
            new.writestr(part.filename, change(text) if part.filename == name else text)
    return out.getvalue()


LEAF, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"


@pytest.mark.parametrize("from_1904", [False, True])
def test_days_numbers_and_keys_come_as_a_german_would_type_them(from_1904):
    def fill(book, sheet):
        days = book.add_format({"num_format": "dd.mm.yyyy"})
        own = book.add_format({"num_format": '"am" d. mmmm yyyy'})
        sheet.write_datetime(1, 0, date(2026, 3, 2), days)
        sheet.write_datetime(1, 1, date(1964, 7, 1), own)
        for column, number in enumerate([6411000, 6411000.0, 75000.5, 0.1 + 0.2, 1e14], start=2):
            sheet.write_number(1, column, number)
        sheet.write_boolean(1, 7, True)

    head = [f"s{number}" for number in range(8)]
    row = read(made(fill, head=head, date_1904=from_1904)).rows[0]
    assert row.cells == (
        "2026-03-02", "1964-07-01", "6411000", "6411000", "75000,5", "0,3", "100000000000000", "ja",
    )  # fmt: skip


def test_a_formula_counts_by_its_result_and_is_an_error_without_one():
    def fill(_book, sheet):
        sheet.write_formula(1, 0, "=1+1", None, 2)
        sheet.write_formula(1, 1, '="Bau"&"hof"', None, "Bauhof")
        sheet.write_formula(2, 0, "=1+1", None, "")
        sheet.write_formula(3, 1, "=A1/0", None, "#DIV/0!")

    rows = read(changed(made(fill), LEAF, lambda xml: xml.replace(b"<v></v>", b""))).rows
    assert rows[0].cells[:2] == ("2", "Bauhof")
    assert (
        rows[2].problems[0].text
        == "Zeile 4, Spalte „B“: „#DIV/0!“ ist ein Fehler aus Excel. Berichtigen Sie die Zelle."
    )


def test_what_excel_hides_is_told():
    def fill(book, sheet):
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_column(3, 3, None, None, {"hidden": True})
        book.add_worksheet("Geheim").hide()
        other = book.add_worksheet("Zweites")
        other.write_row(0, 0, ["Titel", "Stand"])
        other.write_row(1, 0, ["Bauhof", "Idee"])

    content = made(fill, rows=[("1", "a", "b", "c"), ("2", "a", "b", "c")])
    table = read(content)
    assert (table.sheets, table.sheet, len(table.rows)) == (["Liste", "Zweites"], "Liste", 2)
    assert table.notices == [
        "Ausgeblendete Blätter werden nicht gelesen: Geheim.",
        "1 Zeile ist in Excel ausgeblendet oder weggefiltert; sie wird trotzdem gelesen.",
        "1 Spalte ist in Excel ausgeblendet; sie wird trotzdem gelesen.",
    ]
    assert read(content, sheet="Zweites").rows[0].cells == ("Bauhof", "Idee")
    assert read(content, sheet="Geheim").sheet == "Liste"


def test_a_merged_title_and_empty_rows_are_no_rows():
    def fill(book, sheet):
        sheet.merge_range(0, 0, 0, 3, "Kooperationen in Hessen", book.add_format())
        sheet.write_row(1, 0, ["Kennung", "Titel", "Kommunen", "Stand"])
        sheet.write_row(4, 0, ["1", "Bauhof", "Lich", "Idee"])

    table = read(made(fill, head=()))
    assert (table.header[1], [row.line for row in table.rows]) == ("Titel", [5])


def test_rich_text_is_read_without_how_it_is_spoken():
    text = b"<si><r><t>Bau</t></r><r><t>hof</t></r><rPh sb='0' eb='1'><t>x</t></rPh></si>"
    content = made(rows=[("1", "Bauhof", "Lich", "Idee")])
    content = changed(content, STRINGS, lambda xml: xml.replace(b"<si><t>Bauhof</t></si>", text))
    assert read(content).rows[0].cells[1] == "Bauhof"


def refusal(content):
    """The sentence by which a workbook is refused."""
    with pytest.raises(Refused) as refused:
        read(content)
    return refused.value.findings[0].text


@pytest.mark.parametrize(
    ("part", "change"),
    [
        (LEAF, lambda xml: xml[: len(xml) // 2]),
        (LEAF, lambda xml: xml.replace(b"<v>0</v>", b"<v>99</v>")),
        (STRINGS, lambda _xml: b'<!DOCTYPE x [<!ENTITY a "b">]><sst><si><t>&a;</t></si></sst>'),
        (STRINGS, lambda _xml: b"<a>" * 100 + b"</a>" * 100),
        ("xl/workbook.xml", lambda _xml: b"<workbook><sheets/></workbook>"),
        ("xl/_rels/workbook.xml.rels", lambda _xml: b"<Relationships/>"),
    ],
)
def test_a_broken_or_hostile_workbook_is_refused(part, change):
    content = made(rows=[("1", "Bauhof", "Lich", "Idee")])
    assert refusal(changed(content, part, change)) in (
        "Die Arbeitsmappe ist beschädigt. Öffnen Sie sie in Excel und speichern Sie sie neu.",
        "Die Arbeitsmappe hat kein sichtbares Blatt.",
    )


def test_an_archive_bomb_is_not_unpacked():
    content = made(rows=[("1", "Bauhof", "Lich", "Idee")])
    bomb = changed(content, LEAF, lambda _xml: b"<row/>" * 5_000_000)
    assert len(bomb) < 1_000_000
    assert refusal(bomb).startswith("Die Arbeitsmappe ist innen weit größer als außen.")


def test_a_part_that_lies_about_its_size_is_refused():
    content = bytearray(made(rows=[("1", "Bauhof", "Lich", "Idee")]))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        size = archive.getinfo(LEAF).file_size.to_bytes(4, "little")
    short = (10).to_bytes(4, "little")
    assert "beschädigt" in refusal(bytes(content).replace(size, short))


def test_one_text_in_many_cells_is_counted_as_often_as_it_stands_there(monkeypatch):
    from crm.imports import leaf

    monkeypatch.setattr(leaf, "MOST_TEXT", 1000)
    assert "zu viel Text" in refusal(made(rows=[("x" * 300,) * 4] * 3))


def test_too_many_rows_and_columns_are_refused(monkeypatch):
    from crm.imports import leaf

    wide = made(rows=[tuple(str(number) for number in range(250))])
    assert "mehr als 200 Spalten" in refusal(wide)
    monkeypatch.setattr(leaf, "MOST_ROWS", 5)
    assert "mehr als 20.000 Zeilen" in refusal(made(rows=[("1", "a", "b", "c")] * 30))


def test_a_truncated_archive_is_damaged():
    content = made(rows=[("1", "Bauhof", "Lich", "Idee")])
    assert "beschädigt" in refusal(content[:-200])
    assert workbook.MOST_UNPACKED < 100_000_000
