"""A mailing from its text over preview and test mail to the question and the sending, as people see it."""

import pytest
from sqlalchemy import select

from crm.audit import AuditEvent
from crm.contacts.models import MailBasis, Person
from crm.db import count, db, today
from crm.events.models import Event
from crm.mail.models import MailKind, MailState, OutgoingMail
from crm.mailings.models import Mailing
from tests import factories
from tests.mailings.crowd import invited, many, outbox


@pytest.fixture
def event(app):
    """The number of an event with four invited people, one of whom objected."""
    with app.app_context():
        made = factories.event()
        for name in ("Auer", "Beck", "Carl"):
            invited(made, name)
        invited(made, "Nein", basis=MailBasis.OBJECTED)
        db.session.commit()
        return made.id


def url(event, rest=""):
    """The address of the mailings of an event, or below it."""
    return f"/veranstaltungen/{event}/serienbriefe{rest}"


@pytest.fixture
def draft(app, event):
    """The number of an unsent invitation."""
    with app.app_context():
        made = factories.mailing(db.session.get(Event, event))
        db.session.commit()
        return made.id


def noted(app):
    """Names of what was noted on events, in order."""
    with app.app_context():
        query = select(AuditEvent.name).where(AuditEvent.record_type == "events").order_by(AuditEvent.id)
        return list(db.session.scalars(query))


def stored(app, number):
    """Load a mailing."""
    return db.session.get(Mailing, number)


def test_a_text_is_written_and_leads_to_its_preview(app, event, emil):
    page = emil.get(url(event, "/neu?art=invitation"))
    assert "Guten Tag {name}," in page.fields()["body"][0]
    assert "{funktion}" in page.main
    page = emil.submit(url(event, "/neu?art=invitation"), subject="Für {name}", follow=True)
    assert "Noch nicht verschickt. Der Serienbrief ginge an 3 Personen." in page.main
    assert "Für Petra Auer" in page.main
    assert "Guten Tag Petra Auer," in page.main
    assert noted(app) == ["event.mailing-written"]
    with app.app_context():
        assert count(db.select(OutgoingMail)) == 0


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"body": "Liebe {vorname}"}, "{vorname} wird nicht ersetzt."),
        ({"subject": "{Titel}"}, "{Titel} wird nicht ersetzt."),
        ({"subject": "Hallo\r\nBcc: x@y.test"}, "eine Zeile"),
        ({"subject": ""}, "Tragen Sie einen Betreff ein."),
        ({"body": " \n "}, "Tragen Sie einen Text ein."),
        ({"subject": "x" * 201}, "höchstens 200 Zeichen"),
        ({"body": "x" * 20_001}, "höchstens 20000 Zeichen"),
    ],
)
def test_a_wrong_text_is_refused_and_kept(app, event, draft, emil, fields, said):
    for address in (url(event, "/neu?art=reminder"), url(event, f"/{draft}/bearbeiten")):
        page = emil.submit(address, **fields)
        assert page.status == 422
        assert said in " ".join(page.errors())
        for name, value in fields.items():
            assert page.fields()[name][0].split() == value.split()
    with app.app_context():
        assert count(db.select(Mailing)) == 1


def test_text_that_looks_like_a_command_comes_out_as_it_is(app, event, emil):
    odd = "{{7*7}} {0.__class__} %(x)s ${7} <script>alert(1)</script>"
    page = emil.submit(url(event, "/neu"), subject=odd, body=odd, follow=True)
    assert odd in page.main
    assert "<script>alert" not in page.html


def test_a_text_is_changed_and_a_lost_update_is_told(app, event, draft, emil, anna):
    address = url(event, f"/{draft}/bearbeiten")
    fields = emil.get(address).fields()
    assert anna.submit(address, subject="Annas Betreff").status == 303
    page = emil.post(address, {**fields, "subject": "Emils Betreff"})
    assert page.status == 409
    with app.app_context():
        assert stored(app, draft).subject == "Annas Betreff"
    assert noted(app) == ["event.mailing-changed"]


