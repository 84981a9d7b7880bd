"""Every page keeps what it promises to people who see, hear, move or read in another way."""

import pytest

from tests.browser import pages
from tests.browser.measures import MEASURES
from tests.browser.test_layout import FAULTS, SPACED, WIDE

pytestmark = pytest.mark.browser

LOW = {"width": 320, "height": 256}
SHORT = (
    "follow_ups.index", "home.management", "cooperations.show", "elections.place",
    "home.index", "home.accessibility", "barriers.report", "barriers.show", "consultations.edit",
    "consultations.index", "organisations.show", "events.show", "guests.register", "cooperations.index",
    "reports.show", "accounts.profile", "calendars.show", "imports.questions", "elections.show",
    "materials.show", "minutes.edit", "examples.show", "help.show",
)  # fmt: skip


def measured(page, name):
    """What is wrong with an open page, in one pass over all measures."""
    found = []

    def note(where, *measures):
        for one in measures:
            found.extend(f"{name}: {where}{one}: {fault}" for fault in page.evaluate(f"{MEASURES}.{one}()"))

    note("", "structure", "controls", "tables", "targets")
    page.emulate_media(reduced_motion="reduce")
    note("", "moving")
    for scheme in ("light", "dark"):
        page.emulate_media(forced_colors="active", color_scheme=scheme)
        note(f"{scheme} ", "forced")
    page.emulate_media(forced_colors="none", color_scheme="light", reduced_motion="no-preference")
    page.set_viewport_size(LOW)
    note("320x256 ", "overlaps", "sticky", "targets")
    found += page.evaluate(FAULTS, f"{name}: 320x256 reflow")
    page.evaluate(SPACED)
    note("320x256 spaced ", "overlaps")
    page.set_viewport_size(WIDE)
    note("spaced ", "overlaps")
    return found


def walk(app, house, page_of, only=None):
    """Measure every page, or some."""
    looks = {who: page_of(who, viewport=WIDE) for who in ("", "mara", "ada")}
    found = []
    for name, url, who in pages.addresses(app, house):
        if only is None or name in only:
            looks[who].goto(url)
            found += measured(looks[who], name)
    return found


def test_pages_of_every_kind_keep_their_promises(app, house, page_of):
    found = walk(app, house, page_of, SHORT)
    assert not found, "\n".join(found)


@pytest.mark.stress
def test_every_page_keeps_its_promises(app, house, page_of):
    found = walk(app, house, page_of)
    assert not found, "\n".join(found)


def surprises(app, house, page_of, only=None):
    """Put the focus on everything and change every choice of every page, or of some."""
    looks = {who: page_of(who, viewport=WIDE) for who in ("", "mara", "ada")}
    found = []
    for name, url, who in pages.addresses(app, house):
        if only is None or name in only:
            looks[who].goto(url)
            found += [f"{name}: {one}" for one in looks[who].evaluate(f"{MEASURES}.surprises()")]
    return found


def test_neither_focus_nor_choice_sends_or_opens_anything(app, house, page_of):
    assert surprises(app, house, page_of, SHORT) == []


@pytest.mark.stress
def test_nowhere_does_focus_or_choice_send_or_open_anything(app, house, page_of):
    assert surprises(app, house, page_of) == []


# One fault for every measure, put into a page that has none.
PLANTED = {
    "structure: 2 h1": "main.append(document.createElement('h1'))",
    "structure: nav without a name": "main.append(document.createElement('nav'))",
    "structure: title": "document.title = 'x'",
    "structure: no skip link first": "document.querySelector('.skip').remove()",
    "structure: no live region": "document.querySelector('.flashes').removeAttribute('role')",
    "structure: no way to the statement": "document.querySelector('footer a').remove()",
    "controls: no name": "main.append(Object.assign(document.createElement('a'), { href: '/x' }))",
    "controls: same name, other target": """for (const url of ['/a', '/b']) {
        const link = Object.assign(document.createElement('a'), { href: url, ariaLabel: 'Ändern' });
        main.append(link); link.append('Ändern'); }""",
    "controls: name „Weg“ without „Hin“": """const link = Object.assign(document.createElement('a'),
        { href: '/x', ariaLabel: 'Weg' }); link.append('Hin'); main.append(link)""",
    "controls: field without a name": "main.append(document.createElement('input'))",
    "tables: no caption": "main.insertAdjacentHTML('beforeend', '<table><tr><th scope=col>a</table>')",
    "tables: no scope": """main.insertAdjacentHTML('beforeend',
        '<table><caption>c</caption><tr><th>a</table>')""",
    "targets: small": """main.insertAdjacentHTML('beforeend',
        '<div><button>x</button><button>y</button></div>');
        for (const one of main.lastChild.children)
            sheet(one, 'all: unset; display: inline-block; width: 9px; height: 9px; font-size: 6px')""",
    "moving: moves": "sheet(main, 'transition: opacity 1s')",
    "light forced: no edge": "sheet(document.querySelector('main .btn'), 'border: 0 !important')",
    "320x256 overlaps: overlap": """main.insertAdjacentHTML('beforeend', '<p>eins eins</p><p>zwei zwei</p>');
        sheet(main.lastChild, 'position: relative; top: -1.4em; margin: 0')""",
    "320x256 sticky: covers": "sheet(document.querySelector('h1'), 'position: fixed; height: 200px')",
    "320x256 reflow: rolls": "sheet(document.querySelector('h1'), 'width: 500px')",
}
SHEET = """
const main = document.querySelector("main");
let number = 0;
const sheet = (one, rules) => {
  const mark = `p${++number}`, made = new CSSStyleSheet();
  one.classList.add(mark);
  made.replaceSync(`.${mark}.${mark}.${mark} { ${rules} }`);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, made];
};
"""


def test_every_measure_finds_the_fault_that_is_planted(page_of):
    page, missed = page_of("anna", viewport=WIDE), []
    page.goto("/konto/passwort")
    assert measured(page, "whole") == []
    for fault, plant in PLANTED.items():
        page.goto("/konto/passwort")
        page.evaluate(f"() => {{ {SHEET} {plant} }}")
        found = measured(page, "planted")
        if not any(one.startswith(f"planted: {fault}") for one in found):
            missed.append((fault, found))
    assert missed == []
