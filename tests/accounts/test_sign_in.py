"""Signing in: equal answers, a growing delay, and a one-time password that opens one page only."""

from datetime import timedelta

import pytest
import time_machine
from argon2 import PasswordHasher
from sqlalchemy import func, select

from crm.accounts.models import SignInAttempt
from crm.db import db, now
from tests import factories
from tests.doors import NEW_PASSWORD, change_password, is_inside, one_time, program, sign_in
from tests.everything import OFF, addresses, fill, stored
from tests.pages import CarefulClient

ANNA = "anna@kikz.test"


def attempt(client, email=ANNA, password="falsch-geraten", **headers):
    """Try to come in."""
    return client.post("/anmelden", email=email, password=password, headers=headers)


def fail(client, times, email=ANNA, **headers):
    """Try in vain, several times; give the statuses."""
    return [attempt(client, email, **headers).status for _ in range(times)]


def shut(app, name="bert"):
    """Lock a member of the cast."""
    with app.app_context():
        factories.member(name).locked_at = now()
        db.session.commit()


def test_the_right_words_open_the_overview(stranger):
    page = stranger.sign_in(ANNA)
    assert page.location == "/start"
    assert stranger.get("/").status == 200


@pytest.mark.parametrize("email", ["ANNA@KIKZ.TEST", "  anna@kikz.test\u00a0", "Anna@kikz.test"])
def test_an_address_is_read_however_it_is_written(stranger, email):
    stranger.sign_in(email)
    assert is_inside(stranger)


def test_a_wrong_password_keeps_the_address_and_forgets_the_password(stranger):
    page = attempt(stranger, password="geheim-und-falsch")
    assert page.status == 422
    assert "E-Mail oder Passwort stimmt nicht" in page.main
    assert page.fields()["email"] == [ANNA]
    assert "geheim-und-falsch" not in page.html
    assert not is_inside(stranger)


def test_both_fields_are_asked_for(stranger):
    page = stranger.post("/anmelden", email=" ", password="")
    assert page.status == 422
    assert page.main.count("ein.") >= 2


def test_a_page_asked_for_before_opens_after_signing_in(stranger):
    door = stranger.get("/kommunen?q=Wetter")
    page = stranger.submit(door.location, to="/anmelden", email=ANNA, password=factories.PASSWORD)
    assert page.location == "/kommunen?q=Wetter"


def test_unknown_known_locked_and_expired_names_read_alike(app, stranger):
    shut(app)
    old = one_time(app, "emil")
    with app.app_context():
        factories.member("emil").password_until = now() - timedelta(minutes=1)
        db.session.commit()
    tries = [
        (ANNA, "x"),
        ("weg@kikz.test", "x"),
        ("bert@kikz.test", factories.PASSWORD),
        ("emil@kikz.test", old),
    ]
    with time_machine.travel(now(), tick=False):
        pages = [(attempt(stranger, *one), one[0]) for one in tries]
    assert {page.status for page, _email in pages} == {422}
    assert len({page.html.replace(email, "-") for page, email in pages}) == 1
    assert not is_inside(stranger)


def test_fact_08_unknown_names_cost_as_many_hashes_as_known_ones(stranger, monkeypatch):
    counts = {"verify": 0, "hash": 0}
    for name in counts:
        original = getattr(PasswordHasher, name)

        def counting(self, *args, name=name, original=original):
            counts[name] += 1
            return original(self, *args)

        monkeypatch.setattr(PasswordHasher, name, counting)
    for email in ("niemand@kikz.test", ANNA, "bert@kikz.test", "auch-niemand@kikz.test"):
        counts.update(verify=0, hash=0)
        attempt(stranger, email)
        assert counts == {"verify": 1, "hash": 0}, email


def test_after_five_failures_one_waits_half_a_minute(stranger, monkeypatch):
    monkeypatch.setattr("time.sleep", lambda seconds: pytest.fail("slept"))
    assert fail(stranger, 5) == [422] * 5
    page = attempt(stranger, password=factories.PASSWORD)
    assert page.status == 429
    assert 29 <= int(page.headers["Retry-After"]) <= 31
    assert "Sekunden" in page.main
    assert not is_inside(stranger)


def test_the_delay_grows_and_ends(stranger):
    begin, waits = now(), []
    with time_machine.travel(begin, tick=False) as clock:
        fail(stranger, 4)
        for _ in range(7):
            assert attempt(stranger).status == 422
            waits.append(int(attempt(stranger).headers["Retry-After"]))
            clock.shift(waits[-1] + 1)
        assert attempt(stranger, password=factories.PASSWORD).status == 303
    assert [round(wait, -1) for wait in waits] == [30, 60, 120, 240, 480, 900, 900]


def test_a_success_wipes_the_failures_out(app, stranger):
    fail(stranger, 4)
    sign_in(app, "anna")
    assert fail(stranger, 4) == [422] * 4


def test_another_user_comes_in_from_the_same_address(app, stranger):
    fail(stranger, 10)
    assert is_inside(sign_in(app, "bert"))


