"""A report as PDF: accessible, complete, and the same to the last cell as the screen."""

import re
from datetime import date

import pytest

from crm.db import db
from crm.office.models import Office
from crm.reports import REPORTS, paper
from crm.reports.period import Period
from crm.reports.scope import Scope
from crm.reports.sheet import EURO, Chart, Figure, Linked, Number, Sheet, Table
from tests import factories
from tests.pdfs import Pdf, last
from tests.reports.talks import scatter
from tests.reports.test_routes import AUTUMN, URL, tables_of

DAYS = Period(date(2025, 11, 1), date(2026, 1, 31))
HEAD = ("Kooperation", "Bewilligt am", "Bewilligungssumme", "Kommunen", "Landkreis", "Zweck der Förderung",
        "Nummer", "Einsparung in %", "Gremienbeschlüsse", "Läuft noch")  # fmt: skip


@pytest.fixture
def talks(app):
    """Talks of some years at random."""
    with app.test_request_context():
        scatter()
        db.session.remove()


def typeset(title, made, mark=""):
    """Typeset a sheet as the pages do."""
    return paper.to_pdf(paper.words_of(title, made, mark))


def words(app, name, slug, period=DAYS):
    """What goes into the PDF of somebody of the cast."""
    with app.test_request_context():
        report, user = REPORTS[slug], factories.member(name)
        return paper.words_of(str(report.title), report.read(user, Scope(period)).sheet)


def shown(table):
    """A table of the words as rows of texts, as the screen has them."""
    rows = [table["columns"], *table["rows"], *([table["total"]] if table["total"] else [])]
    return [[one if isinstance(one, str) else f"{one['text']} {one['mark']}" for one in row] for row in rows]


def everything(made):
    """All tables of the words: those of the charts first."""
    return [*(one["table"] for one in made["charts"]), *made["tables"]]


def sheet(rows, **over):
    """A report of one table."""
    total = ("Summe", None, Number(5, unit=EURO), Number(3, mark="1"), *(None,) * 6)
    table = Table("x", "Große Tabelle", HEAD, tuple(rows), total, ("1 Eine Anmerkung.",))
    return Sheet(
        **({"definition": (("Zeitraum", "2020"),), "figures": (), "chart": None, "tables": (table,)} | over)
    )


def row(number, text="Gemeinsame Kasse und Steuerverwaltung"):
    """A row of ten cells."""
    return (
        Linked(f"{text} {number}", "home.index", ()), date(2020, 1, 1), Number(1_234_567, unit=EURO),
        Number(number),
        "Landkreis Marburg-Biedenkopf", text * 2, Number(0), Number(12.5), Number(None), "ja",
    )  # fmt: skip


def test_all_cells_are_those_of_the_screen(app, talks, anna):
    screen = tables_of(anna.get(URL + AUTUMN))
    tables = [shown(one) for one in everything(words(app, "anna", "taetigkeit")) if one["rows"]]
    assert len(tables) == len(screen) > 7
    assert sorted(tables, key=str) == sorted(screen, key=str)


def test_every_row_can_be_read_out_of_the_file(app, talks, anna):
    letters, count = Pdf(anna.get(URL + ".pdf" + AUTUMN).data).letters, 0
    for table in everything(words(app, "anna", "taetigkeit")):
        for one in shown(table)[1:]:
            text = re.sub(r"\s", "", "".join(one))
            if len(text) < 60:
                assert text in letters, one
                count += 1
    assert count > 60


@pytest.mark.parametrize("slug", sorted(REPORTS))
def test_every_report_is_an_accessible_pdf(talks, rita, slug):
    answer = rita.get(f"/berichte/{slug}.pdf{AUTUMN}")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/pdf"
    assert f'filename="{slug}-2025-11-01-2026-01-31.pdf"' in answer.headers["Content-Disposition"]
    pdf = Pdf(answer.data)
    assert "<pdfuaid:part>1</pdfuaid:part>" in pdf.xmp
    assert pdf.root["/Lang"] == "de"
    assert "/Outlines" in pdf.root
    assert {"H1", "H2", "TOC"} <= set(last(pdf.roles))


