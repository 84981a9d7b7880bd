"""The map by keyboard, in every look, without scripts and on paper; of tiles and of true areas."""

import re

import pytest
from playwright.sync_api import expect

from crm.db import db
from crm.geography.services import take_over
from tests import factories
from tests.browser.measures import THEMES
from tests.browser.stops import tab_to, walk
from tests.browser.test_axe import findings
from tests.browser.test_layout import faults
from tests.geography.everywhere import boundaries

pytestmark = pytest.mark.browser

URL = "/berichte/karte?mass=zuletzt"
FOCUSED = "document.activeElement.querySelector('title')?.textContent"
MIDDLE = """(one) => { const box = one.getBBox(); return [box.x + box.width / 2, box.y + box.height / 2]; }"""


@pytest.fixture(params=["tiles", "areas"])
def talked(request, app):
    """Some talks, with boundaries and without."""
    with app.app_context():
        if request.param == "areas":
            take_over(boundaries(), "© Grenzamt", None)
        for days in (3, 200, 400, 900):
            factories.talk("Cölbe", "Lahntal", "Landkreis Fulda", days_ago=days)
            factories.talk("Hanau", days_ago=days + 200)
        db.session.commit()
    return request.param


@pytest.mark.parametrize("scheme", THEMES)
def test_the_map_has_no_barriers_and_nothing_is_cut(app, talked, page_of, scheme):
    with app.app_context():
        county = factories.place("Main-Taunus-Kreis").id
    page = page_of("mara", color_scheme=scheme)
    page.goto(URL)
    found = findings(page, "closed")
    page.locator(".map-side summary").click()
    found += findings(page, "with its table")
    page.set_viewport_size({"width": 375, "height": 2400})
    found += findings(page, "on a phone") + faults(page, "map")
    page.goto(f"{URL}&kreis={county}")
    assert found + findings(page, "one county") + faults(page, "one county") == []


def test_the_map_is_one_stop_and_arrows_lead_to_what_lies_there(talked, page_of):
    page = page_of("mara")
    page.goto(URL)
    assert len([one for one in walk(page) if "Beratung" in one["name"] or "beraten" in one["name"]]) < 9
    first = page.locator("[data-map] a").first
    tab_to(page, first)
    for key, axis, sign in (
        ("ArrowDown", 1, 1),
        ("ArrowRight", 0, 1),
        ("ArrowUp", 1, -1),
        ("ArrowLeft", 0, -1),
    ):
        before = page.locator("[data-map] a:focus").evaluate(MIDDLE)
        page.keyboard.press(key)
        after = page.locator("[data-map] a:focus").evaluate(MIDDLE)
        assert (after[axis] - before[axis]) * sign > 0, key
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    assert page.locator("[data-map] a:focus").evaluate(MIDDLE) == after
    assert page.locator("[data-map] a[tabindex='0']").count() == 1


def test_every_kommune_is_reached_by_arrows(talked, page_of):
    page = page_of("mara")
    page.goto(URL)
    reached = page.evaluate("""() => {
      const links = [...document.querySelectorAll("[data-map] a")], seen = new Set(), ahead = [links[0]];
      while (ahead.length) {
        const here = ahead.pop();
        if (seen.has(here)) continue;
        seen.add(here);
        for (const key of ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"]) {
          here.focus();
          here.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
          ahead.push(document.activeElement);
        }
      }
      return seen.size;
    }""")
    assert reached == 421


def test_enter_opens_the_kommune_whose_words_are_said(talked, page_of):
    page = page_of("mara")
    page.goto(URL)
    link = page.get_by_role("link", name=re.compile(r"^Lahntal: zuletzt \d\d\.\d\d\.\d{4}, vor 3 Tagen$"))
    link.focus()
    expect(page.locator("[data-map-said]")).to_have_text(re.compile("^Lahntal: zuletzt"))
    ring = page.locator("[data-ring]").last
    assert ring.get_attribute("d") == link.locator("path").get_attribute("d")
    assert float(ring.evaluate("(one) => getComputedStyle(one).strokeWidth").removesuffix("px")) >= 3
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Lahntal")


def test_the_skip_link_leads_behind_the_map(talked, page_of):
    page = page_of("mara")
    page.goto(URL)
    skip = page.get_by_role("link", name="Karte überspringen")
    tab_to(page, skip)
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.map-side') !== null")


def test_pointing_says_the_words_and_leaving_takes_them_back(talked, page_of):
    page = page_of("mara", viewport={"width": 1440, "height": 1800})
    page.goto(URL)
    said = page.locator("[data-map-said]")
    expect(said).to_have_text(re.compile("Pfeiltasten"))
    box = page.locator("[data-map] a", has=page.locator("title", has_text="Hanau:")).bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(said).to_have_text(re.compile("^Hanau: zuletzt"))
    page.mouse.move(5, 5)
    expect(said).to_have_text(re.compile("Pfeiltasten"))


def test_without_scripts_every_tile_is_a_link_and_the_map_can_be_skipped(talked, page_of):
    page = page_of("mara", java_script_enabled=False)
    page.goto(URL)
    assert page.locator("[data-map] a[href^='/kommunen/']").count() == 421
    expect(page.locator("[data-map-said]")).to_be_hidden()
    assert page.get_by_role("link", name="Karte überspringen").count() == 1
    page.locator(".map-side summary").click()
    expect(page.locator(".map-table").get_by_role("link", name="Lahntal")).to_be_visible()


def colours(page):
    """The fills of the classes on the map that have one, from few to many."""
    return page.evaluate("""() => ["k1", "k2", "k3", "k4"].map((name) => {
      const one = document.querySelector(`.legend-map .${name}`);
      return getComputedStyle(one).fill;
    })""")


def lightness(colour):
    """How light a colour is."""
    return sum(map(int, re.findall(r"\d+", colour)[:3]))


def test_many_is_dark_by_day_and_light_by_night(talked, page_of):
    for scheme in ("light", "dark"):
        page = page_of("mara", color_scheme=scheme)
        page.goto(URL)
        shades = [lightness(one) for one in colours(page)]
        assert shades == sorted(shades, reverse=scheme == "light")
        assert len(set(shades)) == 4
        hatched = page.locator("[data-map] .k0").first
        assert hatched.evaluate("(one) => getComputedStyle(one).fill") == 'url("#k0")'


def test_on_paper_the_map_stands_on_one_sheet_with_its_legend_and_textures(talked, page_of):
    page = page_of("mara", color_scheme="dark")
    page.goto(URL)
    page.emulate_media(media="print")
    assert colours(page) == [f'url("#k{number}")' for number in (1, 2, 3, 4)]
    page.set_viewport_size({"width": 718, "height": 1000})
    for part in (".hesse", ".legend-map"):
        box = page.locator(part).bounding_box()
        assert box["y"] + box["height"] < 1000, part
        assert box["x"] + box["width"] <= 719, part
    expect(page.locator(".map-said")).to_be_hidden()
    expect(page.locator(".map-side details")).to_be_hidden()
