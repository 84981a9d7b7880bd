"""The public page: off by default, without signing in, and nothing on it that was not released."""

import re
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from sqlalchemy import select

from crm.consents import services as consents
from crm.contacts.models import Function
from crm.cooperations import partners
from crm.cooperations.kinds import LegalForm, Step, StepSource
from crm.cooperations.models import Cooperation
from crm.db import db, now, today
from crm.documents.models import Document
from crm.examples.models import GRACE, HOLDS, ExamplePlace, PracticeExample
from tests import factories
from tests.examples import making

URL = "/praxisbeispiele"
# What stands in the program about the group and its people, and was never released.
SECRETS = (
    "Interne Notiz", "GEHEIMTITEL", "privat.kontakt", "Nie Genannt", "geheim.pdf", "intern.pdf", "IKZ 2026/7",
    "Marburg", "Grund der Pause", "06421 99999", "Vermerk zur Person", "Anna Adler",
)  # fmt: skip


@pytest.fixture
def world(app):
    """An open page with one released example of a group that holds much more."""
    with app.app_context():
        making.open_page()
        group = making.running(
            "Cölbe",
            "Lahntal",
            legal_form=LegalForm.ZWECKVERBAND,
            note="Interne Notiz",
            file_reference="IKZ 2026/7",
        )
        person = making.contact()
        person.note, person.phone = "Vermerk zur Person", "06421 99999"
        making.contact("Genannt", at="Cölbe").first_name = "Nie"
        released = making.file_of(group)
        making.file_of(group, "intern.pdf")
        example = making.example(group, person, [released], legal_form=LegalForm.ZWECKVERBAND)
        making.file_of(group, "geheim.pdf", confidential=True)
        # All this comes afterwards.
        group.title = "GEHEIMTITEL"
        factories.talk("Marburg", cooperation_id=group.id, note="Interne Notiz")
        db.session.flush()
        add_partner(group)
        making.running("Lich", "Laubach", title="GEHEIMTITEL 2")
        db.session.commit()
        return example.id, group.id, person.id, released.id


def add_partner(group):
    """Let another Kommune join after the release."""
    values = {"organisations": [factories.place("Marburg").id], "step": Step.ACTIVE, "reached_on": today()}
    partners.add(group, values | {"source": StepSource.LETTER}, factories.member("anna"))


def everything(stranger, number):
    """All a stranger can read: the list, the page of the example, the feed."""
    pages = [stranger.get(one) for one in (URL, f"{URL}/{number}", f"{URL}.atom")]
    return [page.response.get_data(as_text=True) for page in pages if page.status == 200]


def test_off_by_default_there_is_no_page(app, stranger, anna):
    with app.app_context():
        example = making.example()
        db.session.commit()
        number = example.id
    for url in (URL, f"{URL}/{number}", f"{URL}.atom", f"{URL}/{number}/unterlagen/1"):
        assert stranger.get(url).status == 404, url
    assert "ausgeschaltet" in anna.get("/erfahrung/beispiele").main


def test_the_administration_opens_it_and_closes_it(world, app, ada, stranger):
    page = ada.submit("/einstellungen", shows_examples=[], name="KIKZ", follow=True)
    assert "Praxisbeispiele für alle" in page.main
    assert stranger.get(URL).status == 404
    ada.submit("/einstellungen", shows_examples="y")
    assert stranger.get(URL).status == 200


def test_what_was_released_is_there(world, stranger):
    whole = stranger.get(f"{URL}/{world[0]}")
    for said in ("Gemeinsamer Bauhof", making.SUMMARY, "Cölbe, Lahntal", "40.000 € im Jahr", "Zweckverband",
                 "Karla Kontakt", "Büroleitung", "kontakt@amt.test", "06421 12345", "vertrag.pdf",
                 "Landkreis Marburg-Biedenkopf"):  # fmt: skip
        assert said in whole.main, said
    assert stranger.get(f"{URL}/{world[0]}/unterlagen/{world[3]}").data.startswith(b"%PDF")
    assert "Gemeinsamer Bauhof" in stranger.get(URL).main


