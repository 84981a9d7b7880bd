"""What scripts do for the clerk: quick typing, groups, new people, kind, keys, one record a press."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from crm.consultations.models import Consultation, ConsultationKind
from crm.contacts.models import Person
from crm.db import db
from tests import factories
from tests.browser.clerk import form_of

pytestmark = pytest.mark.browser

SAVED = re.compile(r"/beratungen/\d+$")


def names(page):
    """Chips of the field for Kommunen."""
    return page.locator("[data-name=organisations] [data-chips] > li > span")


def rows(page):
    """Names of the rows under it."""
    return page.locator(".party-name")


def talks(app):
    """All stored talks: (places, kind)."""
    with app.app_context():
        return [(talk.places, talk.kind) for talk in db.session.scalars(select(Consultation))]


def test_quick_typing_loses_nothing_while_answers_are_late(live, anna_page):
    live.slow = {"/kommunen/suche": 0.7, "/beratungen/neu/zeile": 0.4}
    page = form_of(anna_page)
    page.keyboard.type("cölbe,lahntal;wetter")
    page.keyboard.press("Enter")
    page.keyboard.type("kirchh")
    page.keyboard.press("Tab")
    expect(page.locator(".chip-pending")).to_have_count(0)
    expect(names(page)).to_have_text(["Cölbe", "Lahntal", "Wetter (Hessen)", "Kirchhain"])
    expect(rows(page)).to_have_text(
        [re.compile(f"^{one}") for one in ("Cölbe", "Lahntal", "Wetter", "Kirchhain")]
    )


def test_saving_waits_for_late_answers(app, live, anna_page):
    live.slow = {"/kommunen/suche": 0.7, "/beratungen/neu/zeile": 0.7}
    page = form_of(anna_page)
    page.keyboard.type("cöl,lahnt,münch")
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(SAVED)
    assert talks(app) == [(["Cölbe", "Lahntal", "Münchhausen"], ConsultationKind.GROUP)]


def test_a_dead_search_keeps_the_text_and_the_server_reads_it(app, live, anna_page, watch):
    watch.expected.append("net::ERR_EMPTY_RESPONSE")
    live.dead = ("/kommunen/suche",)
    page = form_of(anna_page)
    page.keyboard.type("Cölbe,")
    expect(page.locator(".chip-open")).to_have_text(re.compile("Cölbe"))
    page.get_by_label("Art", exact=True).select_option("single")
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(SAVED)
    assert talks(app)[0][0] == ["Cölbe"]


def test_all_of_a_county_are_offered_only_where_many_are_asked_for(anna_page):
    page, whole = anna_page, re.compile("Alle .* Kommunen im")
    page.goto("/kooperationen/neu")
    for field, offered in (("organisations", 1), ("lead", 0)):
        page.locator(f"[data-name={field}] input[role=combobox]").press_sequentially("Landkreis Gießen")
        expect(page.get_by_role("option").filter(has_text="Landkreis Gießen").first).to_be_visible()
        expect(page.get_by_role("option").filter(has_text=whole)).to_have_count(offered)
        page.keyboard.press("Escape")


def test_a_guess_at_a_misspelt_name_is_taken_only_by_whoever_saw_it(anna_page):
    page = form_of(anna_page)
    page.keyboard.type("Cölbbe")
    expect(page.get_by_role("option").first).to_contain_text("ähnlich geschrieben")
    page.keyboard.press("Enter")
    expect(names(page)).to_have_text(["Cölbe"])
    page.keyboard.type("Lahntaal,")
    expect(page.locator(".chip-open")).to_contain_text("Lahntaal")


def test_a_name_nobody_knows_is_kept_to_be_corrected(anna_page):
    page = form_of(anna_page)
    page.keyboard.type("Entenhausen,")
    expect(page.locator(".chip-open")).to_contain_text("Entenhausen")
    expect(page.locator("[data-name=organisations] [data-status]")).to_contain_text(
        "„Entenhausen“ wurde nicht gefunden"
    )
    page.keyboard.press("Backspace")
    expect(page.get_by_role("combobox", name="Kommunen")).to_have_value("Entenhausen")


def test_a_pasted_list_becomes_chips(anna_page):
    page = form_of(anna_page)
    paste = "Cölbe\nLahntal\r\nWetter (Hessen)\n"
    page.get_by_role("combobox", name="Kommunen").evaluate(
        """(field, text) => {
          const clipboardData = new DataTransfer();
          clipboardData.setData("text", text);
          const options = { clipboardData, bubbles: true, cancelable: true };
          field.dispatchEvent(new ClipboardEvent("paste", options));
        }""",
        paste,
    )
    expect(names(page)).to_have_text(["Cölbe", "Lahntal", "Wetter (Hessen)"])


def test_a_county_adds_all_its_municipalities(app, anna_page):
    page = form_of(anna_page)
    page.keyboard.type("alle Gemeinden im Landkreis Marburg-B")
    expect(page.locator(".combo-list li").first).to_contain_text("Alle 22 Kommunen")
    page.keyboard.press("Enter")
    expect(names(page)).to_have_count(22)
    expect(page.locator(".party")).to_have_count(22)
    expect(page.locator("[data-count]")).to_contain_text("22 Teilnahmen")
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(SAVED)
    assert len(talks(app)[0][0]) == 22


def test_a_new_person_is_made_inside_the_form(app, anna_page):
    page = form_of(anna_page)
    page.keyboard.type("cölbe,")
    people = page.get_by_role("combobox", name="Personen: Cölbe")
    people.press_sequentially("F")
    expect(page.locator(".party [data-status]")).not_to_be_empty()
    expect(page.locator(".is-new")).to_have_count(0)
    people.press_sequentially("rau Petra Neumann, Bauamt")
    expect(page.locator(".is-new")).to_contain_text("Neu anlegen")
    people.press("Enter")
    expect(page.locator(".party .chip")).to_contain_text("Neumann")
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(SAVED)
    expect(page.get_by_role("link", name="Petra Neumann")).to_be_visible()
    with app.app_context():
        person = db.session.scalars(select(Person)).one()
        assert (person.first_name, person.last_name) == ("Petra", "Neumann")


def test_the_kind_follows_the_number_of_kommunen_until_it_is_touched(anna_page):
    page = form_of(anna_page)
    kind = page.get_by_label("Art", exact=True)
    page.keyboard.type("cölbe,")
    expect(kind).to_have_value("single")
    page.keyboard.type("lahntal,")
    expect(kind).to_have_value("group")
    page.keyboard.press("Backspace")
    expect(kind).to_have_value("single")
    kind.select_option("council")
    page.get_by_role("combobox", name="Kommunen").focus()
    page.keyboard.type("lahntal,")
    expect(rows(page)).to_have_count(2)
    expect(kind).to_have_value("council")


def test_the_count_follows_presence(anna_page):
    page = form_of(anna_page)
    page.keyboard.type("cölbe,lahntal,")
    expect(page.locator("[data-count]")).to_contain_text("2 Teilnahmen")
    page.get_by_label("Anwesenheit: Lahntal").select_option("apologised")
    expect(page.locator("[data-count]")).to_contain_text("1 Teilnahme")


def test_a_double_click_makes_one_record(app, live, anna_page):
    live.slow = {"/beratungen/neu": 0.3}
    page = form_of(anna_page)
    page.keyboard.type("cölbe,")
    expect(rows(page)).to_have_count(1)
    page.get_by_role("button", name="Beratung speichern").dblclick()
    expect(page).to_have_url(SAVED)
    live.settle()
    assert len(talks(app)) == 1
    assert live.asked("POST", "/beratungen/neu") == 1


def test_two_windows_with_the_same_form_make_one_record(app, live, anna_page):
    page = form_of(anna_page)
    page.keyboard.type("cölbe,")
    expect(rows(page)).to_have_count(1)
    page.evaluate("document.querySelector('form[data-form]').target = '_blank'")
    with page.context.expect_page() as first:
        page.keyboard.press("Control+Enter")
    expect(first.value).to_have_url(SAVED)
    page.evaluate("document.querySelector('form[data-form]').classList.remove('is-sending')")
    with page.context.expect_page() as second:
        page.keyboard.press("Control+Enter")
    expect(second.value).to_have_url(SAVED)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Consultation)) == 1
    assert live.asked("POST", "/beratungen/neu") == 2


def test_shortcuts_do_nothing_inside_fields(anna_page):
    page = anna_page
    page.goto("/")
    page.locator("#find").focus()
    page.keyboard.type("n/")
    expect(page.locator("#find")).to_have_value("n/")
    assert page.url.endswith("/")
    page.locator("h1").click()
    page.keyboard.press("/")
    expect(page.locator("#palette")).to_be_visible()


def test_single_keys_can_be_switched_off(app, page_of):
    with app.app_context():
        factories.member("anna").hotkeys = False
        db.session.commit()
    page = page_of("anna")
    page.goto("/")
    page.keyboard.press("n")
    page.keyboard.press("/")
    expect(page.locator("#palette")).not_to_be_visible()
    page.keyboard.press("Control+k")
    expect(page.locator("#palette")).to_be_visible()
    assert page.url.endswith("/")


def test_the_error_summary_gets_the_focus_and_leads_to_the_fields(anna_page):
    page = form_of(anna_page)
    page.get_by_label("Tag", exact=True).fill("32.13.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".err-sum")).to_be_focused()
    assert page.title().startswith("Fehler: ")
    page.locator(".err-sum a").last.click()
    field = page.locator(":focus")
    assert field.get_attribute("aria-invalid") == "true"
    expect(page.locator("#" + field.get_attribute("aria-describedby").split()[0])).to_be_in_viewport()


def test_the_look_follows_the_device(anna_page):
    page = anna_page
    page.goto("/")
    ground = "getComputedStyle(document.body).backgroundColor"
    page.emulate_media(color_scheme="light")
    light = page.evaluate(ground)
    page.emulate_media(color_scheme="dark")
    assert light == "rgb(255, 255, 255)"
    assert page.evaluate(ground) != light


def test_a_filter_works_while_one_types(app, anna_page):
    page = anna_page
    page.goto("/kommunen")
    page.locator(".filters input").first.press_sequentially("munchhau")
    expect(page.locator("#results tbody tr")).to_have_count(1)
    expect(page.locator("#results")).to_contain_text("Münchhausen")
    expect(page).to_have_url(re.compile("q=munchhau"))
    expect(page.locator(".page-head .count")).to_have_text("1 von 442")
