"""A sender killed at any moment loses nobody and sends nobody a second mail but the one it had in hand."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from config import ROOT
from crm import jobs
from crm.db import db, now
from crm.mail import sending
from crm.mail.letters import parcel_of
from crm.mail.models import MailState, OutgoingMail
from tests.mail.outbox import mailed_by, states, write_many
from tests.test_kills import in_child

SHORT, FULL = (60, 5, 2), (500, 50, 20)


@contextmanager
def server(tmp_path, delay=0.0):
    """A mail server in a process of its own; gives its port and the file it writes into."""
    file = tmp_path / "taken.jsonl"
    file.touch()
    command = [sys.executable, "-m", "tests.mail.postoffice", str(file), str(delay)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        yield int(process.stdout.readline()), file
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def taken(file):
    """What the server took: how often each address got which mails."""
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert all(len(row["to"]) == 1 for row in rows)
    return Counter((row["to"][0], row["id"]) for row in rows)


def send(app):
    """What the worker does."""
    with app.app_context():
        jobs.run("mail")


def die_before_the_commit(app):
    """The server has said that it has the mail, and the commit never comes."""

    def die(_parcel, **_values):
        os.kill(os.getpid(), signal.SIGKILL)

    sending.settle = die
    send(app)


def ended(child):
    """Wait for a child; give what it ended with."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def kill_at_work(app, file, seconds):
    """Let a sender send something and so much longer; tell whether the kill came before its end."""
    before, child = file.stat().st_size, in_child(app, send)
    until(lambda: file.stat().st_size > before or is_over(child))
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    return ended(child) == -signal.SIGKILL


def is_over(child):
    """Tell whether a child has ended; it stays to be asked with what."""
    return os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def mail_through_kills(app, tmp_path, recipients, at_random, exact, monkeypatch):
    """Send to many through kills; give what the server took and how many kills hit a sender at work."""
    monkeypatch.setattr(sending, "LEASE", timedelta(0))
    # Without a lease the same mail comes next after every kill; it is not to be given up for that.
    monkeypatch.setattr(sending, "GAPS", [timedelta(0)] * 1000)
    write_many(app, recipients)
    dice, hits = random.Random(4711), 0
    with server(tmp_path, 0.002) as (port, file), mailed_by(app, port):
        every = at_random // exact
        for number in range(at_random):
            if number % every == 0 and number < every * exact:
                assert ended(in_child(app, die_before_the_commit)) == -signal.SIGKILL
            hits += kill_at_work(app, file, dice.random() * recipients / (at_random + exact) * 0.015)
        assert ended(in_child(app, send)) == 0
        return taken(file), hits


def check(found, recipients, exact, kills):
    """Everybody got it; second mails only by kills in between, one each, under the same mark."""
    assert len({address for address, _mark in found}) == recipients, "somebody was lost"
    assert len(found) == recipients, "a second mail under another mark"
    doubled = [number - 1 for number in found.values() if number > 1]
    assert exact <= sum(doubled) <= exact + kills
    assert max(doubled, default=0) <= exact + 1


def test_a_few_kills_lose_nobody(app, tmp_path, monkeypatch):
    recipients, at_random, exact = SHORT
    found, hits = mail_through_kills(app, tmp_path, recipients, at_random, exact, monkeypatch)
    check(found, recipients, exact, hits)
    assert set(states(app).values()) == {MailState.SENT}


LOSES = "tests/mail/test_kills.py::test_control_noting_before_sending_loses_the_one_in_hand"
TWICE = "tests/mail/test_kills.py::test_control_a_claim_not_committed_sends_twice"


@pytest.mark.stress
def test_seventy_kills_lose_nobody_of_five_hundred(app, tmp_path, monkeypatch, promise):
    recipients, at_random, exact = FULL
    found, hits = mail_through_kills(app, tmp_path, recipients, at_random, exact, monkeypatch)
    doubled = sum(number - 1 for number in found.values())
    figure = (
        f"{recipients} Empfänger, {hits + exact} Abbrüche ({exact} vor dem Commit), {doubled} zweite Mails"
    )
    promise("Der Versand verliert niemanden", figure, LOSES)
    check(found, recipients, exact, hits)
    assert set(states(app).values()) == {MailState.SENT}


def note_as_sent_first():
    """A claim that takes the mail for sent before it is."""
    mail = db.session.scalar(sending._due())
    if mail is None:
        return None
    mail.state, mail.sent_at = MailState.SENT, now()
    parcel = parcel_of(mail)
    db.session.commit()
    return parcel


