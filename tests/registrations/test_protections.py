"""What strangers, old links and colleagues must not be able to do with registrations."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from crm.db import db, now
from crm.events.models import Event, EventState
from crm.events.services import remove
from crm.invitations import queries as invitations
from crm.invitations.models import Answer, Invitation
from crm.mail.models import MailKind, MailState, OutgoingMail
from crm.registrations import duties, letters, queries, services
from crm.registrations.letters import path_to
from crm.registrations.models import Registration, Seat
from tests import factories
from tests.registrations.test_public import GUEST, guests, mails

SOON = now() + timedelta(hours=9)
ODD = ["/anmeldung/a%00b", "/rueckmeldung/a%00b", "/anmeldung/%FF", "/anmeldung/" + "x" * 500]


@pytest.fixture(autouse=True)
def quick(app):
    """Let forms be sent at once."""
    before, app.config["PUBLIC_FORM_SECONDS"] = app.config["PUBLIC_FORM_SECONDS"], 0
    yield
    app.config["PUBLIC_FORM_SECONDS"] = before


@pytest.fixture
def invited(app):
    """An event with an invited person: its number, its path with the personal link, the invitation."""
    with app.app_context():
        event = factories.event(capacity=5)
        made = factories.invitation(event, factories.person())
        token = invitations.token_of(made)
        db.session.commit()
        return event.id, f"/anmeldung/{event.secret}?einladung={token}", made.id


def of(app, model, number):
    """Load a record."""
    with app.app_context():
        return db.session.get(model, number)


def waiting(app, kind):
    """Recipients of mails of a kind that still wait."""
    with app.app_context():
        query = select(OutgoingMail.recipient).where(
            OutgoingMail.kind == kind, OutgoingMail.state == MailState.WAITING
        )
        return list(db.session.scalars(query))


def test_a_personal_link_opens_nobody_else_s_registration(app, stranger, invited):
    event_id, url, _number = invited
    with app.app_context():
        other = factories.registration(db.session.get(Event, event_id), "Fremd")
        theirs, address = path_to(other), other.email
        db.session.commit()
    page = stranger.submit(url, form=1, email=address)
    assert "/meine-anmeldung/" not in page.location
    assert "gesendet=1" in page.location
    assert theirs not in page.location
    assert [one.last_name for one in guests(app, event_id)] == ["Fremd"]


def test_a_personal_link_is_good_for_one_registration(app, stranger, invited):
    event_id, url, _number = invited
    first = stranger.submit(url, form=1)
    again = stranger.submit(url, form=1, email="andere@lahntal.test", last_name="Andere")
    assert first.location.partition(".")[0] == again.location.partition(".")[0]
    assert len(guests(app, event_id)) == 1


def test_another_address_on_a_personal_link_is_confirmed_by_mail(app, stranger, invited):
    event_id, url, number = invited
    stranger.submit(url, form=1, email="vertretung@lahntal.test", last_name="Roth", first_name="Sina")
    (one,) = guests(app, event_id)
    assert one.confirmed_at is None
    assert of(app, Invitation, number).answer is Answer.NONE
    with app.app_context():
        path = path_to(db.session.get(Registration, one.id))
    stranger.post(path, antwort="bestaetigen")
    answer = of(app, Invitation, number)
    assert (answer.answer, answer.represented_by) == (Answer.REPRESENTED, "Sina Roth")


def test_registering_again_after_signing_off_counts_as_accepted(app, stranger, invited):
    event_id, url, number = invited
    mine = stranger.submit(url, form=1).location
    stranger.post(mine, antwort="abmelden")
    assert of(app, Invitation, number).answer is Answer.DECLINED
    stranger.submit(url)
    assert of(app, Invitation, number).answer is Answer.ACCEPTED
    assert [one.seat for one in guests(app, event_id)] == [Seat.SEATED]


def test_an_address_used_by_somebody_else_later_forgets_who_it_was(app, invited):
    event_id, _url, _number = invited
    with app.app_context():
        event, person = db.session.get(Event, event_id), factories.person("Roth")
        old = factories.registration(event, seat=Seat.SIGNED_OFF, person_id=person.id, wants_talk=True)
        db.session.flush()
        services.register(event_id, {"last_name": "Ganzanders", "email": old.email}, "2026-11")
        assert (old.person_id, old.wants_talk, old.last_name) == (None, False, "Ganzanders")
        db.session.rollback()


def test_a_flood_of_requests_never_keeps_back_what_matters(app, stranger):
    with app.app_context():
        event = factories.event(capacity=1)
        seated = factories.registration(event, "Sitzt")
        waits = factories.registration(event, "Wartet", seat=Seat.WAITING, position=1)
        secret, address, path = event.secret, waits.email, path_to(seated)
        db.session.commit()
    for turn in range(5):
        with time_machine.travel(now() + timedelta(minutes=2 * turn + 2)):
            stranger.submit(f"/anmeldung/{secret}", **(GUEST | {"email": address}))
    assert len(mails(app)) == 3
    stranger.post(path, antwort="abmelden")
    assert (MailKind.OFFER, address) in mails(app)


@pytest.mark.parametrize("kind", [MailKind.TO_CONFIRM, MailKind.KNOWN])
def test_no_words_of_a_stranger_go_to_an_unproven_address(app, kind):
    with app.app_context():
        event = factories.event()
        bait = "http://boese.test gewinnen"
        confirmed = now() if kind is MailKind.KNOWN else None
        before = now() - timedelta(hours=1)
        one = factories.registration(
            event, bait, confirmed_at=confirmed, registered_at=before, email="opfer@lahntal.test"
        )
        letters.say_known(one)
        mail = db.session.scalar(select(OutgoingMail))
        assert mail.kind is kind
        assert bait not in mail.body + mail.subject + mail.recipient_name
        db.session.rollback()


def test_an_event_in_the_trash_stops_nothing_and_breaks_no_link(app, stranger):
    old = now() - timedelta(hours=50)
    with app.app_context():
        gone, alive = factories.event("Weg"), factories.event("Da")
        theirs = factories.registration(gone, confirmed_at=None, registered_at=old)
        factories.registration(alive, confirmed_at=None, registered_at=old)
        path, event_id = path_to(theirs), alive.id
        remove(gone, factories.member("emil"))
        db.session.commit()
        duties.lapse()
    assert [one.seat for one in guests(app, event_id)] == [Seat.LAPSED]
    assert stranger.get(path).status == 410
    assert stranger.post(path, antwort="abmelden").status == 410


def test_one_event_that_fails_keeps_no_other_from_lapsing(app, monkeypatch, caplog):
    old = now() - timedelta(hours=50)
    with app.app_context():
        events = [factories.event(f"Nr. {number}") for number in range(2)]
        for one in events:
            factories.registration(one, confirmed_at=None, registered_at=old)
        first, second = (one.id for one in events)
        db.session.commit()
        lapse = services.lapse
        monkeypatch.setattr(services, "lapse", lambda number: lapse(number) if number != first else 1 / 0)
        duties.lapse()
    assert [one.seat for one in guests(app, second)] == [Seat.LAPSED]
    assert "fault" in caplog.text


@pytest.mark.parametrize("path", ODD)
def test_odd_addresses_are_not_found(stranger, path):
    assert stranger.get(path).status == 404


def test_an_offered_party_cannot_grow_past_the_seats(app, emil):
    with app.app_context():
        event = factories.event(capacity=2)
        factories.registration(event, "Sitzt")
        offered = factories.registration(event, "Angebot", seat=Seat.OFFERED, offered_until=SOON)
        url = f"/veranstaltungen/{event.id}/anmeldungen/{offered.id}"
        db.session.commit()
    assert emil.submit(url, companions="7").status == 422


def test_a_cancelled_event_confirms_and_gives_nothing(app, stranger):
    with app.app_context():
        event = factories.event(state=EventState.CANCELLED)
        unsure = factories.registration(event, "Offen", confirmed_at=None)
        offered = factories.registration(event, "Angebot", seat=Seat.OFFERED, offered_until=SOON)
        paths = {path_to(unsure): "bestaetigen", path_to(offered): "annehmen"}
        db.session.commit()
    for path, answer in paths.items():
        page = stranger.post(path, antwort=answer)
        assert page.status == 422
        assert "vorbei oder abgesagt" in page.main
    assert mails(app) == []


def test_the_cancellation_of_an_event_survives_the_end_of_an_offer(app):
    with app.app_context():
        event = factories.event(state=EventState.CANCELLED)
        one = factories.registration(event, seat=Seat.OFFERED, offered_until=now() - timedelta(minutes=1))
        for kind in (MailKind.CALLED_OFF, MailKind.OFFER):
            factories.mail_to(one, kind)
        db.session.commit()
        duties.lapse()
    assert waiting(app, MailKind.CALLED_OFF) == ["petra.henkel@kommune.test"]
    assert waiting(app, MailKind.OFFER) == []
    assert waiting(app, MailKind.NOTICE) == []


def test_a_corrected_address_gets_the_mail_that_went_wrong(app, emil):
    with app.app_context():
        event = factories.event()
        one = factories.registration(event, confirmed_at=None)
        letters.ask_to_confirm(one)
        url = f"/veranstaltungen/{event.id}/anmeldungen/{one.id}"
        db.session.commit()
    emil.submit(url, email="richtig@lahntal.test")
    assert waiting(app, MailKind.TO_CONFIRM) == ["richtig@lahntal.test"]


def test_who_came_does_not_lapse(app):
    with app.app_context():
        event = factories.event()
        old = now() - timedelta(hours=50)
        factories.registration(event, confirmed_at=None, registered_at=old, came_at=now())
        number = event.id
        db.session.commit()
        duties.lapse()
        assert queries.numbers(number).came == 1
    assert [one.seat for one in guests(app, number)] == [Seat.SEATED]


def test_heads_are_counted_where_heads_are_meant(context):
    event = factories.event()
    factories.registration(event, companions=2, came_at=now())
    found = queries.numbers(event.id)
    assert (found.taken, found.guests, found.came) == (3, 1, 3)


def test_nobody_declines_after_the_event(app, stranger, invited):
    event_id, url, number = invited
    stranger.submit(url, form=1)
    with app.app_context():
        event = db.session.get(Event, event_id)
        event.starts_at, event.ends_at = now() - timedelta(hours=2), now() - timedelta(hours=1)
        event.state = EventState.HELD
        db.session.commit()
    assert stranger.post(url, absagen="1").status == 422
    assert of(app, Invitation, number).answer is Answer.ACCEPTED


def test_what_guests_need_is_for_those_who_plan(app, rita, emil):
    with app.app_context():
        event = factories.event()
        factories.registration(event, needs="Rollstuhlplatz")
        url = f"/veranstaltungen/{event.id}/anmeldungen"
        db.session.commit()
    for client, seen in ((rita, False), (emil, True)):
        assert ("Rollstuhlplatz" in client.get(url).main) is seen
        assert ("Rollstuhlplatz" in client.get(url + ".csv").data.decode("utf-8-sig")) is seen


def test_a_link_never_stands_in_the_log(app, stranger, monkeypatch, caplog):
    with app.app_context():
        path = path_to(factories.registration(factories.event()))
        db.session.commit()
    monkeypatch.setattr(queries, "by_number", lambda _number: 1 / 0)
    assert stranger.get(path).status == 500
    assert path.rpartition("/")[2] not in caplog.text
    assert "/meine-anmeldung/<token>" in caplog.text


def test_papers_of_a_planned_event_are_not_given(app, stranger):
    with app.app_context():
        event = factories.event(state=EventState.PLANNED)
        paper = factories.event_paper(event)
        path = f"/anmeldung/{event.secret}/unterlagen/{paper.id}"
        db.session.commit()
    assert stranger.get(path).status == 404


def test_a_seat_that_is_free_is_not_called_taken(app, stranger):
    with app.app_context():
        event = factories.event(capacity=2)
        factories.registration(event, "Sitzt")
        factories.registration(event, "Stumm", seat=Seat.WAITING, position=1, confirmed_at=None)
        path = f"/anmeldung/{event.secret}"
        db.session.commit()
    assert "Plätze sind vergeben" not in stranger.get(path).main


@pytest.mark.parametrize(
    ("confirmed", "before", "after"),
    [(False, Answer.NONE, Answer.NONE), (True, Answer.ACCEPTED, Answer.NONE)],
    ids=["never confirmed", "offer ended"],
)
def test_who_lets_time_go_by_has_declined_nothing(app, confirmed, before, after):
    with app.app_context():
        event = factories.event(capacity=1)
        invited = factories.invitation(event, factories.person(), answer=before)
        long_ago = now() - timedelta(hours=50)
        seat = {"seat": Seat.OFFERED, "offered_until": long_ago} if confirmed else {}
        factories.registration(
            event, invitation_id=invited.id, registered_at=long_ago,
            confirmed_at=long_ago if confirmed else None, **seat,
        )  # fmt: skip
        number = invited.id
        db.session.commit()
        duties.lapse()
    assert of(app, Invitation, number).answer is after
