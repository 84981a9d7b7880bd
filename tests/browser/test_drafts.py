"""A long text is never lost: drafts while typing, a session that ends, a sign-in in between."""

import re
import time
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from config import SuiteSettings
from crm.accounts.models import UserSession
from crm.consultations.models import Consultation
from crm.db import db, now
from crm.drafts import Draft
from tests import factories
from tests.browser.clerk import form_of

pytestmark = pytest.mark.browser

TEXT = "Ein langer Vermerk, der nicht verloren gehen darf."
SAVED = re.compile(r"/beratungen/\d+$")
PAUSE = 20_000
MARGIN = 180_000
IDLE = SuiteSettings("sqlite://").SESSION_IDLE.total_seconds() * 1000


@pytest.fixture
def page(anna_page):
    """A page of Anna with a clock that we turn."""
    anna_page.clock.install()
    return anna_page


def halted(page):
    """Let time go on only when we turn the clock: an installed one runs beside."""
    page.clock.pause_at(page.evaluate("Date.now() / 1000") + 30)
    return page


def typed(page):
    """A form with one Kommune and a text."""
    form_of(page)
    page.keyboard.type("cölbe,")
    expect(page.locator(".party")).to_have_count(1)
    page.get_by_label("Vermerk").fill(TEXT)
    return page


def drafts(app):
    """Fields of all drafts."""
    with app.app_context():
        return [dict(one.fields) for one in db.session.scalars(select(Draft))]


def arrived(app, live):
    """Wait for what a page sends while it is left: it may set out after the next page is there."""
    until = time.monotonic() + 15
    while not drafts(app) and time.monotonic() < until:
        time.sleep(0.05)
    live.settle()


def test_a_draft_goes_to_the_server_every_twenty_seconds_when_something_changed(app, live, page):
    typed(page)
    page.clock.fast_forward(PAUSE)
    expect(page.locator("[data-draft-status]")).to_contain_text("Entwurf gesichert um")
    assert live.asked("POST", "/entwurf") == 1
    page.clock.fast_forward(PAUSE)
    page.get_by_label("Vermerk").press_sequentially(" Und mehr.")
    page.clock.fast_forward(PAUSE)
    page.wait_for_function("document.querySelector('[data-draft-status]').textContent")
    live.settle()
    assert live.asked("POST", "/entwurf") == 2
    assert [one["note"] for one in drafts(app)] == [TEXT + " Und mehr."]


def test_an_untouched_form_keeps_no_draft(app, live, page):
    form_of(page)
    page.clock.fast_forward(PAUSE)
    page.goto("/")
    live.settle()
    assert drafts(app) == []


def test_leaving_keeps_the_draft_and_coming_back_offers_it(app, live, page):
    typed(page)
    page.goto("/")
    arrived(app, live)
    page.goto("/beratungen/neu")
    expect(page.get_by_label("Vermerk")).to_have_value("")
    page.get_by_role("link", name="Übernehmen").click()
    expect(page.get_by_label("Vermerk")).to_have_value(TEXT)
    expect(page.locator(".party-name")).to_contain_text("Cölbe")
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(SAVED)
    expect(page.locator("main")).to_contain_text(TEXT)
    live.settle()
    assert drafts(app) == []
    page.goto("/beratungen/neu")
    expect(page.locator("main .notice")).to_have_count(0)


def test_a_draft_can_be_thrown_away(app, live, page):
    typed(page)
    page.goto("/")
    arrived(app, live)
    page.goto("/beratungen/neu")
    page.get_by_role("button", name="Verwerfen").click()
    expect(page.locator("main .notice-info")).to_have_count(0)
    assert drafts(app) == []


def test_a_server_that_does_not_answer_is_named(live, page, watch):
    watch.expected.append("net::ERR_EMPTY_RESPONSE")
    typed(page)
    live.dead = ("/entwurf",)
    page.clock.fast_forward(PAUSE)
    expect(page.locator("[data-draft-status]")).to_contain_text("Entwurf nicht gesichert")


def test_a_form_with_errors_is_kept_too(app, live, page):
    typed(page)
    page.get_by_label("Tag", exact=True).fill("")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".err-sum")).to_be_focused()
    page.clock.fast_forward(PAUSE)
    expect(page.locator("[data-draft-status]")).to_contain_text("Entwurf gesichert um")
    assert [one["note"] for one in drafts(app)] == [TEXT]