def test_the_preview_shows_three_at_a_time_without_anything_secret(app, event, draft, emil):
    with app.app_context():
        invited(db.session.get(Event, event), "Dorn")
        db.session.commit()
    first, second = emil.get(url(event, f"/{draft}")), emil.get(url(event, f"/{draft}?seite=2"))
    assert [len(page.soup.select(".letter")) for page in (first, second)] == [3, 1]
    assert "Petra Dorn" in second.main
    assert "einladung=…" in first.main
    assert "Nein" not in first.main
    assert [emil.get(url(event, f"/{draft}?seite={odd}")).status for odd in ("0", "99", "x", "-1")] == [
        200
    ] * 4


def test_an_empty_word_is_shown_before_anything_goes_out(app, event, emil):
    page = emil.submit(url(event, "/neu"), body="Bis {frist}: {unterlagen}", follow=True)
    notice = page.soup.select_one(".notice-wait")
    assert [one.get_text() for one in notice.select("code")] == ["{frist}", "{unterlagen}"]


def test_a_test_mail_goes_to_oneself_and_opens_nothing(app, event, draft, emil):
    page = emil.post(url(event, f"/{draft}/probe"), follow=True)
    assert "Eine Probemail an emil@kikz.test ist unterwegs." in page.main
    with app.app_context():
        [mail] = outbox()
        assert (mail.kind, mail.recipient, mail.mailing_id) == (MailKind.TEST, "emil@kikz.test", None)
        assert mail.subject.startswith("Probe: Einladung: ")
        assert "Guten Tag Petra Auer," in mail.body
        assert "einladung=…" in mail.body
        assert "keine-post/…" in mail.body
        assert mail.calendar_method == "PUBLISH"
        assert stored(app, draft).sent_at is None
    assert noted(app) == ["event.mailing-tried"]


def test_the_question_names_how_many_and_who_is_left_out_and_sends(app, event, draft, emil):
    page = emil.get(url(event, f"/{draft}/senden"))
    assert "An 3 Personen senden?" in page.main
    assert "1 mit Widerspruch gegen Serienbriefe" in page.main
    assert "Petra Nein" in page.main
    done = emil.submit(url(event, f"/{draft}/senden"), follow=True)
    assert "3 Mails sind unterwegs." in done.main
    assert "0 von 3 versandt" in done.main
    assert "3 warten" in done.main
    assert noted(app) == ["event.mailed"]
    assert "3 warten" in emil.get(url(event)).main


def test_a_double_click_and_a_resend_make_one_mailing(app, event, draft, emil):
    fields = emil.get(url(event, f"/{draft}/senden")).fields()
    answers = [emil.post(url(event, f"/{draft}/senden"), fields) for _click in range(3)]
    assert {(page.status, page.location) for page in answers} == {(303, url(event, f"/{draft}"))}
    fresh = emil.get(url(event, f"/{draft}/senden"))
    assert (fresh.status, fresh.location) == (303, url(event, f"/{draft}"))
    with app.app_context():
        assert count(db.select(OutgoingMail)) == 3


def test_two_people_who_send_at_once_send_once(app, event, draft, emil, anna):
    address = url(event, f"/{draft}/senden")
    fields = [client.get(address).fields() for client in (emil, anna)]
    assert emil.post(address, fields[0]).status == 303
    page = anna.post(address, fields[1])
    assert page.location == url(event, f"/{draft}")
    with app.app_context():
        assert count(db.select(OutgoingMail)) == 3


def test_a_text_changed_since_the_question_is_looked_at_again(app, event, draft, emil, anna):
    address = url(event, f"/{draft}/senden")
    fields = emil.get(address).fields()
    anna.submit(url(event, f"/{draft}/bearbeiten"), subject="Ganz anders")
    page = emil.post(address, fields)
    assert page.status == 200
    assert "Ganz anders" in page.main
    assert "Sehen Sie noch einmal nach" in page.main
    with app.app_context():
        assert count(db.select(OutgoingMail)) == 0


def test_who_objects_between_question_and_sending_gets_nothing_and_it_is_said(app, event, draft, emil):
    fields = emil.get(url(event, f"/{draft}/senden")).fields()
    with app.app_context():
        person = db.session.scalar(select(Person).where(Person.last_name == "Beck"))
        person.mail_basis = MailBasis.OBJECTED
        db.session.commit()
    page = emil.post(url(event, f"/{draft}/senden"), fields, follow=True)
    assert "2 Mails sind unterwegs. Bei der Rückfrage waren es 3" in page.main


