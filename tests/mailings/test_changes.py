"""Date or place of an event change: who knows the old one is told, and the texts say what holds now."""

from datetime import timedelta

import pytest
from flask_babel import force_locale

from crm.db import db, now
from crm.events.models import Event, EventState, Precision
from crm.events.times import when_in_full
from crm.invitations.models import Answer
from crm.mail.models import MailKind
from crm.registrations.models import Seat
from tests import factories
from tests.mailings.crowd import invited, outbox, receivers


@pytest.fixture
def event(app):
    """The number of an event with guests, and with people who were written to or not."""
    with app.app_context():
        made = factories.event(video_link="https://video.test/abc")
        invited(made, "Auer", mailed=True)
        invited(made, "Beck", mailed=True, answer=Answer.DECLINED)
        invited(made, "Carl")
        factories.registration(made, "Gast", email="gast@web.test", address_key="gast@web.test")
        factories.registration(
            made, "Warte", email="warte@web.test", address_key="warte@web.test", seat=Seat.WAITING, position=1
        )
        factories.registration(made, "Weg", email="weg@web.test", address_key="weg@web.test",
                               seat=Seat.SIGNED_OFF)  # fmt: skip
        db.session.commit()
        return made.id


def page(number, rest=""):
    """The address of the event, or below it."""
    return f"/veranstaltungen/{number}{rest}"


KNOW_THE_OLD = "2 Gäste und 1 eingeladene Person kennen noch den alten Termin oder Ort."


def write_and_send(client, number):
    """Write the usual text about the change and send it."""
    shown = client.submit(page(number, "/serienbriefe/neu?art=change"), follow=True)
    address = shown.soup.select_one("a[href$='/senden']")["href"]
    assert client.submit(address).status == 303


def test_a_changed_place_names_who_knows_the_old_one_and_leads_to_the_mail(app, event, emil):
    assert KNOW_THE_OLD not in emil.get(page(event)).main
    shown = emil.submit(page(event, "/bearbeiten"), venue="Rathaus, Saal 2", follow=True)
    assert KNOW_THE_OLD in shown.main
    link = shown.soup.select_one("main .notice a[href*='art=change']")
    text = emil.get(link["href"]).fields()["body"][0]
    assert "haben sich Termin oder Ort geändert" in text
    assert all(word in text for word in ("{zeit}", "{ort}", "{link}"))
    write_and_send(emil, event)
    with app.app_context():
        assert receivers(kind=MailKind.CHANGE) == ["auer", "gast", "warte"]
        mails = {one.recipient.partition("@")[0]: one for one in outbox(kind=MailKind.CHANGE)}
        made = db.session.get(Event, event)
        for one in mails.values():
            assert "Rathaus, Saal 2" in one.body
            assert f"UID:event-{event}@" in one.calendar.replace("\r\n ", "")
            assert f"SEQUENCE:{made.version}" in one.calendar
            assert one.calendar_method == "PUBLISH"
        assert made.version > 1
        assert ["video.test" in mails[name].calendar for name in ("auer", "gast", "warte")] == [
            False, True, False,
        ]  # fmt: skip
    assert KNOW_THE_OLD not in emil.get(page(event)).main


def told(app):
    """The body of the newest mail about a change."""
    with app.app_context():
        return outbox(kind=MailKind.CHANGE)[-1].body


def before(body):
    """The lines of a mail that say what does not hold any more."""
    return next((one.splitlines()[1:] for one in body.split("\n\n") if one.startswith("Nicht mehr gilt")), [])


def test_the_mail_says_what_does_not_hold_any_more(app, event, emil):
    with app.app_context(), force_locale("de"):
        former = when_in_full(db.session.get(Event, event))
    # All that was changed since the first guest came counts, and of a slip only what people knew.
    emil.submit(page(event, "/bearbeiten"), venue="Sall 3")
    emil.submit(page(event, "/bearbeiten"), venue="Saal 3")
    emil.submit(page(event, "/bearbeiten"), starts="10:00")
    write_and_send(emil, event)
    assert before(told(app)) == [former, "Kulturzentrum, Buseck"]
    # Whoever gets the same mail later reads the same.
    with app.app_context():
        invited(db.session.get(Event, event), "Dorn").mailed_at = now() - timedelta(days=1)
        db.session.commit()
    write_and_send(emil, event)
    assert before(told(app)) == [former, "Kulturzentrum, Buseck"]
    # After it only what is new counts.
    emil.submit(page(event, "/bearbeiten"), venue="Saal 4")
    write_and_send(emil, event)
    assert before(told(app)) == ["Saal 3, Buseck"]


