"""Mails in a real browser: three actions by keyboard, dropped on the page, without scripts and barriers."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from crm.consultations.models import Consultation
from crm.db import db
from crm.inbox.models import InboxItem
from tests import factories
from tests.browser.clerk import Clerk
from tests.browser.stops import tab_to
from tests.browser.test_axe import PHONE, TALL, findings
from tests.inbox import mails

pytestmark = pytest.mark.browser

SAVED, OPENED = re.compile(r"/beratungen/\d+$"), re.compile(r"/posteingang/\d+$")
CARRIED = """([name, text]) => {
  const carried = new DataTransfer();
  carried.items.add(new File([text], name, { type: "message/rfc822" }));
  return carried;
}"""


@pytest.fixture
def file(app, tmp_path):
    """A mail of somebody known, as a file."""
    with app.app_context():
        factories.person(email="p.henkel@lahntal.test")
        db.session.commit()
    path = tmp_path / "bauhof.eml"
    path.write_bytes(mails.raw())
    return path


def talks(app):
    """Places of the talks that are stored."""
    with app.app_context():
        return [talk.places for talk in db.session.scalars(select(Consultation))]


def test_a_mail_is_put_in_and_assigned_in_three_actions(app, anna_page, file):
    page = anna_page
    page.goto("/posteingang")
    chooser = page.get_by_label("Mails als Dateien (.eml)")
    tab_to(page, chooser)
    chooser.set_input_files(file)
    page.keyboard.press("Control+Enter")
    page.wait_for_url(OPENED)
    page.goto("/posteingang")
    tab_to(page, page.get_by_role("link", name="Gemeinsamer Bauhof"))
    clerk = Clerk(page)
    clerk.press("Enter")
    field = page.get_by_role("combobox", name="Kommunen")
    expect(field).to_be_focused()
    expect(page.locator(".combo").first).to_contain_text("Lahntal")
    expect(page.locator(".combo").first).to_contain_text("p.henkel@lahntal.test ist in den Kontakten bekannt")
    clerk.press("Control+Enter")
    page.wait_for_url(SAVED)
    # Seeing and leaving the suggestion as it is takes no key at all.
    assert clerk.interactions <= 3
    expect(page.locator("main")).to_contain_text("Petra Henkel")
    assert talks(app) == [["Lahntal"]]


def test_a_wrong_suggestion_is_corrected_by_keyboard(app, anna_page, file):
    assert file
    with app.app_context():
        number = mails.item().id
        db.session.commit()
    page = anna_page
    page.goto(f"/posteingang/{number}")
    expect(page.get_by_role("combobox", name="Kommunen")).to_be_focused()
    page.keyboard.press("Backspace")
    page.keyboard.type("cölbe,")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(SAVED)
    assert talks(app) == [["Cölbe"]]


@pytest.mark.parametrize("place", ["main", "table, .empty", "nav.side"])
def test_a_mail_dropped_anywhere_on_the_page_is_put_in(app, anna_page, file, place):
    page = anna_page
    page.goto("/posteingang")
    carried = page.evaluate_handle(CARRIED, ["bauhof.eml", file.read_text(encoding="utf-8")])
    target = page.locator(place).first
    target.dispatch_event("dragenter", {"dataTransfer": carried})
    expect(page.locator("form.drop")).to_have_class(re.compile("is-over"))
    target.dispatch_event("drop", {"dataTransfer": carried})
    page.wait_for_url(OPENED)
    expect(page.get_by_role("heading", level=1)).to_have_text("Gemeinsamer Bauhof")
    with app.app_context():
        assert len(list(db.session.scalars(select(InboxItem)))) == 1


def test_something_else_that_is_dropped_changes_nothing(anna_page):
    page = anna_page
    page.goto("/posteingang")
    carried = page.evaluate_handle(
        "() => { const d = new DataTransfer(); d.setData('text/plain', 'x'); return d }"
    )
    for name in ("dragenter", "dragleave", "drop"):
        page.locator("main").dispatch_event(name, {"dataTransfer": carried})
    expect(page.locator("form.drop")).not_to_have_class(re.compile("is-over"))
    assert page.url.endswith("/posteingang")


def test_what_is_no_mail_is_said_and_the_focus_goes_there(anna_page, tmp_path):
    page, path = anna_page, tmp_path / "bescheid.pdf"
    path.write_bytes(b"%PDF-1.7\n%%EOF")
    page.goto("/posteingang")
    page.get_by_label("Mails als Dateien (.eml)").set_input_files(path)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".err-sum")).to_be_focused()
    expect(page.locator(".err-sum")).to_contain_text("bescheid.pdf: Das ist keine Mail")
    assert findings(page, "refused") == []


def test_without_scripts(app, page_of, file):
    page = page_of("anna", java_script_enabled=False)
    page.goto("/posteingang")
    page.get_by_label("Mails als Dateien (.eml)").set_input_files(file)
    page.get_by_role("button", name="In den Posteingang legen").click()
    page.wait_for_url(OPENED)
    page.get_by_text("Bauhof").first.wait_for()
    page.locator("#organisations").fill("Cölbe")
    page.get_by_role("button", name="Beratung speichern").click()
    page.wait_for_url(SAVED)
    assert talks(app) == [["Lahntal", "Cölbe"]]


@pytest.mark.parametrize("size", [TALL, PHONE], ids=["1440", "375"])
def test_no_look_of_the_inbox_has_findings(app, house, page_of, size):
    with app.app_context():
        numbers = [one.id for one in db.session.scalars(select(InboxItem).order_by(InboxItem.id))]
    page, found = page_of("mara", viewport=size), []
    for stand in ("offen", "erledigt", "abgelegt"):
        page.goto(f"/posteingang?stand={stand}")
        found += findings(page, stand)
    for number in numbers:
        page.goto(f"/posteingang/{number}")
        for one in page.locator("details").all():
            one.evaluate("(one) => { one.open = true; }")
        found += findings(page, f"mail {number}")
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert found == []


def test_the_empty_inbox_has_no_findings(anna_page):
    anna_page.goto("/posteingang")
    expect(anna_page.locator("main")).to_contain_text("Der Posteingang ist leer")
    assert findings(anna_page, "empty") == []


def test_nothing_in_a_mail_is_run_or_loaded(app, anna_page):
    hostile = "<img src=x onerror=alert(1)><script>alert(2)</script>\nhttps://spur.test/1.gif"
    with app.app_context():
        plain = mails.item(
            text=hostile, subject=hostile.splitlines()[0], From=f'"{hostile[:20]}" <a@b.test>'
        ).id
        page_mail = mails.mail(subject="Seite")
        page_mail.set_content(f"<p>{hostile}<iframe src=https://spur.test></iframe>", subtype="html")
        web = mails.take_in(page_mail.as_bytes(), factories.member("anna"))[0].id
        db.session.commit()
    # The watch over every page fails the test for scripts, dialogs and foreign hosts.
    for number in (plain, web):
        anna_page.goto(f"/posteingang/{number}")
        assert (
            anna_page.locator("main .mail-text img, main .mail-text script, main .mail-text a").count() == 0
        )
    anna_page.goto("/posteingang")
    expect(anna_page.locator("main")).to_contain_text("<img src=x onerror=alert(1)>")
