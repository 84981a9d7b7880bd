"""No space left, at whatever writing: said in German, nothing half, and with space again it goes on."""

import errno
import logging
import sqlite3

import psycopg
import pytest
from sqlalchemy import event, text

from crm.consultations import services
from crm.db import db
from tests import factories
from tests.doors import browser_with, cookie_of
from tests.everything import changed, chief, stored
from tests.mail.outbox import settings
from tests.register.editions import LATER, edition
from tests.test_kills import RENAMED
from tests.writings import PDF, upload

TIMES, FEW = range(1, 51), (1, 2, 5, 12)
WRITING = ("INSERT", "UPDATE", "DELETE")
MESSAGE = "kein Speicherplatz"


def no_space(dialect):
    """What a database says that finds no space."""
    if dialect.name == "sqlite":
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorname = "SQLITE_FULL"
        return error
    return psycopg.errors.DiskFull('could not extend file "base/1/2": No space left on device')


class FullDisk:
    """A database that finds no space at its n-th writing."""

    def __init__(self, engine):
        self.engine, self.left, self.met = engine, None, False

    def fill(self, at):
        """Let so many writings pass less one, and all later ones fail."""
        self.left, self.met = at, False

    def clear(self):
        """Make space."""
        self.left = None

    def write(self, _cursor, statement, _parameters, context):
        """Stand in for the driver."""
        if self.left is not None and statement.lstrip().startswith(WRITING):
            self.left -= 1
            if self.left <= 0:
                self.met = True
                raise no_space(context.dialect)


@pytest.fixture
def disk(app):
    """The disk under the database of the test."""
    with app.app_context():
        made = FullDisk(db.engine)
    event.listen(made.engine, "do_execute", made.write)
    event.listen(made.engine, "do_executemany", made.write)
    yield made
    event.remove(made.engine, "do_execute", made.write)
    event.remove(made.engine, "do_executemany", made.write)


def sound(app):
    """Ask SQLite whether the file is whole; PostgreSQL looks after itself."""
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            assert db.session.scalar(text("PRAGMA integrity_check")) == "ok"
            assert db.session.execute(text("PRAGMA foreign_key_check")).all() == []


GUEST = {"last_name": "Roth", "email": "roth@kommune.test"}


def works(app, client):
    """Give {name: (path, fields)} of what people save: a guest, a note, a file and an official list."""
    with app.app_context():
        event, group = factories.event(), factories.cooperation("Cölbe", "Lahntal")
        paper, place = factories.paper(group).id, str(factories.place("Lahntal").id)
        guests = f"/anmeldung/{event.secret}"
        db.session.commit()
        db.session.remove()
    talk = {"organisations": [place], "kind": "single", "channel": "phone", "anyway": "1"}
    talk |= {"note": "Ä" * 20_000, "follow_up_text": "Anrufen", "follow_up_on": "1.12.2090"}
    official = {"file": upload(edition(LATER, RENAMED), "GV100AD.txt")}
    checked = client.post(
        "/verzeichnis", opened(client, "/verzeichnis") | {"file": official["file"]()}, follow=True
    )
    return {
        "registration": (guests, opened(client, guests) | GUEST),
        "note": ("/beratungen/neu", opened(client, "/beratungen/neu") | talk),
        "upload": (f"/dokumente/unterlage/{paper}", opened(client, f"/dokumente/unterlage/{paper}") | FILE),
        "import": ("/verzeichnis/pruefung", checked.fields()),
    }


FILE = {"file": upload(PDF, "papier.pdf")}


def opened(client, path):
    """The fields of a form as they stand."""
    return client.get(path).fields()


def send(app, cookie, path, fields):
    """Send a form; a file is opened anew."""
    made = {name: value() if callable(value) else value for name, value in fields.items()}
    return browser_with(app, cookie).post(path, made)


