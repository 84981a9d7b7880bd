"""The record of a talk: a page to print and a PDF, with everything shared and nothing private."""

import re
from datetime import date, time, timedelta
from urllib.parse import unquote

import pytest
from sqlalchemy import select

from crm.consultations import record
from crm.consultations.models import ConsultationKind, Presence
from crm.consultations.services import Party
from crm.db import db, today
from crm.follow_ups.models import FollowUp
from crm.office import queries as offices
from crm.office.services import save
from crm.organisations.models import Level, Organisation
from crm.task_fields.models import TaskField
from tests import factories
from tests.factories import place
from tests.pdfs import Pdf, last

SECRET = "ZX-NUR-LAHNTAL-7741"
NOTE = "Es ging um **Geld**.\n\n- Löschfahrzeug für Cölbe\n- *Später* mehr\n\n1. Antrag\n2. Beschluss"
OFFICE = {
    "name": "Kompetenzzentrum IKZ",
    "address": "Musterstraße 1\n35037 Marburg",
    "base_address": "https://ikz.example.de",
    "file_reference": "IKZ {jahr}/{nummer}",
}


def group(**over):
    """Log a talk with everything a talk can hold."""
    head = factories.person("Eßer-Öztürk", "Jörg", title="Bürgermeister")
    parties = [
        Party(place("Cölbe").id, role="Gastgeberin"),
        Party(place("Lahntal").id, people=[head.id], private_note=SECRET),
        Party(place("Wetter (Hessen)").id, Presence.REPRESENTED, represented_by="Lahntal"),
        Party(place("Münchhausen").id, Presence.APOLOGISED, follow_up_on=date(2026, 12, 2),
              follow_up_text="Unterlagen nachreichen"),
    ]  # fmt: skip
    fields = db.session.scalars(select(TaskField.id).where(TaskField.name.in_(["Bauhof", "Kasse"])))
    values = {
        "held_on": date(2026, 11, 20), "starts_at": time(9, 30), "kind": ConsultationKind.GROUP, "note": NOTE,
        "agreements": "Alle fragen ihre Gremien.", "next_step": "Kostentabelle verschicken.",
        "place": "Rathaus Cölbe", "task_fields": list(fields), "duration_minutes": 90,
        "follow_up_on": date(2026, 12, 1), "follow_up_text": "Kostentabelle prüfen",
    }  # fmt: skip
    return factories.talk(parties=parties, **(values | over))


@pytest.fixture
def number(app):
    """A whole talk, on record at an office with settings."""
    with app.app_context():
        save(offices.office(), OFFICE, factories.member("ada"))
        found = group().id
        db.session.commit()
    return found


def url(number, ending=""):
    """Where the record of a talk stands."""
    return f"/beratungen/{number}/vermerk{ending}"


def read(client, number):
    """The PDF as somebody gets it."""
    page = client.get(url(number, ".pdf"))
    assert page.status == 200
    assert page.response.mimetype == "application/pdf"
    return Pdf(page.data)


def words(number):
    """What stands in both, in this order."""
    return [
        "Kompetenzzentrum IKZ", "Musterstraße 1", "35037 Marburg", "Aktenzeichen", f"IKZ 2026/{number:04}",
        "Tag", "Fr, 20.11.2026, 09:30 Uhr", "Art", "Gruppengespräch", "Weg", "Vor Ort", "Ort",
        "Rathaus Cölbe", "Beraten durch", "Anna Adler", "Aufgabenfelder", "Bauhof, Kasse",
        f"https://ikz.example.de/beratungen/{number}",
        "Beteiligte", "Cölbe", "Gastgeberin", "anwesend", "Lahntal", "anwesend",
        "Jörg Eßer-Öztürk (Bürgermeister)",
        "Wetter (Hessen)", "vertreten", "vertreten durch Lahntal", "Münchhausen", "entschuldigt",
        "Inhalt", "Es ging um Geld", "Löschfahrzeug für Cölbe", "Später mehr", "Antrag", "Beschluss",
        "Absprachen", "Alle fragen ihre Gremien.", "Nächster Schritt", "Kostentabelle verschicken.",
        "Wiedervorlagen", "Kostentabelle prüfen", "01.12.2026", "Anna Adler", "Unterlagen nachreichen",
        "Münchhausen", "02.12.2026", "Anna Adler",
    ]  # fmt: skip


