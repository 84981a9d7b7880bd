"""The protections of the door switched off one by one: then what other tests forbid must happen."""

from datetime import timedelta

import pytest
import time_machine
from argon2 import _password_hasher
from flask import abort, session
from sqlalchemy import func, select

from config import Production, SuiteSettings
from crm.accounts import guessing, passwords, sealing, sessions
from crm.accounts.models import User
from crm.db import db, now
from crm.errors import RuleBroken
from crm.mail import passwords as letters
from crm.mail.models import OutgoingMail
from crm.signing import signer
from tests import factories
from tests.accounts import test_forgotten, test_interrupted, test_passwords, test_proving, test_sessions
from tests.accounts.test_passwords import COMMON, refused
from tests.accounts.test_sessions import ENDINGS
from tests.doors import copied, is_inside, sign_in
from tests.pages import CarefulClient


@pytest.mark.parametrize("ending", ["a new password", "a changed role"])
def test_without_ending_all_sessions_a_copied_cookie_goes_on(app, anna, ending, monkeypatch):
    monkeypatch.setattr(sessions, "end_all", lambda user: None)
    # The session at hand gets a new token besides; all others depend on this alone.
    thief = copied(sign_in(app))
    ENDINGS[ending](anna)
    assert is_inside(thief)


def test_without_a_new_token_a_planted_one_would_open_the_door(app, monkeypatch):
    victim = CarefulClient(app)
    victim.get("/anmelden")
    thief = copied(victim)
    token = None
    with app.test_request_context():
        token = signer(sessions.COOKIE).loads(victim.browser.get_cookie("kikz").value)
    monkeypatch.setattr(sessions, "new_token", lambda: token)
    victim.sign_in("anna@kikz.test")
    assert is_inside(thief)


def test_without_the_delay_guessing_goes_on(stranger, monkeypatch):
    monkeypatch.setattr(guessing, "_delay", lambda *_counted, **_limits: 0)
    tries = [stranger.post("/anmelden", email="anna@kikz.test", password="x").status for _ in range(12)]
    assert tries == [422] * 12


def computed(client, email, monkeypatch):
    """How many hashes the machine really computes for one attempt."""
    seen, real = [], _password_hasher.verify_secret
    with monkeypatch.context() as patch:
        patch.setattr(_password_hasher, "verify_secret", lambda *args: seen.append(1) or real(*args))
        assert client.post("/anmelden", email=email, password="falsch").status == 422
    return len(seen)


def test_without_the_hash_of_nothing_unknown_names_cost_nothing(stranger, monkeypatch):
    for email in ("anna@kikz.test", "niemand@kikz.test"):
        assert computed(stranger, email, monkeypatch) == 1
    monkeypatch.setattr(passwords, "hash_of_nothing", lambda: "")
    assert computed(stranger, "niemand@kikz.test", monkeypatch) == 0


def test_without_a_basis_a_used_link_lives_on(app, stranger, monkeypatch):
    monkeypatch.setattr(User, "password_link_basis", "")
    stranger.post("/passwort-vergessen", email="anna@kikz.test")
    with app.app_context():
        path = db.session.scalars(select(OutgoingMail.body)).one().split("127.0.0.1:5000")[1].split()[0]
    for new in ("Quitten im Kessel 7", "Birnen im Kessel 8"):
        assert stranger.submit(path, new_password=new, password_again=new).status == 303


def test_without_the_list_common_passwords_pass(context, monkeypatch):
    monkeypatch.setattr(passwords, "_common", frozenset)
    monkeypatch.setattr(passwords, "CONTEXT", ())
    assert [word for word in COMMON if not refused(word)]


def test_without_the_limits_sessions_live_for_days(app):
    kept = app.config["SESSION_IDLE"], app.config["SESSION_ABSOLUTE"]
    app.config["SESSION_IDLE"] = app.config["SESSION_ABSOLUTE"] = timedelta(days=9)
    try:
        client = sign_in(app)
        with time_machine.travel(now() + timedelta(hours=30)):
            assert is_inside(client)
    finally:
        app.config["SESSION_IDLE"], app.config["SESSION_ABSOLUTE"] = kept


def test_without_the_notice_nobody_is_told(app, ada, monkeypatch):
    monkeypatch.setattr(letters, "tell_changed", lambda *_who: None)
    with app.app_context():
        number = factories.member("anna").id
    ada.post(f"/konten/{number}/einmalpasswort")
    with app.app_context():
        assert db.session.scalar(select(func.count(OutgoingMail.id))) == 0


def test_with_the_cookie_of_the_library_somebody_would_be_remembered(app, anna, monkeypatch):
    begin = sessions.begin

    def remember(user, **more):
        session.update(_remember="set", _user_id=str(user.id))
        return begin(user, **more)

    monkeypatch.setattr(sessions, "begin", remember)
    with pytest.raises(AssertionError, match="remember_token"):
        test_sessions.test_there_is_no_cookie_that_remembers(app, anna)


def test_an_early_answer_to_unknown_addresses_would_be_noticed(app, stranger, monkeypatch):
    send = letters.send_link
    monkeypatch.setattr(letters, "send_link", lambda email: send(email) if email.startswith("anna") else None)
    with pytest.raises(AssertionError):
        test_forgotten.test_known_and_unknown_addresses_cost_the_same_statements(app, stranger)
    monkeypatch.setattr(letters, "send_link", lambda email: email.startswith("anna") or abort(404))
    with pytest.raises(AssertionError):
        test_forgotten.test_known_unknown_and_locked_addresses_are_answered_alike(app, stranger)


def test_a_rule_about_kinds_of_characters_would_be_noticed(app, anna, monkeypatch):
    def composed(password, *_own):
        if not any(one.isdigit() for one in password):
            raise RuleBroken("mindestens eine Ziffer", "new_password")

    monkeypatch.setattr(passwords, "check_strength", composed)
    with pytest.raises(AssertionError, match="Ziffer"):
        test_passwords.test_any_characters_make_a_good_password(app, anna, "Über Stock und Stein")


def test_without_the_borders_short_and_huge_passwords_pass(anna, monkeypatch):
    monkeypatch.setattr(passwords, "SHORTEST", 0)
    monkeypatch.setattr(passwords, "LONGEST", 1_000_000)
    with pytest.raises(AssertionError):
        test_passwords.test_a_short_password_is_refused_with_the_number(anna, "x7!kQ2#")
    monkeypatch.setattr(factories, "PASSWORD", "x7!kQ2#")
    with pytest.raises(AssertionError):
        test_passwords.test_a_huge_password_is_refused_at_once(anna, 100_000)


def test_the_cheap_hash_of_the_suite_would_not_do(monkeypatch):
    cheap = SuiteSettings("sqlite://").PASSWORD_COST
    made = property(lambda _self: cheap, lambda _self, _cost: None)
    monkeypatch.setattr(Production, "PASSWORD_COST", made, raising=False)
    with pytest.raises(AssertionError, match="65536"):
        test_passwords.test_production_hashes_with_argon2id_and_64_megabytes()


def test_without_the_seal_what_was_typed_would_be_gone(app, anna, ada, monkeypatch):
    monkeypatch.setattr(sealing, "opened", lambda *_sealed: None)
    with pytest.raises(AssertionError):
        test_proving.test_what_was_typed_comes_back_unsaved_and_is_saved_by_the_next_press(app, ada)
    with pytest.raises(AssertionError):
        test_interrupted.test_twenty_thousand_characters_survive(app, anna, "silence")