def test_after_an_ended_session_the_form_appears_filled_and_unsaved(app, page):
    typed(page)
    with app.app_context():
        for session in db.session.scalars(select(UserSession)):
            session.ended_at = now()
        db.session.commit()
    page.keyboard.press("Control+Enter")
    page.get_by_label("E-Mail").fill("anna@kikz.test")
    page.get_by_label("Passwort").fill(factories.PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Vermerk")).to_have_value(TEXT)
    expect(page.locator(".party-name")).to_contain_text("Cölbe")
    with app.app_context():
        assert db.session.scalars(select(Consultation)).all() == []
    # The form is filled before the script that knows the key has come.
    expect(page.locator("html[data-script]")).to_have_count(1)
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(SAVED)


def test_the_session_warns_two_minutes_before_its_end_and_can_be_kept(live, page):
    page.goto("/")
    halted(page)
    notice = page.locator("[data-session-region]")
    page.clock.fast_forward(IDLE - 180_000 - MARGIN)
    expect(notice).to_be_empty()
    page.clock.fast_forward(MARGIN + 1000)
    expect(notice).to_contain_text("In zwei Minuten werden Sie abgemeldet.")
    page.get_by_role("button", name="Angemeldet bleiben").press("Enter")
    expect(notice).to_contain_text("Sie bleiben angemeldet.")
    expect(page.locator("main")).to_be_focused()
    assert live.asked("POST", "/sitzung") == 1
    page.clock.fast_forward(IDLE - 180_000 - MARGIN)
    expect(notice).to_be_empty()
    page.clock.fast_forward(MARGIN + 1000)
    expect(notice).to_contain_text("In zwei Minuten")


def test_one_key_keeps_the_session_and_nothing_that_was_typed_is_touched(live, page):
    page.goto("/konto/passwort")
    field = page.get_by_label("Bisheriges Passwort")
    field.press_sequentially("halb getippt")
    halted(page).clock.fast_forward(IDLE - 180_000)
    notice = page.locator("[data-session-region]")
    expect(notice.get_by_role("button")).to_be_visible()
    expect(notice).to_have_attribute("role", "alert")
    expect(field).to_be_focused()
    page.evaluate("window.same = true")
    page.keyboard.press("F2")
    expect(notice).to_contain_text("Sie bleiben angemeldet.")
    expect(field).to_be_focused()
    expect(field).to_have_value("halb getippt")
    assert page.evaluate("window.same")
    assert live.asked("POST", "/sitzung") == 1


def test_what_did_not_reach_the_server_can_be_pressed_again(live, page, watch):
    watch.expected.append("net::ERR_EMPTY_RESPONSE")
    page.goto("/konto/passwort")
    halted(page).clock.fast_forward(IDLE - 180_000)
    notice = page.locator("[data-session-region]")
    live.dead = ("/sitzung",)
    page.keyboard.press("F2")
    expect(notice.locator("[data-said=extend-failed]")).to_be_visible()
    expect(notice.get_by_role("button")).to_be_visible()
    live.dead = ()
    # A form of the page may be out of date by now.
    page.evaluate("document.querySelectorAll('[name=csrf_token]').forEach((one) => { one.value = 'alt' })")
    for _held in range(3):
        page.keyboard.down("F2")
    expect(notice).to_contain_text("Sie bleiben angemeldet.")
    expect(notice.get_by_role("button")).to_have_count(0)


def test_ten_minutes_before_the_longest_time_one_is_told_to_sign_in_again(app, monkeypatch, page):
    monkeypatch.setitem(app.config, "SESSION_ABSOLUTE", timedelta(minutes=40))
    typed(page)
    halted(page)
    notice = page.locator("[data-session-region]")
    # What went by at the sign-in and while typing brings the end nearer, on a slow machine by minutes.
    page.clock.fast_forward(5 * MARGIN)
    expect(notice).to_be_empty()
    page.clock.fast_forward(6 * MARGIN)
    expect(notice).to_contain_text("Diese Sitzung endet in weniger als zehn Minuten.")
    expect(page.get_by_role("link", name="Neu anmelden")).to_have_attribute("target", "_blank")
    expect(page.get_by_label("Vermerk")).to_have_value(TEXT)


def test_typing_with_drafts_keeps_the_session_alive(live, page):
    typed(page)
    for turn in range(3):
        page.get_by_label("Vermerk").fill(f"{TEXT} {turn}")
        with page.expect_response("**/entwurf**"):
            page.clock.fast_forward(IDLE / 2)
    expect(page.locator("[data-session-region]")).to_be_empty()
