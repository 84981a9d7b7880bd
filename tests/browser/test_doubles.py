"""Doubles by keyboard: a warning while typing, a pair compared and merged, the merge undone; no barriers."""

import pytest
from playwright.sync_api import expect

from crm.contacts.models import Person
from crm.db import db
from tests import factories
from tests.browser.stops import press_at, tab_to
from tests.browser.test_axe import findings

pytestmark = pytest.mark.browser


@pytest.fixture
def twins(app):
    """Numbers of Petra Henkel, Büroleitung in Cölbe, entered twice with something to choose."""
    with app.app_context():
        found = []
        for title, phone in (("Büroleitung", "06421 1"), ("Hauptamt", "06421 2")):
            one = factories.person(at="Cölbe", title=title, email="p.henkel@coelbe.de")
            one.phone, one.note = phone, f"Bemerkung: {title}"
            found.append(one.id)
        db.session.commit()
    return found


@pytest.fixture
def page(page_of):
    """Anna's page."""
    return page_of("anna")


def stored(app, number):
    """Phone and note of somebody, and whether in the trash."""
    with app.app_context():
        one = db.session.get(Person, number, execution_options={"include_removed": True})
        return one.phone, one.note, one.removed_at is not None


def press(page, role, name):
    """Go to a link or button by Tab and press it."""
    press_at(page, page.get_by_role(role, name=name, exact=False).first)


def test_a_pair_is_found_merged_and_unmerged_by_keyboard(app, page, twins):
    page.goto("/kontakte")
    press(page, "link", "Doppelte Einträge")
    press(page, "link", "Vergleichen: Petra Henkel")
    expect(page.get_by_role("heading", level=1)).to_contain_text("zusammenführen")
    tab_to(page, page.locator("input[name=kept]:checked"))
    page.keyboard.press("ArrowRight")
    tab_to(page, page.locator("input[name=take-phone]:checked"))
    page.keyboard.press("ArrowRight")
    chosen = page.locator("input[name=take-phone]:checked").evaluate(
        "one => one.closest('label').textContent.trim()"
    )
    kept = int(page.locator("input[name=kept]:checked").input_value())
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Zusammengeführt. War das falsch")).to_be_visible()
    (lost,) = {*twins} - {kept}
    assert stored(app, kept) == (chosen, "Bemerkung: Büroleitung\n\nBemerkung: Hauptamt", False)
    assert stored(app, lost)[2]
    press(page, "button", "Zusammenführung rückgängig machen")
    expect(page.get_by_text("Beide Personen sind wieder da.")).to_be_visible()
    assert [stored(app, one)[0] for one in twins] == ["06421 1", "06421 2"]


def test_who_is_known_is_said_while_typing(page, twins):
    page.goto("/kontakte/neu")
    region = page.locator("[data-known]")
    expect(region).to_be_empty()
    page.get_by_label("Vorname").press_sequentially("Petra")
    page.get_by_label("Nachname").press_sequentially("Henkel")
    expect(region).to_contain_text("Büroleitung, Cölbe")
    assert region.get_attribute("role") == "status"
    assert findings(page, "known") == []
    page.get_by_label("Nachname").fill("Ganz")
    expect(region).to_be_empty()
    page.get_by_label("E-Mail dienstlich").fill("P.Henkel@coelbe.de")
    expect(region).to_contain_text("gleiche E-Mail-Adresse")


def test_a_chosen_place_makes_a_slip_a_double(page, twins):
    page.goto("/kontakte/neu")
    page.get_by_label("Vorname").fill("Petra")
    page.get_by_label("Nachname").fill("Hinkel")
    page.get_by_label("Kommune", exact=True).press_sequentially("Cölbe")
    page.keyboard.press("Enter")
    expect(page.locator("[data-known]")).to_contain_text("beide in Cölbe")


def test_comparison_and_way_back_have_no_barriers_with_errors_either(app, page, twins, watch):
    watch.expected += ["a status of 410"]
    low, high = twins
    page.goto(f"/doppelte/kontakte/{low}/{high}")
    assert findings(page, "compared") == []
    page.locator("input[name=reason]").fill("x" * 301)
    page.get_by_role("button", name="Es sind verschiedene Personen").click()
    expect(page.locator(".err-sum")).to_be_visible()
    assert findings(page, "reason too long") == []
    with app.app_context():
        db.session.get(Person, high).note = "Inzwischen anders"
        db.session.commit()
    page.get_by_role("button", name="Beide zusammenführen").click()
    expect(page.locator(".err-sum")).to_contain_text("Inzwischen wurde einer der beiden Einträge geändert")
    assert findings(page, "changed meanwhile") == []
    page.get_by_role("button", name="Beide zusammenführen").click()
    expect(page.get_by_text("Zusammengeführt. War das falsch")).to_be_visible()
    gone = page.request.get(f"/kontakte/{high}")
    assert gone.status in (200, 410)
    page.goto(f"/kontakte/{low if gone.status == 200 else high}")
    assert findings(page, "gone") == []