def test_nothing_else_is_there(world, app, stranger, monkeypatch):
    texts = everything(stranger, world[0])
    assert len(texts) == 3
    found = {one for one in SECRETS for text in texts if one in text}
    # Every municipality is on the map, whether it has an example or not; none but those named is a link.
    assert found <= {"Marburg"}
    shown = re.sub(r"<svg.*?</svg>", "", texts[0], flags=re.DOTALL)
    assert "Marburg" not in shown.replace("Marburg-Biedenkopf", "")
    assert "Marburg" not in texts[1].replace("Marburg-Biedenkopf", "")
    with app.app_context():
        others = db.session.scalars(select(Document.id).where(Document.id != world[3])).all()
    assert len(others) == 2
    for number in others:
        assert stranger.get(f"{URL}/{world[0]}/unterlagen/{number}").status == 404
    # The control: a page that read the group and not the copies would show what nobody released.
    monkeypatch.setattr(PracticeExample, "title", property(lambda self: self.cooperation.title))
    assert "GEHEIMTITEL" in "".join(everything(stranger, world[0]))


def gone(stranger, number):
    """See that an example is nowhere."""
    assert stranger.get(f"{URL}/{number}").status == 404
    assert all(making.SUMMARY not in text and "Gemeinsamer Bauhof" not in text
               for text in everything(stranger, number))  # fmt: skip


def withdraw_consent(example):
    """The contact takes the agreement back."""
    given = consents.queries.holding(example.person_id)[0]
    consents.withdraw(given, None, factories.member("anna"))


def remove_group(example):
    """The group goes into the trash."""
    example.cooperation.removed_at = now()


def limit(example):
    """The contact has the data restricted."""
    example.person.restricted_on = today()


def remove_person(example):
    """The contact goes into the trash."""
    example.person.removed_at = now()


def withdraw(example):
    """The example is taken back."""
    example.withdrawn_at = now()


def forget(example):
    """Nobody has confirmed it for a year and the time after."""
    example.confirmed_on = today() - HOLDS - GRACE - timedelta(days=1)


ENDS = (withdraw_consent, withdraw, forget, remove_group, limit, remove_person)


@pytest.mark.parametrize("end", ENDS, ids=[one.__name__ for one in ENDS])
def test_it_disappears_at_once(world, app, stranger, end):
    first = stranger.get(f"{URL}/{world[0]}")
    assert first.status == 200
    assert "no-store" in first.headers["Cache-Control"]
    with app.app_context():
        end(making.released(world[0]))
        db.session.commit()
    gone(stranger, world[0])
    assert stranger.get(f"{URL}/{world[0]}/unterlagen/{world[3]}").status == 404


def test_in_the_time_after_a_year_it_stays(world, app, stranger, anna):
    with app.app_context():
        making.released(world[0]).confirmed_on = today() - HOLDS - GRACE
        db.session.commit()
    assert stranger.get(f"{URL}/{world[0]}").status == 200
    assert "zu bestätigen" in anna.get("/erfahrung/beispiele").main


def test_the_office_reads_why_it_is_not_public(world, app, anna):
    with app.app_context():
        forget(making.released(world[0]))
        db.session.commit()
    assert "Seit mehr als einem Jahr hat es niemand bestätigt." in anna.get("/erfahrung/beispiele").main
    with app.app_context():
        making.released(world[0]).confirmed_on = today()
        withdraw_consent(making.released(world[0]))
        db.session.commit()
    assert "die Einwilligung widerrufen" in anna.get("/erfahrung/beispiele").main


def test_a_file_that_becomes_confidential_or_gets_a_newer_version_goes(world, app, stranger):
    with app.app_context():
        db.session.get(Document, world[3]).confidential = True
        db.session.commit()
    assert "vertrag.pdf" not in "".join(everything(stranger, world[0]))
    assert stranger.get(f"{URL}/{world[0]}/unterlagen/{world[3]}").status == 404
    with app.app_context():
        db.session.get(Document, world[3]).confidential = False
        making.file_of(db.session.get(Cooperation, world[1]), "vertrag-neu.pdf", previous_id=world[3])
        db.session.commit()
    assert "vertrag" not in "".join(everything(stranger, world[0]))


