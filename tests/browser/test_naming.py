"""Naming a person in the note of a talk by keyboard: "@", the beginning of a name, Enter."""

import re

import pytest
from playwright.sync_api import expect

from crm.consultations.models import Consultation
from crm.db import db
from crm.naming import token
from tests import factories
from tests.browser.stops import tab_to

pytestmark = pytest.mark.browser

LINES = ".combo-list:not([hidden]) li"


@pytest.fixture
def ids(app):
    """A talk of Cölbe, and two of one name: there, and elsewhere."""
    with app.app_context():
        talk = factories.talk("Cölbe", note="Anfang.")
        there = factories.person("Zwirn", "Anna", at="Cölbe")
        elsewhere = factories.person("Zwirn", "Anna", at="Lahntal")
        db.session.commit()
        return {"talk": talk.id, "there": there.id, "elsewhere": elsewhere.id}


def test_naming_a_person_by_keyboard(app, anna_page, ids):
    page = anna_page
    page.goto(f"/beratungen/{ids['talk']}/bearbeiten")
    note = page.get_by_label("Vermerk", exact=True)
    tab_to(page, note)
    page.keyboard.press("Control+End")
    page.keyboard.type(" Mit @zwi")
    lines = page.locator(LINES)
    expect(lines).to_have_count(2)
    expect(lines.first).to_contain_text("Cölbe")
    expect(note).to_have_attribute("aria-activedescendant", re.compile("option-"))
    page.keyboard.press("ArrowDown")
    expect(lines.nth(1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(note).to_have_value(f"Anfang. Mit @[Anna Zwirn #{ids['there']}]")
    page.keyboard.type(" und an x@zwirn.de")
    expect(lines).to_have_count(0)
    page.keyboard.press("Tab")
    button = page.get_by_role("button", name="Person nennen (@)")
    tab_to(page, button)
    page.keyboard.press("Enter")
    expect(note).to_be_focused()
    # Nothing typed yet: the people of the talk's own organisations.
    expect(lines).not_to_have_count(0)
    page.keyboard.press("Escape")
    expect(lines).to_have_count(0)
    page.keyboard.press("Backspace")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("link", name="Anna Zwirn")).to_have_attribute("href", f"/kontakte/{ids['there']}")
    with app.app_context():
        stored = db.session.get(Consultation, ids["talk"]).note
    assert stored == f"Anfang. Mit {token(ids['there'])} und an x@zwirn.de"


def test_a_tab_with_an_open_list_takes_and_a_closed_one_goes_on(anna_page, ids):
    page = anna_page
    page.goto(f"/beratungen/{ids['talk']}/bearbeiten")
    note, agreements = (page.get_by_label(name, exact=True) for name in ("Vermerk", "Absprachen"))
    note.focus()
    page.keyboard.press("Control+Home")
    page.keyboard.type("@zwirn")
    expect(page.locator(LINES)).to_have_count(2)
    page.keyboard.press("Tab")
    expect(note).to_have_value(re.compile(r"^@\[Anna Zwirn #\d+\]Anfang\.$"))
    expect(note).to_be_focused()
    tab_to(page, agreements)
    page.keyboard.type("@[Anna")
    expect(page.locator(LINES)).to_have_count(2)
    page.locator(LINES).nth(1).click()
    expect(agreements).to_have_value(f"@[Anna Zwirn #{ids['elsewhere']}]")


def test_without_a_script_the_name_is_typed_in_brackets(page_of, ids):
    page = page_of("anna", java_script_enabled=False)
    page.goto(f"/beratungen/{ids['talk']}/bearbeiten")
    page.get_by_label("Vermerk", exact=True).fill(f"Mit @[Anna Zwirn #{ids['elsewhere']}].")
    page.get_by_role("button", name="Beratung speichern").click()
    expect(page.get_by_role("link", name="Anna Zwirn")).to_be_visible()
