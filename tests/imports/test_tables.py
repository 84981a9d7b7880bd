"""Reading lists: encodings, separators, quotes, limits, and what is no list at all."""

import io
import random
import zipfile

import pytest

from crm.importing import Refused
from crm.imports import tables
from crm.imports.rows import LARGEST_FILE, WrongKind
from tests.imports.lists import HEAD, workbook, written

pytestmark = pytest.mark.usefixtures("words")
ROW = ("A-1", "Gemeinsamer Bauhof", "Cölbe; Lahntal", "geplant")


def refusal(content, name="liste.csv"):
    """The sentences by which a file is refused."""
    with pytest.raises(Refused) as refused:
        tables.read(content, name)
    return " ".join(one.text for one in refused.value.findings)


@pytest.mark.parametrize("mark", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_any_usual_csv_gives_the_same_table(mark, encoding, ends):
    text = written(ROW, mark=mark).decode().replace("\r\n", ends)
    table = tables.read(text.encode(encoding), "liste.csv")
    assert table.header == HEAD
    assert [(row.line, row.cells, row.problems) for row in table.rows] == [(2, ROW, ())]


def test_a_line_break_within_quotes_stays_and_lines_are_counted_as_in_the_file():
    table = tables.read(written(("A-1", "Bau\nhof", "Lich", "Idee"), ROW, ("A-3", "x", "Lich", "Idee")))
    assert [row.line for row in table.rows] == [2, 4, 5]
    assert table.rows[0].cells[1] == "Bau\nhof"


def test_empty_lines_a_title_above_and_the_mark_of_excel_are_no_rows():
    content = b"sep=;\r\n;;;\r\nKooperationen 2024;;;\r\n" + written(ROW, ("", "", "", ""), ROW)
    table = tables.read(content)
    assert (table.header, [row.line for row in table.rows]) == (HEAD, [5, 7])


def test_an_undecodable_byte_is_named_with_its_line():
    content = written(ROW, encoding="cp1252").replace(b"Bauhof", b"Bau\x81hof")
    assert (
        refusal(content) == "Zeile 2: das Byte 81 ist kein Buchstabe. Speichern Sie die Liste als CSV UTF-8."
    )


def test_an_unclosed_quote_is_named_where_it_opens():
    rows = written(ROW, ROW, *[ROW] * 20).decode().split("\r\n")
    rows[2] = rows[2].replace("Gemeinsamer", '"Gemeinsamer')
    assert refusal("\r\n".join(rows).encode()).startswith("Zeile 3: ein Anführungszeichen öffnet")


def test_rows_of_another_width_are_errors_with_counts():
    content = written(ROW, ROW[:2], (*ROW, "", ""), (*ROW, "x", "y")).decode()
    problems = [[one.text for one in row.problems] for row in tables.read(content.encode()).rows]
    assert problems == [
        [],
        ["Zeile 3: die Zeile hat 2 Zellen, die Kopfzeile 4."],
        [],
        ["Zeile 5: die Zeile hat 6 Zellen, die Kopfzeile 4."],
    ]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Die Datei ist leer."),
        (b"\xef\xbb\xbf \r\n\r\n", "Die Datei ist leer."),
        (b";;;\r\n;;\r\n", "Die Datei ist leer."),
        (written(), "Unter der Kopfzeile stehen keine Datenzeilen."),
        (b"x" * (LARGEST_FILE + 1), "Die Datei ist größer als 10 MB."),
        (written(*[ROW] * 20_050), "mehr als 20.000 Zeilen"),
        (written(["x"] * 500, head=[f"s{number}" for number in range(500)]), "mehr als 200 Spalten"),
        (written(("A", "x" * 5_000_000, "", "")), "Zeile 2: eine Zelle hat mehr als 32.767 Zeichen."),
        (b"Ti\x00tel;b\r\nx;y\r\n", "Spalte „1“: Der Text enthält Steuerzeichen"),
    ],
)
def test_what_is_empty_or_too_much_is_refused_with_its_limit(content, sentence):
    assert sentence in refusal(content)


