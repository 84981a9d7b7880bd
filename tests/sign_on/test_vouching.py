"""Sessions from the service: asked after again, ended by its messages, borne a while when it is silent."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.access import Role
from crm.accounts.models import UserSession
from crm.db import db, now
from crm.security import csrf
from crm.sign_on import channel, services, vouching
from crm.sign_on.models import ProviderSession, SpentLogout
from crm.sign_on.tokens import LOGOUT_EVENT
from tests import factories
from tests.doors import COOKIE, change_password, cookie_of, is_inside
from tests.sign_on.conftest import ROLES
from tests.sign_on.idp import changed, fails, signed_with, signed_with_public_key, unsigned


def entered(house):
    """A browser of Anna that came in by the service."""
    client = house.browser()
    assert house.enter(client).status == 303
    house.idp.asked = []
    return client


def roles_of(app, name="anna"):
    """Roles of one of the cast."""
    with app.app_context():
        return factories.member(name).roles


def test_the_service_is_asked_after_two_minutes_and_rights_follow(app, house):
    house.settings(roles=ROLES)
    client = entered(house)
    house.idp.groups = ["ikz-leitung"]
    assert is_inside(client)
    assert not house.idp.asked, "not at every request"
    assert roles_of(app) == {Role.ADVISER}
    house.later(minutes=2, seconds=1)
    assert is_inside(client)
    assert roles_of(app) == {Role.MANAGER}
    assert len(house.idp.asked) == 1
    for _turn in range(3):
        house.later(minutes=2, seconds=1)
        assert is_inside(client), "each refresh token is good once"


def test_between_two_questions_a_page_costs_no_statement_more(house):
    by_service, by_password = entered(house), house.browser()
    by_password.sign_in("anna@kikz.test")
    assert len(by_service.get("/konto").statements) == len(by_password.get("/konto").statements)


def test_who_is_out_of_all_groups_is_out_within_two_minutes(app, house):
    house.settings(roles=ROLES)
    client = entered(house)
    house.idp.groups = []
    house.later(minutes=2, seconds=1)
    assert not is_inside(client)
    assert roles_of(app) == frozenset()
    assert house.sessions() == 0
    assert vouching.ASK_AFTER < vouching.LONGEST <= timedelta(minutes=5)


def test_without_asking_again_rights_would_stay(app, house, monkeypatch):
    house.settings(roles=ROLES)
    client = entered(house)
    house.idp.groups = []
    house.later(minutes=2, seconds=1)
    monkeypatch.setitem(app.extensions, "vouch_again", lambda row: True)
    assert is_inside(client), "control: nobody asks, the rights stay"


def test_a_new_password_does_not_take_the_session_from_the_service(app, house):
    house.settings(roles=ROLES)
    client = entered(house)
    change_password(client)
    assert is_inside(client)
    house.idp.groups = []
    house.later(minutes=2, seconds=1)
    assert not is_inside(client)
    assert house.sessions() == 0


REFUSALS = {
    "gone from the service": lambda idp: idp.refresh.clear(),
    "token for another": lambda idp: setattr(idp, "person", {"sub": "jemand-anders"}),
    "forged token": lambda idp: setattr(idp, "sign", signed_with("foreign")),
    "aud of another": lambda idp: setattr(idp, "sign", changed(aud="anderes")),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_what_the_service_no_longer_vouches_for_ends(house, name):
    client = entered(house)
    REFUSALS[name](house.idp)
    house.later(minutes=2, seconds=1)
    assert not is_inside(client)
    assert house.sessions() == 0
    house.idp.reset()
    assert house.enter().status == 303


def test_a_silent_service_is_borne_for_five_minutes(house, monkeypatch):
    monkeypatch.setattr(channel, "SECONDS", 0.5)
    client = entered(house)
    house.idp.trouble = {"token": fails(503)}
    house.later(minutes=2, seconds=1)
    assert is_inside(client)
    asked = len(house.idp.asked)
    assert is_inside(client)
    assert len(house.idp.asked) == asked, "not asked again for half a minute"
    house.later(seconds=31)
    assert is_inside(client)
    house.later(minutes=2, seconds=29)
    assert not is_inside(client)
    assert house.sessions() == 0
    house.browser().sign_in("mara@kikz.test")


def test_what_was_typed_outlives_the_end_of_a_session(house):
    client = entered(house)
    form = client.get("/konto").fields()
    house.idp.refresh.clear()
    house.later(minutes=2, seconds=1)
    page = client.post("/konto", form | {"language": "en"}, token=False)
    assert page.status == 401
    carry = next(one for one in page.soup.select("form") if one["action"] == "/anmelden/oidc/mitnehmen")
    fields = {tag["name"]: tag["value"] for tag in carry.select("input")}
    page = client.post("/anmelden/oidc/mitnehmen", fields)
    url = page.soup.select_one(f"a[href^='{house.idp.issuer}']")["href"]
    page = house.come_back(client, house.idp.log_in(url))
    assert page.location.startswith("/konto?")
    kept = client.get(page.location)
    assert kept.soup.select_one("input[name=language][value=en]").has_attr("checked")


def test_a_session_without_refresh_token_lasts_five_minutes(house):
    house.idp.with_refresh = False
    client = entered(house)
    house.later(minutes=4, seconds=50)
    assert is_inside(client)
    house.later(seconds=11)
    assert not is_inside(client)


def test_only_one_of_several_requests_asks(app, house):
    client = entered(house)
    house.later(minutes=2, seconds=1)
    with app.app_context():
        row = db.session.scalars(select(UserSession).where(UserSession.vouched_until.is_not(None))).one()
        answered = db.session.get(ProviderSession, row.id).checked_at
        number = row.id
        assert vouching._mine_to_ask(number, answered)
        assert not vouching._mine_to_ask(number, answered)
    assert is_inside(client), "who does not ask goes on meanwhile"
    assert not house.idp.asked
    house.later(seconds=16)
    assert is_inside(client)
    assert house.idp.asked, "who wanted to ask has died; somebody else does"


def test_who_comes_late_does_not_ask_with_a_token_that_is_used_up(app, house, monkeypatch):
    """A request that read the token before another one asked goes on by that one's answer."""
    client, first, mine = entered(house), house.browser(), vouching._mine_to_ask
    first.browser.set_cookie(COOKIE, cookie_of(client))
    house.later(minutes=2, seconds=1)

    def overtaken(number, answered):
        monkeypatch.setattr(vouching, "_mine_to_ask", mine)
        db.session.rollback()
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(first.get, "/konto").result().status == 200
        return mine(number, answered)

    monkeypatch.setattr(vouching, "_mine_to_ask", overtaken)
    # The statements of both requests are counted together.
    monkeypatch.setitem(app.config, "MOST_STATEMENTS", 60)
    assert is_inside(client)
    assert len(house.idp.asked) == 1