def through_full_disk(app, disk, times):
    """Save through a disk that is full at the n-th writing; give how often it was met."""
    client, met = chief(app), 0
    forms, cookie = works(app, client), cookie_of(client)
    before = stored(app)
    with settings(app, PUBLIC_FORM_SECONDS=0):
        for name, (path, fields) in forms.items():
            for at in times:
                disk.fill(at)
                page = send(app, cookie, path, fields)
                disk.clear()
                if not disk.met:
                    break
                if page.status == 303:
                    # Only the message about it had no space; what was typed is saved.
                    assert changed(before, stored(app)), (name, at)
                    break
                met += 1
                refused(page, name, at)
                assert changed(before, stored(app)) == [], (name, at)
            sound(app)
            assert send(app, cookie, path, fields).status in (200, 303), name
            before = stored(app)
    return met


def refused(page, name, at):
    """The answer says it in German and keeps what was typed."""
    assert page.status == 503, (name, at, page.status)
    assert MESSAGE in page.main, (name, at)
    assert int(page.headers["Retry-After"]) > 0
    assert name == "upload" or "csrf_token" in page.fields(), (name, at)
    assert name != "note" or page.fields()["note"] == ["Ä" * 20_000]


def test_no_space_is_said_and_nothing_is_half_saved(app, disk):
    assert through_full_disk(app, disk, FEW) >= 12


@pytest.mark.stress
def test_no_space_at_any_of_fifty_writings(app, disk, promise):
    met = through_full_disk(app, disk, TIMES)
    figure = f"{met} von {met} mit deutscher Meldung, 0 Änderungen, danach gespeichert ohne Neustart"
    promise("Kein Speicherplatz: gesagt, nichts halb, danach geht es weiter", figure, CONTROL)
    assert met >= 40


CONTROL = "tests/test_disk_full.py::test_a_view_that_commits_in_between_would_be_found"


@pytest.mark.control
def test_a_view_that_commits_in_between_would_be_found(app, disk, monkeypatch):
    """The control: with two commits something half stays when the disk fills up between them."""
    plan = services._plan_follow_ups

    def commit_first(*arguments, **more):
        db.session.commit()
        return plan(*arguments, **more)

    monkeypatch.setattr(services, "_plan_follow_ups", commit_first)
    with pytest.raises(AssertionError, match="note"):
        through_full_disk(app, disk, TIMES)


def small_disk(engine, pages):
    """Let the file of SQLite grow by so many pages and no further; gives the function that ends it."""

    def limit(connection, _record, _proxy):
        used = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={used + pages}")

    event.listen(engine, "checkout", limit)

    def free():
        event.remove(engine, "checkout", limit)
        engine.dispose()

    return free


@pytest.mark.parametrize("pages", [0, 3, 20])
def test_a_really_full_file_of_sqlite_is_said_and_stays_whole(app, engine_name, pages):
    if engine_name != "sqlite":
        pytest.skip("only SQLite can be told how large its file may get")
    client = chief(app)
    path, fields = works(app, client)["note"]
    fields, cookie, before = fields | {"note": "Ä" * 200_000}, cookie_of(client), stored(app)
    with app.app_context():
        free = small_disk(db.engine, pages)
    try:
        page = send(app, cookie, path, fields)
    finally:
        free()
    assert (page.status, MESSAGE in page.main) == (503, True)
    assert page.fields()["note"] == ["Ä" * 200_000]
    assert changed(before, stored(app)) == []
    sound(app)
    assert send(app, cookie, path, page.fields()).status == 303


class FullLog:
    """A log file on a full disk."""

    def __init__(self):
        self.refused = 0

    def write(self, _text):
        """Refuse."""
        self.refused += 1
        raise OSError(errno.ENOSPC, "No space left on device")

    def flush(self):
        """Nothing is held back."""


def test_a_full_disk_of_the_log_stops_nobody(app, anna):
    log, full = logging.getLogger("kikz"), FullLog()
    handler = logging.StreamHandler(full)
    log.addHandler(handler)
    try:
        log.error("before")
        assert anna.browser.get("/gibt-es-nicht").status_code == 404
        assert anna.get("/beratungen").status == 200
    finally:
        log.removeHandler(handler)
    assert full.refused
