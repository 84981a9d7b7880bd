"""Where the focus is: first the skip link, then as one reads, always seen, never under the foot."""

import pytest
from playwright.sync_api import expect

from tests.browser import pages
from tests.browser.stops import REACHABLE, walk

pytestmark = pytest.mark.browser

PAGES = {
    "sign in": ("", "/anmelden"),
    "first page": ("mara", "/"),
    "new talk": ("mara", "/beratungen/neu?kommune={place}"),
    "talk": ("mara", "/beratungen/{talk}"),
    "change a talk": ("mara", "/beratungen/{talk}/bearbeiten"),
    "change a person": ("mara", "/kontakte/{person}/bearbeiten"),
    "list of talks": ("mara", "/beratungen?q=Kassel"),
    "kommune": ("mara", "/kommunen/{place}"),
    "report": ("mara", "/berichte/taetigkeit"),
    "map": ("mara", "/berichte/karte"),
    "board": ("mara", "/kooperationen"),
    "new group": ("mara", "/kooperationen/neu"),
    "group": ("mara", "/kooperationen/{cooperation}"),
    "funding": ("mara", "/kooperationen/{cooperation}/foerderung"),
    "costs": ("mara", "/kooperationen/{cooperation}/foerderung/kosten"),
    "application": ("mara", "/kooperationen/{cooperation}/foerderung/antraege/{application}/bearbeiten"),
    "suggestions": ("mara", "/kooperationen/{cooperation}/partnersuche"),
    "resolution": ("mara", "/kooperationen/{cooperation}/beschluesse/{resolution}"),
    "sessions": ("mara", "/kooperationen/sitzungen"),
    "check of a list": ("mara", "/importe/pruefung"),
    "inbox": ("mara", "/posteingang"),
    "mail": ("mara", "/posteingang/{item}"),
    "account": ("ada", "/konten/{user}"),
}


@pytest.mark.parametrize("name", PAGES)
def test_every_stop_is_seen_and_none_is_covered(page_of, house, name):
    who, url = PAGES[name]
    page = page_of(who, viewport={"width": 1280, "height": 640})
    page.goto(url.format(**house))
    assert unseen(page, name) == []


def unseen(page, name):
    """Say where the focus of an open page is not seen, or lies under its foot."""
    return [
        f"{name}: {one['name']} {fault}"
        for one in walk(page)
        for fault, holds in (("ring", one["ring"] < 2), ("out", one["outside"]), ("under", one["covered"]))
        if holds
    ]


@pytest.mark.stress
def test_every_stop_of_every_page_is_seen(app, page_of, house):
    size, found = {"width": 1280, "height": 640}, []
    looks = {who: page_of(who, viewport=size) for who in ("", "mara", "ada")}
    for name, url, who in pages.addresses(app, house):
        looks[who].goto(url)
        try:
            found += unseen(looks[who], name)
        except AssertionError as trapped:
            found.append(f"{name}: {trapped}")
    assert not found, "\n".join(found)


def test_the_measure_would_find_a_hidden_focus(page_of, house):
    page = page_of("mara", viewport={"width": 1280, "height": 640})
    page.goto(f"/beratungen/{house['talk']}/bearbeiten")
    page.evaluate("""
      const sheet = new CSSStyleSheet();
      sheet.replaceSync("html { scroll-padding: 0 !important } summary { outline: 0 !important }");
      document.adoptedStyleSheets = [sheet];
    """)
    stops = walk(page)
    assert [one for one in stops if one["covered"]]
    assert [one for one in stops if not one["ring"]]


@pytest.mark.parametrize("width", [1440, 1100])
def test_the_order_of_the_talk_form_is_the_order_of_reading(page_of, house, width):
    page = page_of("mara", viewport={"width": width, "height": 900})
    page.goto(f"/beratungen/{house['talk']}/bearbeiten")
    stops = walk(page)
    reachable = page.evaluate(REACHABLE)
    assert len(stops) == len(reachable), set(reachable) ^ {str(number) for number in range(len(stops))}
    for column in ("form-main", "form-side"):
        inside = [one for one in stops if one["column"] == column]
        assert inside
        for one, after in zip(inside, inside[1:], strict=False):
            below, beside = after["top"] > one["top"] - 4, after["left"] > one["left"]
            assert below or beside, f"{after['name']} stands before {one['name']}"


def test_going_back_meets_the_same_stops(page_of, house):
    page = page_of("mara")
    page.goto(f"/beratungen/{house['talk']}/bearbeiten")
    forth = walk(page)
    page.reload()
    back = walk(page, back=True)
    assert [one["name"] for one in back] == [one["name"] for one in forth]


def test_nobody_is_kept_in_the_covered_foot(page_of, house):
    page = page_of("mara", viewport={"width": 1024, "height": 560})
    page.goto(f"/beratungen/{house['talk']}/bearbeiten")
    assert [one["name"] for one in walk(page, back=True) if one["covered"]] == []


def test_the_skip_link_is_first_seen_and_leads_to_the_content(anna_page):
    anna_page.goto("/")
    link = anna_page.get_by_role("link", name="Zum Inhalt springen")
    expect(link).not_to_be_in_viewport()
    anna_page.keyboard.press("Tab")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport(ratio=1)
    anna_page.keyboard.press("Enter")
    expect(anna_page.locator("main")).to_be_focused()
