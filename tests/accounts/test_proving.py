"""Sensitive pages want the password again after ten minutes; what was typed meanwhile comes back."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from crm.access import is_sensitive
from crm.accounts.models import User, UserSession
from crm.db import db, now
from crm.mail.models import OutgoingMail
from tests import factories
from tests.doors import NEW_PASSWORD, browser_with, cookie_of, is_inside, sign_in
from tests.everything import addresses, changed, chief, fill, stored

ASK = "/konto/bestaetigen"
# Written by hand, so that a page that stops being protected shows.
SENSITIVE = {
    "accounts.edit_user", "accounts.end_sign_ins", "accounts.lock_user", "accounts.new_user",
    "accounts.one_time_password", "accounts.sign_ins", "accounts.unlock_user", "closing.close",
    "closing.reopen", "privacy.archive_list", "privacy.erase", "privacy.lift", "privacy.release",
    "privacy.restrict", "privacy.tell_guest", "privacy.tell_person", "releases.freeze", "retention.edit",
    "second_factor.begin", "second_factor.codes_made", "second_factor.reset", "second_factor.set_up",
    "sign_on.identities", "sign_on.unlink",
}  # fmt: skip
# These ask for the password on their own form, however lately it was given.
ASK_THEMSELVES = {
    "accounts.change_password": "/konto/passwort",
    "second_factor.renew_codes": "/konto/zweiter-faktor/neue-codes",
    "second_factor.switch_off": "/konto/zweiter-faktor/ausschalten",
}


def later(app, minutes=11):
    """Some minutes have passed since everybody gave the password; nobody was idle."""
    with app.app_context():
        db.session.execute(update(UserSession).values(proven_at=now() - timedelta(minutes=minutes)))
        db.session.commit()


def proves(client, page, password=factories.PASSWORD):
    """Fill in the page that asks for the password."""
    return client.post(ASK, page.fields() | {"password": password})


def account(app, name="anna"):
    """The page of an account."""
    with app.app_context():
        return f"/konten/{factories.member(name).id}"


def name_of(app, email="anna@kikz.test"):
    """The stored name."""
    with app.app_context():
        return db.session.scalar(select(User.name).where(User.email == email))


def test_the_list_names_every_sensitive_endpoint(one_app):
    assert {one for one in one_app.view_functions if is_sensitive(one_app, one)} == SENSITIVE


def sensitive(app, numbers, safe):
    """The addresses of the sensitive pages."""
    return [one for one in addresses(app, numbers, safe) if one.endpoint in SENSITIVE]


def test_an_old_proof_opens_none_of_them_and_changes_nothing(app):
    numbers = fill(app)
    boss = chief(app)
    later(app)
    before = stored(app)
    for one in sensitive(app, numbers, safe=True):
        assert boss.get(one.url).location.startswith(f"{ASK}?next=/"), one
    for one in sensitive(app, numbers, safe=False):
        page = boss.post(one.url, name="x", password="x", reason="x", title="x")
        assert page.status == 401, one
        assert page.soup.select_one("input[name=password]"), one
    assert changed(before, stored(app)) == []


def test_a_wrong_password_opens_none_of_them_and_makes_one_wait(app, ada):
    later(app)
    page = ada.get(ada.get(account(app)).location)
    answers = [proves(ada, page, "falsch") for _ in range(5)]
    assert [one.status for one in answers] == [422] * 5
    assert "nicht Ihr Passwort" in " ".join(answers[0].errors())
    waiting = proves(ada, page)
    assert waiting.status == 429
    assert int(waiting.headers["Retry-After"]) >= 29
    assert ada.get(account(app)).status == 302


def test_control_with_a_new_proof_the_same_requests_work(app):
    numbers = fill(app)
    boss = chief(app)
    for one in sensitive(app, numbers, safe=True):
        page = boss.get(one.url)
        assert page.status == 200 or not page.location.startswith(ASK), one
    for one in sensitive(app, numbers, safe=False):
        page = boss.post(one.url)
        assert page.status != 401, one
        assert not page.location.startswith(ASK), one


def test_control_without_the_check_an_old_proof_changes_an_account(app, ada):
    later(app)
    app.config["PROOF"], kept = timedelta(days=1), app.config["PROOF"]
    try:
        assert ada.submit(account(app), 1, name="Anna Ander").status == 303
    finally:
        app.config["PROOF"] = kept
    assert name_of(app) == "Anna Ander"


@pytest.mark.parametrize(("minutes", "asked"), [(9, False), (11, True)])
def test_ten_minutes_are_the_border(app, ada, minutes, asked):
    later(app, minutes)
    assert (ada.get(account(app)).status == 302) is asked


def test_after_the_password_one_is_where_one_wanted_to_be(app, ada):
    later(app)
    asked = ada.get(f"{account(app)}?von=liste")
    page = ada.get(asked.location)
    assert "besonders geschützt" in page.main
    assert proves(ada, page).location == f"{account(app)}?von=liste"
    assert ada.get(account(app)).status == 200


def test_what_was_typed_comes_back_unsaved_and_is_saved_by_the_next_press(app, ada):
    url = account(app)
    form = ada.get(url).fields(1) | {"name": ["Anna Ander"], "roles": ["manager", "reader"]}
    later(app)
    page = ada.post(url, form)
    assert page.status == 401
    assert "ausgefüllt und ungespeichert" in page.main
    assert "Anna Ander" not in page.html
    wrong = proves(ada, page, "falsch")
    assert wrong.fields()["sealed"] == page.fields()["sealed"]
    back = proves(ada, wrong)
    assert name_of(app) == "Anna Adler", "nothing is saved unasked"
    shown = ada.get(back.location)
    assert "noch nicht gespeichert" in shown.text
    fields = shown.fields(1)
    assert (fields["name"], sorted(fields["roles"])) == (["Anna Ander"], ["manager", "reader"])
    assert ada.post(url, fields).status == 303
    assert name_of(app) == "Anna Ander"


def test_a_button_is_pressed_again_on_the_page_where_it_stands(app, ada):
    url = account(app)
    later(app)
    page = ada.post(f"{url}/einmalpasswort", headers={"Referer": f"http://localhost{url}"})
    assert "noch einmal auf den Knopf" in page.main
    assert proves(ada, page).location == url


@pytest.mark.parametrize("referer", ["http://boese.test/konten", "//boese.test", "javascript:1", "x" * 300])
def test_a_foreign_page_is_no_way_back(app, ada, referer):
    later(app)
    page = ada.post(f"{account(app)}/einmalpasswort", headers={"Referer": referer})
    assert proves(ada, page).location == "/"


@pytest.mark.parametrize("aim", ["//boese.test", "/\\boese.test", "https://boese.test", "javascript:1"])
def test_the_way_on_stays_in_the_house(ada, aim):
    assert ada.post(ASK, password=factories.PASSWORD, next=aim).location == "/"


def test_a_foreign_form_is_not_carried_along(app, ada):
    later(app)
    page = ada.post(account(app), {"name": "Boese", "csrf_token": "falsch"}, token=False)
    assert page.status == 400
    assert "Boese" not in page.html


def test_the_session_goes_on_under_a_new_token(app, ada):
    later(app)
    old = cookie_of(ada)
    proves(ada, ada.get(ada.get(account(app)).location))
    assert cookie_of(ada) != old
    assert is_inside(ada)
    assert not is_inside(browser_with(app, old))


def browser_inside(app):
    """Anna's browser, signed in before her account got a second factor."""
    client = sign_in(app)
    with app.app_context():
        factories.member("anna").second_factor_at = now()
        db.session.commit()
    return client


