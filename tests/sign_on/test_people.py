"""Who comes in as whom: links by subject only, groups, new accounts, locked ones, the emergency account."""

import pytest
from sqlalchemy import func, select

from crm.access import Role
from crm.accounts import queries
from crm.accounts import services as accounts
from crm.accounts.models import User, UserSession
from crm.audit import history_of
from crm.db import db, now
from crm.sign_on.models import Identity
from tests import factories
from tests.doors import cookie_of, is_inside
from tests.sign_on.conftest import ROLES
from tests.sign_on.idp import SUBJECT

NO_GROUP = "Sie gehören zu keiner Gruppe, die dieses Programm benutzen darf."


def see(app, name):
    """Roles and events of one of the cast."""
    with app.app_context():
        user = factories.member(name)
        return user.roles, [event.name for event in history_of(user)]


def test_it_works_as_after_a_password(app, house):
    client = house.browser()
    client.get("/anmelden")
    before = cookie_of(client)
    page = house.come_back(client, house.way(client))
    assert page.status == 303
    assert cookie_of(client) != before, "a new session id"
    assert is_inside(client)
    assert see(app, "anna")[1][:2] == ["user.signed-on", "user.identity-linked"]
    assert client.post("/abmelden").status == 303
    assert house.sessions() == 0
    assert client.get("/konto").status == 302


def test_the_session_at_hand_ends_with_the_new_one(app, house, rita):
    assert house.enter(rita).status == 303
    with app.app_context():
        query = select(func.count(UserSession.id)).where(
            UserSession.ended_at.is_(None), UserSession.user_id == factories.member("rita").id
        )
        assert db.session.scalar(query) == 0
    assert "Anna Adler" in rita.get("/konto").main


def test_the_sign_in_page_offers_the_service_only_where_there_is_one(app, house, monkeypatch):
    house.settings(label="Anmeldung des Landes")
    link = house.browser().get("/anmelden?next=/kommunen").soup.select_one("a[href^='/anmelden/oidc']")
    assert link.get_text(strip=True) == "Mit Anmeldung des Landes anmelden"
    assert link["href"] == "/anmelden/oidc?next=/kommunen"
    monkeypatch.setitem(app.config, "OIDC", None)
    page = house.browser().get("/anmelden")
    assert not page.soup.select("a[href^='/anmelden/oidc']")
    for url in ("/anmelden/oidc", "/anmelden/oidc/antwort?state=x&code=y"):
        assert house.browser().get(url).status == 404


def test_a_stranger_is_linked_by_nobody_and_told_an_identifier(app, house):
    house.idp.person = {"email": "ada@kikz.test", "email_verified": True, "name": "Ada Amt"}
    page = house.enter(subject="fremd-4711")
    assert page.status == 403
    assert (
        "noch mit keinem Konto verknüpft. Nennen Sie der Administration diese Kennung: fremd-4711"
        in page.main
    )
    assert house.sessions() == 0


def test_a_mail_address_takes_nobody_over(app, house):
    house.settings(roles=ROLES, create=True)
    house.idp.person = {"email": "ADA@kikz.test", "email_verified": True, "name": "Ada Amt"}
    page = house.enter(subject="fremd-4711")
    assert page.status == 409
    assert "Zu Ihrer E-Mail-Adresse gibt es schon ein Konto." in page.main
    assert house.sessions() == 0
    with app.app_context():
        assert db.session.scalar(select(func.count(Identity.id))) == 1


def test_the_same_subject_at_another_service_is_somebody_else(app, house):
    with app.app_context():
        db.session.scalars(select(Identity)).one().issuer = "https://frueher.test"
        db.session.commit()
    assert house.enter().status == 403


def test_a_locked_account_stays_shut(app, house):
    with app.app_context():
        accounts.lock_user(factories.member("anna"), None)
        db.session.commit()
    page = house.enter()
    assert (page.status, "Dieses Konto ist gesperrt." in page.main) == (403, True)
    assert house.sessions() == 0


