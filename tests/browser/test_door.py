"""The door of an event: ticked on a phone without a new page, by keyboard alone, and without a script."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from crm.db import db, now, today
from crm.feedback.models import Feedback
from crm.registrations.models import Registration
from tests import factories
from tests.browser.stops import tab_to
from tests.browser.test_axe import PHONE as PHONE_TALL
from tests.browser.test_axe import TALL, findings

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 375, "height": 812}, "has_touch": True}


@pytest.fixture
def door(app):
    """The address of the list of an event under way with three guests; the numbers of the guests by name."""
    with app.app_context():
        event = factories.event(starts_at=now() - timedelta(hours=1), ends_at=now() + timedelta(hours=3))
        guests = {name: factories.registration(event, name, at=at).id for name, at in WHO}
        db.session.commit()
        return f"/veranstaltungen/{event.id}/anwesenheit", guests


WHO = (("Henkel", "Lahntal"), ("Müller", "Cölbe"), ("Weiß", "Marburg"))


def came(app):
    """Who came, by name."""
    with app.app_context():
        found = db.session.query(Registration).filter(Registration.came_at.is_not(None))
        return sorted(one.last_name for one in found)


def test_a_guest_is_ticked_on_a_phone_without_a_new_page(app, page_of, door):
    url, guests = door
    page = page_of("anna", **PHONE)
    page.goto(url)
    page.evaluate("window.same = true")
    page.get_by_label("Name oder Kommune").fill("coelb")
    expect(page.locator(".ci")).to_have_count(1)
    button = page.locator(f"#gast-{guests['Müller']}")
    button.tap()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(button).to_contain_text("da seit")
    expect(button).to_be_focused()
    expect(page.locator("#turnout")).to_contain_text("1 von 3 angekommen")
    expect(page.locator(".ci")).to_have_count(1)
    assert came(app) == ["Müller"]
    button.tap()
    expect(button).to_have_attribute("aria-pressed", "false")
    assert came(app) == []
    assert page.evaluate("window.same")
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    assert button.bounding_box()["height"] >= 44


def test_the_door_is_kept_by_keyboard(app, page_of, door):
    url, _guests = door
    page = page_of("anna")
    page.goto(url)
    tab_to(page, page.get_by_label("Name oder Kommune"))
    page.keyboard.type("hen")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"\?q=hen"))
    first = page.get_by_role("button", name="Henkel, Petra")
    expect(first).to_be_focused()
    page.keyboard.press("Enter")
    expect(first).to_have_attribute("aria-pressed", "true")
    expect(first).to_be_focused()
    assert came(app) == ["Henkel"]
    page.keyboard.press("Enter")
    expect(first).to_have_attribute("aria-pressed", "false")


def test_the_door_works_without_scripts(app, page_of, door):
    url, guests = door
    page = page_of("anna", java_script_enabled=False, **PHONE)
    page.goto(url)
    page.get_by_label("Name oder Kommune").fill("mar")
    page.get_by_role("button", name="Suchen").click()
    expect(page.locator(".ci")).to_have_count(1)
    page.locator(f"#gast-{guests['Weiß']}").click()
    expect(page.locator(f"#gast-{guests['Weiß']}")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("searchbox", name="Name oder Kommune")).to_have_value("mar")
    assert page.url.endswith(f"#gast-{guests['Weiß']}")
    assert came(app) == ["Weiß"]


def test_who_is_signed_out_at_the_door_is_led_to_sign_in(app, page_of, door):
    url, guests = door
    page = page_of("anna")
    page.goto(url)
    page.context.clear_cookies()
    page.locator(f"#gast-{guests['Henkel']}").click()
    expect(page.get_by_label("Passwort")).to_be_visible()
    assert came(app) == []


@pytest.mark.parametrize(
    "shown", [{"viewport": TALL}, {"viewport": TALL, "color_scheme": "dark"}, {"viewport": PHONE_TALL}]
)
def test_no_page_of_the_door_has_a_barrier(app, page_of, door, shown):
    url, guests = door
    with app.app_context():
        event = db.session.get(Registration, guests["Weiß"]).event
        factories.heads(event)
        factories.registration(event, "Wald", at=None, came_at=now(), wants_talk=True, companions=2)
        db.session.get(Registration, guests["Weiß"]).wants_talk = True
        for rating in (5, 4, 2):
            db.session.add(Feedback(event_id=event.id, given_on=today(), rating=rating, liked="Beispiele"))
        public = f"/rueckmeldung/{event.secret}"
        db.session.commit()
    page, found = page_of("anna", **shown), []
    base = url.rpartition("/")[0]
    for address in (
        url, f"{url}?q=zzz", f"{url}?wer=da", f"{url}/ohne-anmeldung", f"{url}/zaehlung", f"{url}/zaehlung/1",
        f"{url}/zaehlung/1/entfernen", f"{base}/nachbereitung", f"{base}/nachbereitung/unterlagen",
        f"{url}/gast/{guests['Weiß']}", public, f"{public}?danke=1",
    ):  # fmt: skip
        assert page.goto(address).status == 200, address
        found += findings(page, address)
    page.goto(f"{url}/liste")
    page.get_by_label("Anwesenheitsliste").fill("Henkel, Petra\nMüler, Petra\nNeu, Nora; Lich\ninfo@lich.de")
    page.get_by_role("button", name="Liste prüfen").click()
    expect(page.get_by_role("heading", name="Wer ist gemeint?")).to_be_visible()
    found += findings(page, "check")
    page.goto(public)
    page.get_by_role("button", name="Rückmeldung senden").click()
    expect(page.locator(".err-sum")).to_be_visible()
    assert found + findings(page, "feedback with errors") == []
