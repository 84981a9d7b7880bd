"""The palette by keyboard: three letters and Enter, commands, a new tab, what was opened last, Esc."""

import re

import pytest
from playwright.sync_api import expect

from crm.db import db
from tests import factories

pytestmark = pytest.mark.browser

LINES = "#palette [role=option]"


def opened(page, url="/"):
    """Open a page and the palette over it."""
    page.goto(url)
    page.keyboard.press("Control+k")
    expect(page.locator(LINES).first).to_be_visible()
    return page


def typed(page, text, first):
    """Type and see what comes first."""
    page.keyboard.type(text)
    expect(page.locator(LINES).first).to_contain_text(first)


def test_three_letters_and_enter_open_the_best_hit(anna_page):
    page = opened(anna_page)
    typed(page, "mar", "Marburg")
    field = page.locator("#palette input")
    active = page.locator(f"#{field.get_attribute('aria-activedescendant')}")
    expect(active).to_have_attribute("aria-selected", "true")
    expect(page.locator("[data-palette-status]")).to_contain_text("Vorschläge")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Marburg")


def test_what_is_chosen_stays_chosen_when_the_same_is_asked_once_more(anna_page):
    page = opened(anna_page)
    typed(page, "mar", "Marburg")
    page.keyboard.press("ArrowDown")
    second = page.locator(LINES).nth(1)
    expect(second).to_have_attribute("aria-selected", "true")
    # As the pause after the last letter does, when Enter was quicker.
    page.locator("#palette input").dispatch_event("input")
    page.evaluate("() => new Promise((done) => setTimeout(done, 500))")
    expect(second).to_have_attribute("aria-selected", "true")


def test_what_was_opened_last_is_offered_first(live, anna_page):
    page = opened(anna_page)
    typed(page, "münchh", "Münchhausen")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Münchhausen")
    live.settle()
    opened(page)
    expect(page.locator("#palette [role=group]").first).to_have_attribute("aria-label", "Zuletzt geöffnet")
    expect(page.locator(LINES).first).to_contain_text("Münchhausen")


def test_a_hit_on_the_page_of_hits_is_remembered_too(live, anna_page):
    page = anna_page
    page.goto("/suche?q=cölbe")
    page.locator(".hit a").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Cölbe")
    live.settle()
    opened(page)
    expect(page.locator(LINES).first).to_contain_text("Cölbe")


def test_a_command_is_done(anna_page):
    page = opened(anna_page)
    typed(page, "wiedervorlage anl", "Wiedervorlage anlegen")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/wiedervorlagen/neu$"))


def test_a_talk_is_logged_with_the_place_that_was_typed(anna_page):
    page = opened(anna_page)
    typed(page, "lahntal", "Lahntal")
    page.keyboard.press("ArrowUp")
    expect(page.locator(f"{LINES}[aria-selected=true]")).to_have_text(
        re.compile("Beratung erfassen mit Lahntal")
    )
    page.keyboard.press("Enter")
    expect(page.locator("[data-presence]")).to_have_count(1)


def test_control_and_enter_open_a_new_tab(anna_page):
    page = opened(anna_page)
    typed(page, "cölb", "Cölbe")
    with page.context.expect_page() as fresh:
        page.keyboard.press("Control+Enter")
    expect(fresh.value.get_by_role("heading", level=1)).to_contain_text("Cölbe")
    expect(page.locator("#palette")).to_be_visible()


def test_escape_gives_the_focus_back(anna_page):
    page = anna_page
    page.goto("/beratungen")
    field = page.locator("main .filters input[name=q]")
    field.focus()
    page.keyboard.press("Control+k")
    expect(page.locator("#palette input")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).not_to_be_visible()
    expect(field).to_be_focused()


def test_the_stroke_leads_to_the_search_of_a_list_and_elsewhere_to_the_palette(anna_page):
    page = anna_page
    page.goto("/beratungen")
    page.keyboard.press("/")
    expect(page.locator("main .filters input[name=q]")).to_be_focused()
    page.goto("/")
    page.keyboard.press("/")
    expect(page.locator("#palette input")).to_be_focused()


def test_a_click_into_the_head_opens_the_palette(anna_page):
    page = anna_page
    page.goto("/")
    page.locator("#find").click()
    expect(page.locator("#palette input")).to_be_focused()


def test_words_of_a_note_lead_to_the_talk(app, anna_page):
    with app.app_context():
        factories.talk("Lahntal", note="Der Häcksler ist da.")
        db.session.commit()
    page = opened(anna_page)
    typed(page, "haecks", "Lahntal")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("Der Häcksler ist da.")


def test_nothing_found_leads_to_the_page_that_says_what_to_do(anna_page):
    page = opened(anna_page)
    page.keyboard.type("qxqxqx")
    expect(page.locator("[data-palette-empty]")).to_contain_text("qxqxqx")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("Nichts gefunden")