def test_one_address_cannot_try_many_names(stranger):
    statuses = [attempt(stranger, f"name{number}@kikz.test").status for number in range(25)]
    assert statuses == [422] * 21 + [429] * 4


def test_forged_forwarding_headers_change_nothing(stranger):
    spoofed = [
        attempt(stranger, f"name{number}@kikz.test", **{"X-Forwarded-For": f"10.0.{number}.1"}).status
        for number in range(100)
    ]
    assert spoofed[21:] == [429] * 79
    assert fail(stranger, 1, **{"X-Forwarded-For": "127.0.0.1", "Forwarded": "for=10.1.1.1"}) == [429]


def test_behind_a_known_proxy_only_its_own_entry_counts(stage, app):
    with program(stage, TRUSTED_PROXIES=1) as behind:
        client = CarefulClient(behind)
        for number in range(21):
            attempt(client, f"n{number}@kikz.test", **{"X-Forwarded-For": f"10.9.9.{number}, 192.0.2.7"})
        assert fail(client, 1, "a@kikz.test", **{"X-Forwarded-For": "10.1.1.1, 192.0.2.7"}) == [429]
        assert fail(client, 1, "a@kikz.test", **{"X-Forwarded-For": "192.0.2.7, 192.0.2.8"}) == [422]


def test_the_limits_are_settings(stage, app):
    with program(stage, SIGN_IN_FREE_FAILURES=1, SIGN_IN_FIRST_DELAY=7) as strict:
        client = CarefulClient(strict)
        assert fail(client, 2) == [422, 422]
        assert int(attempt(client).headers["Retry-After"]) <= 8


def test_guesses_are_counted_before_they_are_checked(app, stranger, monkeypatch):
    seen = []

    def matches(_stored, _password):
        with db.engine.connect() as other:
            seen.append(other.scalar(select(func.count(SignInAttempt.id)).where(SignInAttempt.ok.is_(False))))
        return False

    monkeypatch.setattr("crm.accounts.passwords.matches", matches)
    fail(stranger, 3)
    assert seen == [1, 2, 3]


def test_what_was_typed_at_the_door_is_not_kept(app, stranger):
    attempt(stranger, "Mein-Passwort-42@kikz.test", "Ganz-Geheim-43")
    everything = repr(stored(app, without=())).casefold()
    assert "mein-passwort-42" not in everything
    assert "ganz-geheim-43" not in everything


def test_a_locked_account_stays_shut(app, stranger):
    shut(app)
    assert attempt(stranger, "bert@kikz.test", factories.PASSWORD).status == 422


# What strangers may see, and the change itself.
OPEN = {
    "accounts.forgot",
    "accounts.reset",
    "second_factor.step",
    "calendars.feed",
    "consents.confirm",
    "dispatches.fetch",
    "dispatches.fetch_file",
    "minutes.check",
    "minutes.thanks",
    "barriers.report",
    "feedback.give",
    "guests.document",
    "guests.dates",
    "guests.manage",
    "guests.register",
    "home.imprint",
    "mailings.opt_out",
    "accounts.change_password",
    "accounts.sign_in",
    "accounts.sign_out",
    "assets.file",
    "home.accessibility",
    "home.healthz",
    "home.privacy",
    "monitoring.metrics",
    "monitoring.readyz",
    "practice.confirm",
    "practice.document",
    "practice.feed",
    "practice.index",
    "practice.show",
    "practice.thanks",
}


def test_a_one_time_password_opens_nothing_but_the_change(app):
    numbers, password = fill(app), one_time(app, "mara")
    mara = sign_in(app, "mara", password)
    for one in addresses(app, numbers, safe=True):
        page = mara.get(one.url)
        if one.endpoint in OPEN:
            assert page.status == 200, one
        elif one.endpoint in OFF:
            assert page.status == 404, one
        else:
            assert page.location == "/konto/passwort", one


def test_a_one_time_password_writes_nothing(app):
    numbers, password = fill(app), one_time(app, "mara")
    mara, before = sign_in(app, "mara", password), stored(app)
    for one in addresses(app, numbers, safe=False):
        if one.endpoint not in OPEN | OFF:
            assert mara.post(one.url, note="x").location == "/konto/passwort", one
    assert stored(app) == before


def test_a_one_time_password_must_be_changed_for_another(app):
    password = one_time(app)
    anna = sign_in(app, "anna", password)
    same = anna.submit(
        "/konto/passwort", old_password=password, new_password=password, password_again=password
    )
    assert same.status == 422
    assert "anderes Passwort als das bisherige" in " ".join(same.errors())
    change_password(anna, password)
    assert anna.get("/beratungen").status == 200
    assert is_inside(sign_in(app, "anna", NEW_PASSWORD))


def test_a_one_time_password_ends_after_two_weeks(app, stranger):
    password = one_time(app)
    with time_machine.travel(now() + timedelta(days=15)):
        assert attempt(stranger, password=password).status == 422
