"""Restriction, objection and other requests: entered, held at once everywhere, lifted, merged."""

from datetime import date

import pytest
from sqlalchemy import select

from crm.audit import AuditEvent
from crm.consents.models import Way
from crm.contacts import finding, queries
from crm.contacts.models import Function, Person
from crm.dates import months_later
from crm.db import db, today
from crm.duplicates.services import merge_people
from crm.duplicates.undoing import undo
from crm.invitations.audience import find as audience
from crm.invitations.narrowing import Wanted
from crm.invitations.reasons import Skip
from crm.mail.models import MailKind, MailState
from crm.mailings import recipients
from crm.mailings import services as mailings
from crm.registrations.models import Seat
from crm.reports import checks
from crm.rights import services
from crm.rights.models import Right, RightsRequest
from crm.rights.services import TERM
from crm.search import people as search
from tests import factories
from tests.mailings.crowd import outbox

NAME, MAIL = "Quirrenbach", "quirrenbach@coelbe.test"
ASKED = {"kind": Right.RESTRICTION, "way": Way.LETTER, "asked_on": None, "reason": "Angaben sind strittig"}
VIEWS = (
    "/kontakte", "/kontakte?q=Quirin", "/kontakte/liste.csv", "/kontakte/liste.xlsx", "/kontakte/vcard",
    "/kontakte/suche?q=Quirin", "/kontakte/suche?q=Quirrenbach&organisation={place}", "/suche?q=Quirin",
    "/suche/treffer?q=Quirin", "/kontakte/{person}/vcard", "/berichte/datenpruefung",
)  # fmt: skip


@pytest.fixture
def known(app):
    """Somebody in office, known to search, lists and a mailing that waits."""
    with app.app_context():
        person = factories.person(NAME, "Quirin", at="Cölbe", email=MAIL)
        event = factories.event()
        factories.invitation(event, person, email=MAIL)
        mailings.send(factories.mailing(event), factories.member("emil"))
        db.session.commit()
        return {"person": person.id, "event": event.id, "place": factories.place("Cölbe").id}


def seen(client, numbers):
    """In which of the views the person is named."""
    found = []
    for view in VIEWS:
        answer = client.get(view.format(**numbers))
        if NAME.encode() in answer.data or NAME in answer.html:
            found.append(view)
    return found


def enter(client, numbers, kind="restriction", **sent):
    """Enter a request by the form."""
    url = f"/kontakte/{numbers['person']}/rechte/neu?art={kind}"
    return client.submit(url, **({"reason": "Angaben sind strittig", "kind": kind} | sent))


def request_of(app, kind=None):
    """The last request as stored, and the person."""
    with app.app_context():
        found = db.session.scalars(select(RightsRequest).order_by(RightsRequest.id.desc())).first()
        return found, db.session.scalar(select(Person).where(Person.last_name == NAME))


@pytest.mark.parametrize(("kind", "column"), [("restriction", "restricted_on"), ("objection", "objected_on")])
def test_it_holds_at_once_everywhere_and_ends_when_it_is_lifted(app, anna, mara, known, kind, column):
    before = seen(mara, known)
    assert len(before) >= 7, before
    assert enter(anna, known, kind, asked_on="3.2.2026").status == 303
    assert seen(mara, known) == []
    asked, person = request_of(app)
    assert (getattr(person, column), asked.due_on) == (date(2026, 2, 3), None)
    with app.app_context():
        assert [one.state for one in outbox(kind=MailKind.INVITATION)] == [MailState.DROPPED]
        event = db.session.get(factories.Event, known["event"])
        found = recipients.find(event, MailKind.INVITATION, again=True)
        assert [why for _name, why in found.skipped] == [Skip.LIMITED]
        single = audience(Wanted(people=(known["person"],)), factories.event("Zweite").id)
        assert [why for _who, why in single.skipped] == [Skip.LIMITED]
    page = mara.get(f"/kontakte/{known['person']}")
    assert "Die Daten sind nur noch gespeichert." in page.main
    assert NAME in mara.get("/kontakte?nur_gespeichert=1").html
    assert "1 Kontakt, dessen Daten nur noch gespeichert sind" in mara.get("/kontakte").main
    url = f"/kontakte/{known['person']}/rechte/{asked.id}/erledigen"
    assert mara.submit(url, answer="Geprüft, Angaben stimmen, Frau Q. weiß Bescheid").status == 303
    assert seen(mara, known) == before
    with app.app_context():
        names = list(db.session.scalars(select(AuditEvent.name).order_by(AuditEvent.id)))
        for name in ("right.entered", "person.limited", "right.answered", "person.unlimited"):
            assert names.count(name) == 1, name


def test_without_the_condition_the_same_walk_finds_the_person(app, anna, mara, known, monkeypatch):
    """The control: where nobody asks for the mark, the person is seen and written to."""
    for module in (queries, finding, search, checks):
        monkeypatch.setattr(module, "unlimited", lambda: Person.id.is_not(None))
    monkeypatch.setattr(Person, "is_limited", False)
    before = seen(mara, known)
    enter(anna, known)
    assert seen(mara, known) == before
    assert len(before) >= 7
    with app.app_context():
        event = db.session.get(factories.Event, known["event"])
        assert recipients.find(event, MailKind.INVITATION, again=True).people