def in_order(wanted, text):
    """Give the words that a text does not hold in this order, blanks aside."""
    text, start, missing = re.sub(r"\s", "", text), 0, []
    for one in wanted:
        found = text.find(re.sub(r"\s", "", one), start)
        start = found if found >= 0 else start
        missing += [one] if found < 0 else []
    return missing


def test_the_page_of_a_talk_leads_to_its_record(number, rita):
    link = rita.get(f"/beratungen/{number}").soup.select_one(f"main a[href='{url(number)}']")
    assert link.span.get_text() == "Vermerk"
    page = rita.get(url(number))
    assert page.soup.select_one(f"a[href='{url(number, '.pdf')}']")
    assert page.soup.select_one(f".crumbs a[href='/beratungen/{number}']")


def test_the_page_says_everything_in_order(number, rita):
    page = rita.get(url(number))
    assert page.soup.h1.get_text(strip=True) == "Vermerk: Gruppengespräch Bauhof, Kasse"
    assert in_order(words(number), page.main) == []
    assert page.soup.select(".paper strong")[0].get_text() == "Geld"
    assert [len(one.select("li")) for one in page.soup.select(".paper .prose > :is(ul, ol)")] == [2, 2]
    assert all(table.select("thead th[scope=col]") for table in page.soup.select(".paper table"))


def test_the_pdf_says_the_same_in_the_same_order(number, rita):
    pdf = read(rita, number)
    assert in_order(words(number), pdf.text) == []
    assert pdf.reader.metadata.title == "Vermerk: Gruppengespräch Bauhof, Kasse"
    assert pdf.links == [f"https://ikz.example.de/beratungen/{number}"]
    last_lines = pdf.reader.pages[-1].extract_text()
    assert f"IKZ 2026/{number:04}" in last_lines
    assert f"Seite {len(pdf.reader.pages)} von {len(pdf.reader.pages)}" in last_lines


def test_the_pdf_is_tagged_for_reading_aloud(number, rita):
    pdf = read(rita, number)
    roles = pdf.roles
    assert pdf.root["/MarkInfo"]["/Marked"]
    assert pdf.root["/Lang"] == "de"
    assert pdf.root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "<pdfuaid:part>1</pdfuaid:part>" in pdf.xmp
    assert ">Vermerk: Gruppengespräch Bauhof, Kasse</rdf:li>" in pdf.xmp
    headings = [one for one in last(roles) if re.fullmatch("H[1-6]?", one)]
    assert headings == ["H1", "H2", "H2", "H2", "H2", "H2"]
    assert last(roles).count("Table") == 2
    assert sum(one.endswith("/Table/THead/TR/TH") for one in roles) == 3 + 4
    assert sum(one.endswith("/Table/TBody/TR/TD") for one in roles) == 4 * 3 + 2 * 4
    assert sum(one.endswith("/L/LI") for one in roles) == 8 + 2 + 2, "facts, points, numbers"
    assert any(one.endswith("/P/Strong") for one in roles)


def test_what_is_private_to_one_organisation_is_in_neither(number, anna, mara):
    for client in (anna, mara):
        assert SECRET in client.get(f"/beratungen/{number}").html, "the control: the talk's own page shows it"
        page = client.get(url(number))
        assert SECRET not in page.html
        assert "private" not in page.main.casefold()
        assert SECRET not in read(client, number).letters
        data = client.get(url(number, ".pdf")).data
        assert SECRET.encode() not in data
        assert SECRET.encode("utf-16-be") not in data


def test_a_confidential_record_is_marked_and_exists_for_its_circle_only(app, anna, mara, rita, emil, ada):
    with app.app_context():
        hidden = group(confidential=True).id
        db.session.commit()
    for client in (anna, mara):
        assert "VERTRAULICH" in client.get(url(hidden)).main
        assert "VERTRAULICH" in read(client, hidden).text
    for ending in ("", ".pdf"):
        for client in (rita, emil):
            answers = client.get(url(hidden, ending)), client.get(url(999_999, ending))
            assert [one.status for one in answers] == [404, 404]
            assert answers[0].seen == answers[1].seen
        assert ada.get(url(hidden, ending)).status == 403


