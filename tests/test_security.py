"""Sixteen things the plain stack gets wrong, the header set, and what keeps the program from starting."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from config import ConfigError, Production
from crm.accounts.models import UserSession
from crm.consultations.models import Consultation
from crm.db import db
from crm.folding import fold
from tests import factories
from tests.doors import SECRET, change_password, copied, is_inside, program, sign_in
from tests.everything import addresses, chief, fill

ROOT = Path(__file__).parent.parent
HUGE = (2**31, 2**63, 10**21)
FAR = "https://crm.kikz.test"


@pytest.fixture
def talk(app):
    """A talk in Lahntal."""
    with app.app_context():
        number = factories.talk("Lahntal", note="Erste Fassung.").id
        db.session.commit()
    return number


def test_fact_01_a_copied_cookie_dies_with_the_session(app, anna):
    thief = copied(anna)
    anna.post("/abmelden")
    assert not is_inside(thief)
    again = sign_in(app)
    thief = copied(again)
    change_password(again)
    assert not is_inside(thief)


def test_fact_04_a_second_editor_does_not_overwrite_the_first(app, anna, bert, talk):
    url = f"/beratungen/{talk}/bearbeiten"
    forms = anna.get(url).fields(), bert.get(url).fields()
    assert anna.post(url, forms[0] | {"note": ["Von Anna."]}).status == 303
    assert bert.post(url, forms[1] | {"note": ["Von Bert."]}).status == 409
    with app.app_context():
        assert db.session.get(Consultation, talk).note == "Von Anna."


def test_fact_07_endless_numbers_are_no_addresses_and_no_pages(anna):
    for number in HUGE:
        for path in ("beratungen", "kommunen", "kontakte", "wiedervorlagen"):
            assert anna.get(f"/{path}/{number}").status == 404
            assert anna.get(f"/{path}?seite={number}").status == 200


def test_fact_09_no_link_takes_its_host_from_the_header(app, anna):
    for headers in ({"X-Forwarded-Host": "boese.test"}, {"Forwarded": "host=boese.test"}):
        page = anna.get("/beratungen", **headers)
        assert page.status == 200
        assert "boese.test" not in page.html + str(page.headers)


@pytest.mark.parametrize(
    "host", ["boese.test", "boese.test:80", "localhost.boese.test", "", "[::1", "a b", "localhost@boese.test"]
)
def test_fact_09_a_foreign_host_is_refused_in_german(app, host):
    answer = app.test_client().get("/anmelden", headers={"Host": host})
    assert answer.status_code == 400
    assert "Anfrage nicht verstanden" in answer.get_data(as_text=True)
    assert "boese" not in answer.get_data(as_text=True)


def test_fact_11_a_total_limit_holds_for_every_encoding(anna):
    plain = anna.post("/beratungen/neu", note="x" * 4_100_000)
    assert plain.status == 413
    assert "4 MB" in plain.main
    fields = {f"feld{number}": "x" for number in range(1001)}
    assert anna.post("/wiedervorlagen/neu", fields).status == 413


def test_fact_13_foreign_keys_hold(app):
    with app.app_context():
        db.session.add(UserSession(token_hash="x", user_id=999_999, messages=[]))
        with pytest.raises(IntegrityError):
            db.session.flush()
        db.session.rollback()


def test_fact_13_umlauts_fold_on_both_sides(app, anna):
    assert fold("ÖSTRICH") == fold("östrich") == fold("Oestrich")
    for words in ("ÖSTRICH-WINKEL", "östrich-winkel", "oestrich winkel"):
        assert "Oestrich-Winkel" in anna.get(f"/kommunen?q={words}").main


def test_fact_14_every_kind_of_template_escapes(app):
    names = [path.name for path in (ROOT / "templates").rglob("*") if path.is_file()]
    assert names
    assert {Path(name).suffix for name in names} == {".html", ".xml"}
    assert all(app.select_jinja_autoescape(name) for name in names)


def test_fact_14_file_names_hold_no_line_breaks(anna):
    for url in ("/beratungen/liste.csv", "/beratungen/liste.xlsx", "/berichte/taetigkeit.csv"):
        name = anna.get(url).headers.get("Content-Disposition", "attachment;")
        assert re.fullmatch(r'attachment;( filename="[a-z0-9-]+\.(csv|xlsx)")?', name), name


# What unpacks has its limits of size and number, and its own table of damaged files.
UNPACKERS = {
    ROOT / "crm" / "register" / "reading.py": {"zipfile"},
    ROOT / "crm" / "documents" / "sniffing.py": {"zipfile"},
    ROOT / "crm" / "imports" / "workbook.py": {"zipfile"},
    # A program of its own, with limits of time and memory; patterns look for the words, nothing is parsed.
    ROOT / "crm" / "documents" / "file_text.py": {"zipfile"},
    # It refuses document types, and with them every entity of a file's own.
    ROOT / "crm" / "imports" / "xml.py": {"xml."},
}


def test_fact_15_nothing_unpacks_or_parses_what_comes_over_the_web():
    behind_the_web = [path for path in (ROOT / "crm").rglob("*.py") if path.parent.name != "operations"]
    for path in behind_the_web:
        words = path.read_text(encoding="utf-8")
        dangerous = {"xml.", "lxml", "zipfile", "tarfile", "openpyxl", "pickle", "yaml"}
        for word in dangerous - UNPACKERS.get(path, set()):
            assert not re.search(rf"import {re.escape(word)}|from {re.escape(word)}", words), path


HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
# What may be kept by those who ask: files that never change by everybody, a feed by its own calendar.
KEPT = {"assets.file": "public, ", "calendars.feed": "private, "}
POLICY = (
    "default-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "form-action 'self'",
)


def headers_are_right(headers, where):
    """Complain about an answer that lacks a header."""
    for name, value in HEADERS.items():
        assert headers.get(name) == value, (where, name)
    policy = headers["Content-Security-Policy"]
    assert all(part in policy for part in POLICY), where
    assert "unsafe" not in policy, where
    assert "*" not in policy, where
    assert "Server" not in headers, where
    assert "X-Powered-By" not in headers, where


def test_every_answer_carries_the_header_set(app):
    numbers, client = fill(app), chief(app)
    for one in addresses(app, numbers, safe=True):
        page = client.get(one.url)
        headers_are_right(page.headers, one)
        if one.endpoint in KEPT:
            assert page.headers["Cache-Control"].startswith(KEPT[one.endpoint]), one
        else:
            assert page.headers["Cache-Control"] == "no-store", one
            assert "Cookie" in page.headers["Vary"], one
    for one in addresses(app, numbers, safe=False):
        headers_are_right(client.post(one.url).headers, one)


def break_view(app, monkeypatch, endpoint):
    """Let a view fail."""

    def fail(**_kw):
        raise RuntimeError("geheimer Grund")

    fail.permission = app.view_functions[endpoint].permission
    monkeypatch.setitem(app.view_functions, endpoint, fail)


def test_answers_to_mistakes_carry_it_too(app, monkeypatch):
    break_view(app, monkeypatch, "home.privacy")
    browser = app.test_client()
    answers = {
        400: browser.post("/anmelden", data={"email": "x"}),
        401: browser.post("/konto"),
        404: browser.get("/gibt-es-nicht"),
        405: browser.post("/datenschutz"),
        413: browser.post("/anmelden", data={"x": "y" * 4_100_000}),
        415: browser.post("/anmelden", json={}),
        500: browser.get("/datenschutz"),
    }
    for code, answer in answers.items():
        assert answer.status_code == code
        headers_are_right(answer.headers, code)


def test_strict_transport_is_demanded_over_https_only(stage, app, stranger):
    assert "Strict-Transport-Security" not in stranger.get("/datenschutz").headers
    settings = Production({"SECRET_KEY": SECRET, "DATABASE_URL": stage.url, "BASE_URL": FAR})
    with program(stage, settings) as there:
        answer = there.test_client().get("/datenschutz", base_url=FAR)
    seconds = re.match(r"max-age=(\d+); includeSubDomains", answer.headers["Strict-Transport-Security"])
    assert int(seconds[1]) >= 31_536_000


WEAK = {
    "no key": ({}, "SECRET_KEY fehlt"),
    "a short key": ({"SECRET_KEY": "kurz"}, "SECRET_KEY ist zu kurz"),
    "31 characters": ({"SECRET_KEY": "x" * 31}, "SECRET_KEY ist zu kurz"),
    "debug": ({"SECRET_KEY": SECRET, "FLASK_DEBUG": "1"}, "FLASK_DEBUG"),
    "http on a foreign host": ({"SECRET_KEY": SECRET, "BASE_URL": "http://crm.kikz.test"}, "https://"),
    "no address": ({"SECRET_KEY": SECRET, "BASE_URL": "crm"}, "https://"),
    "no number": ({"SECRET_KEY": SECRET, "SESSION_IDLE_MINUTES": "lang"}, "ganze Zahl"),
}


@pytest.mark.parametrize("case", WEAK)
def test_a_weak_setting_stops_the_start_with_a_german_sentence(tmp_path, case):
    environ, words = WEAK[case]
    with pytest.raises(ConfigError, match=words):
        Production({"KIKZ_INSTANCE": str(tmp_path)} | environ)


def test_a_key_that_others_may_read_stops_the_start(tmp_path):
    (tmp_path / "secret-key").write_text("x" * 48)
    (tmp_path / "secret-key").chmod(0o644)
    with pytest.raises(ConfigError, match="chmod 600"):
        Production({"KIKZ_INSTANCE": str(tmp_path)})


@pytest.mark.parametrize(
    "environ", [{}, {"SECRET_KEY": "kurz"}, {"SECRET_KEY": SECRET, "FLASK_DEBUG": "1"}], ids=str
)
def test_the_server_does_not_start_with_them(tmp_path, environ):
    clean = {"PATH": os.environ["PATH"], "KIKZ_INSTANCE": str(tmp_path)}
    started = subprocess.run(
        [sys.executable, "-c", "import wsgi"],
        cwd=ROOT,
        env=clean | environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert started.returncode != 0
    assert "Start nicht möglich" in started.stderr
    assert "Traceback" not in started.stderr


def test_a_running_program_never_debugs():
    settings = Production({"SECRET_KEY": SECRET, "FLASK_DEBUG": "0"})
    assert not settings.DEBUG
    assert not settings.TESTING
    assert not settings.PROPAGATE_EXCEPTIONS


def test_there_is_no_account_that_nobody_made(app):
    with app.app_context():
        found = set(db.session.scalars(select(text("email")).select_from(text("users"))))
    assert found == {f"{name}@kikz.test" for name in factories.CAST}
