"""Restricted, offered, released, erased: what is seen, what is refused, what is written down."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from crm.audit import AuditEvent
from crm.consultations.models import ParticipationPerson
from crm.contacts.models import Function
from crm.db import BERLIN, db, now
from crm.errors import RuleBroken
from crm.events.models import ProgrammeItem
from crm.mail.models import MailKind, MailState, OutgoingMail
from crm.mail.services import post
from crm.privacy import queries, services
from crm.privacy.models import Case, CaseState, SealedValue
from crm.search.models import DocumentText
from tests import factories
from tests.privacy import cases

MAILBOX = "rathaus@lahntal.test"
NAME, MAIL = "Quirrenbach", "quirrenbach@cölbe.test"
VIEWS = (
    "/kontakte?q=Quirin", "/kontakte/liste.csv", "/kontakte/vcard", "/kontakte/suche?q=Quirin",
    "/suche?q=Quirin", "/suche?q=Quirin&art=veranstaltungen", "/kommunen/{place}", "/veranstaltungen/{event}",
    "/veranstaltungen/{event}/gaeste", "/entfernt", "/kontakte/doppelte", "/postausgang",
    "/beratungen/{talk}", "/personendaten",
)  # fmt: skip


@pytest.fixture
def known(app):
    """Somebody with a talk, an event, a mail and a function."""
    with app.app_context():
        person = factories.person(NAME, "Quirin", at="Cölbe", role=factories.FunctionRole.HEAD, is_head=True)
        person.email = MAIL
        talk = factories.talk("Cölbe")
        talk.participations[0].people.append(ParticipationPerson(person_id=person.id, function_called="Amt"))
        event = factories.event(in_days=-5)
        factories.registration(event, NAME, "Quirin", person_id=person.id)
        factories.invitation(event, person)
        spoken = {"position": 1, "title": "Grußwort", "speaker": f"Quirin {NAME}", "person_id": person.id}
        db.session.add(ProgrammeItem(event_id=event.id, **spoken))
        post(MailKind.NOTICE, MAIL, f"An {NAME}", "Guten Tag")
        db.session.commit()
        return {"person": person.id, "talk": talk.id, "event": event.id, "place": factories.place("Cölbe").id}


def seen(client, numbers):
    """In which of the normal views the person is named."""
    found = []
    for view in VIEWS:
        page = client.get(view.format(**numbers))
        if NAME in page.response.get_data(as_text=True):
            found.append(view)
    return found


def case_of(app, numbers):
    with app.app_context():
        return queries.case_of(numbers["person"])


def restrict(client, numbers):
    return client.submit(f"/personendaten/personen/{numbers['person']}/einschraenken", because="Antrag")


def test_a_restricted_person_is_in_none_of_the_normal_views_and_comes_back(app, mara, known):
    before = seen(mara, known)
    assert len(before) >= 7, before
    assert restrict(mara, known).status == 303
    assert seen(mara, known) == []
    assert mara.get(f"/kontakte/{known['person']}").status == 404
    assert mara.get(f"/kontakte/{known['person']}/wiederherstellen").status == 404
    with app.app_context():
        mail = db.session.scalars(select(OutgoingMail)).one()
        assert (mail.state, mail.recipient, mail.subject) == (MailState.DROPPED, "", "")
        case = queries.case_of(known["person"]).id
    mara.submit(f"/personendaten/faelle/{case}/aufheben")
    assert seen(mara, known) == before
    with app.app_context():
        assert db.session.scalar(select(func.count(SealedValue.id))) == 0


def test_the_case_shows_the_name_and_each_look_is_written_down(app, mara, anna, ada, known):
    restrict(mara, known)
    case = case_of(app, known)
    assert NAME in mara.get(f"/personendaten/faelle/{case.id}").html
    assert NAME in mara.get("/personendaten/archivliste.csv").response.get_data(as_text=True)
    for client in (anna, ada):
        assert client.get(f"/personendaten/faelle/{case.id}").status == 403
        assert client.get("/personendaten/archivliste.csv").status == 403
    with app.app_context():
        looks = select(AuditEvent).where(AuditEvent.name == "privacy.seen", AuditEvent.record_id == case.id)
        found = db.session.scalars(looks).all()
        assert len(found) == 2
        assert {one.user_id for one in found} == {factories.member("mara").id}
        assert NAME not in str([one.changes for one in found])


def test_restricting_asks_for_a_reason_and_is_done_once(app, mara, known):
    page = mara.submit(f"/personendaten/personen/{known['person']}/einschraenken", because=" ")
    assert page.status == 422
    assert "Geben Sie an, warum" in page.html
    assert restrict(mara, known).status == 303
    again = mara.post(f"/personendaten/personen/{known['person']}/einschraenken", because="noch einmal")
    assert again.status == 303
    with app.app_context():
        assert db.session.scalar(select(func.count(Case.id))) == 1


def test_what_a_restriction_takes_away_at_once_is_said_first(app, mara, known):
    url = f"/personendaten/personen/{known['person']}/einschraenken"
    assert "Sehen Sie zuerst" not in mara.get(url).main
    with app.app_context():
        undated = factories.event("Forum", starts_at=None, ends_at=None)
        running = factories.event(
            "Messe", starts_at=now() - timedelta(days=1), ends_at=now() + timedelta(days=1)
        )
        for one in (undated, running):
            factories.registration(one, NAME, "Quirin", email=MAIL, address_key=MAIL)
        factories.follow_up("Anrufen", person_id=known["person"])
        db.session.commit()
    page = mara.get(url).main
    assert "Kommende Veranstaltungen, bei denen die Person Gast ist oder spricht: 2" in page
    assert "Offene Wiedervorlagen zur Person: 1" in page


def test_nothing_is_erased_before_the_archive_was_asked_and_answered_or_silent(app, mara, known):
    with app.app_context():
        case, by = cases.restricted(queries.person(known["person"])), factories.member("mara")
        with pytest.raises(RuleBroken):
            services.erase(case, True, "x", by)
        services.offer([case], by)
        with pytest.raises(RuleBroken, match="noch nicht entschieden"):
            services.erase(case, True, "x", by)
        cases.silent(case)
        services.erase(case, True, "x", by)
        assert (case.state, case.rule) == (CaseState.ERASED, services.AFTER_SILENCE)


@pytest.mark.parametrize(
    ("offered", "due"),
    [
        ((2026, 8, 31), date(2027, 2, 28)),
        ((2027, 8, 31), date(2028, 2, 29)),
        ((2026, 1, 15), date(2026, 7, 15)),
    ],
)
def test_the_silence_of_the_archive_ends_after_six_months(offered, due):
    # At noon: late in the evening it is the next day in summer.
    case = Case(state=CaseState.OFFERED, offered_at=datetime(*offered, 12, tzinfo=BERLIN))
    assert queries.silent_until(case) == due
    assert queries.may_be_erased(case, due)
    assert not queries.may_be_erased(case, due - timedelta(days=1))


def test_an_erasure_is_refused_with_what_forbids_it(app, mara, known):
    with app.app_context():
        person = queries.person(known["person"])
        factories.follow_up("Anrufen", person_id=person.id)
        coming = factories.event(in_days=9)
        factories.registration(
            coming, NAME, "Quirin", person_id=person.id, email="q@x.test", address_key="q@x.test"
        )
        group = factories.cooperation()
        paper = factories.document(group, resolution_id=factories.resolution(group, "Cölbe").id)
        db.session.add(DocumentText(document_id=paper.id, plain=f"Es sprach Quirin {NAME}."))
        factories.newer(paper, group)
        number, case = paper.id, cases.due(person).id
        db.session.commit()
    page = mara.submit(f"/personendaten/faelle/{case}/loeschen", because="x", sure="1")
    assert page.status == 422
    for words in ("Offene Wiedervorlagen", "Kommende Veranstaltungen", "Dokumente, die die Person nennen"):
        assert words in page.html
    assert page.soup.select(f"main a[href='/dokumente/{number}/ansehen']")
    with app.app_context():
        assert queries.one(case).state is CaseState.OFFERED
        assert db.session.scalar(select(func.count(SealedValue.id))) > 0


def test_an_erasure_asks_for_the_tick_and_refuses_a_lost_update(app, mara, known):
    with app.app_context():
        case = cases.due(queries.person(known["person"])).id
        db.session.commit()
    page = mara.submit(f"/personendaten/faelle/{case}/loeschen", because="Frist")
    assert page.status == 422
    assert "Setzen Sie den Haken" in page.html
    assert "Frist" in page.html
    fields = mara.get(f"/personendaten/faelle/{case}/loeschen").fields(0) | {"sure": "1", "because": "Frist"}
    with app.app_context():
        queries.one(case).decision = "Neu gelesen"
        db.session.commit()
    assert mara.post(f"/personendaten/faelle/{case}/loeschen", fields).status in (409, 422)
    with app.app_context():
        assert queries.one(case).state is CaseState.OFFERED


def test_an_erased_person_stays_as_a_number(app, mara, known):
    with app.app_context():
        case = cases.erased(queries.person(known["person"]))
        db.session.commit()
        person = queries.person(known["person"])
        assert (person.name, person.email, person.removed_at is not None) == ("gelöschte Person", None, True)
        assert db.session.scalar(select(func.count(ParticipationPerson.id))) == 1
        assert NAME not in str(case.counts)
    page = mara.get("/personendaten?stand=geloescht")
    assert "Anmeldungen: 1" in page.text
    assert "Mara Marx" in page.text
    assert NAME not in page.html
    assert seen(mara, known) == []


def test_the_same_last_name_of_others_stays_unless_wished(app, mara):
    with app.app_context():
        one, other = factories.person("Maus", "Ute"), factories.person("Maus", "Udo")
        other.note = "Frau Maus und Ute Maus; Maus, Ute; Rathausmaus"
        first = cases.erased(one, last_name_too=False)
        db.session.flush()
        db.session.refresh(other)
        assert other.note == "Frau Maus und gelöschte Person; gelöschte Person; Rathausmaus"
        assert other.name == "Udo Maus"
        assert not first.last_name_too


def test_a_shared_mailbox_erases_nobody_else(app):
    with app.app_context():
        one, other = factories.person("Amsel", "Anna"), factories.person("Drossel", "Dirk")
        one.email = other.email = MAILBOX
        one.phone, other.phone = "06420 82300", "+49 (0) 6420/823-00"
        town = factories.place("Lahntal")
        town.email, town.phone = "Rathaus@lahntal.test", "06420 82300"
        event = factories.event(in_days=-9)
        factories.registration(event, "Drossel", "Dirk", email=one.email, address_key=one.email)
        cases.erased(one)
        for row in (other, town):
            db.session.refresh(row)
        assert (other.name, other.email, other.phone) == ("Dirk Drossel", MAILBOX, "+49 (0) 6420/823-00")
        assert (town.email, town.phone) == ("Rathaus@lahntal.test", "06420 82300")
        assert db.session.scalar(select(func.count(Function.id)).where(Function.person_id == other.id)) == 1
