"""Duties and their bell: what fails stops nothing else, and a lost bell costs nothing but time."""

import os
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from sqlalchemy import inspect

import config
from config import ConfigError, SuiteSettings
from crm import bell, create_app, jobs
from crm.db import db
from crm.mail.models import MailState
from tests.mail.outbox import states, write
from tests.mail.test_kills import until
from tests.test_setup import PATIENCE, answer, free_port, running
from tests.test_setup import environment as start_environment


@pytest.fixture
def duties(monkeypatch):
    """Duties of a test, and nothing else; gives the list of what was done."""
    done = []
    monkeypatch.setattr(jobs, "DUTIES", {})

    def broken():
        raise ZeroDivisionError

    jobs.duty("first")(lambda: done.append("first"))
    jobs.duty("broken")(broken)
    jobs.duty("last")(lambda: done.append("last"))
    return done


@pytest.fixture
def ringing(stage, tmp_path):
    """A program whose bell is hung up."""
    stage.reset()
    app = create_app(SuiteSettings(stage.url, JOBS="on", INSTANCE=tmp_path, MAIL_FOLDER=tmp_path / "mails"))
    yield app
    if app.extensions["bell"].cache_info().currsize:
        app.extensions["bell"]().queue.storage.close()
    with app.app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


def test_a_duty_that_fails_is_logged_with_a_reference_and_stops_no_other(context, duties, caplog):
    jobs.run_all()
    assert duties == ["first", "last"]
    assert "fault " in caplog.text
    assert "in duty broken" in caplog.text
    assert "ZeroDivisionError" in caplog.text


def test_no_duty_begins_when_the_worker_is_to_stop(context, duties, monkeypatch):
    monkeypatch.setattr(jobs, "stopping", lambda: True)
    jobs.run_all()
    assert duties == []