@pytest.mark.parametrize(
    ("known", "change"),
    [
        ({"venue": None}, {"venue": "Saal 2"}),
        ({"precision": Precision.DAY, "ends_at": None}, {"starts": "10:00"}),
        ({"venue": None, "place_id": None, "video_link": None}, {"venue": "Saal 2"}),
        ({}, {"video_link": "https://video.test/new"}),
    ],
    ids=["a house in the town", "the hour of the day", "a first place", "another link"],
)
def test_what_is_only_said_more_exactly_is_not_told_as_wrong(app, event, emil, known, change):
    with app.app_context():
        made = db.session.get(Event, event)
        for name, value in known.items():
            setattr(made, name, value)
        db.session.commit()
    emil.submit(page(event, "/bearbeiten"), **change)
    write_and_send(emil, event)
    assert "Nicht mehr gilt" not in told(app)
    assert "\n\n\n" not in told(app)


def test_a_meeting_that_was_a_video_meeting_is_named_as_one(app, event, emil):
    with app.app_context():
        made = db.session.get(Event, event)
        made.venue = made.place_id = None
        db.session.commit()
    emil.submit(page(event, "/bearbeiten"), venue="Saal 2", video_link="")
    write_and_send(emil, event)
    assert before(told(app)) == ["Videokonferenz"]


def test_what_came_back_to_what_it_was_is_not_told_as_changed(app, event, emil):
    emil.submit(page(event, "/bearbeiten"), venue="Saal 3")
    emil.submit(page(event, "/bearbeiten"), venue="Kulturzentrum")
    write_and_send(emil, event)
    assert before(told(app)) == []


def question(client, number):
    """Write the usual text about the change; give the address of the question before it goes out."""
    shown = client.submit(page(number, "/serienbriefe/neu?art=change"), follow=True)
    return shown.soup.select_one("a[href$='/senden']")["href"]


INVITED_TOO = "Darunter ist 1 eingeladene Person, die nicht angemeldet ist und noch den alten Termin"


def test_the_question_says_why_invited_people_are_among_them(app, event, emil):
    address = question(emil, event)
    assert "Darunter" not in emil.get(address).main
    emil.submit(page(event, "/bearbeiten"), venue="Saal 2")
    assert INVITED_TOO in emil.get(address).main
    assert emil.submit(address).status == 303
    again = question(emil, event)
    assert "Darunter" not in emil.get(f"{again}?nochmal=1").main


def test_guests_without_an_address_are_named_with_their_number(app, event, emil):
    with app.app_context():
        of = db.session.get(Event, event)
        factories.registration(of, "Anruf", email=None, address_key=None, phone="06421 77")
        factories.registration(of, "Zettel", email=None, address_key=None)
        db.session.commit()
    emil.submit(page(event, "/bearbeiten"), venue="Kleiner Saal", follow=True)
    shown = emil.submit(page(event, "/serienbriefe/neu?art=change"), follow=True)
    sending = shown.soup.select_one("a[href$='/senden']")["href"]
    left = emil.get(sending).soup.select_one("section[aria-labelledby=left-out]").get_text(" ", strip=True)
    assert "Petra Anruf, 06421 77" in left
    assert "Petra Zettel" in left
    assert "ohne Mailadresse" in left


def test_a_second_change_is_told_once_more_and_whoever_came_later_knows_it(app, event, emil):
    emil.submit(page(event, "/bearbeiten"), venue="Saal 2")
    write_and_send(emil, event)
    emil.submit(page(event, "/bearbeiten"), starts="10:00")
    with app.app_context():
        made = db.session.get(Event, event)
        factories.registration(made, "Neu", email="neu@web.test", address_key="neu@web.test")
        db.session.commit()
    assert KNOW_THE_OLD in emil.get(page(event)).main
    write_and_send(emil, event)
    with app.app_context():
        assert receivers(kind=MailKind.CHANGE) == sorted(["auer", "gast", "warte"] * 2)


