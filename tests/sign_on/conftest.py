"""The service, and the program set up for it."""

import pytest
from sqlalchemy import func, select

from config import OpenId
from crm.accounts.models import UserSession
from crm.db import db
from crm.sign_on import services
from crm.sign_on.models import ProviderSession
from tests import factories
from tests.pages import CarefulClient
from tests.sign_on.idp import CLIENT, SECRET, SUBJECT, Idp

ROLES = {"ikz-beratung": frozenset({"adviser"}), "ikz-leitung": frozenset({"manager"})}


@pytest.fixture(scope="session")
def _served():
    made = Idp()
    yield made
    made.close()


class House:
    """The program with the service beside it."""

    def __init__(self, app, idp, monkeypatch):
        self.app, self.idp, self.monkeypatch = app, idp, monkeypatch

    def settings(self, **over):
        """Set the program up for the service."""
        values = {"issuer": self.idp.issuer, "client_id": CLIENT, "client_secret": SECRET} | over
        self.monkeypatch.setitem(self.app.config, "OIDC", OpenId(**values))
        self.forget()

    def forget(self):
        """Start anew, as after a restart."""
        self.app.extensions.pop("sign_on_known", None)

    def link(self, name="anna", subject=SUBJECT):
        """Link one of the cast, as the administration does."""
        with self.app.app_context():
            services.link(self.app.config["OIDC"], factories.member(name), subject, factories.member("ada"))
            db.session.commit()

    def browser(self):
        """A browser of somebody who has not signed in."""
        return CarefulClient(self.app)

    def way(self, client, subject=SUBJECT, **query):
        """Go to the service by the link and give the query one comes back with."""
        page = client.get("/anmelden/oidc")
        assert page.status == 302, page.main
        return self.idp.log_in(page.location, subject) | query

    def come_back(self, client, query):
        """Come back from the service."""
        return client.get("/anmelden/oidc/antwort?" + "&".join(f"{k}={v}" for k, v in query.items()))

    def enter(self, client=None, subject=SUBJECT):
        """The whole way; give the answer."""
        client = client or self.browser()
        return self.come_back(client, self.way(client, subject))

    def sessions(self):
        """How many living sessions came from the service."""
        with self.app.app_context():
            query = select(func.count(UserSession.id)).where(
                UserSession.vouched_until.is_not(None), UserSession.ended_at.is_(None)
            )
            return db.session.scalar(query)

    def later(self, **parts):
        """Make every session from the service as old as if that much time had passed."""
        from datetime import timedelta

        past = timedelta(**parts)
        with self.app.app_context():
            for row in db.session.scalars(select(UserSession).where(UserSession.vouched_until.is_not(None))):
                row.vouched_until -= past
                row.last_used_at -= past
            for kept in db.session.scalars(select(ProviderSession)):
                kept.checked_at -= past
                kept.asked_at = kept.asked_at - past if kept.asked_at else None
            db.session.commit()


@pytest.fixture
def house(app, _served, monkeypatch):
    """The program set up for the service; roles are kept here, Anna is linked."""
    _served.reset()
    made = House(app, _served, monkeypatch)
    made.settings()
    made.link()
    yield made
    made.forget()
