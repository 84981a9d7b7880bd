"""The official file from the choice to the last press, by keyboard."""

import pytest
from playwright.sync_api import expect

from crm.db import db
from crm.register.models import Edition
from tests.browser.stops import choose_file, press_at, tab_to
from tests.browser.test_axe import findings
from tests.register.editions import LATER, edition

pytestmark = pytest.mark.browser


@pytest.fixture
def file(tmp_path):
    """A newer file: one name more beautiful, one municipality gone."""
    path = tmp_path / "GV100AD_31012027.txt"
    path.write_bytes(edition(LATER, {"06534006": "Cölbe, Radfahrstadt"}, without=["06534021"]))
    return path


def test_taking_an_official_file_over(app, page_of, file):
    page = page_of("ada")
    page.goto("/verzeichnis")
    choose_file(page, page.get_by_label("Datei", exact=True), file)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Prüfung vom 31.01.2027")
    expect(page.locator("main")).to_contain_text("Cölbe, Radfahrstadt (Gemeinde)")
    tab_to(page, page.get_by_label("Wetter (Hessen)"))
    page.keyboard.type("Lahntal")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".err-sum")).to_be_focused()
    assert findings(page, "preview with errors") == []
    page.keyboard.press("Control+Enter")
    expect(page.locator("main")).to_contain_text("1 geschlossen")
    with app.app_context():
        assert db.session.query(Edition).one().closed == 1


def test_a_page_as_at_a_day(page_of):
    page = page_of("rita")
    page.goto("/kommunen?q=Hanau&oeffnen=1")
    tab_to(page, page.get_by_label("Stand vom"))
    page.keyboard.type("31.12.2025")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("06435014")
    press_at(page, page.get_by_role("link", name="Zurück zu heute"))
    expect(page.locator("main")).not_to_contain_text("Stand vom 31.12.2025.")
