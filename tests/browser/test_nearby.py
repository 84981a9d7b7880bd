"""While a talk is planned its surroundings appear in the foot of the form; no field moves for it."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from crm.db import db, today
from tests import factories
from tests.browser.clerk import form_of
from tests.browser.stops import press_at, tab_to, walk
from tests.browser.test_axe import PHONE, TALL, findings

pytestmark = pytest.mark.browser

DAY = today() + timedelta(days=20)
ASKED = "/beratungen/neu/umfeld"


@pytest.fixture
def number(app):
    """A talk with Cölbe, planned by Bert three days after the day."""
    with app.app_context():
        found = factories.talk("Cölbe", held_on=DAY + timedelta(days=3), by="bert").id
        db.session.commit()
    return found


def region(page):
    """Where the surroundings appear."""
    return page.locator("[data-nearby]")


def plan(page, day=DAY):
    """Type a day and go on."""
    page.get_by_label("Tag", exact=True).fill(f"{day:%d.%m.%Y}")
    page.keyboard.press("Tab")


def positions(page):
    """Where every field stands that can be seen; what is folded away stands nowhere."""
    return page.evaluate(
        """[...document.querySelectorAll(".field")].filter((one) => one.checkVisibility())
          .map((one) => one.getBoundingClientRect().top)"""
    )


def test_a_day_to_come_shows_what_lies_around_it_and_a_way_to_join(live, anna_page, number):
    page = form_of(anna_page)
    page.keyboard.type("cölbe,")
    expect(page.locator(".party")).to_have_count(1)
    assert live.asked("GET", ASKED) == 0, "an ordinary talk of today asks for nothing"
    before = positions(page)
    plan(page)
    expect(region(page)).to_contain_text("3 Tage danach")
    assert positions(page) == before, "nothing moved"
    region(page).get_by_role("link", name=re.compile("dazusetzen")).click()
    expect(page).to_have_url(re.compile(f"/beratungen/{number}/bearbeiten$"))
    expect(region(page)).to_be_empty()


def test_it_follows_the_day_and_the_organisations(anna_page, number):
    page = form_of(anna_page)
    plan(page)
    expect(region(page)).to_be_empty()
    page.get_by_role("combobox", name="Kommunen").focus()
    page.keyboard.type("cölbe,")
    expect(region(page)).to_contain_text("Einzelgespräch")
    page.keyboard.press("Backspace")
    expect(region(page)).to_be_empty()
    page.keyboard.type("cölbe,")
    expect(region(page)).to_contain_text("Einzelgespräch")
    plan(page, DAY + timedelta(days=18))
    expect(region(page)).to_be_empty()
    plan(page, DAY + timedelta(days=17))
    expect(region(page)).to_contain_text("14 Tage vorher")
    plan(page, today())
    expect(region(page)).to_be_empty()


def test_a_late_answer_to_an_old_question_is_dropped(live, anna_page, number):
    live.slow = {ASKED: 1.0}
    page = form_of(anna_page)
    page.keyboard.type("cölbe,")
    expect(page.locator(".party")).to_have_count(1)
    with page.expect_request(f"**{ASKED}*"):
        plan(page)
    plan(page, today())
    live.settle()
    page.wait_for_timeout(300)
    expect(region(page)).to_be_empty()


def test_a_dead_answer_keeps_what_was_shown(live, anna_page, watch, number):
    watch.expected.append("net::ERR_EMPTY_RESPONSE")
    page = form_of(anna_page)
    page.keyboard.type("cölbe,")
    plan(page)
    expect(region(page)).to_contain_text("3 Tage danach")
    live.dead = (ASKED,)
    with page.expect_event("requestfailed"):
        plan(page, DAY + timedelta(days=1))
    expect(region(page)).to_contain_text("3 Tage danach")


def test_the_form_of_a_planned_talk_looks_around_as_it_opens(app, anna_page, number):
    with app.app_context():
        own = factories.talk("Cölbe", held_on=DAY).id
        db.session.commit()
    anna_page.goto(f"/beratungen/{own}/bearbeiten")
    expect(region(anna_page)).to_contain_text("3 Tage danach")
    expect(region(anna_page).locator("li")).to_have_count(1)


def test_the_focus_is_never_under_the_taller_foot(app, page_of, number):
    with app.app_context():
        for days in range(-9, 9):
            factories.talk("Cölbe", held_on=DAY + timedelta(days=days))
        own = factories.talk("Cölbe", held_on=DAY).id
        db.session.commit()
    page = page_of("anna", viewport={"width": 1280, "height": 640})
    page.goto(f"/beratungen/{own}/bearbeiten")
    expect(region(page).locator("li")).to_have_count(10)
    assert [one["name"] for one in walk(page) if one["covered"]] == []


@pytest.mark.parametrize(("size", "scheme"), [(TALL, "light"), (PHONE, "dark")], ids=["1440", "375"])
def test_neither_the_form_nor_the_pages_around_it_have_findings(app, page_of, number, size, scheme):
    with app.app_context():
        group = factories.cooperation(title="Bauhof Nordkreis")
        factories.resolution(group, "Cölbe", in_days=9)
        factories.resolution(group, "Lahntal", in_days=-2)
        numbers = group.id, factories.talk("Cölbe", "Lahntal", held_on=DAY, cooperation_id=group.id).id
        factories.follow_up("Haushalt klären", cooperation_id=group.id, about=group.title)
        db.session.commit()
    page, found = page_of("anna", viewport=size, color_scheme=scheme), []
    for url in ("/", "/wiedervorlagen", f"/beratungen/{numbers[1]}", f"/beratungen?kooperation={numbers[0]}"):
        page.goto(url)
        found += findings(page, url)
    page.goto(f"/beratungen/neu?kooperation={numbers[0]}")
    plan(page)
    expect(region(page)).to_contain_text("dazusetzen")
    found += findings(page, "planning")
    page.locator(".party summary").first.click()
    page.locator("[name=parties-0-step]").select_option("interested")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#parties-0-step-error")).to_be_visible()
    assert found + findings(page, "a step too early") == []


def test_a_step_is_reported_by_keyboard(app, anna_page):
    with app.app_context():
        number = factories.cooperation(title="Bauhof Nordkreis").id
        db.session.commit()
    page = anna_page
    page.goto(f"/beratungen/neu?kooperation={number}")
    press_at(page, page.locator(".party").nth(1).locator("summary"))
    tab_to(page, page.locator("[name=parties-1-step]"))
    page.keyboard.type("inter")
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(re.compile(r"/beratungen/\d+$"))
    expect(page.locator("section[aria-labelledby=parties-title]")).to_contain_text(
        "Stand gemeldet: interessiert"
    )


def test_a_group_is_found_while_typing(app, anna_page):
    with app.app_context():
        factories.cooperation(title="Bauhof Nordkreis")
        db.session.commit()
    page = form_of(anna_page)
    page.keyboard.type("cölbe,")
    page.get_by_role("combobox", name="Kooperation").press_sequentially("nordkr")
    expect(page.locator(".combo-list:not([hidden]) li").first).to_contain_text("Bauhof Nordkreis")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+Enter")
    expect(page.locator("section[aria-labelledby=facts]")).to_contain_text("Bauhof Nordkreis")
