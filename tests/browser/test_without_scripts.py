"""Without scripts everything works, only slower."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from crm.consultations.models import Consultation, ConsultationKind
from crm.contacts.models import Person
from crm.cooperations.kinds import Step
from crm.cooperations.models import Cooperation
from crm.db import db
from crm.follow_ups.models import FollowUp, FollowUpState
from tests import factories
from tests.imports.lists import written

pytestmark = pytest.mark.browser

SAVED = re.compile(r"/beratungen/\d+$")


@pytest.fixture
def page(page_of):
    """A page of Anna whose browser runs no scripts."""
    return page_of("anna", java_script_enabled=False)


def test_signing_in_and_out(page_of):
    page = page_of("", java_script_enabled=False)
    page.goto("/")
    page.get_by_label("E-Mail").fill("anna@kikz.test")
    page.get_by_label("Passwort").fill(factories.PASSWORD)
    page.get_by_role("button", name="Anmelden").click()
    page.get_by_role("button", name="Abmelden").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Anmelden")


def test_a_talk_with_three_names_separated_by_commas(app, page):
    page.goto("/")
    page.get_by_role("link", name="Beratung erfassen").first.click()
    page.get_by_label("Kommunen", exact=True).fill("cölbe, Lahntal; wetter")
    page.get_by_label("Art", exact=True).select_option(label="Gruppengespräch")
    page.get_by_label("Vermerk").fill("Ohne Skript.")
    page.get_by_role("button", name="Beratung speichern").click()
    expect(page).to_have_url(SAVED)
    with app.app_context():
        talk = db.session.scalars(select(Consultation)).one()
        assert talk.places == ["Cölbe", "Lahntal", "Wetter (Hessen)"]
        assert talk.kind is ConsultationKind.GROUP


def test_what_concerns_one_kommune_is_added_by_editing(app, page):
    with app.app_context():
        number = factories.talk("Lahntal", "Cölbe").id
        db.session.commit()
    page.goto(f"/beratungen/{number}/bearbeiten")
    page.get_by_label("Anwesenheit: Cölbe").select_option(label="entschuldigt")
    page.get_by_text("Nur für Cölbe").click()
    page.locator("[id$=private_note]").nth(1).fill("Nur für uns.")
    page.get_by_role("textbox", name="Personen: Lahntal").fill("Petra Neumann")
    page.get_by_role("button", name="Beratung speichern").click()
    expect(page).to_have_url(SAVED)
    with app.app_context():
        talk = db.session.get(Consultation, number)
        assert talk.participations[1].private_note == "Nur für uns."
        assert db.session.scalars(select(Person)).one().last_name == "Neumann"


def test_the_links_of_the_error_summary_lead_to_the_fields(page):
    page.goto("/beratungen/neu")
    page.get_by_label("Kommunen", exact=True).fill("Weter")
    page.get_by_label("Tag", exact=True).fill("31.2.")
    page.get_by_role("button", name="Beratung speichern").click()
    links = page.locator(".err-sum a")
    expect(links).to_have_count(3)
    for link in links.all():
        field = page.locator(link.get_attribute("href"))
        link.click()
        expect(field).to_be_in_viewport()
        expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Kommunen", exact=True)).to_have_value("Weter")
    assert page.title().startswith("Fehler: ")


def test_finding_and_filtering(page):
    page.goto("/")
    page.locator("#find").fill("munchhausen")
    page.locator("#find").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Münchhausen")
    page.locator("#find").fill("reichelsheim")
    page.locator("#find").press("Enter")
    expect(page.locator(".hit")).to_have_count(2)
    page.locator(".hit a").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Reichelsheim")
    page.goto("/kommunen")
    page.locator(".filters input").first.fill("reichelsheim")
    page.locator(".filters button").click()
    expect(page.locator("#results tbody tr")).to_have_count(2)


def test_ticking_a_follow_up_and_taking_it_back(app, page):
    with app.app_context():
        number = factories.follow_up().id
        db.session.commit()
    page.goto("/")
    page.locator(".tick-btn").click()
    page.locator(".notice-ok button").click()
    expect(page.locator(".tick-btn")).to_have_count(1)
    with app.app_context():
        assert db.session.get(FollowUp, number).state is FollowUpState.OPEN


def test_a_group_with_two_partners_and_a_step_of_one(app, page):
    page.goto("/kooperationen/neu")
    page.get_by_label("Titel").fill("Gemeinsamer Bauhof")
    page.get_by_role("textbox", name=re.compile("^Partner")).fill("Cölbe, Lahntal")
    page.get_by_role("textbox", name="Federführend").fill("Lahntal")
    page.get_by_role("button", name="Kooperation speichern").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Gemeinsamer Bauhof")
    page.get_by_role("link", name="Lahntal: „interessiert“ eintragen").click()
    page.get_by_role("button", name="Stand melden").click()
    expect(page.locator(".stage-line")).to_contain_text("Wartet auf Cölbe")
    with app.app_context():
        made = db.session.scalars(select(Cooperation)).one()
        assert made.lead.organisation_name == "Lahntal"
        assert {one.organisation_name: one.step for one in made.partners} == {
            "Cölbe": Step.CANDIDATE,
            "Lahntal": Step.INTERESTED,
        }


def test_taking_a_list_over_with_another_meaning_of_a_column(app, page_of, tmp_path):
    file = tmp_path / "liste.csv"
    file.write_bytes(written(("Kasse", "Lich; Laubach"), head=("Was", "Kommunen")))
    page = page_of("mara", java_script_enabled=False)
    page.goto("/importe")
    page.get_by_label("Datei").set_input_files(file)
    page.get_by_role("button", name="Liste prüfen").click()
    page.get_by_label("Was", exact=True).select_option(label="Titel")
    page.get_by_role("button", name="Mit diesen Spalten prüfen").click()
    page.get_by_role("button", name="Übernehmen").click()
    expect(page.locator(".notice-ok")).to_contain_text("1 neu")
    with app.app_context():
        assert db.session.scalars(select(Cooperation)).one().places == ["Lich", "Laubach"]


def test_the_menu_of_a_phone_opens(page_of):
    page = page_of("anna", java_script_enabled=False, viewport={"width": 375, "height": 667})
    page.goto("/")
    page.locator(".menu-button").click()
    page.get_by_role("navigation", name="Hauptnavigation").get_by_role("link", name="Kommunen").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Kommunen")
