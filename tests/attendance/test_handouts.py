"""What is printed: sheets, badges, certificates as tagged PDF, the same bytes each time."""

import pytest

from crm.attendance import queries
from crm.db import db, now
from crm.events.models import Event
from crm.registrations.models import GuestKind, Seat
from tests import factories
from tests.attendance.test_routes import door, held
from tests.pdfs import Pdf, last

LONG = "Freiherr von und zu Eschwege-Waldkappel-Donaudampfschifffahrt"
SHEETS = {
    "anwesenheitsliste": "Anwesenheitsliste", "teilnehmende": "Teilnehmende",
    "namensschilder": "Namensschilder",
}  # fmt: skip


def pdf(client, url):
    """A PDF as it is read aloud; it is tagged, German, has a title, and is the same twice."""
    first, second = client.get(url), client.get(url)
    assert (first.status, first.headers["Content-Type"]) == (200, "application/pdf")
    assert first.data == second.data
    read = Pdf(first.data)
    assert read.root["/Lang"] == "de"
    assert "pdfuaid" in read.xmp
    assert read.reader.metadata.title
    assert read.roles
    return read


def sheet(number, name):
    """The address of a paper of an event."""
    return f"/veranstaltungen/{number}/{name}.pdf"


def test_the_sign_in_sheet_has_a_row_for_each_head_and_empty_ones(app, rita):
    number, _ids = held(
        app,
        ("Henkel", "Lahntal", {"companions": 1}),
        ("Warten", "Marburg", {"seat": Seat.WAITING, "position": 1}),
        ("Ab", "Cölbe", {"seat": Seat.SIGNED_OFF}), ("Weg", "Cölbe", {"seat": Seat.LAPSED}),
    )  # fmt: skip
    read = pdf(rita, sheet(number, "anwesenheitsliste"))
    for words in (
        "Anwesenheitsliste",
        "Henkel, Petra",
        "Begleitung von Petra Henkel",
        "Warten, Petra",
        "Unterschrift",
    ):
        assert words in read.text
    assert "Ab, Petra" not in read.text
    assert "Weg, Petra" not in read.text
    assert last(read.roles).count("TR") == 1 + 3 + 15


def test_the_list_of_participants_has_who_came_and_heads_apart(app, rita):
    number, _ids = held(app, ("Henkel", "Lahntal", {"came_at": now()}), ("Müller", "Cölbe", {}))
    with app.app_context():
        factories.heads(db.session.get(Event, number), 12)
        db.session.commit()
    read = pdf(rita, sheet(number, "teilnehmende"))
    assert "Henkel, Petra" in read.text
    assert "Müller" not in read.text
    assert "Gezählt, ohne Namen 12" in read.text


def test_before_the_event_the_list_has_who_is_expected(app, rita):
    number, _ids = held(app, ("Müller", "Cölbe", {}), in_days=4)
    assert "Angemeldete Gäste" in pdf(rita, sheet(number, "teilnehmende")).text


def test_badges_are_ten_to_a_page_with_every_letter(app, rita):
    names = [f"Gast{number}" for number in range(9)] + [LONG, "Ẑǒḑḩ-Łukaszczyk"]
    number, _ids = held(app, *((name, "Lahntal", {"kind": GuestKind.MANAGEMENT}) for name in names))
    read = pdf(rita, sheet(number, "namensschilder"))
    assert len(read.reader.pages) == 2
    assert "Waldkappel" in read.letters
    assert "Ẑǒḑḩ-Łukaszczyk" in read.letters
    assert "Lahntal" in read.text
    assert "Verwaltung, Leitung" in read.text
    box = read.reader.pages[0].mediabox
    assert (round(box.width), round(box.height)) == (595, 842)


