"""The calendar for eyes, keys and phones: a table of weeks, or a list of the days that have something."""

import re
from datetime import date, datetime, time, timedelta

import pytest
from playwright.sync_api import expect

from crm.db import BERLIN, db
from crm.events.models import EventState
from tests import factories
from tests.browser.measures import THEMES
from tests.browser.stops import press_at
from tests.browser.test_axe import PHONE, TALL, findings
from tests.browser.test_layout import faults

pytestmark = pytest.mark.browser

MONTH = "/kalender?wer=team&tag=2026-11-01"
NARROW = {"width": 375, "height": 812}


@pytest.fixture
def november(app):
    """Something of every kind in a month, with names of every length."""
    with app.app_context():
        starts = datetime.combine(date(2026, 11, 26), time(10), BERLIN)
        factories.event(
            "Forum Verwaltungsdigitalisierung und Datenschutz in kleinen Gemeinden",
            starts_at=starts, ends_at=starts + timedelta(days=5), state=EventState.CANCELLED,
        )  # fmt: skip
        for number in range(6):
            factories.talk("Cölbe", "Wetter (Hessen)", held_on=date(2026, 11, 25), starts_at=time(9 + number))
        factories.talk("Kassel", held_on=date(2026, 11, 12), confidential=True)
        factories.follow_up("Gemeinsame Kostentabelle anfragen").due_on = date(2026, 11, 12)
        db.session.commit()


@pytest.mark.parametrize("view", ["monat", "woche", "liste"])
@pytest.mark.parametrize("size", [TALL, PHONE])
@pytest.mark.parametrize("scheme", THEMES)
def test_full_calendars_have_no_findings(november, page_of, view, size, scheme):
    page = page_of("mara", viewport=size, color_scheme=scheme)
    page.goto(f"/kalender?wer=team&sicht={view}&tag=2026-11-25")
    assert findings(page, view) == []


@pytest.mark.parametrize("view", ["monat", "woche", "liste"])
def test_nothing_is_cut_in_narrow_windows_and_with_wide_spacing(november, page_of, view):
    page = page_of("mara")
    page.goto(f"/kalender?wer=team&sicht={view}&tag=2026-11-25")
    assert faults(page, view) == []


def test_a_phone_shows_the_days_that_have_something(november, page_of):
    page = page_of("mara", viewport=NARROW)
    page.goto(MONTH)
    days = page.locator("td.cal-cell:visible time")
    assert days.evaluate_all("(all) => all.map((one) => one.dateTime)") == [
        "2026-11-12", "2026-11-25", "2026-11-26", "2026-11-27", "2026-11-28", "2026-11-29", "2026-11-30",
    ]  # fmt: skip
    expect(days.first).to_have_text(re.compile("Do, 12.11.2026"))
    expect(page.locator(".cal-title", has_text="Datenschutz in kleinen Gemeinden").nth(2)).to_be_visible()


def test_a_table_is_a_table_for_who_listens(november, page_of):
    page = page_of("mara")
    page.goto(MONTH)
    table = page.get_by_role("table", name="Kalender, November 2026, Ganzes Team")
    expect(table.get_by_role("columnheader")).to_have_count(8)
    expect(table.get_by_role("rowheader")).to_have_count(6)
    name = re.compile("abgesagt: Forum Verwaltungsdigitalisierung und Datenschutz in kleinen Gemeinden")
    expect(table.get_by_role("link", name=name)).to_have_count(6)
    parts = re.compile("Forum Verwaltungsdigitalisierung .* Tag [2-6] von 6")
    assert table.get_by_role("link", name=parts).count() == 5


def test_kinds_are_chosen_by_key_and_the_ways_follow(november, page_of):
    page = page_of("mara")
    page.goto(MONTH)
    expect(page.locator(".cal-event")).to_have_count(6)
    press_at(page, page.locator("summary"))
    press_at(page, page.get_by_role("checkbox", name="Veranstaltungen"), "Space")
    expect(page.locator(".cal-event")).to_have_count(0)
    expect(page).to_have_url(re.compile("art=beratungen&art=sitzungen"))
    page.get_by_role("navigation", name="Ansichten").get_by_role("link", name="Woche").click()
    expect(page.get_by_role("checkbox", name="Veranstaltungen")).not_to_be_checked()
