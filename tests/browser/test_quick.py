"""The quick line by keyboard: a call in ten seconds, questions answered, ten calls beside the full form."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from crm.consultations.models import Consultation, ConsultationState, Presence
from crm.db import db
from crm.follow_ups.models import FollowUp
from tests import factories
from tests.browser.clerk import Clerk

pytestmark = pytest.mark.browser

SAVED = re.compile(r"/kurzzeile/\d+$")
# A slip of paper at the end of the day: the line, and what the full form needs for the same call.
CALLS = (
    ("tel cölbe: bauhof", "cöl", "bauhof", "", ""),
    ("tel lahntal: kasse, 15 min", "lahnt", "kasse", "15", ""),
    ("tel wetter: standesamt, wv 31.12. muster schicken", "wetter", "standesamt", "", "Muster schicken"),
    ("tel marburg: archiv, 20 min", "marburg", "archiv", "20", ""),
    ("tel kirchhain: datenschutz", "kirchh", "datenschutz", "", ""),
    ("tel amöneburg: bauhof, 10 min, wv 31.12. zahlen erfragen", "amö", "bauhof", "10", "Zahlen erfragen"),
    ("tel fulda: vergabe", "fulda", "vergabewesen", "", ""),
    ("tel hanau: fusion, 30 min", "hanau", "fusion", "30", ""),
    ("tel landkreis gießen: wasser", "landkreis gieß", "wasser", "", ""),
    ("tel münchhausen: tourismus, 5 min, wv 31.12. nachfassen", "münc", "tourism", "5", "Nachfassen"),
)


def line(page):
    """The field of the quick line."""
    return page.get_by_label("In einer Zeile festhalten", exact=False).and_(page.locator("input"))


def number(app, model=Consultation):
    """How many records there are."""
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model))


def by_line(clerk, text):
    """Log a call with one line from the first page."""
    clerk.page.goto("/")
    clerk.open("q", line(clerk.page))
    clerk.type(text)
    clerk.press("Enter")
    expect(clerk.page).to_have_url(SAVED)


def by_form(clerk, place, field, minutes, promise):
    """Log the same call with the full form."""
    page = clerk.page
    page.goto("/")
    clerk.open("t", page.get_by_role("combobox", name="Kommunen"))
    clerk.chips(place)
    clerk.go(page.get_by_role("combobox", name="Aufgabenfelder"))
    clerk.chips(field)
    if minutes:
        clerk.go(page.locator("#duration_minutes"))
        clerk.type(minutes)
    if promise:
        clerk.go(page.locator("#follow_up_text"))
        clerk.type(promise)
        clerk.tab()
        clerk.type("31.12.")
    clerk.press("Control+Enter")
    expect(page).to_have_url(re.compile(r"/beratungen/\d+$"))


def test_a_call_in_ten_seconds(app, anna_page, request):
    clerk = Clerk(anna_page)
    by_line(clerk, "cölbe: bauhof, 30 min")
    request.node.user_properties.append(("call by quick line", clerk.figures))
    assert clerk.seconds <= 10, clerk.figures
    assert clerk.interactions <= 3, clerk.figures
    with app.app_context():
        talk = db.session.scalars(select(Consultation)).one()
        assert (talk.places, talk.duration_minutes) == (["Cölbe"], 30)
        assert talk.participations[0].presence is Presence.PRESENT


def test_ten_calls_beside_the_full_form(app, anna_page, request):
    quick, full = Clerk(anna_page), Clerk(anna_page)
    for text, *_fields in CALLS:
        by_line(quick, text)
    assert (number(app), number(app, FollowUp)) == (10, 3)
    with app.app_context():
        for talk in db.session.scalars(select(Consultation)):
            assert len(talk.task_fields) == 1
            # The same calls are logged once more below, and would be taken for twins.
            talk.held_on -= timedelta(days=7)
        db.session.commit()
    for _text, *needed in CALLS:
        by_form(full, *needed)
    request.node.user_properties.append(("ten calls by quick line", quick.figures))
    request.node.user_properties.append(("ten calls by full form", full.figures))
    assert quick.interactions < full.interactions
    assert quick.seconds < full.seconds


def test_an_unclear_part_is_asked_and_answered_by_keyboard(app, anna_page):
    page = anna_page
    page.goto("/")
    page.keyboard.press("q")
    page.keyboard.type("Tel. Homberg: Bauhoff")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Homberg (Efze)", exact=False)).to_be_focused()
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Bauhof", exact=True)).to_be_focused()
    assert number(app) == 0
    page.keyboard.press("Space")
    expect(line(page)).to_be_focused()
    expect(page.locator("[data-quick-status]")).to_have_text("Alles ist gelesen. Enter speichert.")
    page.keyboard.press("Enter")
    expect(page).to_have_url(SAVED)
    expect(page.locator("main")).to_contain_text("Homberg (Efze)")


def test_an_answer_given_while_the_line_is_read_is_kept(anna_page):
    page = anna_page
    page.goto("/kurzzeile")
    line(page).fill("Tel. Homberg: Bauhoff")
    answer = page.get_by_role("button", name="Homberg (Efze)", exact=False)
    expect(answer).to_be_visible()
    # A question is answered, the line changed and sent, before anything of it is read.
    answer.evaluate(
        """(button) => {
            const line = button.form.elements.line;
            button.click();
            line.value += ", 30 min";
            line.dispatchEvent(new Event("input", { bubbles: true }));
            button.form.requestSubmit();
        }"""
    )
    expect(page.get_by_role("button", name="Bauhof", exact=True)).to_be_focused()
    expect(answer).to_have_count(0)


def test_whoever_presses_enter_at_once_has_the_line_read_once(anna_page):
    page = anna_page
    page.goto("/kurzzeile")
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    line(page).evaluate(
        """(line) => {
            line.value = "Tel. Homberg: Bauhof";
            line.dispatchEvent(new Event("input", { bubbles: true }));
            line.form.requestSubmit();
        }"""
    )
    expect(page.get_by_role("button", name="Homberg (Efze)", exact=False)).to_be_focused()
    # Longer than the pause after which typing alone has it read.
    page.wait_for_timeout(400)
    assert len(sent) == 1, sent


def test_of_two_answers_to_one_question_the_last_counts(anna_page):
    page = anna_page
    page.goto("/kurzzeile")
    line(page).fill("Tel. Homberg: Bauhof")
    expect(page.get_by_role("button", name="Homberg (Efze)", exact=False)).to_be_visible()
    page.evaluate(
        """() => {
            const answers = [...document.querySelectorAll(".quick-asks [data-quick-answer]")];
            const click = (place) => answers.find((one) => one.textContent.includes(place)).click();
            for (const place of ["(Ohm)", "(Efze)"]) click(place);
        }"""
    )
    expect(page.locator("[data-quick-status]")).to_have_text("Alles ist gelesen. Enter speichert.")
    expect(page.locator(".quick-parts")).to_contain_text("Homberg (Efze)")
    expect(page.locator(".quick-parts")).not_to_contain_text("Homberg (Ohm)")


def test_a_part_is_left_as_words_and_taken_back(anna_page):
    page = anna_page
    page.goto("/kurzzeile")
    line(page).fill("Tel. Cölbe: Kasse")
    cross = page.get_by_role("button", name="„Kasse“ nur als Worte behalten")
    cross.press("Enter")
    expect(page.locator(".quick-part", has_text="Vermerk")).to_contain_text("Kasse")
    page.get_by_role("button", name="„Kasse“ neu lesen").press("Enter")
    expect(page.locator(".quick-part", has_text="Aufgabenfeld")).to_contain_text("Kasse")


def test_the_full_form_goes_on_with_the_line(anna_page):
    page = anna_page
    page.goto("/kurzzeile")
    line(page).fill("gestern Tel. Cölbe: Bauhof, 30 min")
    page.get_by_role("button", name="Im vollen Formular weiter").press("Enter")
    expect(page.locator("#duration_minutes")).to_have_value("30")
    expect(page.locator("#organisations + *, .form-main .combo-box").first).to_contain_text("Cölbe")


@pytest.mark.parametrize("width", [375, 1440])
def test_no_page_is_wider_than_the_screen(anna_page, width):
    page = anna_page
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/kurzzeile")
    line(page).fill("letzte Woche Tel. Homberg: Bauhoff und Kasse, 1,5 h, WV 31.12. " + "prüfen " * 30)
    expect(page.locator(".quick-asks").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_late_answer_to_an_old_line_is_dropped(anna_page):
    page = anna_page
    page.goto("/kurzzeile")
    held = []
    page.route("**/kurzzeile/lesen", lambda route: held.append(route) if not held else route.continue_())
    line(page).fill("Tel. Hanau: Bauhof")
    while not held:
        page.wait_for_timeout(20)
    line(page).fill("Tel. Cölbe: Kasse")
    expect(page.locator(".quick-parts")).to_contain_text("Cölbe")
    held[0].continue_()
    page.wait_for_load_state("networkidle")
    expect(page.locator(".quick-parts")).to_contain_text("Cölbe")
    expect(page.locator(".quick-parts")).not_to_contain_text("Hanau")


def test_a_call_is_logged_from_the_palette(app, anna_page):
    page = anna_page
    page.goto("/kommunen")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.keyboard.press("Control+k")
    page.keyboard.type("tel cölbe: bauhof, 30 min")
    expect(page.get_by_role("option", name="Als Gespräch festhalten")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/kurzzeile/lesen$"))
    expect(line(page)).to_be_focused()
    expect(page.locator(".quick-parts")).to_contain_text("30 Min.")
    assert number(app) == 0
    page.keyboard.press("Enter")
    expect(page).to_have_url(SAVED)
    assert number(app) == 1
    assert not any("bauhof" in url.lower() for url in asked), "what was typed stands in no address"


def test_a_filter_is_no_line(anna_page):
    page = anna_page
    page.goto("/kommunen")
    page.keyboard.press("Control+k")
    page.keyboard.type("bauhof thema:bauhof")
    expect(page.locator("[data-palette-status]")).not_to_be_empty()
    expect(page.get_by_role("option", name="Als Gespräch festhalten")).to_have_count(0)


def test_enter_saves_a_second_talk_as_the_warning_says(app, anna_page):
    with app.app_context():
        factories.talk("Cölbe", "Lahntal").state = ConsultationState.PLANNED
        db.session.commit()
    page = anna_page
    page.goto("/kurzzeile")
    line(page).fill("heute Tel. Cölbe: Bauhof")
    line(page).press("Enter")
    expect(page.locator("main")).to_contain_text("Speichern Sie noch einmal, um beide zu behalten.")
    line(page).press("Enter")
    expect(page.locator("main")).to_contain_text("Festgehalten:")
    assert number(app) == 2
