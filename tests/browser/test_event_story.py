"""An event from the idea to the talk that comes of it, with nothing but the screen to guide."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from crm import jobs
from crm.consultations.models import Consultation
from crm.contacts.models import FunctionRole
from crm.db import db, now, today
from crm.events.models import Event, EventState
from crm.invitations.models import Answer, Invitation
from crm.mail.models import MailKind, MailState, OutgoingMail
from crm.registrations.models import Registration, Seat
from tests import factories

pytestmark = pytest.mark.browser

PLACES = ("Cölbe", "Lahntal", "Wetter (Hessen)", "Kirchhain", "Gladenbach", "Biedenkopf", "Buseck", "Lich")
SHOW = re.compile(r"/veranstaltungen/\d+$")


@pytest.fixture
def forty(app):
    """Forty people in office, five in each of eight municipalities."""
    with app.app_context():
        for number in range(40):
            factories.person(
                f"Person{number:02}", "Ute", at=PLACES[number % 8], role=FunctionRole.FINANCE,
                email=f"person{number:02}@kommune.test",
            )  # fmt: skip
        db.session.commit()


@pytest.fixture
def wait_for_nothing(app):
    """Guests of this story type faster than people do."""
    before, app.config["PUBLIC_FORM_SECONDS"] = app.config["PUBLIC_FORM_SECONDS"], 0
    yield
    app.config["PUBLIC_FORM_SECONDS"] = before


def click(page, kind, name):
    """Click a link or a button by its name."""
    page.get_by_role(kind, name=name).first.click()


def link_in(app, kind, recipient):
    """The personal path in the newest mail of a kind to somebody."""
    with app.app_context():
        query = select(OutgoingMail).where(OutgoingMail.kind == kind, OutgoingMail.recipient == recipient)
        body = db.session.scalars(query.order_by(OutgoingMail.id.desc())).first().body
    return re.search(r"http://[^/]+(/(?:meine-anmeldung|anmeldung)/\S+)", body)[1]


def plan(page):
    """Plan an event of two seats and open it for guests."""
    page.goto("/veranstaltungen")
    click(page, "link", "Veranstaltung planen")
    page.get_by_label("Titel").fill("Fachtagung Gemeinsame Kasse")
    page.get_by_label("Art", exact=True).select_option(label="Fachtagung")
    page.get_by_label("Tag", exact=True).fill(f"{today() + timedelta(days=30):%d.%m.%Y}")
    page.get_by_label("Von", exact=True).fill("9:30")
    page.get_by_label("Bis", exact=True).fill("15:30")
    page.get_by_label("Plätze").fill("2")
    click(page, "button", "Veranstaltung speichern")
    expect(page).to_have_url(SHOW)
    click(page, "button", "Anmeldung öffnen")
    expect(page.locator(".tag", has_text="Anmeldung offen")).to_be_visible()


def invite(page):
    """Invite everybody in finance and send them the invitation."""
    click(page, "link", "Einladungen")
    click(page, "link", "Personen einladen")
    page.get_by_label("Finanzen").check()
    click(page, "button", "Zielgruppe zeigen")
    click(page, "button", re.compile("40 Personen auf die Liste setzen"))
    expect(page.get_by_text("von 40")).to_be_visible()
    click(page, "link", "40 Personen anschreiben")
    # The key is heard only once the page is there with its scripts.
    page.wait_for_url(re.compile("serienbriefe/neu"))
    page.keyboard.press("Control+Enter")
    click(page, "link", "Weiter zum Senden")
    click(page, "button", "An 40 Personen senden")
    expect(page).to_have_url(re.compile("serienbriefe"))


def register(page, path, name, email, place="lahntal"):
    """Register as a guest does."""
    page.goto(path)
    page.get_by_label("Nachname").fill(name)
    page.get_by_label("E-Mail-Adresse").fill(email)
    page.get_by_label("Kommune oder Einrichtung").fill(place)
    page.locator("form.pub-form button[type=submit]").click()
    expect(page.get_by_text("Wir haben Ihnen eine E-Mail geschickt.")).to_be_visible()


def answer(page, path, name):
    """Open a link of a mail and press its button."""
    page.goto(path)
    page.get_by_role("button", name=name).click()


def seats(app):
    """Who has what."""
    with app.app_context():
        query = select(Registration.last_name, Registration.seat).order_by(Registration.id)
        return dict(db.session.execute(query).all())


def test_from_the_idea_to_the_talk_that_comes_of_it(app, page_of, forty, wait_for_nothing):
    anna, guest = page_of("anna"), page_of("", java_script_enabled=False)
    plan(anna)
    invite(anna)
    with app.app_context():
        event = db.session.scalar(select(Event))
        path, number = f"/anmeldung/{event.secret}", event.id
        assert event.state is EventState.OPEN
        jobs.run("mail")
        states = db.session.scalars(select(OutgoingMail.state)).all()
        assert states == [MailState.SENT] * 40
    _guests_come(app, guest, path)
    _at_the_door(app, anna, page_of, number)
    _talk(app, anna, number)


def _guests_come(app, guest, path):
    """Two take the seats, one of them by a personal link; the third waits and moves up."""
    personal = link_in(app, MailKind.INVITATION, "person00@kommune.test")
    guest.goto(personal)
    guest.locator("form.pub-form button[type=submit]").click()
    expect(guest.get_by_text("Ihr Platz ist bestätigt.")).to_be_visible()
    with app.app_context():
        assert Answer.ACCEPTED in db.session.scalars(select(Invitation.answer)).all()
    for name, mail in (("Bach", "bach@web.test"), ("Ott", "ott@web.test")):
        register(guest, path, name, mail)
        answer(guest, link_in(app, MailKind.TO_CONFIRM, mail), "Anmeldung bestätigen")
    assert seats(app) == {"Person00": Seat.SEATED, "Bach": Seat.SEATED, "Ott": Seat.WAITING}
    answer(guest, link_in(app, MailKind.CONFIRMED, "bach@web.test"), "Abmelden")
    answer(guest, link_in(app, MailKind.OFFER, "ott@web.test"), "Platz annehmen")
    assert seats(app) == {"Person00": Seat.SEATED, "Bach": Seat.SIGNED_OFF, "Ott": Seat.SEATED}


def _at_the_door(app, anna, page_of, number):
    """Tick a guest on a phone."""
    with app.app_context():
        event = db.session.get(Event, number)
        event.starts_at, event.ends_at = now() - timedelta(minutes=20), now() + timedelta(hours=3)
        db.session.commit()
    phone = page_of("anna", viewport={"width": 375, "height": 800})
    phone.goto(f"/veranstaltungen/{number}/anwesenheit")
    phone.get_by_label("Name oder Kommune").fill("person")
    phone.get_by_role("button", name=re.compile("Person00")).click()
    expect(phone.get_by_text("da seit").first).to_be_visible()
    with app.app_context():
        came = db.session.scalars(select(Registration.last_name).where(Registration.came_at.is_not(None)))
        assert came.all() == ["Person00"]


def _talk(app, anna, number):
    """Turn a guest into a talk with one click."""
    anna.goto(f"/veranstaltungen/{number}/anwesenheit")
    click(anna, "link", re.compile("Person00"))
    click(anna.locator("main"), "link", "Beratung erfassen")
    expect(anna).to_have_url(re.compile("/beratungen/neu"))
    anna.keyboard.press("Control+Enter")
    expect(anna).to_have_url(re.compile(r"/beratungen/\d+"))
    with app.app_context():
        talk = db.session.scalar(select(Consultation))
        assert [one.organisation_name for one in talk.participations] == ["Cölbe"]
