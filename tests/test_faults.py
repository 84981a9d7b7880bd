"""After a fault: what is said about what was saved, what the browser holds, and which faults are named."""

import logging

import psycopg
import pytest
from flask import flash, get_flashed_messages
from sqlalchemy import event, update
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

from crm import faults, navigation
from crm.accounts import sessions
from crm.consultations.models import Consultation
from crm.db import db
from crm.faults import Fault
from tests.doors import is_inside
from tests.pages import Page

SENT = {"text": "Ein langer Text", "due_on": "1.12.2090"}


def conflict():
    """What PostgreSQL says to one of two in each other's way."""
    return OperationalError("UPDATE", {}, psycopg.errors.DeadlockDetected())


def gone():
    """What a driver says when the server has left."""
    return OperationalError("UPDATE", {}, Exception("connection refused"))


def full():
    """What PostgreSQL says on a full disk."""
    return OperationalError("UPDATE", {}, psycopg.errors.DiskFull())


def write():
    """Change something."""
    db.session.execute(update(Consultation).values(note="x"))


def instead(app, monkeypatch, work, endpoint="follow_ups.new"):
    """Let a view do something else."""

    def view(**_kw):
        return work()

    view.permission = app.view_functions[endpoint].permission
    monkeypatch.setitem(app.view_functions, endpoint, view)


def sent(client, **more):
    """Send the form of that view."""
    found = client.browser.post("/wiedervorlagen/neu", data=SENT | {"csrf_token": client.token()} | more)
    return Page(found, [])


@pytest.mark.parametrize("commits", [True, False])
def test_after_the_commit_nobody_is_asked_to_send_it_again(app, anna, monkeypatch, commits):
    def work():
        write()
        if commits:
            db.session.commit()
        raise gone()

    instead(app, monkeypatch, work)
    page = sent(anna)
    assert page.status == 503
    assert ("Gespeichert. Nur die Seite danach" in page.main) == commits
    assert ("nichts gespeichert" in page.main) == (not commits)
    assert (page.soup.select_one("main form") is None) == commits


def test_the_noted_use_of_a_session_is_nothing_saved(app, anna, monkeypatch):
    monkeypatch.setattr(sessions, "NOTE_USE_EVERY", -sessions.NOTE_USE_EVERY)

    def fail():
        sessions._note_use(sessions.current_row())
        raise gone()

    instead(app, monkeypatch, fail)
    page = sent(anna)
    assert "nichts gespeichert" in page.main
    assert page.soup.select_one("main form") is not None


@pytest.mark.parametrize("fault", [gone, full])
def test_the_text_speaks_of_a_button_only_where_there_is_one(app, anna, monkeypatch, fault):
    def fail():
        raise fault()

    instead(app, monkeypatch, fail)
    typed, secret = sent(anna), sent(anna, password="x")
    read = Page(anna.browser.get("/wiedervorlagen/neu"), [])
    for page in (typed, secret, read):
        button = page.soup.select_one("main form") is not None
        assert ("von hier aus" in page.main) == button, page.main
        assert button == (page is typed)
    assert "gespeichert" not in read.main
    assert "speichern Sie" in secret.main


def test_an_empty_field_for_a_file_keeps_what_was_typed(app, anna, monkeypatch):
    def fail():
        raise gone()

    instead(app, monkeypatch, fail)
    monkeypatch.setattr(app.view_functions["follow_ups.new"], "most_bytes", 1_000_000, raising=False)
    fields = {name: str(value) for name, value in (SENT | {"csrf_token": anna.token()}).items()}
    answer = anna.browser.post(
        "/wiedervorlagen/neu", data=fields | {"file": (b"", "")}, content_type="multipart/form-data"
    )
    assert Page(answer, []).fields()["text"] == ["Ein langer Text"]


def prove_and(app, monkeypatch, fails):
    """Let a view take a new token, and as many of its commits fail as there are faults."""

    def work():
        sessions.prove()
        flash("Bewiesen")
        if fails:
            raise fails.pop()
        db.session.commit()
        return "ok"

    instead(app, monkeypatch, work)


@pytest.mark.parametrize("fault", [conflict, gone])
def test_a_new_token_that_was_not_saved_opens_what_the_old_one_did(app, anna, monkeypatch, fault):
    prove_and(app, monkeypatch, [fault()])
    page = sent(anna)
    assert page.status == (200 if fault is conflict else 503)
    assert anna.get("/").html.count("Bewiesen") == (1 if fault is conflict else 0)
    assert is_inside(anna)


def test_what_was_done_anew_says_so_once(app, anna, monkeypatch):
    faults_left = [conflict(), conflict()]

    def work():
        flash("Einmal gesagt")
        if faults_left:
            assert get_flashed_messages() == ["Einmal gesagt"]
            raise faults_left.pop()
        write()
        db.session.commit()
        return "ok"

    instead(app, monkeypatch, work)
    assert sent(anna).status == 200
    assert anna.get("/").html.count("Einmal gesagt") == 1


class Coded(Exception):
    """An error of a driver with its code, as those of PostgreSQL name it, and words."""

    def __init__(self, code, words):
        super().__init__(words)
        self.sqlstate = code


@pytest.mark.parametrize(
    ("code", "words", "kind"),
    [
        ("42P01", "relation locked_rows does not exist; connection", None),
        (None, "database is locked", Fault.BUSY),
        (None, "could not resolve host name", Fault.GONE),
        (None, "no such column: clock", None),
        ("57P01", "terminating connection", Fault.GONE),
    ],
)
def test_words_count_only_where_there_is_no_code(code, words, kind):
    error = OperationalError("SELECT", {}, Coded(code, words))
    assert isinstance(error, DBAPIError)
    assert faults.kind_of(error) is kind


def test_a_pool_without_a_connection_keeps_no_page_back(app, anna, monkeypatch):
    def none(*_args):
        raise NoConnection("QueuePool limit")

    monkeypatch.setattr(sessions, "NOTE_USE_EVERY", -sessions.NOTE_USE_EVERY)
    monkeypatch.setattr(sessions, "short_write", none)
    assert anna.get("/").status == 200

    def flashing():
        flash("Etwas")
        with app.app_context():
            event.listen(db.engine, "before_cursor_execute", none)
        return "ok"

    instead(app, monkeypatch, flashing)
    try:
        assert anna.browser.get("/wiedervorlagen/neu").status_code == 200
    finally:
        with app.app_context():
            event.remove(db.engine, "before_cursor_execute", none)


@pytest.mark.parametrize(("error", "logged"), [(ValueError("Fehler im Rahmen"), True), (gone(), False)])
def test_a_mistake_in_the_frame_of_an_error_page_is_logged(app, anna, monkeypatch, caplog, error, logged):
    def refuse(*_args, **_kw):
        raise error

    monkeypatch.setattr(navigation.follow_ups, "due", refuse)
    with caplog.at_level(logging.ERROR, "kikz"):
        assert anna.browser.get("/gibt-es-nicht").status_code == 404
    assert ("fault in the page" in caplog.text) == logged