def test_headings_contents_tables_and_the_picture_are_tagged(app, talks, anna):
    made = words(app, "anna", "taetigkeit")
    pdf = Pdf(anna.get(URL + ".pdf" + AUTUMN).data)
    roles = last(pdf.roles)
    assert roles.count("H1") == 1
    assert roles.count("H2") == 2 + len(made["charts"]) + len(made["tables"])
    assert roles.count("H3") == len(made["charts"])
    filled = [one for one in everything(made) if one["rows"]]
    assert roles.count("Table") == roles.count("THead") == len(filled)
    assert roles.count("TFoot") == sum(1 for one in filled if one["total"])
    assert roles.count("Figure") == len(made["charts"])
    assert roles.count("TOCI") == 1 + len(made["charts"]) + len(made["tables"])
    titles = [one.title for one in pdf.reader.outline[0:] if not isinstance(one, list)]
    assert titles == ["Tätigkeitsbericht"]


def test_the_picture_has_its_words(talks, anna):
    found = []

    def look(node):
        node = node.get_object()
        if isinstance(node, list):
            return [look(one) for one in node]
        if hasattr(node, "get") and node.get("/S") == "/Figure":
            found.append(str(node.get("/Alt")))
        if hasattr(node, "get") and "/K" in node and hasattr(node["/K"], "get_object"):
            look(node["/K"])
        return None

    pdf = Pdf(anna.get(URL + ".pdf" + AUTUMN).data)
    look(pdf.root["/StructTreeRoot"]["/K"])
    assert any("Gestapelte Säulen, 01.11.2025 bis 31.01.2026" in one for one in found)


def test_contents_name_the_page_of_each_table(talks, anna):
    pdf = Pdf(anna.get(URL + ".pdf" + AUTUMN).data)
    pages = [page.extract_text() for page in pdf.reader.pages]
    for title in ("Nach Art", "Nach Landkreis", "Drei Zeiten"):
        found = re.search(rf"^{title}[^.\n]*[ .]+(\d+)$", pages[0], re.MULTILINE)
        assert found, title
        assert title in pages[int(found[1]) - 1]


def test_a_table_over_many_pages_repeats_its_head_and_counts_its_pages(context):
    pdf = Pdf(typeset("Groß", sheet(row(one) for one in range(120)), mark="EINGEFROREN"))
    pages = [page.extract_text() for page in pdf.reader.pages]
    assert len(pages) > 5
    for number, text in enumerate(pages, start=1):
        assert f"Seite {number} von {len(pages)}" in text
        assert "EINGEFROREN" in text
        assert number == 1 or "Bewilligungssumme" in text
    assert last(pdf.roles).count("Table") == 1
    assert sum(one.endswith("TBody/TR") for one in pdf.roles) == 120


def test_ten_columns_lie_on_their_side_and_stay_on_the_page(context):
    pdf = Pdf(typeset("Breit", sheet(row(one) for one in range(30))))
    wide = [page for page in pdf.reader.pages if page.mediabox.width > page.mediabox.height]
    assert wide
    places = []
    wide[0].extract_text(
        visitor_text=lambda text, _cm, tm, *_rest: places.append((tm[4], text)) if text.strip() else None
    )
    assert max(x for x, _text in places) < 842 - 50
    assert "1.234.567€" in pdf.letters


def test_long_words_break_and_nothing_of_the_typesetter_runs(context):
    nasty = '#import "x": * $x$ *fett* <a> _b_ \\ //'
    one = (nasty, *row(1, "Donaudampfschifffahrtsgesellschaftskapitänsmützenfabrikant" * 3)[1:])
    pdf = Pdf(typeset(nasty, sheet([one])))
    assert nasty.replace(" ", "") in pdf.letters


