"""After an election by keyboard, and without scripts: confirm three, replace one, take an answer back."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from crm.contacts.models import FunctionRole, Person
from crm.db import db, today
from crm.elections.models import CheckState, ElectionCheck, ElectionKind
from tests import factories
from tests.browser.stops import press_at, tab_to

pytestmark = pytest.mark.browser

OPEN, CONFIRMED, REPLACED, VACANT = CheckState
NAMES = ["Uwe", "Ulla", "Urs"]


@pytest.fixture
def election(app):
    """Local elections in Lahntal with a chair and three members of the council."""
    with app.app_context():
        factories.person("Kranz", "Ida", role=FunctionRole.COUNCIL_CHAIR, title="Vorsitz")
        for first_name in NAMES:
            factories.person("Rat", first_name, role=FunctionRole.COUNCILLOR)
        made = factories.election(kind=ElectionKind.COUNCIL).id
        db.session.commit()
    return f"/wahlen/{made}"


def states(app):
    """What came out about each function, in the order of the list."""
    with app.app_context():
        return [one.state for one in db.session.scalars(select(ElectionCheck).order_by(ElectionCheck.id))]


def test_confirm_three_replace_one_take_back(app, anna_page, election):
    page = anna_page
    page.goto(election)
    for name in NAMES:
        press_at(page, page.get_by_label(f"{name} Rat auswählen"), "Space")
    press_at(page, page.get_by_role("button", name="Angekreuzte in Lahntal bestätigen"))
    expect(page.locator(".notice-ok")).to_contain_text("3 Funktionen bestätigt.")
    assert states(app) == [OPEN, CONFIRMED, CONFIRMED, CONFIRMED]
    press_at(page, page.get_by_role("link", name="ersetzt … Ida Kranz"))
    expect(page.get_by_role("combobox", name="Wer folgt nach?")).to_be_focused()
    page.keyboard.type("Jan Nord")
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_label("Erster Tag im Amt"))
    page.keyboard.press("Control+A")
    page.keyboard.type(f"{today():%d.%m.%Y}")
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(re.compile(rf"{election}(\?|#|$)"))
    assert states(app)[0] is REPLACED
    press_at(page, page.get_by_role("button", name="Zurücknehmen: Ida Kranz"))
    expect(page.locator(".notice-ok")).to_contain_text("Antwort zurückgenommen.")
    assert states(app) == [OPEN, CONFIRMED, CONFIRMED, CONFIRMED]
    with app.app_context():
        assert db.session.scalars(select(Person).where(Person.last_name == "Nord")).all() == []


def test_one_key_confirms_one(app, anna_page, election):
    anna_page.goto(election)
    press_at(anna_page, anna_page.get_by_role("button", name="bestätigt: Uwe Rat"))
    expect(anna_page.locator(".notice-ok")).to_contain_text("1 Funktion bestätigt.")
    assert states(app) == [OPEN, CONFIRMED, OPEN, OPEN]


def test_without_scripts(app, page_of, election):
    page = page_of("anna", java_script_enabled=False)
    page.goto(election)
    page.get_by_label("Ulla Rat auswählen").check()
    page.get_by_role("button", name="Angekreuzte in Lahntal bestätigen").click()
    page.get_by_role("link", name="ersetzt … Ida Kranz").click()
    page.get_by_label("Wer folgt nach?", exact=True).fill("Jan Nord")
    page.get_by_label("Letzter Tag der bisherigen Person").fill(f"{today() - timedelta(days=1):%d.%m.%Y}")
    page.get_by_label("Erster Tag im Amt").fill(f"{today():%d.%m.%Y}")
    page.get_by_role("button", name="Nachfolge eintragen").click()
    page.get_by_role("link", name="ausgeschieden, Nachfolge offen Uwe Rat").click()
    page.get_by_role("button", name="Speichern").click()
    expect(page.locator(".notice-ok")).to_contain_text("Nachfolge offen")
    assert states(app) == [REPLACED, VACANT, CONFIRMED, OPEN]


def test_a_ticked_line_is_not_printed(app, anna_page, election):
    """What is ticked vanishes from the sheet at once, with or without pressing anything else."""
    with app.app_context():
        factories.follow_up("Muster schicken")
        place = factories.place("Lahntal").id
        db.session.commit()
    page = anna_page
    page.goto(f"/kommunen/{place}/uebergabe")
    page.emulate_media(media="print")
    line = page.get_by_role("row", name=re.compile("Muster schicken"))
    expect(line).to_be_visible()
    expect(page.locator(".handover-bar")).to_be_hidden()
    page.emulate_media(media="screen")
    page.get_by_role("checkbox", name="weglassen: Muster schicken").check()
    page.emulate_media(media="print")
    expect(page.get_by_text("Muster schicken")).to_be_hidden()
    page.emulate_media(media="screen")
    page.get_by_role("button", name="Auswahl anwenden").click()
    expect(page.get_by_role("checkbox", name="weglassen: Muster schicken")).to_be_checked()
