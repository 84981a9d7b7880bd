"""Selection by keyboard alone: walk, tick, choose, look, confirm, take back."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from crm.db import db
from crm.follow_ups.models import FollowUp
from tests import factories
from tests.browser.test_axe import OPTIONS

pytestmark = pytest.mark.browser


@pytest.fixture
def four(app):
    """Numbers of four follow-ups, in the order of the list."""
    with app.app_context():
        numbers = [factories.follow_up(f"Zusage {one}", in_days=one).id for one in range(1, 5)]
        db.session.commit()
    return numbers


def owners(app, numbers):
    """First names of who is responsible."""
    with app.app_context():
        return [db.session.get(FollowUp, number).owner.name.split()[0] for number in numbers]


def press(page, *keys):
    """Press one key after the other."""
    for key in keys:
        page.keyboard.press(key)


def test_ticking_looking_doing_and_taking_back_by_keyboard(app, anna_page, four):
    page = anna_page
    page.goto("/wiedervorlagen")
    bar = page.get_by_role("region", name="Was mit der Auswahl geschehen soll")
    expect(bar).to_be_hidden()
    press(page, "j", "x", "j", "j", "x")
    expect(bar.get_by_role("status")).to_have_text("2 von 4 gewählt")
    press(page, "m", "Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Zuständigkeit ändern")
    press(page, "Tab")
    page.locator("#owner_id").focus()
    page.keyboard.type("Bert")
    press(page, "Control+Enter")
    expect(page.get_by_role("heading", name="Das ändert sich")).to_be_visible()
    assert owners(app, four) == ["Anna"] * 4
    press(page, "Control+Enter")
    expect(page.locator(".flashes")).to_contain_text("2 Wiedervorlagen geändert.")
    assert owners(app, four) == ["Bert", "Anna", "Bert", "Anna"]
    press(page, "z")
    expect(page.get_by_role("heading", name="Das wird zurückgenommen")).to_be_visible()
    press(page, "Control+Enter")
    expect(page.locator(".flashes")).to_contain_text("2 Änderungen zurückgenommen.")
    assert owners(app, four) == ["Anna"] * 4


def test_the_selection_grows_covers_all_and_goes(anna_page, four):
    page = anna_page
    page.goto("/wiedervorlagen")
    count = page.locator("[data-picked]")
    press(page, "j", "Shift+J", "Shift+J")
    expect(count).to_have_text("3 von 4 gewählt")
    press(page, "Escape")
    expect(page.locator("[name=nummer]:checked")).to_have_count(0)
    expect(page.locator(".pick-bar")).to_be_hidden()
    press(page, "k", "x", "j", "j")
    page.locator(".row-main > a").last.focus()
    press(page, "Shift+X")
    press(page, "a")
    expect(count).to_have_text("4 von 4 gewählt")
    expect(page.locator(".pick-all")).to_be_checked()
    press(page, "a")
    expect(page.locator("[name=nummer]:checked")).to_have_count(0)


def test_the_bar_has_no_barrier(anna_page, four):
    page = anna_page
    page.goto("/wiedervorlagen")
    press(page, "j", "x")
    expect(page.locator(".pick-bar")).to_be_visible()
    assert [one["id"] for one in Axe().run(page, options=OPTIONS).response["violations"]] == []
    press(page, "?")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert [one["id"] for one in Axe().run(page, options=OPTIONS).response["violations"]] == []


def test_without_a_script_a_selection_is_a_plain_form(app, page_of, four):
    page = page_of("anna", java_script_enabled=False)
    page.goto("/wiedervorlagen")
    expect(page.locator(".pick-all")).to_be_hidden()
    for name in ("Zusage 1", "Zusage 2"):
        page.get_by_label(f"{name} auswählen").check()
    page.get_by_role("button", name="Zuständigkeit ändern").click()
    page.locator("#owner_id").select_option(label="Bert Braun")
    page.get_by_role("button", name="Vorschau ansehen").click()
    with page.expect_navigation():
        page.get_by_role("button", name="2 Wiedervorlagen ändern").click()
    assert owners(app, four) == ["Bert", "Bert", "Anna", "Anna"]
    page.get_by_role("link", name="Rückgängig").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Alles zurücknehmen").click()
    assert owners(app, four) == ["Anna"] * 4


def test_the_preview_follows_the_rows_and_goes(app, anna_page):
    with app.app_context():
        for name in ("Lahntal", "Cölbe"):
            factories.talk(name, note=f"Es ging um {name}.")
        db.session.commit()
    page = anna_page
    page.goto("/beratungen")
    press(page, "j", "p")
    aside = page.get_by_role("complementary", name="Vorschau")
    first = page.locator("#results tbody th a").first
    expect(aside).to_contain_text(f"Es ging um {first.inner_text()}.")
    expect(first).to_be_focused()
    press(page, "j")
    expect(aside).to_contain_text(f"Es ging um {page.locator('#results tbody th a').nth(1).inner_text()}.")
    assert [one["id"] for one in Axe().run(page, options=OPTIONS).response["violations"]] == []
    press(page, "Escape")
    expect(aside).to_have_count(0)
    press(page, "Space")
    expect(aside).to_be_visible()
    press(page, "p")
    expect(aside).to_have_count(0)


def test_in_a_narrow_window_the_preview_is_a_dialog(app, page_of):
    with app.app_context():
        factories.talk("Lahntal")
        db.session.commit()
    page = page_of("anna", viewport={"width": 900, "height": 800})
    page.goto("/beratungen")
    press(page, "j", "p")
    dialog = page.get_by_role("dialog", name="Vorschau")
    expect(dialog).to_contain_text("Ein Gespräch.")
    assert [one["id"] for one in Axe().run(page, options=OPTIONS).response["violations"]] == []
    press(page, "Escape")
    expect(dialog).to_have_count(0)
    expect(page.locator("#results tbody th a").first).to_be_focused()


def test_a_row_is_edited_or_ticked_off_from_the_list(app, anna_page, four):
    page = anna_page
    page.goto("/wiedervorlagen")
    press(page, "j", "b")
    expect(page.get_by_role("heading", level=1)).to_have_text("Wiedervorlage bearbeiten")
    page.goto("/wiedervorlagen")
    press(page, "j", "e")
    expect(page.locator(".notice-ok")).to_contain_text("Zusage 1")


def test_the_whole_list_is_meant_beyond_the_page(app, anna_page):
    with app.app_context():
        for one in range(60):
            factories.follow_up(f"Zusage {one}")
        db.session.commit()
    page = anna_page
    page.goto("/wiedervorlagen")
    press(page, "j", "x")
    page.get_by_label("alle 60 dieser Liste").check()
    expect(page.locator("[data-picked]")).to_have_text("60 von 60 gewählt")
    page.get_by_role("button", name="Als erledigt").click()
    expect(page.get_by_role("button", name="60 Wiedervorlagen ändern")).to_be_visible()
