"""Keys: what `?` shows is what works, no key means two things on a page, and G leads where it says."""

import re

import pytest
from playwright.sync_api import expect

from crm.db import db
from tests import factories
from tests.browser import pages

pytestmark = pytest.mark.browser

VISIBLE = """
() => [...document.querySelectorAll("[data-hotkey]")].filter((one) => one.checkVisibility())
  .flatMap((one) => one.dataset.hotkey.split(" ").map((key) => key.toLowerCase()))
"""
# What the rows of a list answer to; a button of the same page may not take it.
OF_ROWS = set("jkxaopbem")


def shown(page):
    """Keys the dialog lists for this page, as they stand there."""
    return page.locator("dialog .key-group").first.locator("kbd").all_inner_texts()


def test_the_dialog_shows_the_keys_of_the_page_and_gives_the_focus_back(app, anna_page):
    with app.app_context():
        number = factories.talk("Lahntal").id
        db.session.commit()
    page = anna_page
    page.goto(f"/beratungen/{number}")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Tastatur")
    expect(dialog.get_by_role("heading", name="Auf dieser Seite")).to_be_visible()
    assert {"B", "V", "F", "W", "N", "T"} <= set(shown(page))
    expect(dialog).to_contain_text("G")
    page.keyboard.press("n")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    page.keyboard.press("b")
    expect(page).to_have_url(re.compile(f"/beratungen/{number}/bearbeiten$"))


def test_the_link_opens_the_dialog_and_the_page_of_all_keys_none(anna_page):
    page = anna_page
    page.goto("/kommunen")
    page.get_by_role("link", name="Tastatur").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.goto("/tastatur")
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="Tastatur", level=1)).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.parametrize(
    ("letter", "target"),
    [
        ("w", "/wiedervorlagen"), ("b", "/berichte"), ("k", "/kommunen"), ("n", "/beratungen"),
        ("o", "/kooperationen"), ("v", "/veranstaltungen"), ("c", "/kalender"), ("p", "/kontakte"),
    ],
)  # fmt: skip
def test_g_and_a_letter_lead_to_a_part_of_the_program(anna_page, letter, target):
    page = anna_page
    page.goto("/aufgabenfelder")
    page.keyboard.press("g")
    expect(page.locator("[data-key-status]")).to_contain_text("G: Wohin?")
    page.keyboard.press(letter)
    expect(page).to_have_url(re.compile(f"{target}$"))


def test_a_begun_jump_is_given_up_and_then_letters_mean_what_they_mean(anna_page):
    page = anna_page
    page.goto("/kommunen")
    status = page.locator("[data-key-status]")
    page.keyboard.press("g")
    page.keyboard.press("Escape")
    expect(status).to_have_text("Aufgegeben.")
    page.keyboard.press("g")
    page.keyboard.press("y")
    expect(status).to_have_text("G Y führt nirgendwohin.")
    page.keyboard.press("n")
    expect(page).to_have_url(re.compile("/beratungen/neu$"))


def test_in_a_field_letters_are_letters(anna_page):
    page = anna_page
    page.goto("/kommunen")
    field = page.locator(".filters input[name=q]")
    field.focus()
    page.keyboard.type("gw?")
    expect(field).to_have_value("gw?")
    expect(page.locator("[data-key-status]")).to_be_empty()


def test_whoever_switched_single_keys_off_is_left_alone(app, anna_page):
    with app.app_context():
        factories.member("anna").hotkeys = False
        db.session.commit()
    page = anna_page
    page.goto("/kommunen")
    for key in "gwj?":
        page.keyboard.press(key)
    expect(page).to_have_url(re.compile("/kommunen$"))
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("link", name="Tastatur").click()
    page.goto("/tastatur")
    expect(page.locator("main")).to_contain_text("in Ihrem Konto abgeschaltet")


def test_j_and_k_walk_the_rows_and_o_opens(anna_page):
    page = anna_page
    page.goto("/kommunen")
    links = page.locator("#results tbody th a")
    page.keyboard.press("j")
    expect(links.first).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("j")
    expect(links.nth(2)).to_be_focused()
    page.keyboard.press("k")
    expect(links.nth(1)).to_be_focused()
    name = links.nth(1).inner_text()
    page.keyboard.press("o")
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)


def hidden(page, keys):
    """Keys that work on a page but do not stand in its dialog."""
    if page.url.endswith("/tastatur"):
        return set()
    assert page.locator("[data-keyboard]").count(), page.url
    page.evaluate("document.querySelector('[data-keyboard]').click()")
    page.locator("dialog[open].keyboard").wait_for()
    return {key.replace("ctrl+", "strg ") for key in keys} - {"?"} - {key.casefold() for key in shown(page)}


def test_no_key_means_two_things_and_each_stands_in_the_dialog_of_any_page(app, house, page_of):
    page, clashes = page_of("mara"), []
    for name, address, who in pages.addresses(app, house):
        if who != "mara" or name in pages.AS_GUESTS:
            continue
        # Scripts have run by then; pictures and fonts press no keys.
        page.goto(address, wait_until="domcontentloaded")
        keys = page.evaluate(VISIBLE)
        twice = {key for key in keys if keys.count(key) > 1}
        taken = set(keys) & OF_ROWS if page.locator("#results").count() else set()
        clashes += [f"{name}: {key}" for key in sorted(twice | taken | hidden(page, keys))]
    assert clashes == []
