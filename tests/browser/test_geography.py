"""Boundaries by keyboard, and the locator map in both cases, both themes and on a phone."""

import pytest
from playwright.sync_api import expect

from crm.db import db
from crm.geography.models import Boundary
from tests import factories
from tests.browser.stops import choose_file, tab_to
from tests.browser.test_axe import findings
from tests.browser.test_layout import faults
from tests.geography import grid

pytestmark = pytest.mark.browser

# Dots, areas, a county half of each, and a place that was dissolved.
PLACES = ("Kassel", "Amöneburg", "Landkreis Marburg-Biedenkopf", "Landkreis Fulda", "Beerfelden")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_maps_have_no_barriers_and_nothing_is_cut(app, house, page_of, scheme):
    page, found = page_of("mara", color_scheme=scheme), []
    for name in PLACES:
        with app.app_context():
            number = factories.place(name).id
        page.goto(f"/kommunen/{number}")
        found += findings(page, name) + faults(page, name)
    assert not found, "\n".join(found)


def test_the_names_of_the_map_can_be_read(app, house, page_of):
    page = page_of("mara")
    with app.app_context():
        number = factories.place("Amöneburg").id
    page.goto(f"/kommunen/{number}")
    fill = page.locator(".map-self").evaluate("(one) => getComputedStyle(one).fill")
    near = page.locator(".map-near").first.evaluate("(one) => getComputedStyle(one).fill")
    assert len({fill, near, "rgb(0, 0, 0)"}) == 3
    boxes = [one.bounding_box() for one in page.locator(".map-name").all()]
    assert boxes
    for place, one in enumerate(boxes):
        for other in boxes[place + 1 :]:
            apart = abs(one["x"] - other["x"]) >= min(one["width"], other["width"]) / 2
            assert apart or abs(one["y"] - other["y"]) >= 10


def test_taking_boundaries_over_by_keyboard(app, page_of, tmp_path):
    path = tmp_path / "grenzen.geojson"
    path.write_bytes(grid.collection())
    page = page_of("ada")
    page.goto("/kommunen/grenzen")
    choose_file(page, page.get_by_label("Datei mit Grenzen"), path)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Prüfung der Grenzen")
    tab_to(page, page.get_by_label("Quelle"))
    page.keyboard.press("Control+Enter")
    expect(page.locator(".flashes")).to_contain_text("Grenzen: 9 neu")
    with app.app_context():
        assert db.session.query(Boundary).count() == 9


def test_a_wrong_file_is_told_above_the_form(page_of, tmp_path):
    path = tmp_path / "grenzen.geojson"
    path.write_bytes(b"%PDF-1.7")
    page = page_of("ada")
    page.goto("/kommunen/grenzen")
    page.get_by_label("Datei mit Grenzen").set_input_files(path)
    page.get_by_role("button", name="Datei prüfen").click()
    expect(page.locator(".err-sum")).to_be_focused()
    expect(page.locator(".err-sum")).to_contain_text("sondern PDF")
    assert page.title().startswith("Fehler: ")
    assert findings(page, "refused") == []
