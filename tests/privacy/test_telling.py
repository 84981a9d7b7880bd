"""Access (Art. 15): everything about one person, looked through, handed over, written down."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from crm import drafts
from crm.audit import AuditEvent
from crm.barriers.models import BarrierReport
from crm.consents.models import Consent, Purpose, Way
from crm.consultations.models import Consultation, ParticipationPerson
from crm.contacts.models import Function, FunctionRole
from crm.db import db, now, today
from crm.events.models import Event, ProgrammeItem
from crm.examples.models import ExampleInquiry
from crm.invitations.models import Invitation
from crm.mail.models import MailKind
from crm.mail.services import post
from crm.mailings.models import Mailing
from crm.privacy import disclosing, explaining, queries, registry
from crm.privacy.terms import Erase
from crm.rights.models import Right, RightsRequest
from crm.task_fields.models import TaskField
from tests import factories
from tests.duplicates.conftest import example
from tests.materials import made
from tests.minutes import making as circulating
from tests.pages import MOST_FOR_TOLD
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
        factories.registration(
            event, "Zeisig", "Ute", email=MAIL, address_key=MAIL, phone="06404 8001", needs="Rampe"
        )
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
    assert len(page.statements) <= MOST_FOR_TOLD
    parts = "Rampe", "06404 8001", MAIL, "Karl Kleiber sind", "Frau Zeisig ruft", "Einladung zum Forum"
    for words in parts:
        assert words in page.html, words
    chosen = {one["value"] for one in page.soup.select("input[type=radio][checked]")}
    assert chosen == {"weglassen"}


def test_third_parties_are_left_out_or_blackened_before_release(app, mara, person_id):
    url = f"/personendaten/auskunft/personen/{person_id}"
    nothing = mara.post(url, als="json")
    assert "06404 8001" in nothing.response.get_data(as_text=True)
    left_out = "wurden weggelassen, weil sie andere betreffen"
    assert any(left_out in one for one in json.loads(nothing.response.data)["vorbehalte"])
    assert "Kleiber" not in nothing.response.get_data(as_text=True)
    chosen = given(mara.get(url))
    told = mara.post(url, chosen | {"schwarz": "Karl Kleiber, dafür", "als": "json"})
    whole = json.loads(told.response.data)
    assert not any(left_out in one for one in whole["vorbehalte"])
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
        case = cases.restricted(queries.person(person_id)).id
        db.session.commit()
    page = mara.get(f"/personendaten/auskunft/personen/{person_id}")
    with app.app_context():
        looks = select(AuditEvent).where(AuditEvent.name == "privacy.seen", AuditEvent.record_id == case)
        assert [one.user_id for one in db.session.scalars(looks)] == [factories.member("mara").id]
    for words in (MAIL, "Rampe", "Zeisig", "Frau Zeisig ruft"):
        assert words in page.html, words


def as_file(client, url, chosen=None):
    """What is handed over as a file."""
    return json.loads(client.post(url, (chosen or {}) | {"als": "json"}).response.data)


def test_a_text_that_was_changed_since_the_look_is_left_out(app, mara, person_id):
    url = f"/personendaten/auskunft/personen/{person_id}"
    chosen = given(mara.get(url))
    with app.app_context():
        talk = db.session.scalars(select(Consultation).where(Consultation.note.contains("ruft an"))).one()
        talk.note = "Frau Zeisig ruft an, und Karl Kleiber ist krank."
        db.session.commit()
    whole = as_file(mara, url, chosen)
    assert "Kleiber ist krank" not in str(whole)
    assert "sind dafür" in str(whole["texte"])
    assert "Weggelassen, weil sie seit der Durchsicht geändert wurden: 1." in whole["vorbehalte"]


def test_words_are_blackened_in_rows_and_who_came_instead_is_looked_at(app, mara, person_id):
    with app.app_context():
        one = db.session.scalars(select(Invitation)).one()
        one.represented_by, one.called = "Karl Kleiber", "Amt Kleiber"
        db.session.commit()
    url = f"/personendaten/auskunft/personen/{person_id}"
    assert "Karl Kleiber" not in str(as_file(mara, url))
    assert "Amt Kleiber" in str(as_file(mara, url)["daten"])
    whole = as_file(mara, url, given(mara.get(url)) | {"schwarz": "Kleiber"})
    assert "Kleiber" not in str(whole)
    assert "Amt █████" in str(whole["daten"])


def test_the_draft_of_a_colleague_is_shown_to_nobody_and_that_is_said(app, mara, person_id):
    with app.app_context():
        drafts.keep(factories.member("anna").id, "/beratungen/neu", [["note", "Ute Zeisig ist unmöglich"]])
        db.session.commit()
    page = mara.get(f"/personendaten/auskunft/personen/{person_id}")
    assert "unmöglich" not in page.html
    assert "Ungespeicherte Entwürfe" in page.main


def test_what_hangs_on_the_person_is_told_though_it_does_not_say_the_name(app, mara, person_id):
    with app.app_context():
        factories.follow_up("Rückruf wegen Umzug", person_id=person_id)
        talk = db.session.scalars(select(Consultation).where(Consultation.note.contains("sind dafür"))).one()
        subject = db.session.scalars(select(TaskField).order_by(TaskField.id).limit(1)).one()
        talk.task_fields, name = [subject], subject.name
        report = {"received_on": today(), "due_on": today() + timedelta(days=42), "form_key": "x"}
        db.session.add(BarrierReport(**report, text="Zu klein gedruckt", sender_email=MAIL))
        db.session.commit()
    page = mara.get(f"/personendaten/auskunft/personen/{person_id}")
    for words in ("Rückruf wegen Umzug", "Zu klein gedruckt", name, "Forum Wasser"):
        assert words in page.main, words
    assert len(page.statements) <= MOST_FOR_TOLD


def test_where_somebody_works_is_told_by_its_name_and_not_by_its_number(app, mara, person_id):
    with app.app_context():
        held = {"organisation_id": factories.place("Lich").id, "role": FunctionRole.STAFF, "title": "Amt"}
        db.session.add(Function(person_id=person_id, **held))
        db.session.commit()
    rows = mara.get(f"/personendaten/auskunft/personen/{person_id}").soup.select("main dl > div")
    said = [row.dd.get_text(strip=True) for row in rows if row.dt.get_text(strip=True) == "Kommune"]
    assert "Lich" in said
    assert not [one for one in said if one.isdigit()]


def test_numbers_of_other_rows_are_told_in_words(app, mara, person_id):
    with app.app_context():
        person, event = queries.person(person_id), db.session.scalars(select(Event)).one()
        circulating.check(circulating.minutes(), person)
        example(person_id=person_id)
        db.session.add(Mailing(event_id=event.id, kind=MailKind.INVITATION, subject="{titel}", body="x"))
        db.session.commit()
        tables = explaining._TALKS | explaining._CALLED
        numbers = {name: db.session.scalar(select(leads[0])) for name, leads in tables.items()}
        assert all(numbers.values()), numbers
        told = explaining.explained({"rows": [{name: number} for name, number in numbers.items()]})["rows"]
    said = {name: words for row in told for name, words in row.items()}
    assert not [
        name for name, words in said.items() if not isinstance(words, explaining.Said) or words.isdigit()
    ]
    for name in ("event_id", "invitation_id", "registration_id", "mailing_id"):
        assert said[name] == "Forum Wasser", name


def test_every_column_that_is_told_as_it_is_can_be_reached(app, mara, person_id):
    with app.app_context():
        report = {"received_on": today(), "due_on": today() + timedelta(days=42), "form_key": "x"}
        db.session.add(BarrierReport(**report, text="Zu klein gedruckt", sender_email=MAIL))
        event = db.session.scalars(select(Event)).one()
        item = {"position": 1, "title": "Grußwort", "speaker": "x", "person_id": person_id}
        db.session.add(ProgrammeItem(event_id=event.id, **item))
        held = {"organisation_id": factories.place("Lich").id, "role": FunctionRole.STAFF, "title": "Amt"}
        db.session.add(Function(person_id=person_id, **held))
        asked = {"purpose": Purpose.MAILINGS, "way": Way.LINK, "text_mark": "x"}
        db.session.add(Consent(person_id=person_id, **asked))
        db.session.add(RightsRequest(person_id=person_id, kind=Right.ACCESS, way=Way.MAIL))
        person = queries.person(person_id)
        circulating.check(circulating.minutes(), person)
        asked = {"address": MAIL, "token_hash": "x", "expires_at": now()}
        db.session.add(
            ExampleInquiry(example_id=example(person_id=person_id).id, person_id=person_id, **asked)
        )
        made.hand_out(made.material().newest, person)
        db.session.commit()
        marked = _mark_told_columns(person_id)
        db.session.commit()
    url = f"/personendaten/auskunft/personen/{person_id}"
    whole = str(as_file(mara, url, given(mara.get(url))))
    assert len(marked) >= 24
    missing = [one for one in sorted(marked) if one not in whole]
    assert missing == []


# How the program compares and finds, made of what is told.
MADE = {"sort_key", "search_text", "address_key"}


def _mark_told_columns(person_id):
    """Write its own name into every column told as it is, but for the addresses by which rows are found."""
    marked = set()
    for one in registry.columns(Erase.BLANK, Erase.NAME):
        entry, table = registry.ENTRIES[one.table], registry.table_of(one.table)
        if one.name in MADE | {entry.address}:
            continue
        row = db.session.scalar(select(func.max(table.c.id)))
        assert row, f"no row of {one.table}"
        words = f"{one.table}_{one.name}"[: table.c[one.name].type.length]
        # By address alone a row is hers only as long as it bears her name.
        hers = {entry.link: person_id} if entry.link and entry.link != "id" else {}
        db.session.execute(table.update().where(table.c.id == row).values({one.name: words} | hers))
        marked.add(words)
    return marked


def test_more_texts_than_fit_come_in_parts_and_that_is_said(app, mara, person_id, monkeypatch):
    monkeypatch.setattr(disclosing, "MOST_TEXTS", 2)
    url = f"/personendaten/auskunft/personen/{person_id}"
    page, told = mara.get(url), []
    parts = [one["href"] for one in page.soup.select("nav.pager a")]
    assert len(parts) >= 2
    for part in parts:
        whole = as_file(mara, part, given(mara.get(part)))
        assert len(whole["texte"]) <= 2
        assert any("Dies ist Teil" in one for one in whole["vorbehalte"])
        told += [one["text"] for one in whole["texte"]]
    assert {"Frau Zeisig ruft an.", "Ute Zeisig und Karl Kleiber sind dafür."} <= set(told)
    assert len(told) == len(set(told))


@pytest.mark.parametrize("restricted", [False, True])
def test_a_guest_who_is_a_contact_is_told_as_one(app, mara, person_id, restricted):
    if restricted:
        with app.app_context():
            cases.restricted(queries.person(person_id))
            db.session.commit()
    for method in (mara.get, mara.post):
        page = method(f"/personendaten/auskunft/gaeste?adresse={MAIL.upper()}")
        assert page.location == f"/personendaten/auskunft/personen/{person_id}"


def test_a_guest_with_a_report_of_a_barrier_alone_is_told_it_and_that_is_noted(app, mara):
    with app.app_context():
        report = {"received_on": today(), "due_on": today() + timedelta(days=42), "form_key": "x"}
        db.session.add(BarrierReport(**report, text="Zu klein gedruckt", sender_email="lea@x.test"))
        db.session.commit()
    url = "/personendaten/auskunft/gaeste?adresse=lea@x.test"
    assert "Zu klein gedruckt" in str(as_file(mara, url, given(mara.get(url))))
    with app.app_context():
        seen = db.session.scalars(select(AuditEvent).where(AuditEvent.name == "privacy.guest-disclosed"))
        assert [one.record_type for one in seen] == ["barrier_reports"]


def test_an_address_of_several_contacts_leads_to_each(app, mara, person_id):
    with app.app_context():
        other = factories.person("Amsel", "Anna")
        other.email = MAIL
        db.session.commit()
        number = other.id
    page = mara.get(f"/personendaten/auskunft/gaeste?adresse={MAIL}")
    links = {one["href"] for one in page.soup.select("main a")}
    assert {f"/personendaten/auskunft/personen/{one}" for one in (person_id, number)} <= links
