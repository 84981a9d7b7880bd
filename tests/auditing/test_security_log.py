"""What concerns security is one JSON line each: who, from where, what, on what, how it ended."""

import io
import json
import logging
from datetime import datetime, timedelta

import pytest

from crm import audit, security_log
from crm.access import Role
from crm.accounts import services as accounts
from crm.audit import AuditEvent
from crm.db import db
from tests import factories
from tests.operations.conftest import run
from tests.pages import CarefulClient

ALWAYS = {
    "time",
    "level",
    "log",
    "event",
    "result",
    "user_id",
    "source",
    "action",
    "object_type",
    "object_id",
}
SECRET = "Geheim-7741-Wort"
MARKER = "ZX-VERTRAULICH-7741"


def number_of(app, name):
    with app.app_context():
        return factories.member(name).id


def test_signing_in_and_out_is_noted_with_who_and_from_where(app, stranger, lines):
    anna, token = number_of(app, "anna"), stranger.token()
    lines.new()
    stranger.sign_in("anna@kikz.test")
    line = lines.only()
    assert line.keys() - {"request_id"} == ALWAYS
    assert (line["event"], line["result"], line["user_id"]) == ("sign-in", "ok", anna)
    assert (line["source"], line["action"]) == ("127.0.0.1", "POST accounts.sign_in")
    assert datetime.fromisoformat(line["time"]).utcoffset() == timedelta(0)
    page = stranger.post("/abmelden")
    line = lines.only()
    assert (line["event"], line["user_id"]) == ("sign-out", anna)
    assert line["request_id"] == page.headers["X-Request-ID"]
    for _attempt in range(6):
        stranger.post("/anmelden", email="anna@kikz.test", password=SECRET)
    found = lines.new()
    assert [one["result"] for one in found] == ["refused"] * 5 + ["throttled"]
    assert {one["object_id"] for one in found[:5]} == {anna}
    assert found[5]["wait"] > 0
    stranger.post("/anmelden", email="niemand@kikz.test", password=SECRET)
    unknown = lines.only()
    assert (unknown["object_id"], unknown["user_id"]) == (None, None)
    for email in ("anna@kikz.test", "niemand@kikz.test"):
        stranger.post("/passwort-vergessen", email=email)
        asked = lines.only()
        assert (asked["event"], asked["result"], asked["object_id"]) == ("password-link", "ok", None)
    told = json.dumps(lines)
    assert not [word for word in (SECRET, "kikz.test", token) if word in told]


def test_guesses_inside_and_codes_are_noted(app, anna, lines):
    number = number_of(app, "anna")
    lines.new()
    for _guess in range(6):
        anna.post("/konto/bestaetigen", password=SECRET)
    found = [one for one in lines.new() if one["event"] == "guess"]
    assert [one["result"] for one in found] == ["refused"] * 5 + ["throttled"]
    assert {one["user_id"] for one in found} == {number}
    assert found[5]["wait"] > 0
    assert SECRET not in json.dumps(lines)


def test_refusals_are_noted(app, anna, stranger, lines):
    number = number_of(app, "anna")
    lines.new()
    anna.get("/konten")
    line = lines.only()
    assert (line["event"], line["result"], line["permission"]) == ("access-refused", "403", "manage-users")
    assert (line["user_id"], line["action"]) == (number, "GET accounts.users")
    anna.get("/beratungen/99999")
    line = lines.only()
    assert (line["event"], line["result"]) == ("access-refused", "404")
    assert (line["object_type"], line["object_id"]) == ("consultation", 99999)
    stranger.post("/kontakte/neu", last_name="X")
    assert [one["result"] for one in lines.new()] == ["401"]
    anna.post("/kontakte/neu", token=False, last_name=SECRET)
    anna.post("/kontakte/neu", headers={"Origin": "https://fremd.test"}, last_name=SECRET)
    anna.post("/kontakte/neu", headers={"Sec-Fetch-Site": "cross-site"}, last_name=SECRET)
    found = [one for one in lines.new() if one["event"] == "csrf-refused"]
    assert [one["reason"] for one in found] == ["token", "origin", "site"]
    assert SECRET not in json.dumps(lines)
    stranger.get("/")
    stranger.get("/gibt-es-nicht")
    assert lines.new() == []


def test_accounts_roles_and_passwords_are_noted_when_they_are_saved(app, ada, lines):
    number = number_of(app, "ada")
    fields = {"name": "Nora Neu", "email": "nora.neu@kikz.test", "roles": ["reader"]}
    ada.submit("/konten/neu", **fields)
    with app.app_context():
        nora = accounts.queries.by_email("nora.neu@kikz.test").id
    ada.submit(f"/konten/{nora}", 1, roles=["adviser", "manager"])
    ada.post(f"/konten/{nora}/einmalpasswort")
    ada.submit(f"/konten/{nora}/sperren")
    ada.post(f"/konten/{nora}/entsperren")
    found = [one for one in lines.new() if one["event"].startswith("user.")]
    assert [one["event"] for one in found] == [
        "user.created", "user.changed", "user.password-reset", "user.locked", "user.unlocked",
    ]  # fmt: skip
    assert {(one["user_id"], one["object_type"], one["object_id"]) for one in found} == {
        (number, "users", nora)
    }
    assert (found[1]["roles_before"], found[1]["roles_after"]) == ("reader", "adviser+manager")
    ada.submit("/konto/passwort", old_password="Sieben-Zwerge-42", new_password=SECRET, password_again=SECRET)
    assert "user.password-changed" in [one["event"] for one in lines.new()]
    told = json.dumps(lines)
    assert not [word for word in (SECRET, "kikz.test", "Nora") if word in told]