def test_marks_of_notes_are_set_apart(context):
    made = paper.words_of("Titel", sheet([row(1)]))
    assert made["tables"][0]["total"][3] == {"text": "3", "mark": "1"}
    assert made["tables"][0]["notes"] == ["1 Eine Anmerkung."]
    assert "1 Eine Anmerkung." in Pdf(paper.to_pdf(made)).text


def test_an_empty_table_says_so(context):
    table = Table("leer", "Leere Tabelle", ("Wer", "Wie viele"), ())
    pdf = Pdf(typeset("Leer", sheet((), tables=(table,), figures=())))
    assert "Nichts in diesem Zeitraum." in pdf.text


def test_a_picture_of_two_periods_has_both_in_its_legend(context):
    table = Table("t", "T", ("Monat", "2025", "2026"), (("Januar", Number(3), Number(5)),))
    chart = Chart(
        "Verlauf",
        "Zwei Jahre nebeneinander, höchster Wert 5.",
        ("2026", "2025"),
        (("Jan", (5, 3)),),
        table,
        paired=True,
    )
    made = paper.words_of("Titel", sheet((), chart=chart, tables=()))
    assert made["charts"][0]["legend"] == [{"s": 0, "name": "2026"}, {"s": 4, "name": "2025"}]
    assert last(Pdf(paper.to_pdf(made)).roles).count("Figure") == 1


def test_what_is_too_long_for_a_pdf_is_named_and_nothing_is_left_out_in_silence(context, monkeypatch):
    monkeypatch.setattr(paper, "MOST_CELLS", 1000)
    made = paper.words_of("Lang", sheet(row(one) for one in range(140)))
    assert len(made["tables"][0]["rows"]) == 100
    assert made["tables"][0]["notes"][0] == (
        "Hier stehen die ersten 100 von 140 Zeilen. Die Dateien für Excel und CSV enthalten alle, "
        "die Summe ebenso."
    )
    assert made["tables"][0]["total"][2] == "5 €".replace(" ", "\u00a0")


def test_thousands_of_rows_are_typeset(context):
    pdf = Pdf(typeset("Tausende", sheet(row(one, "Kasse") for one in range(1500))))
    assert sum(one.endswith("TBody/TR") for one in pdf.roles) == 1500


def test_the_heading_of_the_office_stands_on_the_first_page(app, rita):
    with app.test_request_context():
        db.session.add(Office(id=1, name="KIKZ", address="Musterstraße 1\n35037 Marburg"))
        db.session.commit()
        db.session.remove()
    pages = Pdf(rita.get(URL + ".pdf" + AUTUMN).data).reader.pages
    assert "35037 Marburg" in pages[0].extract_text()
    assert "35037 Marburg" not in pages[1].extract_text()


def test_confidential_talks_stand_in_no_pdf_of_a_reader(app, rita, anna):
    with app.test_request_context():
        factories.talk("Cölbe", held_on=date(2025, 12, 1), confidential=True)
        db.session.commit()
        db.session.remove()
    counts = [words(app, name, "taetigkeit")["figures"][0]["value"] for name in ("anna", "rita")]
    assert counts == ["1", "0"]
    assert "auchvertrauliche" in Pdf(anna.get(URL + ".pdf" + AUTUMN).data).letters
    assert "außervertraulichen" in Pdf(rita.get(URL + ".pdf" + AUTUMN).data).letters


def test_a_wrong_period_makes_no_file(rita):
    assert rita.get(URL + ".pdf?von=31.02.2026").status == 422
    assert rita.get("/berichte/gibt-es-nicht.pdf").status == 404


def test_figures_stand_large_with_note_and_change(context):
    figure = Figure("Beratungen", Number(214), "die Sie sehen dürfen", "+18 gegenüber 2025 (196)")
    pdf = Pdf(typeset("Titel", sheet((), figures=(figure,), tables=())))
    assert "Beratungen 214 die Sie sehen dürfen +18 gegenüber 2025 (196)" in pdf.text
