"""The log of the program: JSON lines with the number of the request, no personal data, never in the way."""

import json
import logging
import os
import re
import stat
import subprocess
import sys
from logging.handlers import WatchedFileHandler

import pytest
from sqlalchemy.exc import IntegrityError

from config import ROOT, ConfigError, Production
from crm import security_log
from crm.accounts.models import User
from crm.db import db
from crm.logs import JsonLines
from crm.security_files import Patient, SecurityFile
from tests.auditing.conftest import Lines, listening

WORDS = "Karl Geheim"
SCRIPT = f"""
import logging, warnings
from crm import create_app
app = create_app()
def broken(**_kw):
    try:
        int("{WORDS}")
    except ValueError:
        raise LookupError("{WORDS}, karl@geheim.test")
broken.permission = None
app.view_functions["accounts.forgot"] = broken
client = app.test_client()
number = {{"X-Request-ID": "nummer-00000001"}}
print(client.get("/passwort-vergessen?name={WORDS}", headers=number).status_code, flush=True)
print(client.post("/anmelden", data={{"email": "karl@geheim.test"}}, headers=number).status_code, flush=True)
logging.getLogger("kikz").warning("mail server: <karl@geheim.test> unknown\\n\\x1b[31m")
logging.getLogger("huey").warning("two\\nlines")
warnings.warn("old")
"""


def started(app, stderr=subprocess.PIPE, script=SCRIPT, **settings):
    """Run the program as it runs in the office, with a fault and a refusal in it."""
    environment = os.environ | {
        "DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"].replace("+psycopg", ""),
        "SECRET_KEY": "x" * 40, "TRUSTED_PROXIES": "1", **settings,
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=stderr,
        text=True, check=False,
    )  # fmt: skip
    return done.stdout.split(), (done.stderr or "").splitlines()


def test_every_line_of_the_running_program_is_json_and_tells_no_names(app):
    statuses, raw = started(app)
    assert statuses == ["500", "400"], raw
    lines = [json.loads(line) for line in raw]
    assert [one["log"] for one in lines] == ["kikz", "kikz.security", "kikz", "huey", "py.warnings"]
    assert all(one["time"].endswith("+00:00") for one in lines)
    fault, refusal, *_others = lines
    assert fault["request_id"] == refusal["request_id"] == "nummer-00000001"
    assert fault["action"] == "GET accounts.forgot"
    assert re.search(r"fault [0-9a-f]{8} at /passwort-vergessen", fault["event"])
    assert (fault["error"]["type"], fault["error"]["cause"]) == ("LookupError", "ValueError")
    assert any(place.endswith(" broken") for place in fault["error"]["trace"])
    assert refusal["event"] == "csrf-refused"
    assert not [word for word in (*WORDS.split(), "geheim.test", "\x1b") if word in "".join(raw)]


def test_as_libraries_log_by_themselves_hardly_a_line_would_be_json(app):
    plain = f"import crm.logs\ncrm.logs.init_app = lambda app: None\n{SCRIPT}"
    _statuses, raw = started(app, script=plain)
    assert raw
    assert not [line for line in raw if line.startswith("{")]


