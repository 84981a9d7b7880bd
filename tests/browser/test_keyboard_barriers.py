"""Reporting a barrier, answering it and taking a list along: by keyboard alone, the first without scripts."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from crm.barriers.models import BarrierReport
from crm.db import db, today
from tests import factories
from tests.browser.stops import tab_to
from tests.browser.test_keyboard_events import press_at, tab_plainly

pytestmark = pytest.mark.browser


@pytest.fixture
def quick(app, monkeypatch):
    """Let public forms be sent at once."""
    monkeypatch.setitem(app.config, "PUBLIC_FORM_SECONDS", 0)


def only_report(app):
    """What was reported."""
    with app.app_context():
        return db.session.scalars(select(BarrierReport)).one()


def test_from_the_foot_of_any_page_to_a_number_without_scripts(app, page_of, quick):
    page = page_of("", java_script_enabled=False)
    page.goto("/anmelden")
    for name in ("Barrierefreiheit", "Barriere melden"):
        tab_plainly(page, page.get_by_role("link", name=name).first)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text(name)
    tab_plainly(page, page.get_by_role("button", name="Meldung senden"))
    page.keyboard.press("Enter")
    expect(page).to_have_title(re.compile("^Fehler: Barriere melden"))
    tab_plainly(page, page.get_by_role("link", name="Sagen Sie, was nicht geht."))
    page.keyboard.press("Enter")
    tab_plainly(page, page.get_by_label("Was geht nicht"))
    page.keyboard.type("Die Karte.")
    tab_plainly(page, page.get_by_label("E-Mail-Adresse"))
    page.keyboard.type("petra@kommune.test")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Danke für Ihre Meldung")
    expect(page.get_by_role("main")).to_contain_text(only_report(app).reference)
    expect(page.get_by_role("main")).to_contain_text(f"{only_report(app).due_on:%d.%m.%Y}")


def test_answering_from_the_first_page(app, anna_page):
    with app.app_context():
        factories.barrier(days_ago=50)
        db.session.commit()
    page = anna_page
    page.goto("/")
    press_at(page, page.get_by_role("link", name="1 gemeldete Barriere ohne Antwort"))
    press_at(page, page.get_by_role("link", name="B-0001"))
    tab_to(page, page.get_by_role("textbox", name="Antwort", exact=True))
    page.keyboard.type("Ist behoben.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".flashes")).to_contain_text("Antwort vermerkt und per E-Mail gesendet.")
    assert (only_report(app).answer, only_report(app).answered_on) == ("Ist behoben.", today())


def test_taking_a_filtered_list_along_as_a_file(app, anna_page):
    with app.app_context():
        factories.talk("Lahntal")
        factories.talk("Kassel")
        db.session.commit()
    page = anna_page
    page.goto("/beratungen?q=Lahntal")
    link = page.get_by_role("link", name="Als CSV speichern")
    tab_to(page, link)
    with page.expect_download() as waiting:
        page.keyboard.press("Enter")
    text = Path(waiting.value.path()).read_text(encoding="utf-8-sig")
    assert ("Lahntal" in text, "Kassel" in text) == (True, False)
    expect(link).to_be_focused()
