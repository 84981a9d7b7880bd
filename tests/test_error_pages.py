"""Every kind of trouble has its page: German, with a way back, and silent about the inside."""

import logging
import re

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, default_exceptions

from crm import errors
from crm.db import db
from crm.errors import RuleBroken
from tests import factories
from tests.everything import addresses, chief, fill
from tests.pages import Page

SECRETS = (
    "Traceback",
    'File "',
    "/crm/",
    ".py",
    "SELECT",
    "geheim",
    "werkzeug",
    "sqlalchemy",
    "Python",
    "line ",
)


def fail_with(app, monkeypatch, endpoint, error):
    """Let a view raise; its label stays."""

    def fail(**_kw):
        raise error

    fail.permission = app.view_functions[endpoint].permission
    monkeypatch.setitem(app.view_functions, endpoint, fail)


def silent(page):
    """Complain about a page that tells of the inside."""
    for word in SECRETS:
        assert word not in page.main, word
    assert page.soup.html["lang"] == "de"


def one_of_each_blueprint(app, numbers):
    """One address of every area."""
    found = {}
    for one in addresses(app, numbers, safe=True):
        found.setdefault(one.endpoint.partition(".")[0], one)
    return found.values()


def test_fact_16_a_fault_in_any_area_is_a_german_page_with_a_reference(app, monkeypatch, caplog):
    numbers, client = fill(app), chief(app)
    for one in one_of_each_blueprint(app, numbers):
        if one.endpoint == "assets.file":
            continue
        with monkeypatch.context() as patch, caplog.at_level(logging.ERROR, "kikz"):
            fail_with(app, patch, one.endpoint, ValueError("geheim: SELECT * FROM users"))
            page = client.get(one.url)
        assert page.status == 500, one
        silent(page)
        reference = re.search(r"Kennung für Rückfragen: ([0-9a-f]{8})", page.main)[1]
        assert reference in caplog.text, one
        assert "geheim" in caplog.text, "the log says what the page does not"


def test_the_frame_stays_around_a_fault(app, anna, monkeypatch):
    fail_with(app, monkeypatch, "home.index", ValueError("geheim"))
    page = anna.get("/")
    assert page.soup.select_one("nav a[href='/beratungen']")
    assert page.soup.select_one("main a[href='/']")


def test_a_fault_leaves_no_half_record(app, anna, monkeypatch):
    def fail(*_args, **_kw):
        raise ValueError("nach dem Schreiben")

    monkeypatch.setattr("crm.consultations.services._plan_follow_ups", fail)
    with app.app_context():
        place = str(factories.place("Lahntal").id)
    sent = {"organisations": [place], "kind": "single", "channel": "phone", "note": "x"}
    assert anna.submit("/beratungen/neu", **sent).status == 500
    assert anna.get("/beratungen").soup.select_one("h1 .count").get_text() == "0"


@pytest.mark.parametrize("code", sorted(errors.TEXTS))
def test_fact_16_every_code_has_a_german_page(app, stranger, monkeypatch, code):
    class Trouble(HTTPException):
        pass

    Trouble.code = code
    fail_with(app, monkeypatch, "home.privacy", Trouble("geheim"))
    page = stranger.get("/datenschutz")
    assert page.status == code
    silent(page)
    assert f"Code {code}" in page.main
    assert "%(" not in page.main
    assert str(errors.TEXTS[code][0]) not in page.html, "the English text is translated"


@pytest.mark.parametrize("code", sorted(set(default_exceptions) - set(errors.TEXTS)))
def test_rarer_codes_get_a_german_page_too(app, stranger, monkeypatch, code):
    fail_with(app, monkeypatch, "home.privacy", default_exceptions[code]())
    page = stranger.get("/datenschutz")
    assert page.status == code
    silent(page)


def test_a_rule_that_nobody_caught_is_said_in_its_own_words(app, anna, monkeypatch):
    fail_with(app, monkeypatch, "home.index", RuleBroken("Das geht erst morgen."))
    page = anna.get("/")
    assert page.status == 422
    assert "Das geht erst morgen." in page.main


