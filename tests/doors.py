"""Copied cookies, one-time passwords, and further programs over the same database."""

from contextlib import contextmanager

from config import SuiteSettings
from crm import create_app
from crm.accounts import services
from crm.db import db
from tests.factories import PASSWORD, member
from tests.pages import CarefulClient

COOKIE = "kikz"
NEW_PASSWORD = "Quitten im Kessel 7"
SECRET = "x" * 40


def cookie_of(client):
    """The session cookie as it lies in the browser."""
    found = client.browser.get_cookie(COOKIE)
    return found.value if found else None


def browser_with(app, cookie):
    """Another browser that carries a given cookie."""
    client = CarefulClient(app)
    client.browser.set_cookie(COOKIE, cookie)
    return client


def copied(client):
    """A thief's browser with a copy of the cookie."""
    return browser_with(client.app, cookie_of(client))


def is_inside(client):
    """Tell whether a browser is signed in."""
    page = client.get("/konto")
    assert page.status in (200, 302), page.status
    return page.status == 200


def one_time(app, name="anna"):
    """Issue a one-time password."""
    with app.app_context():
        password = services.issue_one_time_password(member(name), None)
        db.session.commit()
    return password


def sign_in(app, name="anna", password=PASSWORD):
    """Come in with a browser of one's own."""
    client = CarefulClient(app)
    client.sign_in(f"{name}@kikz.test", password)
    return client


def change_password(client, old=PASSWORD, new=NEW_PASSWORD):
    """Set a new password on screen."""
    page = client.submit("/konto/passwort", old_password=old, new_password=new, password_again=new)
    assert page.status == 303, page.errors()
    return page


@contextmanager
def program(stage, settings=None, **over):
    """Start one more program over the database of the test."""
    app = create_app(settings or SuiteSettings(stage.url, **over))
    try:
        yield app
    finally:
        with app.app_context():
            db.session.remove()
            for engine in db.engines.values():
                engine.dispose()