def test_the_list_is_narrowed_and_the_map_leads_on(world, app, stranger):
    with app.app_context():
        forest = making.running("Hanau", "Bruchköbel", title="Forst am Main", field="Forst")
        making.example(forest)
        field, county = making.task_field("Forst").id, factories.place("Main-Kinzig-Kreis").id
        place = factories.place("Hanau").id
        db.session.commit()
    page = stranger.get(URL)
    assert "2 Praxisbeispiele" in page.main
    assert {"Forst am Main", "Gemeinsamer Bauhof"} <= {
        one.get_text() for one in page.soup.select("main h2 a")
    }
    assert len(page.statements) <= 15
    spots = {one.title.get_text(): one["href"] for one in page.soup.select("svg .tiles a")}
    assert spots["Cölbe: Gemeinsamer Bauhof"] == f"{URL}/{world[0]}"
    for query in (f"feld={field}", f"kreis={county}", f"ort={place}"):
        some = stranger.get(f"{URL}?{query}").soup.select("main h2 a")
        assert [one.get_text() for one in some] == ["Forst am Main"], query
    some = stranger.get(f"{URL}?form={LegalForm.ZWECKVERBAND.value}").soup.select("main h2 a")
    assert [one.get_text() for one in some] == ["Gemeinsamer Bauhof"]
    assert stranger.get(f"{URL}?feld=4711&kreis=x&form=gibtsnicht&ort=x").status == 200


def test_what_went_up_into_another_lies_where_that_lies(world, app, stranger):
    with app.app_context():
        merged = making.example(making.running("Lich", "Laubach", title="Fusion zu Wesertal"))
        former = {"organisation_id": factories.place("Oberweser").id, "name": "Oberweser"}
        merged.places, number = [ExamplePlace(**former)], merged.id
        county, unit = factories.place("Landkreis Kassel").id, factories.place("Wesertal").id
        db.session.commit()
    spots = {one.title.get_text(): one["href"] for one in stranger.get(URL).soup.select("svg .tiles a")}
    assert spots["Wesertal: Fusion zu Wesertal"] == f"{URL}/{number}"
    for query in (f"kreis={county}", f"ort={unit}"):
        some = stranger.get(f"{URL}?{query}").soup.select("main h2 a")
        assert [one.get_text() for one in some] == ["Fusion zu Wesertal"], query
    assert "Landkreis Kassel" in stranger.get(f"{URL}/{number}").main


def test_the_feed_is_sound_and_says_what_is_public(world, app, stranger):
    answer = stranger.get(f"{URL}.atom")
    assert answer.response.mimetype == "application/atom+xml"
    feed = ET.fromstring(answer.data)  # noqa: S314 it is our own
    atom = {"a": "http://www.w3.org/2005/Atom"}
    assert [one.text for one in feed.findall("a:entry/a:title", atom)] == ["Gemeinsamer Bauhof"]
    assert feed.find("a:entry/a:link", atom).get("href").endswith(f"{URL}/{world[0]}")
    assert feed.find("a:updated", atom).text.startswith(str(now().year))


def test_words_of_an_example_are_no_markup(world, app, stranger):
    with app.app_context():
        example = making.released(world[0])
        example.title, example.summary = "<b>Fett & mehr</b>", "<script>alert(1)</script>"
        db.session.commit()
    texts = everything(stranger, world[0])
    assert all("<b>Fett" not in text and "<script>alert" not in text for text in texts)
    ET.fromstring(texts[2])  # noqa: S314 it is our own


def test_the_contact_is_named_in_the_office_of_the_example_and_in_no_other(world, app, stranger, anna):
    with app.app_context():
        person = making.released(world[0]).person
        own = making.held_by(person)
        other = {"email": "partei@anderswo.test", "organisation_id": factories.place("Marburg").id}
        db.session.add(Function(person_id=person.id, role=own.role, title="Fraktionsvorsitz", **other))
        number = own.id
        db.session.commit()
    for ends in (False, True):
        for page in (stranger.get(f"{URL}/{world[0]}"), anna.get("/erfahrung")):
            assert "Karla Kontakt" in page.main
            assert ("Büroleitung, Lahntal" in page.main) is not ends
            assert "Fraktionsvorsitz" not in page.main
            assert "partei@anderswo.test" not in page.html
        with app.app_context():
            db.session.get(Function, number).valid_to = today() - timedelta(days=1)
            db.session.commit()