def test_switched_off_the_service_leaves_no_sessions(app, house, monkeypatch):
    client = entered(house)
    monkeypatch.setitem(app.config, "OIDC", None)
    house.later(minutes=2, seconds=1)
    assert not is_inside(client)


def test_refresh_tokens_lie_sealed_and_go_with_their_session(app, house):
    client = entered(house)
    token = next(iter(house.idp.refresh))
    with app.app_context():
        kept = db.session.scalars(select(ProviderSession)).one()
        assert token not in kept.sealed_token
        assert vouching._opened(kept.sealed_token) == token
        assert vouching._opened("abc") == ""
    client.post("/abmelden")
    house.enter()
    with app.app_context():
        assert len(db.session.scalars(select(ProviderSession)).all()) == 1


# ── sign-out at the service ──────────────────────────────────────────────────────────────────────────────


def tell(house, token):
    """The service tells that somebody has signed out; it has neither cookie nor token of a form."""
    return house.browser().post("/anmelden/oidc/abmeldung", {"logout_token": token}, token=False)


def test_a_sign_out_at_the_service_ends_sessions(house):
    for name, over in {
        "by person": {},
        "by session": {"sub": None, "sid": "s-1"},
        "both": {"sid": "s-1"},
    }.items():
        client = entered(house)
        page = tell(house, house.idp.logout_token(**over))
        assert (page.status, page.headers["Cache-Control"]) == (200, "no-store"), name
        assert not is_inside(client), name
        assert house.sessions() == 0, name