def test_a_second_mailing_of_a_kind_asks_and_spares_those_who_have_one(app, event, draft, emil):
    emil.submit(url(event, f"/{draft}/senden"))
    with app.app_context():
        of = db.session.get(Event, event)
        invited(of, "Dorn")
        second = factories.mailing(of)
        db.session.commit()
        second = second.id
    page = emil.get(url(event, f"/{second}/senden"))
    assert f"„Einladung“ ging am {today():%d.%m.%Y} an 3 Personen." in page.main
    assert "An 1 Person senden?" in page.main
    again = emil.get(url(event, f"/{second}/senden?nochmal=1"))
    assert "An 4 Personen senden?" in again.main
    assert emil.submit(url(event, f"/{second}/senden?nochmal=1")).status == 303
    with app.app_context():
        assert count(db.select(OutgoingMail)) == 7


def test_a_mailing_that_does_not_fit_says_why_and_has_no_button(app, event, emil):
    with app.app_context():
        made = factories.mailing(db.session.get(Event, event), MailKind.CALLED_OFF)
        db.session.commit()
        number = made.id
    page = emil.get(url(event, f"/{number}/senden"))
    assert page.status == 422
    assert "Die Veranstaltung findet statt." in page.main
    assert not page.soup.select("main button[type=submit]")
    assert emil.post(url(event, f"/{number}/senden"), {"version": "1"}).status == 422
    with app.app_context():
        assert count(db.select(OutgoingMail)) == 0


def test_nobody_left_is_said_and_nothing_is_written(app, event, emil):
    with app.app_context():
        made = factories.mailing(db.session.get(Event, event), MailKind.REMINDER)
        db.session.commit()
        number = made.id
    page = emil.post(url(event, f"/{number}/senden"), {"version": "1"})
    assert page.status == 422
    assert "Es bleibt niemand, an den er ginge." in page.main


def test_an_unsent_text_is_thrown_away_after_a_question(app, event, draft, emil):
    assert "verwerfen?" in emil.get(url(event, f"/{draft}/verwerfen")).main
    assert emil.submit(url(event, f"/{draft}/verwerfen")).status == 303
    with app.app_context():
        assert stored(app, draft) is None
    assert noted(app) == ["event.mailing-discarded"]


def test_a_sent_mailing_is_neither_changed_nor_thrown_away(app, event, draft, emil):
    before = emil.get(url(event, f"/{draft}/verwerfen")).fields()
    emil.submit(url(event, f"/{draft}/senden"))
    assert emil.get(url(event, f"/{draft}/bearbeiten")).status == 303
    assert emil.post(url(event, f"/{draft}/verwerfen"), before).status == 200
    with app.app_context():
        assert stored(app, draft).sent_at


def test_the_progress_tells_sent_waiting_and_undeliverable(app, event, draft, emil, rita):
    emil.submit(url(event, f"/{draft}/senden"))
    with app.app_context():
        for mail, state in zip(outbox(), (MailState.SENT, MailState.REFUSED), strict=False):
            mail.state = state
        db.session.commit()
    page = rita.get(url(event, f"/{draft}"))
    assert "1 von 3 versandt" in page.main
    assert "1 unzustellbar" in page.main
    assert "1 unzustellbar" in rita.get(url(event)).main


def test_a_mailing_of_another_event_is_not_found_here(app, event, draft, emil):
    with app.app_context():
        other = factories.event("Andere")
        db.session.commit()
        other_id = other.id
    for rest in ("", "/bearbeiten", "/senden", "/verwerfen"):
        assert emil.get(url(other_id, f"/{draft}{rest}")).status == 404
    assert emil.post(url(other_id, f"/{draft}/probe")).status == 404


def test_the_pages_ask_as_much_for_many_as_for_few(app, event, draft, emil):
    few = [len(emil.get(url(event, f"/{draft}{rest}")).statements) for rest in ("", "/senden")]
    with app.app_context():
        many(db.session.get(Event, event), 400)
        db.session.commit()
    assert [len(emil.get(url(event, f"/{draft}{rest}")).statements) for rest in ("", "/senden")] == few
