"""Barriers put in on purpose: what other tests of this folder assert must fail."""

import pytest
from playwright.sync_api import expect

from crm.db import db
from tests import factories
from tests.browser import test_keyboard_events, test_second_factor, test_without_scripts
from tests.browser.conftest import PATIENCE
from tests.browser.measures import MEASURES
from tests.browser.test_axe import SPOIL
from tests.browser.test_keyboard_events import event  # noqa: F401 a fixture

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def impatient():
    """What cannot come is not waited for as long as what is only slow."""
    expect.set_options(timeout=PATIENCE // 3)
    yield
    expect.set_options(timeout=PATIENCE)


def spoiled(page, old, new):
    """Let every page of a browser come with something else in it."""

    def answer(route):
        if route.request.resource_type != "document":
            return route.continue_()
        got = route.fetch(max_redirects=0)
        return route.fulfill(response=got, body=got.text().replace(old, new))

    page.route("**/*", answer)
    return page


@pytest.mark.control
def test_links_of_the_error_summary_that_lead_nowhere_are_noticed(page_of):
    page = spoiled(page_of("anna", java_script_enabled=False), 'href="#', 'href="#x-')
    with pytest.raises(AssertionError):
        test_without_scripts.test_the_links_of_the_error_summary_lead_to_the_fields(page)


@pytest.mark.control
def test_a_form_that_only_a_script_could_send_is_noticed(app, page_of, event):  # noqa: F811
    page, form = page_of("", java_script_enabled=False), 'form class="pub-form"'
    page = spoiled(page, f'{form} method="post"', form)
    with pytest.raises(AssertionError):
        test_keyboard_events.test_a_guest_registers_by_keyboard_without_scripts(app, page, event)


REFUSES = "addEventListener('paste', (event) => event.preventDefault(), true)"
PUZZLE = "addEventListener('DOMContentLoaded', () => document.querySelector('main').append(new Image()))"


@pytest.mark.control
@pytest.mark.parametrize("script", [REFUSES, PUZZLE], ids=["refuses to paste", "a puzzle"])
def test_a_door_that_hinders_is_noticed(app, page_of, script):
    def hindering(*who, **options):
        page = page_of(*who, **options)
        page.add_init_script(script)
        return page

    with pytest.raises(AssertionError):
        test_second_factor.test_password_and_code_are_pasted_and_no_puzzle_is_asked(app, hindering)


# One fault for everything that is promised of the list of errors, put into a page that has none.
PLANTED = {
    "title": "document.title = 'Neue Beratung'",
    "no alert": "summary.removeAttribute('role')",
    "the summary has no focus": "summary.blur()",
    "leads nowhere": "summary.querySelector('a').hash = '#nirgends'",
    "not said at its field": "field.removeAttribute('aria-describedby')",
    "not invalid": "field.removeAttribute('aria-invalid')",
    "not in the summary": "summary.querySelector('li').remove()",
    "no summary": "summary.remove()",
}


@pytest.mark.control
def test_every_fault_of_the_error_summary_is_found(page_of):
    page, missed = page_of("anna"), []
    for fault, plant in {"": "", **PLANTED}.items():
        page.goto("/wiedervorlagen/neu")
        with page.expect_navigation():
            page.locator("main form[method=post]", has=page.locator("label")).first.evaluate(SPOIL)
        page.evaluate(f"""() => {{ const summary = document.querySelector(".err-sum");
            const field = document.querySelector(summary.querySelector("a").hash); {plant} }}""")
        found = page.evaluate(f"{MEASURES}.errors()")
        if not (any(one.startswith(fault) for one in found) if fault else found == []):
            missed.append((fault, found))
    assert missed == []


@pytest.mark.control
def test_a_choice_that_opens_something_is_noticed(app, page_of):
    with app.app_context():
        factories.talk("Lahntal")
        db.session.commit()
    page = page_of("anna")
    for plant, words in (
        ("main.addEventListener('change', () => form.requestSubmit())", "sent"),
        ("main.addEventListener('focusin', () => window.open('/'))", "opened"),
    ):
        page.goto("/beratungen/neu")
        assert page.evaluate(f"{MEASURES}.surprises()") == []
        page.goto("/beratungen/neu")
        page.evaluate(f"""() => {{ const main = document.querySelector("main");
            const form = main.querySelector("form[method=post]"); {plant} }}""")
        assert any(one.startswith(words) for one in page.evaluate(f"{MEASURES}.surprises()"))
