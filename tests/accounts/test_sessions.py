"""Sessions live in the database; a cookie is worth what its row says."""

import base64
import hashlib
import json
from datetime import timedelta

import pytest
import time_machine
from itsdangerous import URLSafeSerializer
from sqlalchemy import select

from config import Production
from crm.access import Role
from crm.accounts import services
from crm.accounts.models import UserSession
from crm.db import db, now
from crm.tokens import hash_of, new_token
from tests import factories
from tests.doors import (
    SECRET,
    browser_with,
    change_password,
    cookie_of,
    copied,
    is_inside,
    one_time,
    program,
    sign_in,
)
from tests.everything import fill, stored
from tests.pages import CarefulClient

FAR = "https://crm.kikz.test"


def signing(key, purpose):
    """Sign as the program does, with any key."""
    return URLSafeSerializer(key, salt=purpose, signer_kwargs={"digest_method": hashlib.sha256})


def token_in(cookie):
    """What the cookie says."""
    return signing(SECRET, "kikz-session").loads(cookie)


def administer(app, action):
    """Do something to Anna's account as the administration does."""
    with app.app_context():
        action(factories.member("anna"), factories.member("ada"))
        db.session.commit()


def change_role(anna, ada):
    """Make Anna a manager."""
    values = {"name": anna.name, "email": anna.email}
    services.change_user(anna, values, {Role.MANAGER}, ada)


