"""The record of a talk on paper, and the settings that stand on it."""

import pytest

pytestmark = pytest.mark.browser

# A4 within margins of one centimetre, in CSS pixels.
SHEET = {"width": 718, "height": 1046}
FRAME = ".top, .side, .foot, .page-actions, .crumbs"


@pytest.fixture
def record(house):
    """Where the record of a whole talk stands."""
    return f"/beratungen/{house['talk']}/vermerk"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_printed_page_is_a_paper_and_nothing_else(page_of, record, scheme):
    page = page_of("mara", viewport=SHEET, color_scheme=scheme)
    page.goto(record)
    page.emulate_media(media="print", color_scheme=scheme)
    assert [one.is_visible() for one in page.locator(FRAME).all()] == [False] * page.locator(FRAME).count()
    assert page.locator("button:visible").count() == 0
    head, title = page.locator(".paper-head").bounding_box(), page.locator("h1").bounding_box()
    assert head["y"] + head["height"] <= title["y"], "the office stands above the title"
    assert page.locator(".paper thead").first.is_visible(), "a sheet has room for a table"
    assert page.evaluate("document.documentElement.scrollWidth") <= SHEET["width"]
    colours = "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]"
    assert page.evaluate(colours)[0] == "rgb(255, 255, 255)"


def test_a_phone_shows_the_tables_as_cards(page_of, record):
    page = page_of("mara", viewport={"width": 375, "height": 800})
    page.goto(record)
    assert page.locator(".paper thead").first.bounding_box()["width"] <= 1
    assert page.evaluate("document.documentElement.scrollWidth") <= 375


def test_the_button_prints(page_of, record):
    page = page_of("mara")
    page.goto(record)
    page.evaluate("window.print = () => { document.title = 'printed'; }")
    page.get_by_role("button", name="Drucken").click()
    assert page.title() == "printed"


def test_without_scripts_there_is_no_button_that_does_nothing(page_of, record):
    page = page_of("mara", java_script_enabled=False)
    page.goto(record)
    assert page.get_by_role("button", name="Drucken").count() == 0
    assert page.get_by_role("link", name="PDF").is_visible()


def test_the_pdf_is_saved_under_its_name(page_of, record):
    page = page_of("mara", accept_downloads=True)
    page.goto(record)
    with page.expect_download() as started:
        page.get_by_role("link", name="PDF").click()
    assert started.value.suggested_filename.startswith("Vermerk-")
    assert started.value.suggested_filename.endswith("-Lahntal-u-a.pdf")


def test_the_example_follows_the_pattern(page_of, house):
    page = page_of("ada")
    page.goto("/einstellungen")
    field, example = page.get_by_label("Muster der Aktenzeichen"), page.locator("[data-pattern-of]")
    assert example.inner_text().startswith("IKZ ")
    field.fill("AZ {nummer}")
    assert example.inner_text() == "AZ 0042"
    field.fill("<b>{nummer}{nummer}")
    assert example.inner_text() == "<b>00420042"