def test_what_is_taken_back_is_not_noted(app, lines):
    with app.app_context():
        user = factories.user("kurz@kikz.test")
        db.session.commit()
        lines.new()
        for end, noted in ((db.session.rollback, []), (db.session.commit, ["user.locked"])):
            with db.session.begin_nested():
                accounts.lock_user(user, None)
            assert lines.new() == []
            end()
            assert [one["event"] for one in lines.new()] == noted


def test_files_that_leave_are_noted(app, anna, mara, lines):
    with app.app_context():
        factories.talk("Lahntal")
        db.session.commit()
    lines.new()
    for url in (
        "/beratungen/liste.xlsx",
        "/kontakte/liste.csv",
        "/berichte/taetigkeit.pdf",
        "/kommunen/liste.csv",
    ):
        page = anna.get(url)
        assert page.status == 200, url
        line = lines.only()
        assert (line["event"], line["action"][:4], line["user_id"] > 0) == ("export", "GET ", True), url


def test_reading_a_confidential_talk_is_noted_and_its_words_are_not(app, anna, lines):
    with app.app_context():
        talk = factories.talk("Lahntal", confidential=True, note=MARKER).id
        plain = factories.talk("Cölbe", note=MARKER).id
        db.session.commit()
    lines.new()
    for rest in ("", "/bearbeiten", "/vermerk", "/vorschau"):
        anna.get(f"/beratungen/{talk}{rest}")
        line = lines.only()
        assert (line["event"], line["object_type"], line["object_id"]) == (
            "confidential-read",
            "consultations",
            talk,
        )
        anna.get(f"/beratungen/{plain}{rest}")
        assert lines.new() == []
    assert anna.get(f"/beratungen/{talk}/vermerk.pdf").status == 200
    assert sorted(one["event"] for one in lines.new()) == ["confidential-read", "export"]
    assert MARKER not in json.dumps(lines)


def test_backups_are_noted(app, lines, tmp_path, monkeypatch):
    monkeypatch.setenv("KIKZ_INSTANCE", str(tmp_path))
    path = str(tmp_path / "saved.kikz")
    for arguments in (("create", path), ("restore", path, "--yes")):
        assert run(app, "backup", *arguments).exit_code == 0
    found = [(one["event"], one["action"], one["source"]) for one in lines.new()]
    assert found == [
        ("backup-created", "flask backup create", None),
        ("backup-restored", "flask backup restore", None),
    ]
    assert path not in json.dumps(lines)


NASTY = 'x\n{"event": "sign-in"}\r\x1b[31m\u2028\x85\x00böse@kikz.test'


def test_one_event_is_one_line_whatever_is_in_it(app, lines):
    """What is no code becomes a question mark; an event or a field that is none of ours is refused."""
    plain = logging.StreamHandler(io.StringIO())
    logging.getLogger("kikz.security").addHandler(plain)
    try:
        with app.test_request_context("/", environ_base={"REMOTE_ADDR": NASTY}):
            security_log.note("erased", about=(NASTY, 1), reason=NASTY, kind="person")
            line = lines.only()
            assert (line["source"], line["object_type"], line["reason"]) == ("?", "?", "?")
            with pytest.raises(KeyError):
                security_log.note("geburtstag")
            with pytest.raises(KeyError):
                security_log.note("erased", name="Karl")
            assert lines.new() == []
            # The control: a log of plain lines would have been three.
            logging.getLogger("kikz.security").info(NASTY)
    finally:
        logging.getLogger("kikz.security").removeHandler(plain)
    assert len(plain.stream.getvalue().splitlines()) > 3
    assert len(lines.new()) == 1
    assert len(lines.raw.splitlines()) == 1
    assert lines.raw.isascii()
    assert not [one for one in lines.raw.rstrip("\n") if ord(one) < 32]


def test_a_name_with_newlines_at_the_door_is_one_line(app, stranger, lines):
    stranger.post("/anmelden", email=NASTY.replace("\x00", ""), password=SECRET)
    stranger.get("/konten%0A%1B[31m?next=%0A")
    assert all(one["event"] == "sign-in" for one in lines.new())
    assert "31m" not in lines.raw


def test_the_command_line_has_no_address_and_no_account(app, lines):
    done = run(app, "users", "create", "neu@kikz.test", "--name", "Neu Neumann", "--role", "reader")
    assert done.exit_code == 0, done.output
    line = lines.only()
    assert (line["event"], line["user_id"], line["source"]) == ("user.created", None, None)
    assert line["action"] == "flask users create"


def test_without_the_hook_in_the_audit_nothing_would_be_noted(app, lines, monkeypatch):
    """The control of the mirror."""
    monkeypatch.setattr(security_log, "mirror", lambda *_rest: None)
    with app.app_context():
        accounts.create_user({"email": "x@kikz.test", "name": "X"}, {Role.READER}, None)
        db.session.commit()
        assert db.session.query(AuditEvent).filter_by(name="user.created").count()
    assert lines.new() == []
    assert audit.EVENTS


def test_every_role_can_be_refused_without_a_line_about_a_name(app, lines):
    for name in ("rita", "emil", "mara"):
        client = CarefulClient(app)
        client.sign_in(f"{name}@kikz.test")
        assert client.get("/konten").status == 403
    assert len([one for one in lines.new() if one["event"] == "access-refused"]) == 3
