"""Nothing leaves the machine but mails to the configured server and what the database is asked."""

import re
import socket

import pytest

from crm import jobs
from tests.doors import program
from tests.everything import addresses, chief, fill
from tests.outgoing import Outgoing, noted
from tests.pages import CarefulClient

# What a browser fetches by itself; links are followed by people only.
FETCHED = re.compile(
    r'<(?:script|img|iframe|source|embed|object|link|form)\b[^>]*?(?:src|href|data|action)="([^"]*)"'
)


def test_the_whole_suite_may_not_leave_this_machine():
    """The control of all other tests here: the guard sees a connection and stops it."""
    with noted() as notes, socket.socket() as way, pytest.raises(Outgoing):
        way.connect(("192.0.2.1", 443))
    assert notes == [("192.0.2.1", 443)]


def test_no_page_and_no_duty_connects_anywhere(app):
    numbers, client = fill(app), chief(app)
    app.config["MOST_STATEMENTS"] = 200
    foreign = {}
    with noted() as notes:
        for one in addresses(app, numbers, safe=True):
            page = client.get(one.url)
            assert page.status < 500, one
            abroad = [url for url in FETCHED.findall(page.html) if "//" in url]
            if abroad:
                foreign[one.endpoint] = abroad
        with app.app_context():
            jobs.run_all()
    app.config.pop("MOST_STATEMENTS")
    assert notes == []
    assert foreign == {}


def test_the_worker_connects_to_the_mail_server_only(stage, app):
    server = socket.create_server(("127.0.0.1", 0))
    port = server.getsockname()[1]
    server.close()
    mail = {
        "MAIL_SERVER": "127.0.0.1",
        "MAIL_PORT": port,
        "MAIL_SECURITY": "none",
        "MAIL_FROM": "a@kikz.test",
    }
    with program(stage, **mail) as there:
        CarefulClient(there).submit("/passwort-vergessen", email="anna@kikz.test")
        with noted() as notes, there.app_context():
            jobs.run_all()
    assert set(notes) == {("127.0.0.1", port)}