@pytest.mark.parametrize("change", [{"title": "Neuer Titel"}, {"note": "intern"}, {"capacity": "200"}])
def test_what_guests_did_not_write_down_asks_for_no_mail(event, emil, change):
    assert "kennen noch" not in emil.submit(page(event, "/bearbeiten"), follow=True, **change).main


def test_the_notice_leads_to_a_draft_that_is_there(app, event, emil):
    emil.submit(page(event, "/bearbeiten"), venue="Saal 2")
    shown = emil.submit(page(event, "/serienbriefe/neu?art=change"), follow=True)
    link = emil.get(page(event)).soup.select_one("main .notice a[href*='/serienbriefe/']")
    assert link.get_text() == "Entwurf der Mail über die Änderung fortsetzen"
    assert emil.get(link["href"]).main == shown.main


def test_the_cancellation_says_why_and_the_text_for_guests_stands_in_mails(app, event, emil):
    with app.app_context():
        made = db.session.get(Event, event)
        made.state, made.cancelled_because = EventState.CANCELLED, "Sturm {name}"
        made.summary = "Wir **zeigen**:\n\n- Kasse\n- [Plan](https://plan.test)"
        db.session.commit()
    fields = emil.get(page(event, "/serienbriefe/neu?art=called-off")).fields()
    assert "Grund: {grund}" in fields["body"][0]
    shown = emil.submit(
        page(event, "/serienbriefe/neu?art=called-off"), body="{grund}\n{text}", follow=True
    ).soup
    said = shown.select_one(".mail-text").get_text()
    assert said.startswith("Sturm {name}\nWir zeigen:\n\n- Kasse\n- Plan (https://plan.test)")
    with app.app_context():
        made = db.session.get(Event, event)
        made.cancelled_because = None
        db.session.commit()
    assert "{grund}" not in emil.get(page(event, "/serienbriefe/neu?art=called-off")).fields()["body"][0]


def test_a_mailing_that_does_not_fit_says_so_and_leads_to_no_sending(app, event, emil):
    shown = emil.submit(page(event, "/serienbriefe/neu?art=thanks"), follow=True)
    assert "So kann der Serienbrief nicht hinausgehen. Die Veranstaltung steht noch bevor." in shown.main
    assert "Weiter zum Senden" not in shown.main
    fits = emil.submit(page(event, "/serienbriefe/neu?art=reminder"), follow=True)
    assert "Weiter zum Senden" in fits.main
    assert "So kann der Serienbrief nicht hinausgehen." not in fits.main


def test_a_test_mail_leads_back_to_event_and_mailings(app, event, emil):
    emil.submit(page(event, "/serienbriefe/neu?art=invitation"))
    with app.app_context():
        number = factories.mailing(db.session.get(Event, event)).id
        db.session.commit()
    emil.post(page(event, f"/serienbriefe/{number}/probe"))
    with app.app_context():
        mail = outbox(kind=MailKind.TEST)[0].id
    shown = emil.get(f"/postausgang/{mail}")
    links = {one["href"] for one in shown.soup.select("main a[href]")}
    assert {page(event), page(event, "/serienbriefe")} <= links


def test_the_list_of_invitations_goes_on_with_a_draft(app, event, emil):
    address = page(event, "/einladungen")
    assert emil.get(address).soup.select_one("a.btn-primary")["href"].endswith("neu?art=invitation")
    with app.app_context():
        number = factories.mailing(db.session.get(Event, event)).id
        db.session.commit()
    button = emil.get(address).soup.select_one("a.btn-primary")
    assert button["href"] == page(event, f"/serienbriefe/{number}")
    assert "Entwurf fortsetzen: 1 Person anschreiben" in button.get_text()


def test_not_written_to_and_without_an_answer_are_counted_apart(event, emil):
    shown = emil.get(page(event, "/einladungen"))
    assert "Ohne Antwort 1 Noch nicht angeschrieben 1" in shown.main
    listed = [emil.get(page(event, f"/einladungen?answer={one}")).main for one in ("none", "unwritten")]
    assert ["Petra Auer" in one for one in listed] == [True, False]
    assert ["Petra Carl" in one for one in listed] == [False, True]