def test_the_faster_colleague_is_a_conflict(app, anna, monkeypatch):
    fail_with(app, monkeypatch, "home.index", StaleDataError())
    assert anna.get("/").status == 409


def unreachable(app):
    """Let every statement fail as if the database were gone; gives the function that ends it."""

    def refuse(*_args):
        raise OperationalError("SELECT geheim", {}, Exception("connection refused"))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", refuse)
    return lambda: event.remove(engine, "before_cursor_execute", refuse)


def test_without_a_database_the_page_says_so(app, anna):
    browser, back = anna.browser, unreachable(app)
    try:
        answers = [browser.get("/beratungen"), browser.post("/abmelden"), browser.get("/konto")]
        public = browser.get("/datenschutz")
    finally:
        back()
    for answer in answers:
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) > 0
        assert "Die Datenbank" in answer.get_data(as_text=True)
        assert "geheim" not in answer.get_data(as_text=True)
    assert public.status_code in (200, 503)
    assert anna.get("/beratungen").status == 200, "it goes on when the database is back"


def gone_after(app, number):
    """Let the database go away after so many statements; gives the function that ends it."""
    seen = []

    def refuse(*_args):
        seen.append(1)
        if len(seen) > number:
            raise OperationalError("SELECT geheim", {}, Exception("connection refused"))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", refuse)
    return lambda: event.remove(engine, "before_cursor_execute", refuse)


def test_a_database_that_goes_away_at_any_statement_has_a_page(app, anna):
    token = anna.token()
    for address, sent in (
        ("/gibt-es-nicht", None),
        ("/beratungen/999", None),
        ("/wiedervorlagen/neu", {"text": ""}),
    ):
        for number in range(12):
            back = gone_after(app, number)
            try:
                if sent is None:
                    answer = anna.browser.get(address)
                else:
                    answer = anna.browser.post(address, data=sent | {"csrf_token": token})
            finally:
                back()
            page = Page(answer, [])
            assert page.status in (404, 422, 503), (address, number, page.status)
            silent(page)


def test_a_busy_database_keeps_what_was_typed_but_no_secret(app, anna):
    sent = {"text": "Zeile 1\nZeile 2 <b>", "due_on": "1.12.2090", "csrf_token": anna.token()}
    back = unreachable(app)
    try:
        page = Page(anna.browser.post("/wiedervorlagen/neu?art=x", data=sent), [])
        secret = anna.browser.post("/anmelden", data=sent | {"password": "Geheim-4711"})
    finally:
        back()
    assert page.status == 503
    assert {name: value[0] for name, value in page.fields().items()} == sent
    assert page.soup.select_one("main form")["action"] == "/wiedervorlagen/neu?art=x"
    assert (secret.status_code, "Geheim-4711" in secret.get_data(as_text=True)) == (503, False)


def test_a_fault_of_the_database_inside_the_frame_still_has_a_page(app, anna, monkeypatch):
    def refuse(*_args, **_kw):
        raise OperationalError("SELECT geheim", {}, Exception("disk I/O error"))

    monkeypatch.setattr("crm.navigation.follow_ups.due", refuse)
    answer = anna.browser.get("/beratungen")
    assert answer.status_code == 500
    assert "Kennung" in answer.get_data(as_text=True)
    assert "geheim" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("language", ["en", "xx", "", "de-DE,de;q=0.9,en;q=0.8", "*", "a" * 5000, "\u00ff"])
def test_the_language_of_the_browser_is_not_asked(stranger, language):
    page = stranger.get("/gibt-es-nicht", **{"Accept-Language": language})
    assert page.soup.html["lang"] == "de"
    assert "Nicht gefunden" in page.html


def test_english_is_chosen_visibly(app, stranger, anna):
    assert stranger.get("/datenschutz?sprache=en").soup.html["lang"] == "en"
    assert stranger.get("/datenschutz?sprache=<b>").soup.html["lang"] == "de"
    anna.submit("/konto", language="en")
    assert "Not found" in anna.get("/gibt-es-nicht").html


def test_nothing_of_the_query_is_logged(app, anna, monkeypatch, caplog):
    fail_with(app, monkeypatch, "home.index", ValueError("x"))
    anna.get("/?q=Henkel")
    assert "Henkel" not in caplog.text