ENDINGS = {
    "signing out": lambda client: client.post("/abmelden"),
    "a new password": change_password,
    "a locked account": lambda client: administer(client.app, services.lock_user),
    "a changed role": lambda client: administer(client.app, change_role),
    "a one-time password": lambda client: one_time(client.app),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_copied_cookie_is_worth_nothing_after(app, anna, ending):
    thief = copied(anna)
    assert is_inside(thief)
    ENDINGS[ending](anna)
    assert not is_inside(thief)
    assert thief.get("/beratungen").location.startswith("/anmelden")
    assert thief.post("/abmelden").status == 401


def test_who_changes_the_password_stays_and_others_go(app, anna):
    other = sign_in(app)
    change_password(anna)
    assert is_inside(anna)
    assert not is_inside(other)


def test_an_unchanged_role_ends_nothing(app, anna):
    def rename(user, by):
        services.change_user(user, {"name": "Anna Ander", "email": user.email}, set(user.roles), by)

    administer(app, rename)
    assert is_inside(anna)


def test_an_unlocked_account_does_not_bring_old_sessions_back(app, anna):
    thief = copied(anna)
    administer(app, services.lock_user)
    administer(app, services.unlock_user)
    assert not is_inside(thief)


def test_signing_in_brings_a_new_token(app, stranger):
    stranger.get("/anmelden")
    before = cookie_of(stranger)
    stranger.sign_in("anna@kikz.test")
    assert cookie_of(stranger) != before
    assert not is_inside(browser_with(app, before))


def test_a_planted_token_is_replaced(app):
    planted = signing(SECRET, "kikz-session").dumps(new_token())
    victim = browser_with(app, planted)
    victim.sign_in("anna@kikz.test")
    assert cookie_of(victim) != planted
    assert not is_inside(browser_with(app, planted))


def forgeries(cookie):
    """Cookies that were never handed out."""
    token, right = token_in(cookie), signing(SECRET, "kikz-session")
    return {
        "signed with another key": signing("y" * 40, "kikz-session").dumps(token),
        "signed for another purpose": signing(SECRET, "cookie-session").dumps(token),
        "not signed": token,
        "cut": cookie[:-1],
        "changed": ("B" if cookie[1] != "B" else "C").join((cookie[:1], cookie[2:])),
        "unknown": right.dumps(new_token()),
        "no text": right.dumps({"user_id": 1}),
        "empty": "",
        "long": "a." * 1900,
        "not of this alphabet": "\u00e4\u00f6\u0663.\u20ac",
        "a number": right.dumps(1),
    }


def test_forged_cookies_open_nothing(app, anna):
    for name, cookie in forgeries(cookie_of(anna)).items():
        assert not is_inside(browser_with(app, cookie)), name


def test_raw_bytes_in_the_cookie_open_nothing(app):
    for raw in ("kikz=\xff\xfe", "kikz=\x01", "kikz", "=;;;", "kikz=" + "x" * 8000):
        answer = app.test_client(use_cookies=False).get("/konto", headers={"Cookie": raw})
        assert answer.status_code == 302, raw[:20]


def test_the_cookie_holds_the_token_and_nothing_else(app, anna):
    body = cookie_of(anna).split(".")[0]
    token = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    assert isinstance(token, str)
    assert len(base64.urlsafe_b64decode(token + "=")) == 32
    assert token not in repr(stored(app, without=()))


def test_a_use_is_noted_once_a_minute(app, anna):
    with time_machine.travel(now() + timedelta(minutes=5), tick=False) as clock:
        anna.get("/kommunen")
        clock.shift(50)
        assert not [one for one in anna.get("/kommunen").statements if one.startswith("UPDATE")]
        clock.shift(20)
        assert [one for one in anna.get("/kommunen").statements if one.startswith("UPDATE user_sessions")]


def test_half_an_hour_of_silence_ends_a_session(anna):
    with time_machine.travel(now(), tick=False) as clock:
        for _ in range(4):
            clock.shift(29 * 60)
            assert is_inside(anna)
        clock.shift(31 * 60)
        assert not is_inside(anna)


def test_ten_hours_end_a_session_that_is_used_all_day(anna):
    with time_machine.travel(now(), tick=False) as clock:
        for _ in range(29):
            clock.shift(20 * 60)
            assert is_inside(anna)
        clock.shift(21 * 60)
        assert not is_inside(anna)


def test_staying_signed_in_begins_the_idle_time_anew_to_the_second(anna):
    with time_machine.travel(now(), tick=False) as clock:
        assert is_inside(anna)
        clock.shift(50)
        assert anna.post("/sitzung").status == 200
        clock.shift(29 * 60 + 55)
        assert is_inside(anna)
    assert anna.get("/sitzung").status == 405


def test_both_limits_are_settings(stage, app):
    over = {"SESSION_IDLE": timedelta(minutes=2), "SESSION_ABSOLUTE": timedelta(minutes=3)}
    with program(stage, **over) as short, time_machine.travel(now(), tick=False) as clock:
        idle, busy = sign_in(short, "anna"), sign_in(short, "bert")
        clock.shift(100)
        assert is_inside(busy)
        clock.shift(60)
        assert is_inside(busy)
        assert not is_inside(idle)
        clock.shift(30)
        assert not is_inside(busy)


def test_visitors_of_public_pages_get_no_cookie(app, stranger):
    sheet = fill(app)["digest"]
    for url in (
        "/datenschutz",
        "/barrierefreiheit",
        "/healthz",
        f"/static/{sheet}/app.css",
        "/gibt-es-nicht",
        "/",
    ):
        assert "Set-Cookie" not in stranger.get(url).headers, url
    assert len(stranger.get("/anmelden").headers.getlist("Set-Cookie")) == 1


def test_readers_of_pages_get_their_cookie_once(anna):
    for url in ("/", "/beratungen", "/beratungen/neu", "/konto", "/gibt-es-nicht"):
        assert "Set-Cookie" not in anna.get(url).headers, url


def cookie_line(app, **kw):
    """The parts of the cookie that the door sets."""
    lines = app.test_client().get("/anmelden", **kw).headers.getlist("Set-Cookie")
    assert len(lines) == 1
    return [part.strip() for part in lines[0].split(";")]


def test_in_production_the_cookie_has_all_five_properties(stage, app):
    settings = Production({"SECRET_KEY": SECRET, "DATABASE_URL": stage.url, "BASE_URL": FAR})
    with program(stage, settings) as there:
        name, *flags = cookie_line(there, base_url=FAR)
    assert name.startswith("__Host-kikz=")
    assert sorted(flags) == ["HttpOnly", "Path=/", "SameSite=Lax", "Secure"]


def test_on_this_machine_the_cookie_needs_no_https(stage, app):
    settings = Production({"SECRET_KEY": SECRET, "DATABASE_URL": stage.url})
    with program(stage, settings) as here:
        name, *flags = cookie_line(here, base_url="http://127.0.0.1:5000")
    assert name.startswith("kikz=")
    assert sorted(flags) == ["HttpOnly", "Path=/", "SameSite=Lax"]


def test_there_is_no_cookie_that_remembers(app, anna):
    fresh = {"email": "bert@kikz.test", "password": factories.PASSWORD}
    cookies = CarefulClient(app).post("/anmelden", fresh).headers.getlist("Set-Cookie")
    assert [one.partition("=")[0] for one in cookies] == ["kikz"]
    thief = CarefulClient(app)
    thief.browser.set_cookie("remember_token", "1|" + "a" * 128)
    assert not is_inside(thief)


def test_a_password_change_is_followed_by_one_living_session(app, anna):
    sign_in(app)
    change_password(anna)
    with app.app_context():
        living = db.session.scalars(select(UserSession).where(UserSession.ended_at.is_(None))).all()
        assert len(living) == 1
        assert living[0].token_hash == hash_of(token_in(cookie_of(anna)))


def test_staying_signed_in_is_one_small_request(anna):
    assert anna.post("/sitzung").status == 200


def test_a_page_with_an_old_token_stays_signed_in_but_no_foreign_page_says_so(anna):
    assert anna.post("/sitzung", token=False, headers={"X-CSRFToken": "old"}).status == 200
    for headers in ({"Origin": "https://boese.test"}, {"Sec-Fetch-Site": "cross-site"}):
        assert anna.post("/sitzung", token=False, headers=headers).status == 400