def test_a_duty_that_takes_long_leaves_the_rest_for_the_next_minute(context, monkeypatch):
    clock, done = iter([0, 0, 20, 40]), []
    monkeypatch.setattr(jobs, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    jobs.each("slow", [1, 2, 3, 4], done.append, 30)
    assert done == [1, 2]


def test_the_suite_touches_no_queue(context, app, duties, monkeypatch):
    monkeypatch.setitem(app.extensions, "bell", lambda: pytest.fail("rung"))
    jobs.ring("first")
    with pytest.raises(KeyError):
        jobs.ring("unknown")


def heard(app):
    """How often it was rung since somebody listened."""
    return app.extensions["bell"]().queue.storage.queue_size()


def test_every_ring_is_one_task_of_the_queue(ringing, duties):
    with ringing.app_context():
        jobs.ring("first")
        jobs.ring("last")
        assert heard(ringing) == 2
        queue = ringing.extensions["bell"]().queue
        while task := queue.dequeue():
            queue.execute(task)
    assert duties == ["first", "last"]


def test_a_bell_that_cannot_ring_troubles_nobody(ringing, duties, monkeypatch, caplog):
    def no_bell():
        raise OSError("no space left")

    monkeypatch.setitem(ringing.extensions, "bell", no_bell)
    with ringing.app_context():
        jobs.ring("first")
    monkeypatch.undo()
    assert "bell for first not heard: no space left" in caplog.text


def test_the_file_of_the_queue_may_be_deleted_at_any_time(ringing, duties, tmp_path, engine_name):
    with ringing.app_context():
        jobs.ring("first")
        if engine_name == "sqlite":
            assert [one.name for one in tmp_path.iterdir()] == ["jobs.sqlite"]
            (tmp_path / "jobs.sqlite").unlink()
            jobs.ring("first")
            assert heard(ringing) == 1
            assert (tmp_path / "jobs.sqlite").exists()
        else:
            assert "huey_task" in inspect(db.engine).get_table_names()
            assert not list(tmp_path.iterdir())


@contextmanager
def listening(app, monkeypatch):
    """A worker in a thread; its signals are none of the suite's."""
    made = []
    monkeypatch.setattr(bell._Consumer, "_set_signal_handlers", lambda _self: None)
    monkeypatch.setattr(bell._Consumer, "start", _noting(bell._Consumer.start, made))
    thread = threading.Thread(target=bell.work, args=(app,))
    thread.start()
    try:
        yield
    finally:
        until(lambda: made)
        made[0].stop(graceful=True)
        thread.join(10)
        jobs.STOPPING.clear()
    assert not thread.is_alive()


def _noting(start, made):
    def noted(self):
        made.append(self)
        start(self)

    return noted


def test_the_worker_does_everything_at_once_and_then_what_is_rung_for(ringing, duties, monkeypatch):
    with listening(ringing, monkeypatch):
        until(lambda: duties == ["first", "last"])
        with ringing.app_context():
            jobs.ring("last")
        until(lambda: duties.count("last") == 2, 5)
    assert duties.count("first") == 1


def test_the_worker_goes_its_round_without_any_queue(ringing, duties, monkeypatch):
    def lost(self):
        raise OSError("the queue is gone")

    monkeypatch.setattr(bell, "EVERY", 0.1)
    monkeypatch.setattr(type(ringing.extensions["bell"]().queue.storage), "dequeue", lost)
    with listening(ringing, monkeypatch):
        until(lambda: duties.count("last") >= 3, 10)


def environment(stage, tmp_path, **more):
    """What a program of its own needs to know."""
    return (
        os.environ
        | {"DATABASE_URL": stage.url, "KIKZ_INSTANCE": str(tmp_path), "SECRET_KEY": "x" * 40}
        | more
    )


def test_the_command_writes_waiting_mails_and_stops_when_told(app, stage, tmp_path):
    number = write(app)
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
    worker = subprocess.Popen(command, cwd=config.ROOT, env=environment(stage, tmp_path))
    until(lambda: states(app)[number] is MailState.SENT)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(30) == 0
    assert len(list((tmp_path / "mails").glob("*.eml"))) == 1


WRONG = {
    "MAIL_SECURITY": ({"MAIL_SECURITY": "ssl"}, "starttls, tls und none"),
    "MAIL_PORT": ({"MAIL_PORT": "smtp"}, "ganze Zahl"),
    "MAIL_PORT too large": ({"MAIL_PORT": "70000"}, "1 bis 65535"),
    "MAIL_TIMEOUT": ({"MAIL_TIMEOUT": "600"}, "1 bis 40"),
    "no MAIL_FROM": ({"MAIL_SERVER": "mail.example.de"}, "MAIL_FROM fehlt"),
    "two senders": ({"MAIL_FROM": "a@b.de, c@d.de"}, "Nötig ist eine Adresse"),
    "a sender with a line": ({"MAIL_FROM": "a@b.de\nBcc: x@y.de"}, "Nötig ist eine Adresse"),
    "half a sign-in": ({"MAIL_USER": "ikz"}, "gehören zusammen"),
    "a password in the open": (
        {"MAIL_SERVER": "mail.example.de", "MAIL_FROM": "a@b.de", "MAIL_SECURITY": "none", "MAIL_USER": "a",
         "MAIL_PASSWORD": "b"}, "unverschlüsselt",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("environ", "words"), WRONG.values(), ids=WRONG)
def test_wrong_settings_stop_the_start_in_german(environ, words):
    with pytest.raises(ConfigError, match=words):
        config.Production({"SECRET_KEY": "x" * 40} | environ)


def test_right_settings_choose_the_usual_port():
    base = {"SECRET_KEY": "x" * 40, "MAIL_SERVER": "mail.example.de", "MAIL_FROM": "IKZ <ikz@example.de>"}
    ports = {
        one: config.Production(base | {"MAIL_SECURITY": one}).MAIL_PORT for one in ("starttls", "tls", "none")
    }
    assert ports == {"starttls": 587, "tls": 465, "none": 25}


@pytest.mark.parametrize("killed", ["worker", "granian"])
def test_when_the_worker_or_the_server_dies_the_other_ends_too(tmp_path, killed):
    port, log = free_port(), tmp_path / "log"
    environ = start_environment(tmp_path, PORT=str(port), WORKERS="1")
    with running(["tools/serve.sh"], port, environ, log) as whole:
        answer(port, timeout=PATIENCE)
        victim = subprocess.run(
            ["pgrep", "-o", "-P", str(whole.pid), "-f", killed], capture_output=True, text=True, check=True
        )
        os.kill(int(victim.stdout), signal.SIGKILL)
        assert whole.wait(timeout=PATIENCE) == 1
        until(lambda: not in_group(whole.pid), 5)
    assert "der andere endet mit ihm" in log.read_text()


def in_group(number):
    """Who still runs in a group of processes."""
    return subprocess.run(["pgrep", "-g", str(number)], capture_output=True, check=False).stdout
