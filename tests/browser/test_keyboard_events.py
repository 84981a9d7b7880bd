"""The work with events by keyboard, and that of guests, whose browsers run no scripts."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from crm.contacts.models import FunctionRole
from crm.db import db, today
from crm.events.models import Event
from crm.invitations.models import Invitation
from crm.registrations.letters import path_to
from crm.registrations.models import Registration, Seat
from tests import factories
from tests.browser.stops import press_at, tab_to

pytestmark = pytest.mark.browser

ATTENDANCE = re.compile(r"/anwesenheit")


@pytest.fixture
def event(app):
    """An open event with one guest: its number, its public path and the guest's own."""
    before, app.config["PUBLIC_FORM_SECONDS"] = app.config["PUBLIC_FORM_SECONDS"], 0
    with app.app_context():
        made = factories.event()
        guest = factories.registration(made)
        found = made.id, f"/anmeldung/{made.secret}", path_to(guest)
        db.session.commit()
    yield found
    app.config["PUBLIC_FORM_SECONDS"] = before


@pytest.fixture
def guest_page(page_of):
    """A stranger's page in a browser that runs no scripts."""
    return page_of("", java_script_enabled=False)


def tab_plainly(page, target, most=80):
    """Press Tab until something has the focus, where no script can be asked."""
    for _turn in range(most):
        page.keyboard.press("Tab")
        if target.evaluate("(one) => one === document.activeElement"):
            return
    raise AssertionError("Tab never came there")


def guests(app):
    """Who has what, by last name."""
    with app.app_context():
        return dict(db.session.execute(select(Registration.last_name, Registration.seat)).all())


def test_a_guest_registers_by_keyboard_without_scripts(app, guest_page, event):
    page, (_number, path, _mine) = guest_page, event
    page.goto(path)
    for label, text in (
        ("Vorname", "Karl"), ("Nachname", "Bach"), ("E-Mail-Adresse", "karl@web.test"),
        ("Kommune oder Einrichtung", "Münchhausen"),
    ):  # fmt: skip
        tab_plainly(page, page.get_by_label(label))
        page.keyboard.type(text)
    tab_plainly(page, page.locator("form.pub-form button[type=submit]"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Wir haben Ihnen eine E-Mail geschickt.")).to_be_visible()
    assert guests(app)["Bach"] is Seat.SEATED


def test_a_guest_who_forgets_the_name_is_led_to_it_without_scripts(app, guest_page, event):
    page, (_number, path, _mine) = guest_page, event
    page.goto(path)
    tab_plainly(page, page.get_by_label("E-Mail-Adresse"))
    page.keyboard.type("karl@web.test")
    page.keyboard.press("Enter")
    expect(page).to_have_title(re.compile("^Fehler:"))
    tab_plainly(page, page.get_by_role("link", name="Tragen Sie Ihren Nachnamen ein."))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#last_name$"))
    expect(page.get_by_label("E-Mail-Adresse")).to_have_value("karl@web.test")


def test_a_guest_signs_off_by_keyboard_without_scripts(app, guest_page, event):
    page, (_number, _path, mine) = guest_page, event
    page.goto(mine)
    tab_plainly(page, page.get_by_role("button", name="Abmelden"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Sie sind abgemeldet.")).to_be_visible()
    assert guests(app) == {"Henkel": Seat.SIGNED_OFF}


def test_planning_an_event(app, page_of):
    page = page_of("emil")
    page.goto("/veranstaltungen")
    press_at(page, page.get_by_role("link", name="Veranstaltung planen").first)
    expect(page.get_by_label("Titel")).to_be_focused()
    page.keyboard.type("Fachtagung Archiv")
    tab_to(page, page.get_by_label("Art", exact=True))
    page.keyboard.type("Fach")
    tab_to(page, page.get_by_label("Tag", exact=True))
    page.keyboard.type(f"{today() + timedelta(days=40):%d.%m.%Y}")
    tab_to(page, page.get_by_label("Von", exact=True))
    page.keyboard.type("930")
    tab_to(page, page.get_by_label("Bis", exact=True))
    page.keyboard.type("15 Uhr")
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(re.compile(r"/veranstaltungen/\d+$"))
    with app.app_context():
        made = db.session.scalar(select(Event))
        assert (made.title, made.kind.value, made.responsible.name) == (
            "Fachtagung Archiv",
            "conference",
            "Emil Ernst",
        )


def test_inviting_by_function(app, page_of, event):
    with app.app_context():
        for name in ("Abel", "Bebel"):
            factories.person(name, role=FunctionRole.FINANCE, email=f"{name}@kommune.test")
        db.session.commit()
    page = page_of("emil")
    page.goto(f"/veranstaltungen/{event[0]}/einladungen/hinzufuegen")
    press_at(page, page.get_by_label("Finanzen"), "Space")
    press_at(page, page.get_by_role("button", name="Zielgruppe zeigen"))
    press_at(page, page.get_by_role("button", name=re.compile("2 Personen auf die Liste setzen")))
    expect(page).to_have_url(re.compile("/einladungen"))
    with app.app_context():
        assert len(db.session.scalars(select(Invitation)).all()) == 2


def test_ticking_a_guest_at_the_door_and_taking_it_back(app, page_of, event):
    with app.app_context():
        db.session.get(Event, event[0]).starts_at -= timedelta(days=14)
        db.session.commit()
    page = page_of("emil")
    page.goto(f"/veranstaltungen/{event[0]}/anwesenheit")
    tab_to(page, page.get_by_label("Name oder Kommune"))
    page.keyboard.type("henk")
    button = page.get_by_role("button", name=re.compile("Henkel"))
    for came in (True, False):
        # The button answers at once, the server a little later.
        with page.expect_response(lambda answer: answer.request.method == "POST"):
            press_at(page, button, "Space")
        expect(button).to_have_attribute("aria-pressed", "true" if came else "false")
        with app.app_context():
            assert (db.session.scalar(select(Registration.came_at)) is not None) is came
