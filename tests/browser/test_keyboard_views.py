"""Lists as tools by keyboard: choose a column, move it, save the view, open it, find no fault in it."""

import re

import pytest
from playwright.sync_api import expect

from crm.db import db
from tests import factories
from tests.browser.stops import press_at, tab_to
from tests.browser.test_axe import findings

pytestmark = pytest.mark.browser


@pytest.fixture
def talks(app):
    """Two talks to list."""
    with app.app_context():
        factories.talk("Lahntal", "Cölbe", duration_minutes=30)
        factories.talk("Marburg")
        db.session.commit()


def heads(page):
    """Heads of the table, in their order."""
    return [text.strip() for text in page.locator("#results thead th").all_inner_texts()]


def test_choosing_columns_saving_the_view_and_opening_it(app, talks, anna_page):
    page = anna_page
    page.goto("/beratungen")
    press_at(page, page.locator("details.columns > summary"))
    press_at(page, page.get_by_role("checkbox", name="Offene Wiedervorlagen"), "Space")
    press_at(page, page.get_by_role("button", name="Diese Spalten zeigen"))
    expect(page.locator("#results thead")).to_contain_text("Offene Wiedervorlagen")
    press_at(page, page.locator("details.columns > summary"))
    mover = page.get_by_role("button", name="Stand weiter nach links")
    press_at(page, mover)
    page.wait_for_url(re.compile("fields%2Cstate"))
    expect(mover).to_be_focused()
    assert findings(page, "choice of columns") == []
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("kind%2Cstate"))
    expect(mover).to_be_focused()
    shown = heads(page)
    assert shown.index("Stand") < shown.index("Minuten")
    press_at(page, page.get_by_role("link", name="Ansicht speichern"))
    tab_to(page, page.get_by_label("Name der Ansicht"))
    page.keyboard.press("Control+Enter")
    expect(page.locator(".err-sum")).to_contain_text("Namen")
    assert findings(page, "save form with errors") == []
    tab_to(page, page.get_by_label("Name der Ansicht"))
    page.keyboard.type("Mein Tisch")
    page.keyboard.press("Control+Enter")
    tab = page.get_by_role("link", name="Mein Tisch")
    expect(tab).to_have_attribute("aria-current", "page")
    assert heads(page) == shown
    page.goto("/beratungen")
    press_at(page, tab)
    expect(tab).to_have_attribute("aria-current", "page")
    assert heads(page) == shown
    assert findings(page, "list with a view") == []
    page.goto("/ansichten")
    assert findings(page, "views") == []


def test_filters_that_follow_the_typing_keep_order_and_columns(app, talks, anna_page):
    page = anna_page
    page.goto("/beratungen?sortierung=minutes&spalten=minutes")
    page.get_by_label("Stichwort").press_sequentially("Marburg")
    expect(page.locator("#results tbody tr")).to_have_count(1)
    assert heads(page)[-1] == "Minuten"
    assert "q=Marburg" in page.url
    assert "sortierung=minutes" in page.url
    save = page.get_by_role("link", name="Ansicht speichern").get_attribute("href")
    assert "q=Marburg" in save
    assert "spalten=minutes" in save