def test_an_open_record_bears_no_mark(number, anna):
    assert "VERTRAULICH" not in anna.get(url(number)).main
    assert "VERTRAULICH" not in read(anna, number).text


def test_who_left_office_keeps_the_function_of_that_day(app, number, anna):
    with app.app_context():
        person = factories.person("Wechsel", "Wilma", "Cölbe", title="Erste Beigeordnete")
        row = Party(place("Cölbe").id, people=[person.id])
        later = factories.talk(parties=[row], held_on=today()).id
        person.functions[0].title, person.functions[0].valid_to = (
            "Altbeigeordnete",
            today() - timedelta(days=1),
        )
        db.session.commit()
    for text in (anna.get(url(later)).main, read(anna, later).text):
        assert "Wilma Wechsel (Erste Beigeordnete)" in text
        assert "Altbeigeordnete" not in text


def test_a_removed_person_leaves_the_function(app, number, anna):
    with app.app_context():
        head = db.session.scalars(select(factories.Person).where(factories.Person.last_name.like("E%"))).one()
        number_of_head = head.id
    anna.post(f"/kontakte/{number_of_head}/entfernen")
    for text in (anna.get(url(number)).main, read(anna, number).text):
        assert "Öztürk" not in text
        assert "(Bürgermeister)" in text


def test_a_reference_of_its_own_comes_before_the_pattern(app, number, anna):
    anna.submit(f"/beratungen/{number}/bearbeiten", file_reference="Az. 7/ß")
    for text in (anna.get(url(number)).main, read(anna, number).text):
        assert "Az. 7/ß" in text
        assert "IKZ 2026/" not in text


def test_without_settings_the_record_does_without_an_office(app, anna):
    with app.app_context():
        number = factories.talk("Cölbe", note=None, held_on=date(2025, 1, 2)).id
        db.session.commit()
    page = anna.get(url(number))
    assert not page.soup.select(".paper-head")
    for text in (page.main, read(anna, number).text):
        assert f"IKZ 2025/{number:04}" in text
        assert "Noch kein Vermerk." in text
        assert "http" not in text


def test_a_planned_talk_says_that_it_is_planned(app, anna):
    with app.app_context():
        number = factories.talk("Cölbe", held_on=today() + timedelta(days=3)).id
        db.session.commit()
    for text in (anna.get(url(number)).main, read(anna, number).text):
        assert "Stand geplant" in text


def test_the_record_is_german_on_an_english_screen(app, number, anna):
    german = anna.get(url(number, ".pdf")).data
    with app.app_context():
        factories.member("anna").language = "en"
        db.session.commit()
    page = anna.get(url(number))
    assert page.soup.html["lang"] == "en"
    assert page.soup.select_one(".paper")["lang"] == "de"
    assert in_order(words(number), page.main) == []
    assert anna.get(url(number, ".pdf")).data == german, "the same talk, the same file"


@pytest.mark.parametrize(
    ("places", "plain", "umlauts"),
    [
        (["Cölbe", "Lahntal"], "Vermerk-2026-11-22-Coelbe-u-a.pdf", "Vermerk-2026-11-22-Cölbe-u-a.pdf"),
        (["Wetter (Hessen)"], "Vermerk-2026-11-22-Wetter-Hessen.pdf", None),
        (["Groß-Gerau"], "Vermerk-2026-11-22-Gross-Gerau.pdf", "Vermerk-2026-11-22-Groß-Gerau.pdf"),
    ],
)
def test_the_file_bears_day_and_place(app, anna, places, plain, umlauts):
    with app.app_context():
        number = factories.talk(*places, held_on=date(2026, 11, 22)).id
        db.session.commit()
    named = anna.get(url(number, ".pdf")).headers["Content-Disposition"]
    assert named.startswith(f'attachment; filename="{plain}"')
    assert named.isascii()
    if umlauts:
        assert unquote(named.partition("filename*=UTF-8''")[2]) == umlauts
    else:
        assert "filename*" not in named


