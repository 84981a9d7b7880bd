"""Narrow windows, large text, wide spacing: nothing is cut, and no page rolls sideways."""

from functools import partial

import pytest
from playwright.sync_api import expect

from tests.browser import pages

pytestmark = pytest.mark.browser

# What sticks out of the window or loses text; regions that may roll by themselves are left alone, so is the
# name of a file, which the browser shortens in the middle, and what was typed into a line of a form.
FAULTS = """
(where) => {
  const root = document.documentElement, found = [], pen = document.createElement("canvas").getContext("2d");
  const name = (one) => `${one.tagName}.${one.className} ${one.id} ${one.textContent.trim().slice(0, 40)}`;
  const right = (one) => Math.min(root.clientWidth, one?.getBoundingClientRect().right ?? Infinity) + 1;
  if (root.scrollWidth > root.clientWidth) found.push(`rolls by ${root.scrollWidth - root.clientWidth} px`);
  for (const one of document.querySelectorAll(".table-wrap > .stack")) {
    const cards = getComputedStyle(one).display === "block", frame = one.parentElement;
    if (cards && frame.scrollWidth > frame.clientWidth + 1) found.push(`cards roll: ${name(one)}`);
  }
  for (const one of document.body.querySelectorAll("*")) {
    if (one.closest("svg, [hidden], option, .stack thead") || !one.checkVisibility()) continue;
    const box = one.getBoundingClientRect(), style = getComputedStyle(one);
    if (box.width <= 2 || style.clipPath !== "none" || one.closest(".visually-hidden, .skip")) continue;
    const text = [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    const edge = right(one.parentElement.closest("nav, main, aside, header, footer, td, .field"));
    const rolls = one.closest(".table-wrap, .tabs, .combo-list, .board");
    if (text && !rolls && (box.right > edge || box.left < -1)) found.push(`out: ${name(one)}`);
    const hides = /hidden|clip/.test(style.overflowX + style.overflowY);
    const larger = one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1;
    const typed = one.type === "file" || (one.tagName === "INPUT" && one.value.length > 20);
    if (hides && larger && !typed) found.push(`cut: ${name(one)}`);
    if (one.tagName !== "SELECT" || !one.selectedOptions.length) continue;
    pen.font = style.font;
    const room = one.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    const words = one.selectedOptions[0].text;
    if (words.length < 20 && pen.measureText(words).width > room + 1) found.push(`cut: ${one.id} ${words}`);
  }
  return found.map((fault) => `${where}: ${fault}`);
}
"""
# A sheet made by the test: the policy of the pages forbids style elements, not this.
SPACED = """
() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important;
    word-spacing: .16em !important; } p { margin-block-end: 2em !important; }`);
  document.adoptedStyleSheets = [sheet];
}
"""
WIDE = {"width": 1280, "height": 900}


def faults(page, name):
    """What is wrong with a page in two narrow windows and with wide spacing."""
    found = []
    for width, height in ((320, 640), (375, 812)):
        page.set_viewport_size({"width": width, "height": height})
        found += page.evaluate(FAULTS, f"{name} at {width}")
    page.set_viewport_size(WIDE)
    page.evaluate(SPACED)
    return found + page.evaluate(FAULTS, f"{name} spaced")


def everywhere(app, house, page_of, look):
    """What `look` finds on every page."""
    open_pages = {who: page_of(who, viewport=WIDE) for who in ("", "mara", "ada")}
    found = []
    for name, url, who in pages.addresses(app, house):
        open_pages[who].goto(url)
        found += look(open_pages[who], name)
    return found


def test_nothing_is_cut_and_no_page_rolls_sideways(app, house, page_of):
    found = everywhere(app, house, page_of, faults)
    assert not found, "\n".join(found)


def test_letters_of_double_size_find_their_place(app, house, page_of, large_print):
    def look(page, name):
        return page.evaluate(FAULTS, f"{name} in large print")

    found = everywhere(app, house, partial(page_of, browser=large_print), look)
    assert not found, "\n".join(found)


def test_the_measure_would_find_something(anna_page):
    anna_page.goto("/")
    anna_page.evaluate("document.querySelector('h1').textContent = 'x'.repeat(400)")
    anna_page.evaluate("document.querySelector('h1').style.overflowWrap = 'normal'")
    assert faults(anna_page, "long title")


def test_on_a_phone_the_foot_stands_still(page_of):
    page = page_of("anna", viewport={"width": 375, "height": 667})
    page.goto("/beratungen/neu")
    assert page.locator(".form-foot").evaluate("(foot) => getComputedStyle(foot).position") == "static"


def test_the_menu_of_a_phone_opens_and_closes_by_key(page_of):
    page = page_of("anna", viewport={"width": 375, "height": 667})
    page.goto("/")
    navigation = page.get_by_role("navigation", name="Hauptnavigation")
    expect(navigation).to_be_hidden()
    button = page.locator(".menu-button")
    button.focus()
    page.keyboard.press("Enter")
    expect(navigation).to_be_visible()
    page.keyboard.press("Escape")
    expect(navigation).to_be_hidden()
    expect(button).to_be_focused()


def test_less_motion_means_none(page_of):
    page = page_of("anna", reduced_motion="reduce")
    page.goto("/")
    moving = """
      [...document.querySelectorAll("*")].filter((one) => {
        const style = getComputedStyle(one);
        return [style.transitionDuration, style.animationDuration].some((time) => parseFloat(time) > 0);
      }).length"""
    assert page.evaluate(moving) == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_forced_colours_keep_a_border_around_every_control(page_of, house, scheme):
    page = page_of("mara", forced_colors="active", color_scheme=scheme)
    page.goto(f"/beratungen/{house['talk']}/bearbeiten")
    bare = """
      [...document.querySelectorAll("main :is(.btn, .form-control, .form-select, .combo-box, .seg-row span)")]
        .filter((one) => one.checkVisibility() && !parseFloat(getComputedStyle(one).borderTopWidth))
        .map((one) => one.textContent.trim() || one.id)"""
    assert page.evaluate(bare) == []