def test_an_account_is_made_for_allowed_groups_only(app, house):
    house.settings(roles=ROLES, create=True)
    house.idp.person = {"email": "neu@kikz.test", "name": "Nora Neu"}
    for name, groups, person, sentence in (
        ("no group", [], {}, NO_GROUP),
        ("a foreign group", ["buchhaltung"], {}, NO_GROUP),
        ("groups of a wrong kind", {"ikz-beratung": 1}, {}, NO_GROUP),
        ("no mail", ["ikz-beratung"], {"email": None}, "keine bestätigte E-Mail-Adresse"),
        (
            "mail not confirmed",
            ["ikz-beratung"],
            {"email_verified": False},
            "keine bestätigte E-Mail-Adresse",
        ),
        ("no name", ["ikz-beratung"], {"name": ""}, "keinen Namen"),
    ):
        house.idp.groups = groups
        house.idp.person = {"email": "neu@kikz.test", "name": "Nora Neu"} | person
        page = house.enter(subject="neu-1")
        assert (page.status, sentence in page.main) == (403, True), (name, page.main)
    with app.app_context():
        assert queries.by_email("neu@kikz.test") is None
    house.idp.groups = ["ikz-beratung", "ikz-leitung"]
    house.idp.person = {"email": "neu@kikz.test", "name": "Nora Neu"}
    client = house.browser()
    assert house.enter(client, subject="neu-1").status == 303
    assert client.get("/konto").status == 200
    with app.app_context():
        user = queries.by_email("neu@kikz.test")
        assert user.roles == {Role.ADVISER, Role.MANAGER}
        assert "user.created" in [event.name for event in history_of(user)]
    house.enter(subject="neu-1")
    with app.app_context():
        assert db.session.scalar(select(func.count(User.id)).where(User.email == "neu@kikz.test")) == 1


def test_roles_follow_the_groups_at_each_sign_in(app, house):
    house.settings(roles=ROLES)
    house.idp.groups = ["ikz-leitung", "sportgruppe"]
    assert house.enter().status == 303
    assert see(app, "anna")[0] == {Role.MANAGER}
    assert "user.roles-followed" in see(app, "anna")[1]
    house.idp.groups = ["sportgruppe"]
    page = house.enter()
    assert (page.status, NO_GROUP in page.main) == (403, True)
    assert see(app, "anna")[0] == frozenset()
    assert house.sessions() == 0, "also the session from before has ended"
    house.idp.groups = ["ikz-beratung"]
    assert house.enter().status == 303
    assert see(app, "anna")[0] == {Role.ADVISER}


def test_without_a_table_of_roles_groups_change_nothing(app, house):
    house.idp.groups = ["ikz-leitung"]
    assert house.enter().status == 303
    assert see(app, "anna")[0] == {Role.ADVISER}


def test_the_password_of_a_linked_account_is_no_way_round_its_groups(app, house, monkeypatch):
    house.settings(roles=ROLES)
    right = {"email": "anna@kikz.test", "password": factories.PASSWORD}
    page = house.browser().post("/anmelden", right)
    assert (page.status, "E-Mail oder Passwort stimmt nicht" in page.main) == (422, True)
    house.browser().sign_in("ada@kikz.test")
    monkeypatch.setitem(app.extensions, "enters_elsewhere", lambda user: False)
    assert house.browser().post("/anmelden", right).status == 303, "control: without the check it lets in"


def test_an_account_without_roles_does_not_come_in_by_password(app, house):
    with app.app_context():
        factories.member("rita").roles = frozenset()
        db.session.commit()
    assert (
        house.browser().post("/anmelden", email="rita@kikz.test", password=factories.PASSWORD).status == 422
    )


def test_the_last_administrator_stays_one(app, house):
    house.settings(roles=ROLES)
    with app.app_context():
        accounts.follow_roles(factories.member("ada"), frozenset({Role.READER}))
        assert factories.member("ada").roles == {Role.READER, Role.ADMINISTRATOR}


def test_a_one_time_password_is_worth_nothing_after_the_service(app, house):
    with app.app_context():
        password = accounts.issue_one_time_password(factories.member("anna"), None)
        db.session.commit()
    client = house.browser()
    assert house.enter(client).status == 303
    assert client.get("/konto").status == 200, "nobody is asked to replace it"
    assert house.browser().post("/anmelden", email="anna@kikz.test", password=password).status == 422


# ── linking ──────────────────────────────────────────────────────────────────────────────────────────────


