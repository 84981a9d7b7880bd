"""Guests register without signing in: the same answer for everybody, one mail, a seat or a position."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from crm.addresses import comparable
from crm.db import db, now
from crm.events.models import Entrance, EventState
from crm.invitations import queries as invitations
from crm.invitations.models import Answer
from crm.mail.models import MailKind, OutgoingMail
from crm.registrations import keying, public, services
from crm.registrations.forms import PublicForm
from crm.registrations.letters import path_to
from crm.registrations.models import Origin, Registration, Seat
from crm.retention.models import RetentionSetting
from tests import factories

ONE_LINE = "Hier passt nur eine Zeile hinein. Entfernen Sie den Zeilenumbruch."
GUEST = {
    "first_name": "Petra",
    "last_name": "Henkel",
    "email": "petra@lahntal.test",
    "organisation": "lahntal",
}


@pytest.fixture(autouse=True)
def quick(app):
    """Let the form be sent at once."""
    before, app.config["PUBLIC_FORM_SECONDS"] = app.config["PUBLIC_FORM_SECONDS"], 0
    yield
    app.config["PUBLIC_FORM_SECONDS"] = before


def make(app, **over):
    """An event; give its number and its public address."""
    with app.app_context():
        one = factories.event(**over)
        db.session.commit()
        return one.id, f"/anmeldung/{one.secret}"


def guests(app, event_id):
    """All registrations of an event, in order."""
    with app.app_context():
        query = select(Registration).where(Registration.event_id == event_id).order_by(Registration.id)
        return list(db.session.scalars(query))


def mails(app):
    """(kind, recipient) of every mail in the outbox."""
    with app.app_context():
        return [(one.kind, one.recipient) for one in db.session.scalars(select(OutgoingMail).order_by("id"))]


def link(app, kind=MailKind.TO_CONFIRM):
    """The personal path in the last mail of a kind."""
    with app.app_context():
        query = select(OutgoingMail.body).where(OutgoingMail.kind == kind).order_by(OutgoingMail.id.desc())
        body = db.session.scalars(query).first()
    start = body.index("/meine-anmeldung/")
    return body[start : body.index("\n", start)]


def test_a_guest_registers_confirms_and_has_a_seat(app, stranger):
    event_id, url = make(app)
    page = stranger.submit(url, follow=True, **GUEST)
    assert "Wir haben Ihnen eine E-Mail geschickt" in page.main
    assert "Anmelden" not in [one.get_text(strip=True) for one in page.soup.select("main button")]
    (one,) = guests(app, event_id)
    assert (one.seat, one.confirmed_at) == (Seat.SEATED, None)
    assert mails(app) == [(MailKind.TO_CONFIRM, "petra@lahntal.test")]
    path = link(app)
    assert "Bitte bestätigen" in stranger.get(path).main
    assert guests(app, event_id)[0].confirmed_at is None, "looking must not confirm"
    page = stranger.post(path, antwort="bestaetigen", follow=True)
    assert "Ihr Platz ist bestätigt" in page.main
    (one,) = guests(app, event_id)
    assert one.confirmed_at is not None
    with app.app_context():
        assert db.session.get(Registration, one.id).organisation.name == "Lahntal"
        mail = db.session.scalar(select(OutgoingMail).where(OutgoingMail.kind == MailKind.CONFIRMED))
        assert "BEGIN:VEVENT" in mail.calendar


def test_three_fields_are_enough_and_no_cookie_is_set_by_reading_the_dates(app, stranger):
    event_id, url = make(app)
    assert "Set-Cookie" not in stranger.get("/termine").headers
    stranger.submit(url, last_name="Bach", email="k.bach@web.test")
    (one,) = guests(app, event_id)
    assert (one.name, one.companions, one.needs) == ("Bach", 0, None)


def test_guests_are_not_asked_for_a_phone_and_one_sent_all_the_same_is_not_kept(app, stranger):
    number, url = make(app)
    assert "phone" not in stranger.get(url).fields()
    stranger.submit(url, last_name="Henkel", email="henkel@web.test", phone="06421 1")
    with app.app_context():
        kept = db.session.scalars(select(Registration).where(Registration.event_id == number)).all()
        assert [(one.last_name, one.phone) for one in kept] == [("Henkel", None)]


@pytest.mark.parametrize("again", ["Petra@Lahntal.test", "petra@lahntal.test ", "PETRA@LAHNTAL.TEST"])
def test_one_address_registers_once_and_the_answer_is_the_same(app, stranger, again):
    event_id, url = make(app)
    first = stranger.submit(url, follow=True, **GUEST)
    second = stranger.submit(url, follow=True, **(GUEST | {"email": again, "last_name": "Andere"}))
    assert second.main == first.main
    assert [one.name for one in guests(app, event_id)] == ["Petra Henkel"]


def test_control_without_comparing_addresses_one_would_register_twice(app, stranger, monkeypatch):
    monkeypatch.setattr(services, "comparable", lambda email: f"{now().timestamp()} {email}")
    monkeypatch.setattr(keying, "comparable", lambda email: f"{now().timestamp()} {email}")
    with pytest.raises(AssertionError):
        test_one_address_registers_once_and_the_answer_is_the_same(app, stranger, "Petra@Lahntal.test")
    with pytest.raises(AssertionError, match="4 == 1"):
        test_a_form_sent_twice_at_once_writes_one_mail(app, stranger)


def test_umlauts_in_addresses_are_one_however_they_are_composed():
    assert comparable("Mu\u0308ller@Ko\u0308ln.de") == comparable("müller@KÖLN.de") == "müller@xn--kln-sna.de"


def test_an_address_gets_three_mails_in_an_hour_and_no_more(app, stranger):
    _event_id, url = make(app)
    for turn in range(6):
        with time_machine.travel(now() + timedelta(minutes=2 * turn)):
            stranger.submit(url, **GUEST)
    assert len(mails(app)) == 3


def test_a_form_sent_twice_at_once_writes_one_mail(app, stranger):
    _event_id, url = make(app)
    for _turn in range(2):
        stranger.submit(url, **GUEST)
    assert len(mails(app)) == 1


def test_full_means_waiting_list_and_nobody_overtakes(app, stranger):
    event_id, url = make(app, capacity=2)
    for number in range(4):
        stranger.submit(url, **(GUEST | {"email": f"g{number}@lahntal.test"}))
    found = guests(app, event_id)
    assert [(one.seat, one.position) for one in found] == [
        (Seat.SEATED, None), (Seat.SEATED, None), (Seat.WAITING, 1), (Seat.WAITING, 2),
    ]  # fmt: skip
    page = stranger.get(url)
    assert "Alle 2 Plätze sind vergeben" in page.main
    assert "Vor Ihnen warten 2 Anmeldungen" in page.main
    assert "Auf die Warteliste setzen" in page.main


def test_signing_off_offers_the_seat_to_the_first_who_confirmed(app, stranger):
    event_id, url = make(app, capacity=1)
    stranger.submit(url, **GUEST)
    seated = link(app)
    stranger.post(seated, antwort="bestaetigen")
    stranger.submit(url, **(GUEST | {"email": "zweite@lahntal.test"}))
    stranger.submit(url, **(GUEST | {"email": "dritte@lahntal.test"}))
    third = link(app)
    stranger.post(third, antwort="bestaetigen")
    stranger.post(seated, antwort="abmelden")
    assert [one.seat for one in guests(app, event_id)] == [Seat.SIGNED_OFF, Seat.WAITING, Seat.OFFERED]
    assert (MailKind.OFFER, "dritte@lahntal.test") in mails(app)
    assert "Ein Platz ist frei" in stranger.get(third).main
    page = stranger.post(third, antwort="annehmen", follow=True)
    assert "Ihr Platz ist bestätigt" in page.main
    assert guests(app, event_id)[2].seat is Seat.SEATED


def test_an_offer_that_ended_is_not_taken_any_more(app, stranger):
    event_id, url = make(app, capacity=1)
    with app.app_context():
        event = db.session.get(factories.Event, event_id)
        late = factories.registration(event, seat=Seat.OFFERED, offered_until=now() - timedelta(minutes=1))
        path = path_to(late)
        db.session.commit()
    page = stranger.post(path, antwort="annehmen")
    assert page.status == 422
    assert "Das Angebot ist abgelaufen" in page.main
    assert guests(app, event_id)[0].seat is Seat.OFFERED


def test_a_personal_link_confirms_at_once_and_notes_the_answer(app, stranger):
    event_id, url = make(app, entrance=Entrance.INVITED)
    with app.app_context():
        invited = factories.invitation(db.session.get(factories.Event, event_id), factories.person())
        token, number = invitations.token_of(invited), invited.id
        db.session.commit()
    assert stranger.get(url).status == 404, "only invited guests see it"
    assert stranger.get(f"{url}?einladung={token}x").status == 404
    page = stranger.get(f"{url}?einladung={token}")
    assert page.fields(1)["last_name"] == ["Henkel"]
    page = stranger.submit(f"{url}?einladung={token}", form=1, follow=True)
    assert "Ihr Platz ist bestätigt" in page.main
    (one,) = guests(app, event_id)
    assert (one.invitation_id, one.seat) == (number, Seat.SEATED)
    with app.app_context():
        assert db.session.get(factories.Invitation, number).answer is Answer.ACCEPTED
    assert [kind for kind, _to in mails(app)] == [MailKind.CONFIRMED]


def test_control_without_what_the_invitation_knows_one_would_be_asked_twice(app, stranger, monkeypatch):
    monkeypatch.setattr(public, "_form", lambda _invitation: PublicForm())
    with pytest.raises(AssertionError, match="Henkel"):
        test_a_personal_link_confirms_at_once_and_notes_the_answer(app, stranger)


def test_somebody_else_who_comes_on_an_invitation_represents(app, stranger):
    event_id, url = make(app)
    with app.app_context():
        invited = factories.invitation(db.session.get(factories.Event, event_id), factories.person())
        token, number = invitations.token_of(invited), invited.id
        db.session.commit()
    stranger.submit(f"{url}?einladung={token}", form=1, last_name="Roth", first_name="Sina")
    with app.app_context():
        answer = db.session.get(factories.Invitation, number)
        assert (answer.answer, answer.represented_by) == (Answer.REPRESENTED, "Sina Roth")


def test_an_invited_person_declines_with_one_button(app, stranger):
    event_id, url = make(app)
    with app.app_context():
        invited = factories.invitation(db.session.get(factories.Event, event_id), factories.person())
        token, number = invitations.token_of(invited), invited.id
        db.session.commit()
    page = stranger.post(f"{url}?einladung={token}", absagen="1", follow=True)
    assert "Ihre Antwort bisher: abgesagt" in page.main
    with app.app_context():
        assert db.session.get(factories.Invitation, number).answer is Answer.DECLINED


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"last_name": ""}, "Tragen Sie Ihren Nachnamen ein."),
        ({"email": ""}, "Tragen Sie Ihre E-Mail-Adresse ein."),
        ({"email": "a@@b.de"}, "Schreiben Sie die Adresse so: name@example.de."),
        ({"email": "a@b.de, c@d.de"}, "Schreiben Sie die Adresse so: name@example.de."),
        ({"email": "a@b.de\nBcc: x@y.de"}, ONE_LINE),
        ({"last_name": "x" * 201}, "Hier passen höchstens 200 Zeichen hinein, es sind 201."),
        ({"last_name": "\u200b"}, "Tragen Sie Ihren Nachnamen ein."),
        ({"companions": "10"}, "Die Zahl muss zwischen 0 und 9 liegen."),
        ({"companions": "1_0"}, "Das ist keine Zahl. Schreiben Sie sie so: 1234."),
        ({"kind": "king"}, "Ungültige Auswahl. Wählen Sie einen Eintrag der Liste."),
        ({"needs": "x" * 501}, "Hier passen höchstens 500 Zeichen hinein, es sind 501."),
    ],
)  # fmt: skip
def test_bad_input_is_named_and_kept(app, stranger, changes, said):
    event_id, url = make(app)
    page = stranger.submit(url, **(GUEST | changes))
    assert page.status == 422
    assert said in page.errors(), page.errors()
    assert page.fields()["first_name"] == ["Petra"]
    assert guests(app, event_id) == []


@pytest.mark.parametrize(
    "state", [EventState.SAVE_THE_DATE, EventState.CLOSED, EventState.HELD, EventState.CANCELLED]
)
def test_only_an_open_event_takes_registrations(app, stranger, state):
    event_id, url = make(app, state=state)
    page = stranger.get(url)
    assert not page.soup.select("form.pub-form")
    assert stranger.post(url, GUEST).status == 200
    assert guests(app, event_id) == []


def test_a_planned_event_and_a_wrong_address_look_the_same(app, stranger):
    _event_id, url = make(app, state=EventState.PLANNED)
    planned, wrong = stranger.get(url), stranger.get("/anmeldung/" + "x" * 32)
    assert planned.status == wrong.status == 404
    assert planned.seen == wrong.seen


def test_a_program_that_fills_in_everything_is_thanked_and_forgotten(app, stranger):
    event_id, url = make(app)
    page = stranger.submit(url, follow=True, homepage="https://spam.test", **GUEST)
    assert "Wir haben Ihnen eine E-Mail geschickt" in page.main
    assert guests(app, event_id) == []
    assert mails(app) == []


def test_who_is_faster_than_a_person_is_asked_to_send_again(app, stranger):
    app.config["PUBLIC_FORM_SECONDS"] = 2
    event_id, url = make(app)
    page = stranger.submit(url, **GUEST)
    assert page.status == 422
    assert "Bitte prüfen Sie Ihre Angaben und senden Sie das Formular noch einmal." in page.errors()
    assert guests(app, event_id) == []


def test_a_flood_from_one_address_is_told_to_wait(app, stranger):
    event_id, url = make(app)
    before, app.config["PUBLIC_POSTS_PER_HOUR"] = app.config["PUBLIC_POSTS_PER_HOUR"], 3
    try:
        answers = [stranger.submit(url, **(GUEST | {"email": f"g{n}@l.test"})) for n in range(5)]
    finally:
        app.config["PUBLIC_POSTS_PER_HOUR"] = before
    assert [one.status for one in answers] == [303, 303, 303, 429, 429]
    assert int(answers[-1].headers["Retry-After"]) > 3000
    assert len(guests(app, event_id)) == 3


def test_nothing_else_of_a_registration_can_be_set_from_outside(app, stranger):
    event_id, url = make(app)
    more = {
        "seat": "seated",
        "confirmed_at": "2026-01-01",
        "position": "1",
        "id": "1",
        "person_id": "1",
        "version": "9",
    }
    stranger.submit(url, **(GUEST | more))
    (one,) = guests(app, event_id)
    assert (one.confirmed_at, one.person_id, one.version) == (None, None, 1)


def test_dead_links_say_so(app, stranger):
    event_id, url = make(app)
    stranger.submit(url, **GUEST)
    path = link(app)
    with app.app_context():
        one = db.session.scalar(select(Registration))
        one.address_key = one.email = "neu@lahntal.test"
        db.session.commit()
    assert stranger.get(path).status == 410
    assert stranger.get(path + "x").status == 404
    assert stranger.get("/meine-anmeldung/unsinn").status == 404
    assert stranger.post(path, antwort="abmelden").status == 410
    assert guests(app, event_id)[0].seat is Seat.SEATED


def test_the_public_list_shows_what_everybody_may_see(app, stranger):
    make(app, title="Offen für alle")
    make(app, title="Nur mit Adresse", entrance=Entrance.UNLISTED)
    make(app, title="Nur geladen", entrance=Entrance.INVITED)
    make(app, title="Noch geheim", state=EventState.PLANNED)
    make(app, title="Vorbei", in_days=-3)
    page = stranger.get("/termine")
    assert [one.get_text(strip=True) for one in page.soup.select("main h2")] == ["Offen für alle"]


def test_signing_off_twice_changes_nothing(app, stranger):
    event_id, url = make(app)
    stranger.submit(url, **GUEST)
    path = link(app)
    for _turn in range(2):
        stranger.post(path, antwort="abmelden")
    with app.app_context():
        number = db.session.scalar(
            select(func.count(OutgoingMail.id)).where(OutgoingMail.kind == MailKind.SIGNED_OFF)
        )
    assert number == 1
    stranger.post(path, antwort="bestaetigen")
    assert guests(app, event_id)[0].seat is Seat.SEATED


def test_the_public_list_says_whether_there_are_seats(app, stranger):
    event_id, url = make(app, title="Voll", capacity=1)
    make(app, title="Frei")
    stranger.submit(url, **GUEST)
    page = stranger.get("/termine")
    found = {
        one.h2.get_text(strip=True): one.get_text(" ", strip=True) for one in page.soup.select("article")
    }
    assert "ausgebucht" in found["Voll"]
    assert "Anmeldung offen" in found["Frei"]


def test_guests_find_their_papers_and_the_event_on_their_own_page(app, stranger):
    event_id, url = make(app)
    with app.app_context():
        event = db.session.get(factories.Event, event_id)
        factories.event_paper(event)
        path = path_to(factories.registration(event))
        db.session.commit()
    page = stranger.get(path)
    links = [one["href"] for one in page.soup.select("main a")]
    assert url in links
    assert any("/unterlagen/" in one for one in links)
    paper = next(one for one in links if "/unterlagen/" in one)
    assert stranger.get(paper).headers["Content-Disposition"].startswith("attachment")


def test_who_came_without_registering_takes_no_seat(app, rita):
    with app.app_context():
        event = factories.event(capacity=1, in_days=0)
        factories.registration(event)
        factories.registration(event, "Spontan", origin=Origin.AT_THE_DOOR, came_at=now())
        number = event.id
        db.session.commit()
    assert "1 von 1 Plätzen belegt" in rita.get(f"/veranstaltungen/{number}").main


def test_the_promised_period_of_needs_is_the_one_that_is_set(app, stranger):
    _event_id, url = make(app)
    assert "14 Tage nach der Veranstaltung" in stranger.get(url).main
    with app.app_context():
        db.session.add(RetentionSetting(key="needs", period=1))
        db.session.commit()
    assert "1 Tag nach der Veranstaltung" in stranger.get(url).main
