"""The way to the sign-on service and back in a real browser: over another site, and without barriers."""

import pytest
from flask import Response
from sqlalchemy import select

from config import OpenId
from crm.db import db
from crm.sign_on import services
from crm.sign_on.models import Identity
from tests import factories
from tests.browser.test_axe import PHONE, TALL, findings
from tests.sign_on.idp import CLIENT, SECRET, SUBJECT, Idp

pytestmark = pytest.mark.browser


@pytest.fixture
def idp(app, live, monkeypatch):
    """The service on another site than the program: the browser calls it localhost, the program 127.0.0.1."""
    made = Idp()
    made.issuer = made.issuer.replace("127.0.0.1", "localhost")
    monkeypatch.setitem(app.config, "BASE_URL", live.url)
    settings = OpenId(made.issuer, CLIENT, SECRET, label="Keycloak", roles={"ikz-beratung": {"adviser"}})
    monkeypatch.setitem(app.config, "OIDC", settings)
    with app.app_context():
        services.link(settings, factories.member("anna"), SUBJECT, None)
        db.session.commit()
    yield made
    app.extensions.pop("sign_on_known", None)
    made.close()


@pytest.fixture
def page(browser, live, idp):
    """A page that may leave the site."""
    context = browser.new_context(base_url=live.url, viewport={"width": 1440, "height": 900})
    yield context.new_page()
    context.close()


def test_anna_comes_in_over_another_site(page, live):
    assert live.url.startswith("http://127.0.0.1"), "another site than localhost"
    page.goto("/kommunen")
    page.get_by_role("link", name="Mit Keycloak anmelden").click()
    page.get_by_role("link", name="Weiter als Anna").click()
    page.wait_for_url(f"{live.url}/kommunen")
    assert page.get_by_role("heading", level=1).is_visible()


def test_rita_links_her_account_with_her_password(app, page, live, page_of):
    page.goto("/anmelden")
    page.get_by_label("E-Mail").fill("rita@kikz.test")
    page.get_by_label("Passwort").fill(factories.PASSWORD)
    page.get_by_role("button", name="Anmelden").click()
    page.goto("/konto")
    page.get_by_role("link", name="Anmeldedienst").click()
    page.get_by_label("Passwort").fill(factories.PASSWORD)
    page.get_by_role("button", name="Konto verknüpfen").click()
    page.get_by_role("link", name="Weiter zu Keycloak").click()
    page.get_by_role("link", name="Weiter als Rita").click()
    page.wait_for_url(f"{live.url}/konto")
    with app.app_context():
        assert len(db.session.scalars(select(Identity)).all()) == 2


@pytest.mark.parametrize("size", [TALL, PHONE], ids=["wide", "narrow"])
def test_anna_confirms_at_the_service_by_keyboard(page, live, size):
    page.set_viewport_size(size)
    page.goto("/anmelden/oidc?next=/kommunen")
    page.get_by_role("link", name="Weiter als Anna").press("Enter")
    page.wait_for_url(f"{live.url}/kommunen")
    page.goto("/konto/bestaetigen?next=/konto")
    found = findings(page, "confirm")
    page.get_by_role("button", name="Mit Keycloak bestätigen").press("Enter")
    page.get_by_role("link", name="Weiter zu Keycloak").wait_for()
    found += findings(page, "onward")
    page.get_by_role("link", name="Weiter zu Keycloak").press("Enter")
    page.get_by_role("link", name="Weiter als Anna").press("Enter")
    page.wait_for_url(f"{live.url}/konto")
    assert found == []


@pytest.mark.parametrize("size", [TALL, PHONE], ids=["wide", "narrow"])
def test_no_page_of_it_has_findings(app, idp, page_of, watch, size):
    watch.expected.append("the server responded with a status of 400")
    with app.app_context():
        number = factories.member("anna").id
    found = []
    for who, url, status in (
        ("", "/anmelden", 200),
        ("", "/anmelden/oidc/antwort?state=x", 400),
        ("rita", "/konto", 200),
        ("rita", "/konto/anmeldedienst", 200),
        ("ada", f"/konten/{number}", 200),
        ("ada", f"/konten/{number}/anmeldedienst", 200),
    ):
        one = page_of(who, viewport=size)
        assert one.goto(url).status == status, url
        found += findings(one, url)
    assert found == []


def test_with_a_stricter_cookie_nobody_would_come_back(page, monkeypatch):
    """The control: the browser really keeps cookies from other sites."""
    set_cookie = Response.set_cookie

    def strictly(answer, *what, **more):
        set_cookie(answer, *what, **more | {"samesite": "Strict"})

    monkeypatch.setattr(Response, "set_cookie", strictly)
    page.goto("/kommunen")
    page.get_by_role("link", name="Mit Keycloak anmelden").click()
    with page.expect_response("**/anmelden/oidc/antwort**") as answer:
        page.get_by_role("link", name="Weiter als Anna").click()
    assert answer.value.status == 400
