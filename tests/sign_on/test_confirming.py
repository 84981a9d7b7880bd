"""Who came from the service confirms there what is specially protected: there need be no password here."""

import pytest

from crm.accounts.models import UserSession
from crm.db import db, now
from crm.sign_on import tokens
from tests.accounts.test_proving import account, later, name_of
from tests.everything import changed as changed_tables
from tests.everything import stored
from tests.sign_on.idp import changed, fails

ASK = "/konto/bestaetigen"


@pytest.fixture
def ada_elsewhere(app, house):
    """Ada, who came by the service long ago and whose password nobody knows."""
    house.link("ada", "ada-1")
    client = house.browser()
    assert house.enter(client, "ada-1").status == 303
    later(app)
    return client


def is_proven(app):
    """Tell whether any session was proven in the last minutes."""
    with app.app_context():
        moments = [one.proven_at for one in db.session.query(UserSession) if one.proven_at]
    return any((now() - at).total_seconds() < 60 for at in moments)


def form_with(name, page):
    """Give the last form of a page that has a certain field."""
    forms = [page.fields(number) for number in range(len(page.soup.select("main form")))]
    return [form for form in forms if name in form][-1]


def press(client, page):
    """Press the button of the page that asks; give the answer."""
    return client.post("/konto/bestaetigen/oidc", form_with("sealed", page))


def onward(client, page):
    """Give the address at the service that follows from the page that asks."""
    answer = press(client, page)
    assert answer.status == 200
    return answer.soup.select_one("main a.btn-primary")["href"]


def test_what_was_typed_is_back_after_confirming_at_the_service(app, house, ada_elsewhere):
    url = account(app)
    asked = ada_elsewhere.get(ada_elsewhere.get(url).location)
    back = house.come_back(ada_elsewhere, house.idp.log_in(onward(ada_elsewhere, asked), "ada-1"))
    assert (back.status, back.location) == (303, url)
    assert is_proven(app)
    whole = form_with("name", ada_elsewhere.get(url))
    later(app)
    asked = ada_elsewhere.post(url, whole | {"name": ["Anna Anders"]})
    assert asked.status == 401
    back = house.come_back(ada_elsewhere, house.idp.log_in(onward(ada_elsewhere, asked), "ada-1"))
    kept = ada_elsewhere.get(back.location)
    assert form_with("name", kept)["name"] == ["Anna Anders"]
    assert "noch nicht gespeichert" in kept.main
    assert name_of(app) != "Anna Anders"


def test_where_nothing_was_typed_nothing_is_said_of_it(app, house, ada_elsewhere):
    way = house.idp.log_in(onward(ada_elsewhere, ada_elsewhere.get(ASK)), "ada-1")
    back = house.come_back(ada_elsewhere, way)
    assert (back.status, back.location) == (303, "/")
    assert "noch nicht gespeichert" not in ada_elsewhere.get("/konto").main
    assert is_proven(app)


def test_the_service_is_asked_for_the_password_again(app, house, ada_elsewhere):
    url = onward(ada_elsewhere, ada_elsewhere.get(ASK))
    assert "prompt=login" in url
    assert "max_age=0" in url


WRONG = {
    "somebody else": ("rita-1", {}),
    "no time": ("ada-1", {"auth_time": None}),
    "an old time": ("ada-1", {"auth_time": 1_000_000_000}),
    "a time to come": ("ada-1", {"auth_time": 4_000_000_000}),
    "a time in words": ("ada-1", {"auth_time": "now"}),
    "yes": ("ada-1", {"auth_time": True}),
}


@pytest.mark.parametrize("case", WRONG)
def test_nothing_else_confirms(app, house, ada_elsewhere, case):
    house.link("rita", "rita-1")
    subject, over = WRONG[case]
    way = house.idp.log_in(onward(ada_elsewhere, ada_elsewhere.get(ASK)), subject)
    house.idp.sign = changed(**over)
    page = house.come_back(ada_elsewhere, way)
    assert page.status in (400, 403), page.main
    assert not is_proven(app)


def test_control_without_the_time_an_old_sign_in_would_confirm(app, house, ada_elsewhere, monkeypatch):
    monkeypatch.setattr(tokens, "check_recent", lambda *_claims: None)
    with pytest.raises(AssertionError):
        test_nothing_else_confirms(app, house, ada_elsewhere, "an old time")
    assert is_proven(app)


def test_another_browser_confirms_nothing(app, house, ada_elsewhere):
    way = house.idp.log_in(onward(ada_elsewhere, ada_elsewhere.get(ASK)), "ada-1")
    other = house.browser()
    house.enter(other, "ada-1")
    later(app)
    assert house.come_back(other, way).status == 400
    assert house.come_back(house.browser(), way).status == 400
    assert not is_proven(app)


def test_the_way_is_offered_only_to_who_came_by_it(app, house, ada, ada_elsewhere):
    label = app.config["OIDC"].label
    assert label in ada_elsewhere.get(ASK).main
    assert label not in ada.get(ASK).main
    before = stored(app)
    assert ada.post("/konto/bestaetigen/oidc", {"csrf_token": ada.token()}).status == 200
    assert changed_tables(before, stored(app)) == ["sign_on_starts"]


def test_without_a_service_there_is_no_such_way(ada):
    assert ada.post("/konto/bestaetigen/oidc").status == 404


def test_a_silent_service_is_said(house, ada_elsewhere):
    page = ada_elsewhere.get(ASK)
    house.forget()
    house.idp.trouble["openid-configuration"] = fails()
    answer = press(ada_elsewhere, page)
    assert answer.status == 503
    assert "antwortet nicht" in answer.main
