"""A session that ends while somebody types loses no character."""

from datetime import timedelta

import pytest
import time_machine

from crm.access import Role
from crm.accounts import sealing, services
from crm.db import db, now
from tests import factories
from tests.accounts.unsaved import LONG, MARK, NEW, idle, kept, talks, typed
from tests.doors import NEW_PASSWORD, browser_with, change_password, cookie_of, program, sign_in


def new_password(client):
    """The password changes in another browser."""
    change_password(sign_in(client.app))


def new_role(client):
    """The administration makes Anna a manager."""
    with client.app.app_context():
        anna = factories.member("anna")
        services.change_user(
            anna, {"name": anna.name, "email": anna.email}, {Role.MANAGER}, factories.member("ada")
        )
        db.session.commit()


def lock(client):
    """The administration locks the account for a moment."""
    with client.app.app_context():
        services.lock_user(factories.member("anna"), factories.member("ada"))
        services.unlock_user(factories.member("anna"), factories.member("ada"))
        db.session.commit()


LOSSES = {"silence": idle, "a new password": new_password, "a new role": new_role, "a lock": lock}


def interrupted(app, client, loss=idle, url=NEW, **over):
    """Lose the session while typing; give the page that answers."""
    form = client.get(url).fields() | typed(app, **over)
    loss(client)
    return client.post(url, form)


def sign_in_again(client, page, name="anna", password=factories.PASSWORD):
    """Fill in the door as it stands."""
    fields = page.fields() | {"email": f"{name}@kikz.test", "password": password}
    return client.post("/anmelden", fields)


@pytest.mark.parametrize("loss", LOSSES)
def test_twenty_thousand_characters_survive(app, anna, loss):
    page = interrupted(app, anna, LOSSES[loss])
    assert page.status == 401
    assert talks(app) == 0
    password = NEW_PASSWORD if loss == "a new password" else factories.PASSWORD
    back = sign_in_again(anna, page, password=password)
    assert back.status == 303
    form = anna.get(back.location)
    assert form.fields()["note"] == [LONG]
    assert form.fields()["kind"] == ["single"]
    assert form.fields()["organisations"] == typed(app)["organisations"]
    assert talks(app) == 0, "the form is filled, and nothing is saved unasked"
    assert anna.post(NEW, form.fields()).status == 303
    assert (talks(app), kept(app)) == (1, [])


def test_a_restart_with_the_same_key_loses_nothing(stage, app, anna):
    form = anna.get(NEW).fields() | typed(app)
    with program(stage) as restarted:
        assert browser_with(restarted, cookie_of(anna)).post(NEW, form).status == 303
    assert talks(app) == 1


def test_a_restart_while_the_door_is_open_loses_nothing(stage, app, anna):
    page = interrupted(app, anna)
    with program(stage) as restarted:
        client = browser_with(restarted, cookie_of(anna))
        back = sign_in_again(client, page)
        assert client.get(back.location).fields()["note"] == [LONG]


def test_another_user_gets_an_empty_form(app, anna):
    page = interrupted(app, anna)
    back = sign_in_again(anna, page, "bert")
    assert back.location == NEW
    assert anna.get(back.location).fields()["note"] == [""]
    assert kept(app) == []


def test_the_door_carries_the_text_but_shows_none_of_it(app, anna):
    page = interrupted(app, anna)
    assert "gefüllt" in page.main
    sealed = page.fields()["sealed"][0]
    assert sealed
    for trace in (MARK, MARK.encode().hex(), "Bauhof", "WlgtRU5UV1VSRi00Nz"):
        assert trace not in page.html


def test_a_wrong_password_and_a_delay_keep_the_sealed_text(app, anna):
    page = interrupted(app, anna)
    wrong = sign_in_again(anna, page, password="falsch")
    assert wrong.fields()["sealed"] == page.fields()["sealed"]
    for _ in range(4):
        sign_in_again(anna, page, password="falsch")
    waiting = sign_in_again(anna, page)
    assert waiting.status == 429
    assert waiting.fields()["sealed"] == page.fields()["sealed"]


def test_a_door_that_stood_open_too_long_keeps_the_sealed_text(app, anna):
    forms = [anna.get(NEW).fields() | typed(app, note=text) for text in ("Erster Text", "Zweiter Text")]
    idle(anna)
    first, second = (anna.post(NEW, form) for form in forms)
    assert sign_in_again(anna, first).status == 303
    renewed = sign_in_again(anna, second)
    assert renewed.status == 400
    assert "erneuert" in renewed.main
    assert renewed.fields()["sealed"] == second.fields()["sealed"]
    back = sign_in_again(anna, renewed)
    assert anna.get(back.location).fields()["note"] == ["Zweiter Text"]


def test_strangers_get_no_promise(stranger, app):
    page = stranger.post(NEW, typed(app))
    assert page.status == 401
    assert page.fields()["sealed"] == [""]
    assert "Melden Sie sich noch einmal an" in page.main


@pytest.mark.parametrize("broken", ["", "x", "gAAAAA", "\u00e4\u0663", "a" * 100_000])
def test_a_broken_seal_is_no_reason_to_stay_outside(app, anna, broken):
    page = interrupted(app, anna)
    fields = page.fields() | {"sealed": broken, "email": "anna@kikz.test", "password": factories.PASSWORD}
    assert anna.post("/anmelden", fields).location == NEW


def test_a_seal_holds_for_a_day(app, anna):
    page = interrupted(app, anna)
    with time_machine.travel(now() + timedelta(hours=25)):
        assert sign_in_again(anna, page).location == NEW


def test_a_seal_of_another_key_is_not_opened(app):
    with app.app_context():
        sealed = sealing.seal(1, NEW, [["note", MARK]])
        assert sealing.opened(sealed, 1) == (NEW, [["note", MARK]])
        assert sealing.opened(sealed, 2) is None
        app.config["SECRET_KEY"], old = "z" * 40, app.config["SECRET_KEY"]
        try:
            assert sealing.opened(sealed, 1) is None
        finally:
            app.config["SECRET_KEY"] = old


def test_passwords_are_never_kept(app, anna):
    secret = {"old_password": "Geheim-Eins", "new_password": "Geheim-Zwei", "password_again": "Geheim-Zwei"}
    form = anna.get("/konto/passwort").fields() | secret
    idle(anna)
    page = anna.post("/konto/passwort", form)
    with app.app_context():
        path, fields = sealing.opened(page.fields()["sealed"][0], factories.member("anna").id)
    assert path == "/konto/passwort"
    assert fields == []