@pytest.mark.parametrize("endpoint", ASK_THEMSELVES)
def test_pages_that_ask_themselves_do_so_however_new_the_proof_is(app, endpoint):
    app.config["PROOF"], kept = timedelta(days=1), app.config["PROOF"]
    try:
        anna = browser_inside(app)
        page = anna.get(ASK_THEMSELVES[endpoint])
        names = page.fields().keys()
        assert names & {"password", "old_password"}
        wrong = dict.fromkeys(names & {"password", "old_password"}, "falsch")
        more = {"code": "123456", "new_password": NEW_PASSWORD, "password_again": NEW_PASSWORD}
        answer = anna.post(ASK_THEMSELVES[endpoint], page.fields() | wrong | more)
        assert answer.status == 422
        assert "nicht Ihr Passwort" in " ".join(answer.errors())
    finally:
        app.config["PROOF"] = kept


def test_passwords_are_not_guessed_by_changing_them(anna):
    new = {"new_password": NEW_PASSWORD, "password_again": NEW_PASSWORD}
    statuses = [anna.submit("/konto/passwort", old_password="falsch", **new).status for _ in range(6)]
    assert statuses == [422] * 5 + [429]


def test_rights_and_address_are_told_by_mail_at_once(app, ada):
    url = account(app)
    assert ada.submit(url, 1, name="Anna Ander").status == 303
    assert mails(app) == []
    assert ada.submit(url, 1, email="anna.neu@kikz.test", roles=["manager"]).status == 303
    assert mails(app) == [
        ("anna.neu@kikz.test", "Adresse Ihres Kontos bei IKZ-Beratung geändert"),
        ("anna.neu@kikz.test", "Ihre Rechte bei IKZ-Beratung wurden geändert"),
        ("anna@kikz.test", "Adresse Ihres Kontos bei IKZ-Beratung geändert"),
    ]


def test_rights_given_by_the_command_are_told_too(app):
    app.test_cli_runner().invoke(args=["users", "roles", "anna@kikz.test", "manager"])
    assert mails(app) == [("anna@kikz.test", "Ihre Rechte bei IKZ-Beratung wurden geändert")]


def mails(app):
    """To whom what was written."""
    with app.app_context():
        found = db.session.scalars(select(OutgoingMail)).all()
        return sorted((one.recipient, one.subject) for one in found)
