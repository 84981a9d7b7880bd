"""Papers as PDF: tagged, complete, and made of any text whatever."""

import pytest

from crm.markdown import DEEPEST, markdown, tree
from crm.papers import Fact, Paper, Prose, Table, to_pdf
from tests.pdfs import Pdf, last

NOTE = "Erster Absatz, **fett** und *schräg*.\n\n- eins\n  - darin\n- zwei\n\n3. drei\n4. vier"


def paper(text="Ein Text.", **over):
    """A paper with one of everything."""
    values = {
        "language": "de",
        "title": "Vermerk: Bauhof",
        "reference": "IKZ 2026/0042",
        "facts": [Fact("Tag", "So, 22.11.2026"), Fact("Ort", "Cölbe", "https://ikz.example.de/x")],
        "parts": [
            Table("Beteiligte", ["Wer", "Wie"], [["Cölbe", "anwesend\nnur kurz"]], [1, 2]),
            Prose("Inhalt", text),
        ],
        "head": ["Die Stelle", "Musterstraße 1"],
    }
    return Paper(**(values | over))


def test_it_says_that_it_is_accessible_and_is_built_so():
    pdf = Pdf(to_pdf(paper(NOTE)))
    assert pdf.root["/MarkInfo"]["/Marked"] is True or pdf.root["/MarkInfo"]["/Marked"].value
    assert pdf.root["/Lang"] == "de"
    assert pdf.root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "<pdfuaid:part>1</pdfuaid:part>" in pdf.xmp
    assert ">Vermerk: Bauhof</rdf:li>" in pdf.xmp
    assert pdf.reader.metadata.title == "Vermerk: Bauhof"


def test_headings_lists_and_tables_are_real_ones():
    roles = Pdf(to_pdf(paper(NOTE))).roles
    assert [one for one in last(roles) if one.startswith("H")] == ["H1", "H2", "H2"]
    assert last(roles).count("Table") == 1
    assert sum(one.endswith("Table/THead/TR/TH") for one in roles) == 2
    assert sum(one.endswith("Table/TBody/TR/TD") for one in roles) == 2
    assert sum(one.endswith("L/LI/LBody") for one in roles) == 2 + 5, "two facts, five items"
    assert any(one.endswith("L/L/LI") for one in roles), "a list within a list"
    assert last(roles).count("Strong") == 2 + 2 + 1, "facts, header cells, and what is bold in the note"
    assert last(roles).count("Em") == 1


def test_the_same_paper_gives_the_same_bytes():
    assert to_pdf(paper(NOTE)) == to_pdf(paper(NOTE))
    assert to_pdf(paper(NOTE)) != to_pdf(paper(NOTE + "."))


def test_every_page_bears_its_number_and_the_reference():
    made = Pdf(to_pdf(paper("Zeile\n" * 120, mark="VERTRAULICH", pages="Seite {page} von {pages}")))
    pages = [page.extract_text() for page in made.reader.pages]
    assert len(pages) == 3
    for number, text in enumerate(pages, start=1):
        assert f"Seite {number} von 3" in text
        assert "IKZ 2026/0042" in text
        assert text.count("VERTRAULICH") == 1


LITERAL = [
    '#import "x": * #panic() #read("/etc/passwd")',
    "*fett* _kursiv_ `raw` $x^2$ = Titel",
    "\\ \\\\ \\u{41} // kein /* Kommentar */",
    "<b>&amp;</b> [a] {b} @ref <label> ~ -- ---",
    "„Anführung“ \"gerade\" 'einfach' …",
]


@pytest.mark.parametrize("text", LITERAL)
def test_markup_of_the_typesetter_is_only_text(text):
    row = Table("T", ["Wer"], [[text]], [1])
    pdf = Pdf(to_pdf(paper(title=text, reference=text, facts=[Fact(text, text)], parts=[row], head=[text])))
    assert pdf.letters.count(text.replace(" ", "")) == 6
    assert last(pdf.roles).count("Table") == 1
    assert pdf.reader.metadata.title == text


def test_a_note_that_looks_like_markup_of_the_typesetter_is_only_text():
    for text in LITERAL[:1] + LITERAL[2:3]:
        shown = text.replace("\\\\", "\\")
        assert shown.replace(" ", "") in Pdf(to_pdf(paper(text))).letters