@pytest.mark.control
def test_control_noting_before_sending_loses_the_one_in_hand(app, tmp_path, monkeypatch):
    write_many(app, 5)

    def die(*_args):
        os.kill(os.getpid(), signal.SIGKILL)

    def die_in_hand(app):
        sending._send = die
        send(app)

    monkeypatch.setattr(sending, "claim", note_as_sent_first)
    with server(tmp_path) as (port, file), mailed_by(app, port):
        ended(in_child(app, die_in_hand))
        ended(in_child(app, send))
        with pytest.raises(AssertionError, match="somebody was lost"):
            check(taken(file), 5, 0, 1)


def in_parallel(app, tmp_path, recipients, senders=2):
    """Let several send at once; give what the server took."""
    write_many(app, recipients)
    with server(tmp_path, 0.005) as (port, file), mailed_by(app, port):
        children = [in_child(app, send) for _ in range(senders)]
        assert [ended(child) for child in children] == [0] * senders
        return taken(file)


def test_two_senders_at_once_send_each_mail_once(app, tmp_path):
    found = in_parallel(app, tmp_path, 60)
    check(found, 60, 0, 0)


@pytest.mark.stress
def test_four_senders_at_once_send_five_hundred_mails_once(app, tmp_path, promise):
    found = in_parallel(app, tmp_path, 500, 4)
    promise("Mehrere Versender: jede Mail einmal", f"500 Mails, {sum(found.values())} Zustellungen", TWICE)
    check(found, 500, 0, 0)


def claim_without_committing():
    """A claim that nobody else sees before the mail has gone."""
    with db.engine.connect().execution_options(write=False) as connection:
        found = connection.execute(sending._due().with_only_columns(OutgoingMail.id)).scalar()
    if found is None:
        return None
    mail = db.session.get(OutgoingMail, found)
    parcel = parcel_of(mail)
    db.session.rollback()
    return parcel


def settle_what_nobody_claimed(parcel, **values):
    """Note a mail as sent whoever holds it."""
    db.session.execute(update(OutgoingMail).where(OutgoingMail.id == parcel.id).values(**values))
    db.session.commit()


@pytest.mark.control
def test_control_a_claim_not_committed_sends_twice(app, tmp_path, monkeypatch):
    monkeypatch.setattr(sending, "claim", claim_without_committing)
    monkeypatch.setattr(sending, "settle", settle_what_nobody_claimed)
    found = in_parallel(app, tmp_path, 60)
    with pytest.raises(AssertionError):
        check(found, 60, 0, 0)


@pytest.mark.control
def test_control_a_new_mark_at_each_sending_would_be_seen(app, tmp_path, monkeypatch):
    monkeypatch.setattr(sending, "LEASE", timedelta(0))
    write_many(app, 1)
    with server(tmp_path) as (port, file), mailed_by(app, port):
        ended(in_child(app, die_before_the_commit))
        with app.app_context():
            db.session.execute(update(OutgoingMail).values(message_id="<anders@localhost>"))
            db.session.commit()
            db.session.remove()
            db.engine.dispose()
        ended(in_child(app, send))
        with pytest.raises(AssertionError, match="under another mark"):
            check(taken(file), 1, 1, 0)


def worker(app, stage, tmp_path, port):
    """The worker itself, as a program."""
    environ = os.environ | {
        "DATABASE_URL": stage.url, "KIKZ_INSTANCE": str(tmp_path), "SECRET_KEY": app.config["SECRET_KEY"],
        "MAIL_SERVER": "127.0.0.1", "MAIL_PORT": str(port), "MAIL_SECURITY": "none", "MAIL_FROM": "a@b.test",
    }  # fmt: skip
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
    return subprocess.Popen(command, cwd=ROOT, env=environ)


def until(question, seconds=30):
    """Wait for something."""
    end = time.monotonic() + seconds
    while not question():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.05)


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_the_worker_ends_after_the_mail_in_hand_and_goes_on_when_started_again(app, stage, tmp_path, stop):
    write_many(app, 30)
    with server(tmp_path, 0.1) as (port, file):
        first = worker(app, stage, tmp_path, port)
        until(lambda: len(taken(file)) >= 3)
        begin = time.monotonic()
        first.send_signal(stop)
        assert first.wait(30) == 0
        assert time.monotonic() - begin < 5
        assert 3 <= sum(taken(file).values()) < 30
        assert MailState.SENDING not in states(app).values()
        second = worker(app, stage, tmp_path, port)
        until(lambda: len(taken(file)) == 30)
        second.send_signal(stop)
        assert second.wait(30) == 0
        check(taken(file), 30, 0, 0)
    with app.app_context():
        left = select(OutgoingMail.id).where(OutgoingMail.state != MailState.SENT)
        assert db.session.scalars(left).all() == []
