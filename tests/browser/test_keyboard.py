"""The whole work by keyboard: Tab, Shift+Tab, Enter, Space, Esc, arrows and typing, nothing else."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from crm.consultations.models import Consultation, Presence
from crm.contacts.models import Person
from crm.db import db
from crm.follow_ups.models import FollowUp, FollowUpState
from tests import factories
from tests.browser.stops import press_at, tab_to

pytestmark = pytest.mark.browser

SUGGESTED = ".combo-list:not([hidden]) li"
SAVED = re.compile(r"/beratungen/\d+$")


def chips(page, *names):
    """Type names into the field that has the focus and see their chips."""
    for name, whole in names:
        page.keyboard.type(name)
        page.keyboard.press("Enter")
        expect(page.locator(".form-main .combo-box").first).to_contain_text(whole)


def test_signing_in(page_of):
    page = page_of()
    page.goto("/")
    expect(page.get_by_label("E-Mail")).to_be_focused()
    page.keyboard.type("anna@kikz.test")
    page.keyboard.press("Tab")
    page.keyboard.type(factories.PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator(".page-sub")).to_contain_text("Anna Adler")


@pytest.mark.parametrize(
    ("typed", "found"),
    [("munchhausen", "Münchhausen"), ("Gross-Umstadt", "Groß-Umstadt"), ("06534006", "Cölbe")],
)
def test_finding_a_kommune_that_is_clear(anna_page, typed, found):
    anna_page.goto("/")
    anna_page.keyboard.press("Control+k")
    anna_page.keyboard.type(typed)
    anna_page.keyboard.press("Enter")
    expect(anna_page.get_by_role("heading", level=1)).to_contain_text(found)


def test_choosing_among_kommunen_of_one_name(anna_page):
    anna_page.goto("/")
    anna_page.keyboard.press("Control+k")
    anna_page.keyboard.type("reichelsheim")
    anna_page.keyboard.press("Enter")
    # Typed quicker than anybody can see the list: of two of the same name none is opened unseen.
    lines = anna_page.locator("#palette [role=option]")
    expect(lines).to_have_count(3)
    name = lines.nth(1).locator(".palette-text").inner_text()
    anna_page.keyboard.press("ArrowDown")
    expect(lines.nth(1)).to_have_attribute("aria-selected", "true")
    anna_page.keyboard.press("Enter")
    expect(anna_page.get_by_role("heading", level=1)).to_contain_text(name)


def test_logging_a_talk_with_three(app, anna_page):
    page = anna_page
    page.goto("/")
    page.keyboard.press("n")
    expect(page.get_by_role("combobox", name="Kommunen")).to_be_focused()
    chips(page, ("cöl", "Cölbe"), ("lahnt", "Lahntal"), ("wetter", "Wetter (Hessen)"))
    expect(page.locator("[data-presence]")).to_have_count(3)
    tab_to(page, page.get_by_label("Anwesenheit: Lahntal"))
    page.keyboard.type("ents")
    press_at(page, page.locator(".party").nth(1).locator("summary"))
    page.keyboard.press("Tab")
    page.keyboard.type("Nur für uns.")
    tab_to(page, page.get_by_label("Vermerk"))
    page.keyboard.type("Alle wollen.")
    press_at(page, page.get_by_role("button", name="Beratung speichern"))
    expect(page).to_have_url(SAVED)
    with app.app_context():
        talk = db.session.scalars(select(Consultation)).one()
        assert talk.note == "Alle wollen."
        assert [(one.organisation_name, one.presence, one.private_note) for one in talk.participations] == [
            ("Cölbe", Presence.PRESENT, None),
            ("Lahntal", Presence.APOLOGISED, "Nur für uns."),
            ("Wetter (Hessen)", Presence.PRESENT, None),
        ]


def test_taking_chips_away_and_back(anna_page):
    page = anna_page
    page.goto("/beratungen/neu")
    chips(page, ("cöl", "Cölbe"), ("lahnt", "Lahntal"))
    expect(page.locator("[data-presence]")).to_have_count(2)
    page.keyboard.press("Backspace")
    expect(page.locator("[data-presence]")).to_have_count(1)
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="Cölbe entfernen")).to_be_focused()
    page.keyboard.press("Space")
    expect(page.locator("[data-presence]")).to_have_count(0)
    expect(page.get_by_role("combobox", name="Kommunen")).to_be_focused()


def test_choosing_between_two_versions(app, anna_page, bert):
    with app.app_context():
        number = factories.talk("Lahntal").id
        db.session.commit()
    page = anna_page
    page.goto(f"/beratungen/{number}/bearbeiten")
    tab_to(page, page.get_by_label("Vermerk"))
    page.keyboard.type("Annas Fassung. ")
    tab_to(page, page.locator("#place"))
    page.keyboard.type("Annas Ort")
    bert.submit(f"/beratungen/{number}/bearbeiten", note="Berts Fassung.", place="Berts Ort", follow=True)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="Zwei Fassungen")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    expect(page.locator("[name=keep-note]").nth(1)).to_be_checked()
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(SAVED)
    with app.app_context():
        talk = db.session.get(Consultation, number)
        assert (talk.note, talk.place) == ("Berts Fassung.", "Annas Ort")


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_ticking_a_follow_up_off(app, anna_page, key):
    with app.app_context():
        number = factories.follow_up().id
        db.session.commit()
    page = anna_page
    page.goto("/")
    tab_to(page, page.locator(".tick-btn"))
    page.keyboard.press(key)
    expect(page.locator(".notice-ok")).to_contain_text("Kostentabelle anfragen")
    with app.app_context():
        assert db.session.get(FollowUp, number).state is FollowUpState.DONE


def test_esc_closes_the_list_and_the_focus_stays(anna_page):
    page = anna_page
    page.goto("/beratungen/neu")
    field = page.get_by_role("combobox", name="Kommunen")
    page.keyboard.type("bad")
    expect(page.locator(SUGGESTED).first).to_be_visible()
    assert field.get_attribute("aria-expanded") == "true"
    page.keyboard.press("Escape")
    expect(page.locator(SUGGESTED)).to_have_count(0)
    expect(field).to_be_focused()
    expect(field).to_have_value("bad")
    assert field.get_attribute("aria-expanded") == "false"


def test_arrows_choose_and_the_choice_is_announced(anna_page):
    page = anna_page
    page.goto("/beratungen/neu")
    field = page.get_by_role("combobox", name="Kommunen")
    page.keyboard.type("bad h")
    second = page.locator(SUGGESTED).nth(1)
    expect(second).to_be_visible()
    name = second.locator("span").first.inner_text()
    page.keyboard.press("ArrowDown")
    expect(second).to_have_attribute("aria-selected", "true")
    assert field.get_attribute("aria-activedescendant") == second.get_attribute("id")
    page.keyboard.press("Enter")
    expect(page.locator(".form-main [data-chips] li").first).to_contain_text(name)
    expect(page.locator(".form-main [data-status]").first).to_contain_text(f"{name} hinzugefügt")


def test_picking_people_and_saving_their_cards(app, anna_page):
    with app.app_context():
        for name in ("Anders", "Henkel", "Zeh"):
            factories.person(name, title="Amtsleitung")
        db.session.commit()
    page = anna_page
    page.goto("/kontakte")
    for name in ("Petra Anders", "Petra Zeh"):
        press_at(page, page.get_by_label(f"{name} auswählen"), "Space")
    button = page.get_by_role("button", name="vCard", exact=True)
    tab_to(page, button)
    with page.expect_download() as waiting:
        page.keyboard.press("Enter")
    saved = waiting.value
    assert saved.suggested_filename.endswith(".vcf")
    cards = Path(saved.path()).read_text(encoding="utf-8")
    assert [name in cards for name in ("Anders", "Henkel", "Zeh")] == [True, False, True]
    expect(page.get_by_label("Petra Zeh auswählen")).to_be_checked()


def test_a_namesake_from_elsewhere_is_never_taken_unseen(app, live, anna_page):
    with app.app_context():
        factories.person(at="Cölbe", title="Büroleitung")
        number = factories.talk("Lahntal").id
        db.session.commit()
    page = anna_page
    page.goto(f"/beratungen/{number}/bearbeiten")
    live.slow["/kontakte/suche"] = 0.5
    tab_to(page, page.get_by_role("combobox", name="Personen: Lahntal"))
    page.keyboard.type("Petra Henkel")
    page.keyboard.press("Enter")
    expect(page.locator(".party [data-chips]")).to_contain_text("Petra Henkel")
    page.keyboard.press("Control+Enter")
    new = page.get_by_label("Nein, trotzdem neu anlegen")
    expect(new).to_be_visible()
    tab_to(page, page.locator("fieldset.same input").first)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(new).to_be_checked()
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(SAVED)
    with app.app_context():
        assert len(list(db.session.scalars(select(Person)))) == 2


def test_taking_a_removed_person_back(app, anna_page):
    with app.app_context():
        number = factories.person().id
        db.session.commit()
    page = anna_page
    page.goto(f"/kontakte/{number}/entfernen")
    press_at(page, page.get_by_role("button", name="Person entfernen"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Entfernte Person")
    page.goto("/entfernt")
    press_at(page, page.get_by_role("link", name="Zurückholen: Petra Henkel"))
    press_at(page, page.get_by_role("button", name="Person zurückholen"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Petra Henkel")