def test_security_has_a_file_of_its_own_for_its_owner_alone(app, tmp_path):
    path = tmp_path / "security.log"
    statuses, raw = started(app, SECURITY_LOG=str(path))
    assert statuses == ["500", "400"]
    assert [json.loads(line)["event"] for line in path.read_text().splitlines()] == ["csrf-refused"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "kikz.security" not in [json.loads(line)["log"] for line in raw]
    for wrong in ("security.log", str(tmp_path / "gibtsnicht" / "x.log")):
        with pytest.raises(ConfigError, match="SECURITY_LOG"):
            Production({"SECRET_KEY": "x" * 40, "SECURITY_LOG": wrong})


def test_a_full_disk_stops_no_request(app):
    with open("/dev/full", "w") as full:  # noqa: PTH123 a device
        assert started(app, stderr=full, SECURITY_LOG="/dev/full")[0] == ["500", "400"]


def test_what_the_file_does_not_take_goes_to_the_usual_log(app, tmp_path):
    gone, usual, logger = tmp_path / "gone" / "x.log", Lines(), logging.getLogger("kikz.security")
    for handler in (SecurityFile(gone, usual.handler), SecurityFile("/dev/full", usual.handler)):
        logger.addHandler(handler)
        security_log.note("erased", about=("people", 1))
        logger.removeHandler(handler)
        assert usual.only()["event"] == "erased"
    # The control: the handler of the library lets the fault through.
    handler = WatchedFileHandler(gone, delay=True)
    logger.addHandler(handler)
    with pytest.raises(FileNotFoundError):
        security_log.note("erased", about=("people", 1))
    logger.removeHandler(handler)


class Broken:
    """A stream on a disk that is full."""

    def write(self, _text):
        raise OSError(28, "No space left on device")

    def flush(self):
        raise OSError(28, "No space left on device")


def test_a_stream_that_breaks_is_not_heard_of(app, anna, capsys):
    handler = Patient(Broken())
    logging.getLogger("kikz").addHandler(handler)
    try:
        assert anna.get("/konten").status == 403
        logging.getLogger("kikz").error("gone")
    finally:
        logging.getLogger("kikz").removeHandler(handler)
    assert capsys.readouterr().err == ""
    # The control: the handler of the library complains in words that are no JSON.
    handler = logging.StreamHandler(Broken())
    logging.getLogger("kikz").addHandler(handler)
    logging.getLogger("kikz").error("gone")
    logging.getLogger("kikz").removeHandler(handler)
    assert "Logging error" in capsys.readouterr().err


def test_the_number_of_a_request_comes_from_a_trusted_proxy_only(app, stranger, monkeypatch):
    given, strange = "proxy-12345678", "x" * 65
    assert re.fullmatch(
        r"[0-9a-f]{16}", stranger.get("/anmelden", **{"X-Request-ID": given}).headers["X-Request-ID"]
    )
    monkeypatch.setitem(app.config, "TRUSTED_PROXIES", 1)
    for url in ("/anmelden", "/gibt-es-nicht", "/konten"):
        assert stranger.get(url, **{"X-Request-ID": given}).headers["X-Request-ID"] == given
    numbers = {
        stranger.get("/anmelden", **{"X-Request-ID": one}).headers["X-Request-ID"]
        for one in (strange, "ü{}", "")
    }
    assert len(numbers) == 3
    assert all(re.fullmatch(r"[0-9a-f]{16}", one) for one in numbers)


def test_the_database_quotes_values_and_the_log_does_not(app, anna, monkeypatch, caplog):
    def broken():
        db.session.add(User(email="karl@geheim.test", name=None, password_hash=WORDS, roles=frozenset()))
        with pytest.raises(IntegrityError) as caught:
            db.session.flush()
        raise caught.value

    broken.permission = app.view_functions["home.start"].permission
    monkeypatch.setitem(app.view_functions, "home.start", broken)
    with listening("kikz") as lines:
        assert anna.get("/start").status == 500
        fault = lines.only()
        assert "geheim" not in lines.raw.casefold()
    if db_name(app) == "sqlite":
        assert "NOT NULL constraint failed: users.name" in fault["error"]["words"]
    else:
        assert fault["error"]["sqlstate"] == "23502"
        # The control: the usual form of the library would have told.
        assert WORDS in caplog.text


def db_name(app):
    with app.app_context():
        return db.engine.dialect.name


def test_an_error_with_a_message_about_code_keeps_it():
    def line_of(error):
        record = logging.LogRecord("kikz", 40, "", 1, "x", (), (type(error), error, None))
        return json.loads(JsonLines().format(record))["error"]

    assert line_of(AttributeError("no attribute 'x'"))["words"] == "no attribute 'x'"
    assert line_of(OSError(28, "No space left", "/srv/karl.txt"))["words"] == "No space left"
    assert "words" not in line_of(KeyError(WORDS))
