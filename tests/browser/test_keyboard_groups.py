"""The work with groups by keyboard: add one, report steps, record a resolution, log a talk, take a list."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from crm.cooperations.kinds import PartnerRole, Stage, Step, StepSource
from crm.cooperations.models import Cooperation
from crm.db import db, today
from crm.imports.models import ImportRun
from crm.resolutions.models import Resolution, Result
from tests import factories
from tests.browser.clerk import offered_day
from tests.browser.stops import choose_file, press_at, tab_to
from tests.imports.lists import written

pytestmark = pytest.mark.browser

GROUP = re.compile(r"/kooperationen/\d+$")
TALK = re.compile(r"/beratungen/\d+$")
THREE = ["Cölbe", "Lahntal", "Wetter (Hessen)"]
DAY = today() - timedelta(days=4)


@pytest.fixture
def group(app):
    """A group of three; only Lahntal is not interested yet."""
    with app.app_context():
        made = factories.cooperation(*THREE, reached_on=today() - timedelta(days=80))
        for name in ("Cölbe", "Wetter (Hessen)"):
            factories.step(made, name, Step.INTERESTED, 70)
        db.session.commit()
        return made.id


def steps_of(app, group, name="Lahntal"):
    """The steps of a partner: (step, day, source)."""
    with app.app_context():
        partners = db.session.get(Cooperation, group).partners
        mine = next(one for one in partners if one.organisation_name == name)
        return [(one.step, one.reached_on, one.source) for one in mine.steps][1:]


def type_day(page, text):
    """See that the preset day is chosen, and type another over it."""
    offered_day(page)
    page.keyboard.type(text)


def chip(page, start, whole):
    """Type the beginning of a name into the field that has the focus, and see its chip."""
    page.keyboard.type(start)
    page.keyboard.press("Enter")
    expect(page.locator("[data-chips] li", has_text=whole).last).to_be_visible()


def test_adding_a_group_with_three_partners(app, anna_page):
    page = anna_page
    page.goto("/kooperationen")
    press_at(page, page.get_by_role("link", name="Kooperation anlegen").first)
    expect(page.get_by_label("Titel")).to_be_focused()
    page.keyboard.type("Gemeinsamer Bauhof im Nordkreis")
    tab_to(page, page.get_by_role("combobox", name="Partner"))
    for start, whole in zip(("cöl", "lahnt", "wetter"), THREE, strict=True):
        chip(page, start, whole)
    tab_to(page, page.get_by_role("combobox", name="Federführend"))
    chip(page, "lahnt", "Lahntal")
    tab_to(page, page.get_by_role("combobox", name="Aufgabenfelder"))
    chip(page, "bauh", "Bauhof")
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(GROUP)
    with app.app_context():
        made = db.session.scalars(select(Cooperation)).one()
        assert sorted(made.places) == THREE
        assert made.lead.organisation_name == "Lahntal"
        assert [one.role for one in made.partners].count(PartnerRole.MEMBER) == 2
        assert [one.name for one in made.task_fields] == ["Bauhof"]


def test_reporting_a_step_from_the_card(app, anna_page, group):
    page = anna_page
    page.goto("/kooperationen")
    press_at(
        page, page.get_by_role("link", name=re.compile("^Melden: interessiert.*Lahntal.*Gemeinsamer Bauhof"))
    )
    type_day(page, f"{DAY:%d.%m.%Y}")
    page.keyboard.press("Enter")
    expect(page).to_have_url(GROUP)
    expect(page.locator(".notice-ok")).to_contain_text(f"Lahntal: interessiert seit {DAY:%d.%m.%Y}")
    assert steps_of(app, group) == [(Step.INTERESTED, DAY, StepSource.TALK)]


def test_reporting_a_step_from_a_cell_of_the_matrix(app, anna_page, group):
    page = anna_page
    page.goto(f"/kooperationen/{group}")
    press_at(page, page.get_by_role("link", name="Lahntal: „unterzeichnet“ eintragen"))
    type_day(page, f"{DAY:%d.%m.}")
    tab_to(page, page.get_by_label("Bekannt aus"))
    page.keyboard.type("pres")
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(GROUP)
    assert steps_of(app, group) == [(Step.SIGNED, DAY, StepSource.PRESS)]
    press_at(page, page.get_by_role("link", name="Lahntal: „unterzeichnet“ berichtigen"))
    press_at(page, page.get_by_role("button", name="Irrtümlich gemeldet: zurücknehmen"))
    expect(page).to_have_url(GROUP)
    assert steps_of(app, group) == []


def test_reporting_a_step_of_several_partners_at_once(app, anna_page, group):
    with app.app_context():
        factories.step(db.session.get(Cooperation, group), "Lahntal", Step.INTERESTED)
        db.session.commit()
    page = anna_page
    page.goto(f"/kooperationen/{group}")
    press_at(page, page.get_by_role("link", name="Melden: beschlossen"))
    expect(page.locator("input[name=partners]").first).to_be_focused()
    tab_to(page, page.get_by_label("Lahntal (interessiert)"))
    page.keyboard.press("Space")
    tab_to(page, page.get_by_label("Tag"))
    type_day(page, f"{DAY:%d.%m.}")
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(GROUP)
    assert steps_of(app, group)[-1] == (Step.RESOLVED, DAY, StepSource.RESOLUTION)
    assert Step.RESOLVED not in [step for step, _day, _source in steps_of(app, group, "Cölbe")]


def test_recording_a_resolution_with_votes(app, anna_page, group):
    page = anna_page
    page.goto(f"/kooperationen/{group}")
    press_at(page, page.get_by_role("link", name="Beschluss eintragen"))
    expect(page.get_by_label("Partner")).to_be_focused()
    page.keyboard.type("lahn")
    for label, typed in (
        ("Sitzung am", f"{DAY:%d.%m.%Y}"), ("Drucksache", "VL-41/2026"), ("Ergebnis", "ange"),
        ("Dafür", "20"), ("Dagegen", "3"), ("Enthaltungen", "1"),
    ):  # fmt: skip
        tab_to(page, page.get_by_label(label, exact=False))
        page.keyboard.type(typed)
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(GROUP)
    expect(page.locator("section", has=page.get_by_role("heading", name="Beschlüsse"))).to_contain_text(
        "VL-41/2026 · 20:3:1 Stimmen"
    )
    with app.app_context():
        made = db.session.scalars(select(Resolution)).one()
        assert (made.result, made.votes) == (Result.ADOPTED, "20:3:1")
    assert steps_of(app, group)[-1] == (Step.RESOLVED, DAY, StepSource.RESOLUTION)


def test_logging_a_talk_that_moves_a_partner_on(app, anna_page, group):
    page = anna_page
    page.goto(f"/kooperationen/{group}")
    page.keyboard.press("n")
    expect(page.get_by_role("combobox", name="Kommunen")).to_be_focused()
    expect(page.locator(".form-main [data-chips] li", has_text="Gemeinsamer Bauhof")).to_be_visible()
    press_at(page, page.locator(".party summary").nth(1))
    tab_to(page, page.locator(".party").nth(1).locator("select[id$=step]"))
    page.keyboard.type("inter")
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(TALK)
    assert steps_of(app, group) == [(Step.INTERESTED, today(), StepSource.TALK)]
    with app.app_context():
        assert db.session.get(Cooperation, group).stage is Stage.SEARCH


def test_taking_a_list_over_and_back(app, page_of, tmp_path):
    file = tmp_path / "projekte.csv"
    file.write_bytes(written(("1", "Archiv", "Krichheim; Bebra", "Idee")))
    page = page_of("mara")
    page.goto("/importe")
    choose_file(page, page.get_by_label("Datei"), file)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Prüfung der Liste")
    tab_to(page, page.get_by_label("Wer ist mit „Krichheim“ gemeint?"))
    page.keyboard.type("kirchheim (l")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".notice-ok")).to_contain_text("1 neu")
    with app.app_context():
        assert db.session.scalars(select(Cooperation)).one().places == ["Kirchheim", "Bebra"]
    press_at(page, page.get_by_role("link", name="Zurücknehmen"))
    press_at(page, page.get_by_role("button", name="Zurücknehmen"))
    expect(page.locator("main")).to_contain_text("Zurückgenommen.")
    with app.app_context():
        assert db.session.scalars(select(Cooperation)).all() == []
        assert db.session.scalars(select(ImportRun)).one().undone_at