@pytest.mark.parametrize(
    "text",
    [
        "😀",
        "🎉 und 😀",
        "שלום",
        "مرحبا",
        "王小明",
        "ไทย",
        "\ue000",
        "\U000f0000",
        "\u0378",
        "𝔉𝔯𝔞𝔨𝔱𝔲𝔯",
        "→ ✓ € ☎",
    ],
)
def test_no_sign_is_unknown(text):
    pdf = Pdf(to_pdf(paper(f"Vorher {text} nachher")))
    assert set(text) <= set(pdf.text), "each sign can be copied out of the file"
    assert "pdfuaid" in pdf.xmp


@pytest.mark.parametrize(
    "text",
    [
        "x" * 20_000,
        "😀" * 20_000,
        "Wort " * 4_000,
        "**a " * 4_000 + "b** " * 4_000,
        "*" * 20_000,
        "(" * 20_000,
        "- Punkt\n" * 2_000,
        "- " * 60 + "tief",
        "1. " * 60 + "tief",
        "-\n-\n- \n\n1.\n",
        f"[lang](https://example.org/{'x' * 19_000})",
        "[a](https://) [b](mailto:) [c](http://[::1) [](https://a.de) [d](/kommunen/1)",
        "Z" + "\u0301\u0323" * 2_000,
        "a\x00b\x07c\ufffe\uffff\ufeff\x85\u2028\u2029",
        "\u202everdreht\u202c \u200b\u200d\u00ad",
        "👨‍👩‍👧 🇩🇪 🧑🏽‍💻 ❤️",
        " \u3000\t ",
        "",
    ],
    ids=lambda text: ascii(text[:12]),
)
def test_no_text_is_too_much(text):
    pdf = Pdf(to_pdf(paper(text, facts=[Fact("Ort", text)])))
    assert len(pdf.reader.pages) >= 1
    assert "Beteiligte" in pdf.text


def test_an_endless_word_stays_on_the_page_and_stays_one_word():
    pdf = Pdf(to_pdf(paper("x" * 2_000)))
    assert pdf.letters.count("x" * 2_000) == 1
    lines = [line for page in pdf.reader.pages for line in page.extract_text().splitlines()]
    assert max(len(line) for line in lines) < 120


def test_links_lead_where_they_led_in_the_program():
    text = f"[a](https://example.org/a) [b](/kommunen/1) [c](javascript:x) [d](https://{'x' * 3_000}.de)"
    assert Pdf(to_pdf(paper(text), "https://ikz.example.de")).links == [
        "https://ikz.example.de/x",
        "https://example.org/a",
        "https://ikz.example.de/kommunen/1",
    ]
    assert Pdf(to_pdf(paper("[b](/kommunen/1)"))).links == ["https://ikz.example.de/x"]


def test_a_note_as_a_tree_says_what_the_page_says():
    first, second, third = tree(NOTE)
    assert [(run["text"], run["bold"], run["italic"]) for run in first["runs"]] == [
        ("Erster Absatz, ", False, False),
        ("fett", True, False),
        (" und ", False, False),
        ("schräg", False, True),
        (".", False, False),
    ]
    assert (second["kind"], len(second["items"])) == ("bullets", 2)
    assert second["items"][0][1]["kind"] == "bullets"
    assert (third["kind"], third["start"], len(third["items"])) == ("numbers", 3, 2)
    assert tree("a\nb")[0]["runs"][1] is None
    assert tree(None) == []


def test_lists_too_deep_to_show_lose_no_word():
    text = "\n".join("  " * depth + f"- Stufe{depth}" for depth in range(DEEPEST + 4))
    for shown in (Pdf(to_pdf(paper(text))).letters, markdown(text)):
        assert all(f"Stufe{depth}" in shown for depth in range(DEEPEST + 4))


@pytest.mark.parametrize("row", ["- " * 60, "* " * 60, "1. " * 60, "- " * 10_000, "-  " * 12 + "x"])
def test_a_row_of_dashes_swallows_nothing(row):
    text = f"Vorher.\n\n{row}\n\nNachher."
    for shown in (Pdf(to_pdf(paper(text))).text, markdown(text)):
        assert "Vorher." in shown
        assert "Nachher." in shown


def test_fonts_are_carried_along():
    for page in Pdf(to_pdf(paper("😀 Text"))).reader.pages:
        for font in page["/Resources"]["/Font"].values():
            inner = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
            assert {"/FontFile2", "/FontFile3"} & set(inner), inner["/FontName"]
