"""Reports by keyboard: narrow, open a number, freeze, save, close a quarter, correct with a reason."""

import re
from datetime import date

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from crm.closing.models import Correction
from crm.consultations.models import Consultation
from crm.db import db
from crm.definitions.models import SavedReport
from crm.releases.models import FrozenReport
from tests import factories
from tests.browser.stops import press_at, tab_to

pytestmark = pytest.mark.browser

YEAR = "?von=01.01.2025&bis=31.12.2025"
REPORT = f"/berichte/taetigkeit{YEAR}"


@pytest.fixture
def talk(app):
    with app.app_context():
        made = factories.talk("Cölbe", "Hünfeld", held_on=date(2025, 5, 5), duration_minutes=60)
        db.session.commit()
        return made.id


def test_narrowing_a_report_and_opening_the_records_of_a_number(talk, page_of):
    page = page_of("rita")
    page.goto(REPORT)
    press_at(page, page.get_by_text("Eingrenzen"))
    tab_to(page, page.get_by_label("Landkreis", exact=True))
    page.keyboard.type("Landkreis Fulda")
    press_at(page, page.get_by_role("button", name="Bericht zeigen"))
    expect(page.locator(".defin")).to_contain_text("Landkreis Fulda")
    press_at(page, page.locator(".figures-big a").first)
    expect(page.locator("h1")).to_have_text("1 Beratung")
    press_at(page, page.locator("tbody th a"))
    expect(page).to_have_url(re.compile(rf"/beratungen/{talk}$"))


def test_the_table_beside_a_picture_opens_by_keyboard(talk, page_of):
    page = page_of("rita")
    page.goto(REPORT)
    press_at(page, page.get_by_text("Als Tabelle").first)
    expect(page.locator("[data-table=reihen]")).to_be_visible()


def test_freezing_a_report(app, talk, page_of):
    page = page_of("mara")
    page.goto(REPORT)
    press_at(page, page.get_by_role("link", name="Bericht einfrieren"))
    tab_to(page, page.locator("#purpose"))
    page.keyboard.type("Kleine Anfrage 19/5291")
    page.keyboard.press("Control+Enter")
    expect(page.locator("main")).to_contain_text("Kleine Anfrage 19/5291")
    with app.app_context():
        assert db.session.scalar(select(FrozenReport.purpose)) == "Kleine Anfrage 19/5291"


def test_saving_a_report(app, page_of):
    page = page_of("anna")
    page.goto(REPORT)
    press_at(page, page.get_by_role("link", name="Bericht speichern"))
    tab_to(page, page.get_by_label("Name", exact=True))
    page.keyboard.press("Control+a")
    page.keyboard.type("Mein Jahr")
    page.keyboard.press("Control+Enter")
    expect(page.locator("main")).to_contain_text("Mein Jahr")
    with app.app_context():
        assert db.session.scalar(select(SavedReport.name)) == "Mein Jahr"


def test_closing_a_quarter_and_correcting_a_talk_in_it_with_a_reason(app, talk, page_of):
    page = page_of("mara")
    page.goto("/berichte/quartale")
    press_at(page, page.get_by_role("link", name="2. Quartal 2025 abschließen"))
    press_at(page, page.get_by_role("button", name=re.compile("abschließen")))
    expect(page).to_have_url(re.compile(r"/berichte/quartale$"))
    page.goto(f"/beratungen/{talk}/bearbeiten")
    tab_to(page, page.locator("#duration_minutes"))
    page.keyboard.press("Control+a")
    page.keyboard.type("90")
    page.keyboard.press("Control+Enter")
    reason = page.locator("#correction_reason")
    expect(reason).to_be_visible()
    tab_to(page, reason)
    page.keyboard.type("Die Dauer war falsch notiert.")
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(re.compile(rf"/beratungen/{talk}$"))
    with app.app_context():
        assert db.session.scalar(select(Correction.reason)) == "Die Dauer war falsch notiert."
        assert db.session.get(Consultation, talk).duration_minutes == 90