def test_thanks_go_neither_to_the_guest_nor_to_the_address(context):
    event = factories.event(in_days=-2)
    person = factories.person(NAME, "Quirin", email=MAIL)
    guest = {"came_at": event.starts_at, "seat": Seat.SEATED}
    factories.registration(event, NAME, "Quirin", email=MAIL, address_key=MAIL, **guest)
    assert recipients.find(event, MailKind.THANKS).people
    services.enter(person, ASKED, factories.member("anna"))
    assert recipients.find(event, MailKind.THANKS).people == []


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"reason": " "}, "Geben Sie in wenigen Worten an"),
        ({"asked_on": "1.1.2100"}, "liegt in der Zukunft"),
        ({"kind": "quatsch"}, "Ungültige Auswahl"),
        ({"way": "link"}, "Ungültige Auswahl"),
    ],
)
def test_a_wrong_request_is_refused_and_keeps_what_was_typed(app, anna, known, sent, said):
    page = enter(anna, known, **sent)
    assert page.status == 422
    assert said in page.html
    if "reason" not in sent:
        assert page.fields()["reason"] == ["Angaben sind strittig"]
    assert request_of(app)[0] is None


def test_who_may_not_is_refused_and_a_double_click_makes_one(app, rita, anna, emil, known):
    url = f"/kontakte/{known['person']}/rechte"
    assert [rita.get(url).status, rita.post(f"{url}/neu", kind="access").status] == [403, 403]
    fields = anna.get(f"{url}/neu").fields() | {"reason": "Was ist gespeichert?"}
    assert [anna.post(f"{url}/neu", fields).status for _click in range(2)] == [303, 303]
    with app.app_context():
        (one,) = db.session.scalars(select(RightsRequest)).all()
        assert one.due_on == months_later(today(), TERM)
        number = one.id
    assert emil.submit(f"{url}/neu", kind="access", reason="noch einmal").status == 422, "it is open already"
    for client in (anna, emil):
        assert client.get(f"{url}/{number}/erledigen").status == 403
        assert client.get("/personendaten/anliegen").status == 403


def test_answering_asks_what_was_done_and_a_lost_update_is_told(app, anna, mara, known):
    enter(anna, known, "access")
    number = request_of(app)[0].id
    url = f"/kontakte/{known['person']}/rechte/{number}/erledigen"
    page = mara.submit(url, answer=" ", answered_on="heute")
    assert (page.status, "Geben Sie an, was getan wurde" in page.html) == (422, True)
    fields = mara.get(url).fields() | {"answer": "Auskunft per Brief"}
    with app.app_context():
        db.session.get(RightsRequest, number).answer = "Schon am Telefon"
        db.session.commit()
    assert mara.post(url, fields).status == 409
    assert mara.submit(url, answer="Auskunft per Brief").status == 303
    page = mara.get("/personendaten/anliegen?stand=erledigt")
    assert NAME in page.main
    assert NAME not in mara.get("/personendaten/anliegen").main


def test_the_list_puts_what_is_late_first(app, anna, mara, known):
    enter(anna, known, "objection")
    enter(anna, known, "access", asked_on="3.1.2026")
    page = mara.get("/personendaten/anliegen")
    rows = [row.get_text(" ") for row in page.soup.select("tbody tr")]
    assert "überfällig seit" in rows[0]
    assert "gilt" in rows[1]


@pytest.mark.parametrize(
    ("day", "due"),
    [
        (date(2026, 1, 31), date(2026, 2, 28)), (date(2028, 1, 31), date(2028, 2, 29)),
        (date(2026, 12, 31), date(2027, 1, 31)), (date(2026, 10, 25), date(2026, 11, 25)),
    ],
)  # fmt: skip
def test_a_month_ends_on_the_same_day_or_the_last(day, due):
    assert months_later(day, TERM) == due


def test_of_two_doubles_the_stricter_wins_and_undoing_gives_back(context):
    free, angry = factories.person("Zwei", "Zita"), factories.person("Zwei", "Zita")
    by = factories.member("anna")
    services.enter(angry, ASKED | {"kind": Right.OBJECTION}, by)
    merge = merge_people(free.id, angry.id, {one.id: str(one.version) for one in (free, angry)}, {}, by)
    assert free.objected_on == today()
    undo(merge, by)
    assert (free.objected_on, angry.objected_on) == (None, today())
    assert db.session.scalar(select(RightsRequest.person_id)) == angry.id


def test_a_restriction_for_an_erasure_stays_what_it_is(app, anna, mara, known):
    """Both may hold; lifting the case gives back the mark."""
    enter(anna, known)
    mara.submit(f"/personendaten/personen/{known['person']}/einschraenken", because="Antrag")
    assert mara.get(f"/kontakte/{known['person']}/rechte").status == 404
    assert NAME not in mara.get("/personendaten/anliegen").html
    with app.app_context():
        assert db.session.scalar(select(RightsRequest.reason)) is None, "sealed with the case"
    mara.submit("/personendaten/faelle/1/aufheben")
    asked, person = request_of(app)
    assert (person.restricted_on, asked.reason) == (today(), "Angaben sind strittig")
    with app.app_context():
        assert db.session.scalar(select(Function.email)) == MAIL