def link_own(client, password=factories.PASSWORD):
    """Ask for the way that links one's own account."""
    return client.submit("/konto/anmeldedienst", password=password)


def test_one_links_ones_own_account_with_the_password(app, house, rita):
    page = link_own(rita, "falsch")
    assert page.errors()
    assert not page.soup.select(f"a[href^='{house.idp.issuer}']")
    page = link_own(rita)
    url = page.soup.select_one(f"a[href^='{house.idp.issuer}']")["href"]
    query = house.idp.log_in(url, subject="rita-1")
    assert house.come_back(house.browser(), query).status == 400, "not in another browser"
    assert house.come_back(rita, query).location == "/konto"
    assert "user.identity-linked" in see(app, "rita")[1]
    assert house.enter(subject="rita-1").status == 303
    assert "Ihr Konto ist verknüpft" in rita.get("/konto/anmeldedienst").main


def test_the_password_is_not_guessed_by_linking(house, rita):
    answers = [link_own(rita, "falsch").status for _turn in range(6)]
    assert answers == [422] * 5 + [429]
    assert link_own(rita).status == 429, "the right one waits as well"


def test_linking_needs_its_session_to_the_end(app, house, rita):
    url = link_own(rita).soup.select_one(f"a[href^='{house.idp.issuer}']")["href"]
    query = house.idp.log_in(url, subject="rita-1")
    with app.app_context():
        for row in db.session.scalars(select(UserSession)):
            row.ended_at = now()
        db.session.commit()
    assert house.come_back(rita, query).status == 400
    assert house.enter(subject="rita-1").status == 403, "nothing was linked"


def test_linking_does_not_take_what_another_has(app, house, rita):
    url = link_own(rita).soup.select_one(f"a[href^='{house.idp.issuer}']")["href"]
    page = house.come_back(rita, house.idp.log_in(url, SUBJECT))
    assert (page.status, "schon mit einem anderen Konto verknüpft" in page.main) == (409, True)
    assert "Rita Reuter" in rita.get("/konto").main


def test_linking_without_a_group_changes_nothing(app, house, rita):
    house.settings(roles=ROLES)
    house.idp.groups = []
    url = link_own(rita).soup.select_one(f"a[href^='{house.idp.issuer}']")["href"]
    page = house.come_back(rita, house.idp.log_in(url, "rita-1"))
    assert (page.status, NO_GROUP in page.main) == (403, True)
    assert see(app, "rita")[0] == {Role.READER}


@pytest.fixture
def numbers(app):
    """Numbers of the cast."""
    with app.app_context():
        return {name: factories.member(name).id for name in ("anna", "rita", "ada")}


def test_the_administration_links_and_parts(app, house, ada, numbers):
    url = f"/konten/{numbers['rita']}/anmeldedienst"
    assert ada.submit(url, subject="rita-1").status == 303
    client = house.browser()
    assert house.enter(client, subject="rita-1").status == 303
    page = ada.submit(url, subject=SUBJECT)
    assert page.errors(), "linked with Anna already"
    assert page.fields(-1)["subject"] == [SUBJECT], "what was typed is kept"
    assert ada.submit(url, subject="").errors()
    parting = ada.get(url).soup.select_one("form[action$=loesen]")["action"]
    assert ada.post(parting).status == 303
    assert ada.post(parting).status == 404, "a second click"
    assert not is_inside(client), "what came by the link has ended"
    assert house.enter(subject="rita-1").status == 403
    assert see(app, "rita")[1][0] == "user.identity-removed"


def test_nobody_else_links_accounts_of_others(app, house, anna, numbers):
    url = f"/konten/{numbers['rita']}/anmeldedienst"
    assert anna.get(url).status == 403
    assert anna.post(url, subject="rita-1").status == 403
    assert house.enter(subject="rita-1").status == 403


def test_one_administrator_goes_on_coming_in_by_password(app, house, ada, numbers):
    url = f"/konten/{numbers['ada']}/anmeldedienst"
    house.settings(roles=ROLES)
    page = ada.submit(url, subject="ada-1")
    assert "mit Passwort anmelden können" in page.main
    with app.app_context():
        factories.user("zweite@kikz.test", "Zoe Zwei", {Role.ADMINISTRATOR})
        db.session.commit()
    assert ada.submit(url, subject="ada-1").status == 303
