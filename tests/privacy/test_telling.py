"""Access (Art. 15): everything about one person, looked through, handed over, written down."""

import json

import pytest
from sqlalchemy import func, select

from crm.audit import AuditEvent
from crm.consultations.models import ParticipationPerson
from crm.db import db
from crm.mail.models import MailKind
from crm.mail.services import post
from crm.privacy import queries
from tests import factories
from tests.pages import MOST_STATEMENTS
from tests.privacy import cases

MAIL = "ute.zeisig@lich.test"


@pytest.fixture
def person_id(app):
    """Somebody named in talks, invited, registered, mailed."""
    with app.app_context():
        person = factories.person("Zeisig", "Ute")
        person.email = MAIL
        talk = factories.talk("Lahntal", note="Ute Zeisig und Karl Kleiber sind dafür.", confidential=True)
        talk.participations[0].people.append(ParticipationPerson(person_id=person.id, function_called="Amt"))
        factories.talk("Cölbe", note="Frau Zeisig ruft an.")
        event = factories.event("Forum Wasser")
        factories.registration(event, "Zeisig", "Ute", email=MAIL, address_key=MAIL, needs="Rampe")
        factories.invitation(event, person)
        post(MailKind.NOTICE, MAIL, "Einladung zum Forum", "Guten Tag")
        db.session.commit()
        return person.id


def given(page, *leave):
    """Choose to give every text."""
    names = {one["name"] for one in page.soup.select("input[type=radio]")}
    return dict.fromkeys(names, "geben") | dict.fromkeys(leave, "weglassen")


def test_the_review_shows_rows_and_texts_in_few_statements(mara, person_id):
    page = mara.get(f"/personendaten/auskunft/personen/{person_id}")
    assert len(page.statements) <= MOST_STATEMENTS
    for words in ("Rampe", MAIL, "Karl Kleiber sind", "Frau Zeisig ruft", "Einladung zum Forum"):
        assert words in page.html, words
    chosen = {one["value"] for one in page.soup.select("input[type=radio][checked]")}
    assert chosen == {"weglassen"}


def test_third_parties_are_left_out_or_blackened_before_release(app, mara, person_id):
    url = f"/personendaten/auskunft/personen/{person_id}"
    nothing = mara.post(url, als="json")
    assert "Kleiber" not in nothing.response.get_data(as_text=True)
    chosen = given(mara.get(url))
    told = mara.post(url, chosen | {"schwarz": "Karl Kleiber, dafür", "als": "json"})
    whole = json.loads(told.response.data)
    texts = " ".join(one["text"] for one in whole["texte"])
    assert "Ute Zeisig und █████ sind █████" in texts
    assert "Kleiber" not in told.response.get_data(as_text=True)
    assert all(whole[one] for one in ("protokoll", "verarbeitungen", "daten"))
    page = mara.post(url, chosen | {"als": "seite"})
    assert "Frau Zeisig ruft an." in page.html
    assert "Kontakt" in page.html
    with app.app_context():
        seen = select(func.count(AuditEvent.id)).where(AuditEvent.name == "person.disclosed")
        assert db.session.scalar(seen) == 3


def test_only_the_management_gives_access(anna, ada, person_id):
    for client in (anna, ada):
        assert client.get(f"/personendaten/auskunft/personen/{person_id}").status == 403
        assert client.post(f"/personendaten/auskunft/personen/{person_id}").status == 403


def test_a_guest_is_told_by_mail_address(app, mara):
    with app.app_context():
        factories.registration(
            factories.event(), "Lerche", "Lea", email="lea@x.test", address_key="lea@x.test"
        )
        db.session.commit()
    page = mara.get("/personendaten/auskunft/gaeste?adresse=LEA@x.test")
    assert "Lerche" in page.html
    told = mara.post("/personendaten/auskunft/gaeste?adresse=LEA@x.test", als="json")
    assert "Lerche" in told.response.get_data(as_text=True)
    assert mara.post("/personendaten/auskunft/gaeste?adresse=nobody@x.test", als="json").status == 404
    with app.app_context():
        seen = select(func.count(AuditEvent.id)).where(AuditEvent.name == "privacy.guest-disclosed")
        assert db.session.scalar(seen) == 1


def test_a_restricted_person_is_told_what_is_sealed(app, mara, person_id):
    with app.app_context():
        cases.restricted(queries.person(person_id))
        db.session.commit()
    page = mara.get(f"/personendaten/auskunft/personen/{person_id}")
    for words in (MAIL, "Rampe", "Zeisig", "Frau Zeisig ruft"):
        assert words in page.html, words