@pytest.mark.parametrize(
    "name", ["李小龙", "محمد", "#set text(1pt)", "\\u{0}", "*fett* _x_", "\u0301" * 90, "a" * 200]
)
def test_odd_names_break_no_paper(app, rita, name):
    number, (one,) = held(app, (name, "Lahntal", {"came_at": now()}))
    for paper in SHEETS:
        assert rita.get(sheet(number, paper)).data.startswith(b"%PDF")
    assert rita.get(door(number, f"/gast/{one}/bescheinigung.pdf")).data.startswith(b"%PDF")


def test_a_certificate_says_who_what_when_and_how_long(app, rita):
    number, (petra, paul) = held(
        app,
        ("Henkel", "Lahntal", {"first_name": "Dr. Petra", "came_at": now()}),
        ("Paul", "Cölbe", {}),
        in_days=-2,
    )
    read = pdf(rita, door(number, f"/gast/{petra}/bescheinigung.pdf"))
    for words in (
        "Teilnahmebescheinigung",
        "Dr. Petra Henkel",
        "Lahntal",
        "Fachtagung Bauhof",
        "6 Stunden",
        "Kulturzentrum",
    ):
        assert words in read.text
    assert rita.get(door(number, f"/gast/{paul}/bescheinigung.pdf")).status == 404


def test_the_certificates_of_all_who_came_are_one_file(app, rita):
    number, _ids = held(
        app, ("Henkel", "Lahntal", {"came_at": now()}), ("Paul", "Cölbe", {}),
        ("Zimmer", "Buseck", {"came_at": now()}), in_days=-2,
    )  # fmt: skip
    assert "Bescheinigungen" in rita.get(f"/veranstaltungen/{number}/nachbereitung").main
    read = pdf(rita, sheet(number, "bescheinigungen"))
    assert len(read.reader.pages) == 2
    assert ("Petra Henkel" in read.text, "Petra Zimmer" in read.text) == (True, True)
    assert "Petra Paul" not in read.text
    number, _ids = held(app, ("Paul", "Cölbe", {}))
    assert rita.get(sheet(number, "bescheinigungen")).status == 404


@pytest.mark.parametrize("came", [None, now()])
@pytest.mark.parametrize("paper", SHEETS)
def test_a_paper_that_does_not_hold_everybody_says_so(app, rita, monkeypatch, paper, came):
    names = ["Adam", "Berg", "Clemens"]
    number, _ids = held(app, *((name, "Lahntal", {"came_at": came}) for name in names))
    said = "Unvollständig: 1 weiterer Gast mit Namen passte nicht mehr hinein."
    monkeypatch.setattr(queries, "MOST_ON_PAPER", 3)
    assert said not in pdf(rita, sheet(number, paper)).text
    monkeypatch.setattr(queries, "MOST_ON_PAPER", 2)
    read = pdf(rita, sheet(number, paper))
    assert said in read.text
    assert "Clemens" not in read.letters


def test_papers_of_nobody(app, rita):
    number, _ids = held(app)
    assert pdf(rita, sheet(number, "anwesenheitsliste")).text.startswith("Anwesenheitsliste")
    assert rita.get(sheet(number, "teilnehmende")).status == 200
    assert rita.get(sheet(number, "namensschilder")).status == 404


def test_a_file_is_named_after_what_it_is(app, rita):
    number, _ids = held(app, ("Henkel", "Lahntal", {}))
    with app.app_context():
        day = db.session.get(Event, number).day
    answer = rita.get(sheet(number, "namensschilder"))
    assert f'filename="Namensschilder-{day}-Fachtagung-Bauhof.pdf"' in answer.headers["Content-Disposition"]


def test_whoever_waits_for_a_seat_gets_no_badge_but_stands_on_the_sheet(app, rita):
    number, _ids = held(
        app, ("Adam", "Lahntal", {}), ("Berg", "Lahntal", {"seat": Seat.WAITING, "position": 1})
    )
    badges = pdf(rita, sheet(number, "namensschilder"))
    assert "Adam" in badges.letters
    assert "Berg" not in badges.letters
    read = pdf(rita, sheet(number, "anwesenheitsliste"))
    assert "Berg" in read.letters
    assert "Warteliste" in read.letters