def test_a_sign_out_ends_no_other_session(app, house, mara):
    client = entered(house)
    for over in ({"sub": "jemand-anders"}, {"sub": None, "sid": "s-2"}, {"sid": "s-2"}):
        assert tell(house, house.idp.logout_token(**over)).status == 200
    assert is_inside(client)
    tell(house, house.idp.logout_token())
    assert is_inside(mara)
    house.browser().sign_in("anna@kikz.test")


def bad_logouts(idp):
    """Messages that must not be obeyed."""
    stamp = int(now().timestamp())
    return {
        "none": "",
        "words": "x.y.z",
        "unsigned": idp.logout_token(unsigned),
        "signed with the public key": idp.logout_token(signed_with_public_key),
        "signed by somebody else": idp.logout_token(signed_with("foreign")),
        "aud of another": idp.logout_token(aud="anderes"),
        "iss of another": idp.logout_token(iss="https://boese.test"),
        "with a nonce, like an ID token": idp.logout_token(nonce="x"),
        "no events": idp.logout_token(events=None),
        "another event": idp.logout_token(events={"x": {}}),
        "events of a wrong kind": idp.logout_token(events={LOGOUT_EVENT: "x"}),
        "an ID token": idp.sign({}, idp.claims("x")),
        "no jti": idp.logout_token(jti=None),
        "no iat": idp.logout_token(iat=None),
        "from the future": idp.logout_token(iat=stamp + 90),
        "old": idp.logout_token(iat=stamp - 400, exp=None),
        "expired": idp.logout_token(exp=stamp - 70),
        "nobody": idp.logout_token(sub=None),
        "a type of another kind": idp.logout_token(signed_with("first", typ="at+jwt")),
    }


def test_a_false_message_ends_nothing(house):
    client = entered(house)
    for name, token in bad_logouts(house.idp).items():
        assert tell(house, token).status == 400, name
    assert is_inside(client)
    assert house.browser().get("/anmelden/oidc/abmeldung").status == 405


def test_a_message_counts_once(app, house, monkeypatch):
    token = house.idp.logout_token()
    assert tell(house, token).status == 200
    client = entered(house)
    assert tell(house, token).status == 400
    assert is_inside(client), "replayed"
    with app.app_context():
        for one in db.session.scalars(select(SpentLogout)):
            db.session.delete(one)
        db.session.commit()
    assert tell(house, token).status == 200, "control: without its memory the replay ends a session"
    assert not is_inside(client)
    monkeypatch.setattr(services, "SPENT_FOR", timedelta(0))
    tell(house, house.idp.logout_token())
    tell(house, house.idp.logout_token())
    with app.app_context():
        assert len(db.session.scalars(select(SpentLogout)).all()) == 1, "swept out"


def test_no_other_address_goes_without_the_token_of_a_form(app):
    # The service has no form; who stays signed in has one that may be out of date, and its origin is checked.
    assert csrf._exempt_views == {"crm.sign_on.routes.sign_out_there", "crm.accounts.routes.extend"}
    assert not csrf._exempt_blueprints


def test_messages_mean_nothing_where_there_is_no_service(app, house, monkeypatch):
    token = house.idp.logout_token()
    monkeypatch.setitem(app.config, "OIDC", None)
    assert tell(house, token).status == 400