def test_a_cell_of_forty_thousand_letters_is_an_error_of_its_row():
    row = tables.read(written(("A", "x" * 40_000, "Lich", ""))).rows[0]
    assert row.problems[0].text.startswith("Zeile 2, Spalte „Titel“: „xxx")
    assert row.problems[0].text.endswith("ist zu lang für eine Zelle. Kürzen Sie den Text.")


def archive(**parts):
    """A ZIP archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, text in parts.items():
            made.writestr(name.replace("__", "/").replace("_dot_", "."), text)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "what"),
    [
        (b"<!DOCTYPE html><html></html>", "liste.csv", "HTML"),
        (b"%PDF-1.7", "liste.csv", "PDF"),
        (b"\x89PNG\r\n\x1a\n0000", "liste.csv", "ein Bild"),
        (b'[{"a": 1}]', "liste.csv", "JSON"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            "liste.xls",
            "eine alte Excel-Datei (.xls) oder eine mit Kennwort",
        ),
        (written(ROW), "liste.xlsx", "eine Datei mit der Endung .xlsx, aber keine Arbeitsmappe"),
        (bytes(range(1, 40)) + b"\x00" * 20, "liste.csv", "kein Text"),
        (archive(mimetype="x", content_dot_xml="<a/>"), "liste.ods", "eine OpenDocument-Datei"),
        (archive(word__document_dot_xml="<a/>"), "liste.docx", "ein Archiv oder ein anderes Dokument"),
        (
            archive(xl__workbook_dot_xml="<a/>", xl__vbaProject_dot_bin="x"),
            "liste.xlsm",
            "mit Makros (.xlsm)",
        ),
        (archive(xl__workbook_dot_bin="x"), "liste.xlsb", "eine binäre Arbeitsmappe (.xlsb)"),
    ],
)
def test_other_kinds_of_files_are_named_and_the_right_ones_listed(content, name, what):
    with pytest.raises(WrongKind) as refused:
        tables.read(content, name)
    text = refused.value.findings[0].text
    assert what in text
    assert text.endswith("Gelesen werden Listen als CSV oder als Excel-Arbeitsmappe (.xlsx).")


def test_our_own_table_comes_back_as_it_was():
    from crm.export import to_csv

    cells = ("-1", "=1+1", "@Lich", "' so")
    table = tables.read(to_csv(HEAD, [cells]))
    assert table.rows[0].cells == cells


def test_a_workbook_gives_the_same_table():
    table = tables.read(workbook(rows=[ROW]), "liste.xlsx")
    assert (table.header, table.rows[0].line, table.rows[0].cells) == (HEAD, 2, ROW)
    assert (table.sheet, table.sheets, table.notices) == ("Liste", ["Liste"], [])


def spoilt(content, dice):
    """The same bytes with a few of them changed, taken out, doubled or put in."""
    made = bytearray(content)
    for _ in range(dice.randint(1, 6)):
        at = dice.randrange(len(made) + 1)
        end = min(len(made), at + dice.randint(1, 40))
        odd = dice.choice([b'"', b";", b"\n", b"\r", b"\x00", b"\xff", b"<", b"&a;", b"9" * 50, b"1e400"])
        made[at:end] = dice.choice([b"", odd, bytes(made[at:end]) * 3, dice.randbytes(end - at)])
    return bytes(made)


def test_spoilt_files_are_read_or_refused_and_nothing_else():
    dice, refused = random.Random(7), 0
    sound = {"liste.csv": written(*[ROW] * 5), "liste.xlsx": workbook(rows=[ROW] * 3)}
    parts = {
        "liste.csv": [None] * 6,
        "liste.xlsx": [None, *zipfile.ZipFile(io.BytesIO(sound["liste.xlsx"])).namelist()],
    }
    for _ in range(600):
        name = dice.choice(list(sound))
        part = dice.choice(parts[name])
        content = inside(sound[name], part, dice) if part else spoilt(sound[name], dice)
        try:
            tables.read(content, name)
        except Refused:
            refused += 1
    assert 50 < refused < 590


def inside(content, part, dice):
    """A workbook of which one part is spoilt."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, spoilt(old.read(name), dice) if name == part else old.read(name))
    return out.getvalue()