INJECTED = [
    '#import "x": *',
    "*fett* _kursiv_ $x$ `y`",
    "\\\\server\\pfad \\u{41} \\*",
    '#read("/etc/passwd") @ref <label>',
    "<script>alert(1)</script>",
    "Dr. 😀 王 مرحبا שלום",
]


@pytest.mark.parametrize("text", INJECTED)
def test_what_people_type_comes_out_as_they_typed_it(app, anna, text):
    with app.app_context():
        save(offices.office(), OFFICE | {"print_head": text}, factories.member("ada"))
        person = factories.person(text, None, "Cölbe", title=text)
        row = Party(place("Cölbe").id, Presence.REPRESENTED, text, text, [person.id])
        over = {"place": text, "file_reference": text, "follow_up_on": today(), "follow_up_text": text}
        number = factories.talk(parties=[row], note=f"Vorher.\n{text}", agreements="x", **over).id
        db.session.commit()
    wanted = re.sub(r"\s", "", text)
    page, letters = anna.get(url(number)), read(anna, number).letters
    assert re.sub(r"\s", "", page.main).count(wanted) >= 8
    if text.isascii():
        # Head, reference and foot, place, role, represented by, name, function, follow-up.
        assert letters.count(wanted) >= 9
    else:
        assert all(one in letters for one in wanted)


@pytest.mark.parametrize(
    "text", ["Lange Zeile " * 1_700, "y" * 20_000, "Zeile\n" * 3_500, "- " * 10_000, "😀שלום " * 3_500]
)
def test_twenty_thousand_characters_are_a_record_too(app, anna, text):
    with app.app_context():
        number = factories.talk("Cölbe", note=text[:20_000] + "\n\nSchluss.").id
        db.session.commit()
    assert anna.get(url(number)).status == 200
    assert "Schluss." in read(anna, number).text


def test_fifty_organisations_stand_in_one_table(app, anna):
    with app.app_context():
        query = select(Organisation.id).where(
            Organisation.level == Level.MUNICIPALITY, Organisation.valid_to.is_(None)
        )
        rows = [Party(one) for one in db.session.scalars(query.order_by(Organisation.id).limit(50))]
        number = factories.talk(parties=rows, kind=ConsultationKind.GROUP).id
        db.session.commit()
    assert len(anna.get(url(number)).soup.select(".paper tbody tr")) == 50
    roles = read(anna, number).roles
    assert last(roles).count("Table") == 1
    assert last(roles).count("TR") == 51


def test_typesetting_holds_no_transaction(app, number, anna, monkeypatch):
    made, held = record.to_pdf, []

    def watched(*arguments):
        held.append(db.session().in_transaction())
        return made(*arguments)

    monkeypatch.setattr(record, "to_pdf", watched)
    read(anna, number)
    assert held == [False]


def test_a_removed_talk_has_no_record(app, number, anna):
    with app.app_context():
        talk = db.session.scalars(select(factories.FollowUp)).first().consultation_id
        assert talk == number
    anna.post(f"/beratungen/{number}/entfernen")
    assert [anna.get(url(number, ending)).status for ending in ("", ".pdf")] == [404, 404]
    anna.post(f"/beratungen/{number}/wiederherstellen")
    assert in_order(words(number), read(anna, number).text) == []


def test_a_removed_follow_up_was_not_promised(app, number, anna):
    with app.app_context():
        for one in db.session.scalars(select(FollowUp)):
            one.removed_at = factories.db.func.now()
        db.session.commit()
    assert "Wiedervorlagen" not in anna.get(url(number)).soup.article.get_text()
    assert last(read(anna, number).roles).count("Table") == 1


@pytest.mark.parametrize("text", ["0", "-1", "abc", "2147483648", "1.5"])
def test_what_does_not_exist_is_not_found(anna, text):
    assert [anna.get(url(text, ending)).status for ending in ("", ".pdf")] == [404, 404]
