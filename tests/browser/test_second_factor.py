"""The second factor on screen: by keyboard, pasted, without scripts, and without barriers."""

import re

import pyotp
import pytest
from playwright.sync_api import expect
from sqlalchemy import update

from crm.accounts.models import UserSession
from crm.db import db
from tests import factories
from tests.browser.measures import THEMES
from tests.browser.test_axe import PHONE, TALL, findings
from tests.second_factor.apps import phone_of

pytestmark = pytest.mark.browser


def begun(page):
    """Go as far as the picture; give the secret."""
    page.goto("/konto")
    page.get_by_role("link", name="Zweiter Faktor").click()
    page.get_by_role("link", name="Einrichten").click()
    page.get_by_role("button", name="QR-Code zeigen").click()
    return page.locator(".secret").inner_text().replace(" ", "")


def at_the_door(page, name="anna"):
    """Give the password and come to the second step."""
    page.goto("/anmelden")
    page.get_by_label("E-Mail").fill(f"{name}@kikz.test")
    page.get_by_label("Passwort").fill(factories.PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Code eingeben")


def sent(page, button):
    """Press and wait for the next page: axe would otherwise look at the one that is just leaving."""
    with page.expect_navigation():
        button.click()


@pytest.mark.parametrize("scripts", [True, False])
def test_set_up_and_come_in_again_without_a_mouse(page_of, scripts):
    page = page_of("anna", java_script_enabled=scripts)
    secret = begun(page)
    code = pyotp.TOTP(secret).now()
    page.get_by_label("Code aus der App").fill(f"{code[:3]} {code[3:]}")
    page.keyboard.press("Enter")
    expect(page.locator(".codes li")).to_have_count(10)
    codes = page.locator(".codes li").all_inner_texts()
    with page.expect_download() as file:
        page.get_by_role("button", name="Als Textdatei speichern").click()
    assert file.value.suggested_filename == "Ersatzcodes.txt"
    page.get_by_role("button", name="Ich habe sie verwahrt").click()
    expect(page.locator("main")).to_contain_text("eingeschaltet")
    page.get_by_role("button", name="Abmelden").click()
    at_the_door(page)
    page.get_by_label("Code", exact=True).fill(codes[0])
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Abmelden")).to_be_visible()


def test_password_and_code_are_pasted_and_no_puzzle_is_asked(app, page_of):
    phone_of(app)
    page = page_of("", permissions=["clipboard-read", "clipboard-write"])
    page.goto("/anmelden")
    for label, text in (("E-Mail", "anna@kikz.test"), ("Passwort", factories.PASSWORD)):
        page.evaluate("text => navigator.clipboard.writeText(text)", text)
        page.get_by_label(label).focus()
        page.keyboard.press("Control+v")
    assert page.locator("input[autocomplete]").evaluate_all("all => all.map(one => one.autocomplete)") == [
        "username",
        "current-password",
    ]
    assert page.locator("main img, main canvas, main iframe").count() == 0
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Code eingeben")
    page.evaluate("text => navigator.clipboard.writeText(text)", "123 456")
    page.get_by_label("Code", exact=True).focus()
    page.keyboard.press("Control+v")
    expect(page.get_by_label("Code", exact=True)).to_have_value("123 456")


def old_proof(app):
    """It is long ago that anybody gave the password."""
    with app.app_context():
        db.session.execute(update(UserSession).values(proven_at=None))
        db.session.commit()


@pytest.mark.parametrize("size", [TALL, PHONE])
@pytest.mark.parametrize("scheme", THEMES)
def test_axe_finds_no_barrier(app, page_of, size, scheme):
    page, found = page_of("anna", viewport=size, color_scheme=scheme), []

    def look(name):
        found.extend(findings(page, name))

    secret = begun(page)
    look("picture")
    page.get_by_label("Code aus der App").fill("1")
    sent(page, page.get_by_role("button", name="Code prüfen"))
    look("wrong code")
    page.get_by_label("Code aus der App").fill(pyotp.TOTP(secret).now())
    sent(page, page.get_by_role("button", name="Code prüfen"))
    look("codes")
    sent(page, page.get_by_role("button", name="Ich habe sie verwahrt"))
    look("switched on")
    for path in ("neue-codes", "ausschalten"):
        page.goto(f"/konto/zweiter-faktor/{path}")
        look(path)
        sent(page, page.locator("main form .btn-primary"))
        look(f"{path}, wrong")
    page.goto("/konto/anmeldungen")
    look("sign-ins")
    old_proof(app)
    page.goto("/konto/anmeldungen")
    look("password once more")
    stranger = page_of("", viewport=size, color_scheme=scheme)
    at_the_door(stranger)
    found.extend(findings(stranger, "step"))
    sent(stranger, stranger.get_by_role("button", name="Anmelden"))
    found.extend(findings(stranger, "step, wrong"))
    assert found == []


def test_what_was_typed_survives_the_question_for_the_password(app, page_of):
    with app.app_context():
        number = factories.member("anna").id
    page = page_of("ada")
    page.goto(f"/konten/{number}")
    page.get_by_label("Vor- und Nachname").fill("Anna Ander")
    old_proof(app)
    page.get_by_role("button", name="Konto speichern").click()
    page.get_by_label("Passwort").fill(factories.PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("entwurf="))
    expect(page.get_by_label("Vor- und Nachname")).to_have_value("Anna Ander")
    page.get_by_role("button", name="Konto speichern").click()
    expect(page.locator("main")).to_contain_text("Anna Ander")
