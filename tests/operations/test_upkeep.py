"""The log of SQLite does not grow for ever beside long readers; duties are done once, whoever does them."""

import sqlite3
from contextlib import closing
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import func, select, update

from crm import jobs
from crm.accounts.models import User
from crm.db import BERLIN, db
from crm.home import morning
from crm.mail.models import MailKind, MailServer, OutgoingMail
from crm.operations import upkeep
from tests import factories
from tests.crowds import all_at_once
from tests.everything import changed, stored

MEGABYTE = 1_000_000


def grow(app, writes, size):
    """Write so often while somebody reads all the time; give the file of the log."""
    with app.app_context():
        file = str(db.engine.url.database)
        with closing(sqlite3.connect(file, isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM users").fetchone()
            for number in range(writes):
                with db.engine.begin() as connection:
                    row = {"note": chr(97 + number % 26) * size}
                    connection.exec_driver_sql("UPDATE users SET name = :note WHERE id = 1", row)
    return Path(f"{file}-wal")


def write_once(app, name="x"):
    """One more saving after the reader has gone."""
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(update(User).where(User.id == 1).values(name=name))


@pytest.fixture
def on_sqlite(app, engine_name):
    """The program over SQLite."""
    if engine_name != "sqlite":
        pytest.skip("PostgreSQL keeps its own log")
    return app


def test_the_log_is_cut_when_the_reader_has_gone(on_sqlite):
    log = grow(on_sqlite, 300, 50_000)
    assert log.stat().st_size > upkeep.LARGE
    with on_sqlite.app_context():
        jobs.run("checkpoint")
    assert log.stat().st_size < MEGABYTE


@pytest.mark.control
def test_without_the_duty_the_log_stays_as_large_as_it_was(on_sqlite, monkeypatch):
    log = grow(on_sqlite, 300, 50_000)
    # The second writing begins the log anew; then SQLite cuts it to what the settings allow, no further.
    for _turn in range(2):
        write_once(on_sqlite)
    assert log.stat().st_size >= MEGABYTE


def test_a_reader_in_between_is_not_disturbed(on_sqlite):
    log = grow(on_sqlite, 300, 50_000)
    write_once(on_sqlite, "vorher")
    with closing(sqlite3.connect(str(log).removesuffix("-wal"), isolation_level=None)) as reader:
        reader.execute("BEGIN")
        assert reader.execute(NAME).fetchone() == ("vorher",)
        write_once(on_sqlite, "nachher")
        with on_sqlite.app_context(), pytest.raises(jobs.NotDone):
            jobs.run("checkpoint")
        assert reader.execute(NAME).fetchone() == ("vorher",), "it reads on as it began"
        reader.execute("COMMIT")
        assert reader.execute(NAME).fetchone() == ("nachher",)
    with on_sqlite.app_context():
        jobs.run("checkpoint")
    assert log.stat().st_size < MEGABYTE


NAME = "SELECT name FROM users WHERE id = 1"


@pytest.mark.stress
def test_ten_thousand_writings_beside_a_long_reader(on_sqlite, promise):
    log = grow(on_sqlite, 10_000, 2000)
    large = log.stat().st_size
    for _turn in range(2):
        write_once(on_sqlite)
    with on_sqlite.app_context():
        jobs.run("checkpoint")
    figure = f"{large / MEGABYTE:.0f} MB beim Lesen, danach {log.stat().st_size / MEGABYTE:.1f} MB"
    promise("Das Protokoll von SQLite wächst nicht für immer", figure, GROWS)
    assert log.stat().st_size < MEGABYTE


GROWS = "tests/operations/test_upkeep.py::test_without_the_duty_the_log_stays_as_large_as_it_was"
# Seven on a Wednesday.
MORNING = datetime.combine(date(2026, 11, 25), datetime.min.time(), BERLIN) + timedelta(hours=7)


def do_all(app):
    """What a worker does once a minute."""
    with app.app_context():
        jobs.run_all()
        db.session.remove()


def mornings(app):
    """How many morning mails each person got on which day."""
    with app.app_context():
        query = select(OutgoingMail.user_id, func.count()).where(OutgoingMail.kind == MailKind.MORNING)
        return dict(db.session.execute(query.group_by(OutgoingMail.user_id)).all())


@pytest.fixture
def due(app, monkeypatch):
    """Something due for everybody in the morning; the mail itself stays in the outbox."""
    monkeypatch.setattr(jobs, "DUTIES", {name: work for name, work in jobs.DUTIES.items() if name != "mail"})
    with app.app_context(), time_machine.travel(MORNING - timedelta(days=1)):
        for user in db.session.scalars(select(User).order_by(User.id)):
            user.morning_mail = True
        factories.follow_up("Anrufen", in_days=1)
        db.session.commit()
    return app


def test_two_workers_at_once_do_each_thing_once(due):
    with time_machine.travel(MORNING, tick=True):
        all_at_once(*(partial(do_all, due) for _turn in range(3)))
    found = mornings(due)
    assert found
    assert set(found.values()) == {1}


# When something was last looked at; a run of the periods in which nothing goes is noted in place of the last.
PROTOCOLS = ("job_runs", "mail_server", "retention_runs")


def test_a_clock_set_back_does_nothing_twice(due):
    with time_machine.travel(MORNING, tick=True):
        do_all(due)
    before = stored(due)
    with time_machine.travel(MORNING - timedelta(hours=1), tick=True):
        do_all(due)
    assert [one for one in changed(before, stored(due)) if one not in PROTOCOLS] == []
    with time_machine.travel(MORNING + timedelta(minutes=5), tick=True):
        do_all(due)
    assert set(mornings(due).values()) == {1}


def test_after_three_days_without_a_worker_the_morning_comes_once_and_no_old_one(due):
    with time_machine.travel(MORNING + timedelta(days=5), tick=True):
        do_all(due)
        do_all(due)
    assert set(mornings(due).values()) == {1}


@pytest.mark.control
def test_without_its_mark_a_morning_would_come_twice(due, monkeypatch):
    """The control: what keeps a second mail back is the mark of its cause, and the day that is noted."""
    post = morning.post
    monkeypatch.setattr(morning, "post", lambda *given, **more: post(*given, **(more | {"once_key": None})))
    for _turn in range(2):
        with time_machine.travel(MORNING, tick=True):
            forget_the_day(due)
            do_all(due)
    assert set(mornings(due).values()) == {2}


def forget_the_day(app):
    """As if the morning had not been done."""
    with app.app_context():
        for row in db.session.scalars(select(MailServer)):
            row.morning_on = None
        db.session.commit()
