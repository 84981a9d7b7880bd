"""What was written and who has done it before, by keyboard: hand out, refer, attach, write minutes."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from crm.db import db
from crm.dispatches.models import Dispatch
from crm.examples.models import Referral
from crm.minutes.models import Minutes
from tests import factories
from tests.browser.stops import press_at, tab_to
from tests.examples import making
from tests.materials import made

pytestmark = pytest.mark.browser


@pytest.fixture
def talk(app):
    """A talk about a Bauhof, a guide in stock, and a group that has one already."""
    with app.app_context():
        held = factories.talk("Lich", "Laubach", task_fields=[making.task_field("Bauhof").id])
        made.material("Leitfaden Bauhof", copies=5)
        making.running("Kirchhain", "Rauschenberg", title="Bauhof Ostkreis")
        db.session.commit()
        return held.id


def test_handing_out_a_material_in_a_talk(app, talk, page_of):
    page = page_of("anna")
    page.goto(f"/beratungen/{talk}")
    tab_to(page, page.locator('form[action*="/ausgaben/beratung/"] select'))
    page.keyboard.press("ArrowDown")
    press_at(page, page.get_by_role("button", name="Ausgegeben"))
    expect(page.locator("main")).to_contain_text("Leitfaden Bauhof")
    with app.app_context():
        assert db.session.scalar(select(Dispatch.consultation_id)) == talk


def test_finding_who_has_done_it_and_referring_to_them(app, talk, page_of):
    page = page_of("anna")
    page.goto(f"/beratungen/{talk}")
    press_at(page, page.get_by_role("link", name="Wer hat das schon gemacht?"))
    expect(page.locator("tbody tr").first).to_contain_text("Bauhof Ostkreis")
    press_at(page, page.get_by_role("button", name="An Bauhof Ostkreis verweisen"))
    expect(page).to_have_url(re.compile(r"/erfahrung"))
    with app.app_context():
        assert db.session.scalar(select(Referral.consultation_id)) == talk


def test_writing_minutes(app, talk, page_of):
    page = page_of("anna")
    page.goto(f"/beratungen/{talk}")
    press_at(page, page.get_by_role("link", name="Protokoll schreiben"))
    tab_to(page, page.locator("#results"))
    page.keyboard.press("Control+a")
    page.keyboard.type("Beide wollen prüfen.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("h1")).to_contain_text("Protokoll")
    with app.app_context():
        assert db.session.scalar(select(Minutes.results)) == "Beide wollen prüfen."
