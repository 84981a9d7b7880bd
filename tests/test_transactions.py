"""A request is one transaction: whatever statement fails, all of it is there afterwards, or nothing."""

import logging
import sqlite3
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import delete, event

from crm.consultations import services
from crm.db import db
from crm.documents.models import Document
from crm.imports.models import ImportJob
from crm.register.models import WaitingFile
from tests.doors import browser_with, cookie_of
from tests.everything import PASSING, addresses, changed, chief, fill, stored
from tests.stages import leave
from tests.states import NOTHING_HALF, SPENT, further, scripted
from tests.writings import Writing, added, writings

FULL = "full"
WRITING = ("INSERT", "UPDATE", "DELETE")


class Broken(Exception):
    """The fault of a test."""


class Faulty:
    """A database that fails after a certain statement; it counts them all."""

    def __init__(self, engine):
        self.engine, self.seen, self.at = engine, [], None

    def __enter__(self):
        event.listen(self.engine, "after_cursor_execute", self._count)
        return self

    def __exit__(self, *_error):
        event.remove(self.engine, "after_cursor_execute", self._count)

    def _count(self, _connection, _cursor, statement, *_rest):
        self.seen.append(statement)
        if len(self.seen) == self.at:
            raise Broken(statement)

    def begin(self, at=None):
        """Count anew; fail after so many statements."""
        self.seen, self.at = [], at

    def writes(self):
        """Give the numbers of those statements that write what is no passing thing."""
        return [
            number
            for number, statement in enumerate(self.seen, 1)
            if statement.startswith(WRITING) and not any(f" {name} " in statement for name in PASSING)
        ]


class House:
    """A filled database that can be put back as it was."""

    def __init__(self, app, stage, engine_name, only=None):
        self.app, self.stage, self.on_sqlite = app, stage, engine_name == "sqlite"
        self.numbers, client = fill(app), chief(app)
        urls = [one.url for one in addresses(app, self.numbers, safe=True) if only in (None, one.endpoint)]
        forms = [] if only else [Writing(*one) for one in scripted(app, self.numbers)]
        urls = urls if only else [*further(app), *urls]
        self.forms = [*writings(app, client, urls, added(app, self.numbers)), *forms]
        self.cookie = cookie_of(client)
        self.seal()
        self.before, self.witness = stored(app), None

    def seal(self):
        """Keep the database as it is now."""
        leave(self.app)
        self.stage.keep(FULL)

    def put_back(self):
        """Make the database what it was."""
        leave(self.app)
        self._forget()
        self.stage.reset(FULL)

    def close(self):
        """Leave nothing behind."""
        self._forget()
        self.stage.forget(FULL)

    def _forget(self):
        if self.witness is not None:
            self.witness.close()
            self.witness = None

    def post(self, writing):
        """Send a form with a browser of its own."""
        client = browser_with(self.app, writing.cookie or self.cookie)
        return client.post(writing.url, writing.sent(), token="csrf_token" not in writing.fields)

    def state(self):
        """Say what differs from the beginning: tables, and rows that came or went."""
        now = stored(self.app)
        tables = changed(self.before, now)
        return tables, {name: len(now[name]) - len(self.before[name]) for name in tables}

    def touched(self):
        """Tell whether anybody has committed anything since the last question; PostgreSQL cannot say."""
        if not self.on_sqlite:
            return True
        if self.witness is None:
            self.witness = sqlite3.connect(self.stage.file)
            self.version = None
        before, self.version = self.version, self.witness.execute("PRAGMA data_version").fetchone()
        return before != self.version


@pytest.fixture
def build(app, stage, engine_name, monkeypatch):
    """Make one of everything; the walk is long, and the session it began with must outlast it."""
    made = []
    for name in ("SESSION_IDLE", "SESSION_ABSOLUTE", "PROOF"):
        monkeypatch.setitem(app.config, name, timedelta(days=1))

    def make(only=None):
        made.append(House(app, stage, engine_name, only))
        return made[0]

    yield make
    for house in made:
        house.close()


@contextmanager
def faulty(app):
    """Watch and break the database of a program."""
    with app.app_context():
        engine = db.engine
    with Faulty(engine) as made:
        yield made


@contextmanager
def quiet():
    """Log nothing: thousands of faults, kept with all they hold, would fill the memory."""
    log = logging.getLogger("kikz")
    log.disabled = True
    try:
        yield
    finally:
        log.disabled = False


def points(writes, number, every):
    """Where to fail: after every statement, or after the last that writes."""
    return range(1, number + 1) if every else writes[-1:]


def partial(house, every):
    """Break every writing; give what was left half, what was saved, and how many faults there were."""
    found, broken, saved = [], 0, set()
    with faulty(house.app) as fault, quiet():
        for writing in house.forms:
            fault.begin()
            done = house.post(writing)
            places, whole = points(fault.writes(), len(fault.seen), every), house.state()
            house.put_back()
            if done.status not in (200, 204, 303) or not whole[0]:
                continue
            saved.add(writing.endpoint)
            house.touched()
            for at in places:
                fault.begin(at)
                house.post(writing)
                fault.begin()
                broken += 1
                if house.touched() and (state := house.state()) != ([], {}):
                    spent = writing.endpoint in SPENT[0] and state == SPENT[1]
                    found += [] if state == whole or spent else [(writing.endpoint, at, state)]
                    house.put_back()
            # Attempts to guess a password pass for nothing stored, and would make the next form wait.
            house.put_back()
            assert browser_with(house.app, house.cookie).get("/konto").status == 200, writing
    return found, saved, broken


def test_a_fault_after_a_writing_statement_leaves_nothing_half(build, engine_name):
    if engine_name != "sqlite":
        pytest.skip("make stress breaks every statement of every form, on PostgreSQL, too")
    house = build()
    unknown = to_be_broken(house) - {one.endpoint for one in house.forms}
    assert not unknown, "say in tests/states.py how to come to it"
    house.forms = house.forms[::3]
    found, saved, _broken = partial(house, every=False)
    assert found == []
    assert saved == {one.endpoint for one in house.forms} & to_be_broken(house)


@pytest.mark.stress
def test_a_fault_after_any_statement_leaves_nothing_half(build, promise):
    house = build()
    found, saved, broken = partial(house, every=True)
    promise(
        "Eine Anfrage wird ganz gespeichert oder gar nicht",
        f"{len(saved)} schreibende Adressen, {broken} Abbrüche, {len(found)} halbe Stände",
        "tests/test_transactions.py::test_without_one_transaction_something_half_stays",
    )
    assert found == []
    assert saved == to_be_broken(house)


def test_an_erasure_leaves_nothing_half(build):
    house = build("privacy.erase")
    with house.app.app_context():
        # Nobody is erased while files wait that may name the person.
        for waiting in (ImportJob, WaitingFile, Document):
            db.session.execute(delete(waiting))
        db.session.commit()
    house.seal()
    house.before = stored(house.app)
    found, saved, broken = partial(house, every=True)
    assert found == []
    assert saved == {"privacy.erase"}
    assert broken > 20


def to_be_broken(house):
    """Name every writing endpoint but those of which a reason says that nothing can be left half."""
    every = {one.endpoint for one in addresses(house.app, house.numbers, safe=False)}
    for reason, names in NOTHING_HALF.items():
        assert names <= every, f"{reason}: {names - every} is no writing address"
        every -= names
    return every


@pytest.mark.control
def test_without_one_transaction_something_half_stays(build, monkeypatch):
    """The control: a view that commits in between is found."""
    house = build("consultations.log")
    plan = services._plan_follow_ups

    def commit_first(*arguments, **more):
        db.session.commit()
        return plan(*arguments, **more)

    monkeypatch.setattr(services, "_plan_follow_ups", commit_first)
    house.forms[0].fields |= {"follow_up_text": ["Anrufen"], "follow_up_on": ["1.12.2090"]}
    found, saved, _broken = partial(house, every=True)
    assert saved == {"consultations.log"}
    assert {one[0] for one in found} == {"consultations.log"}


def test_the_next_page_works_after_a_fault(app, anna):
    with faulty(app) as fault:
        fault.begin(2)
        assert anna.browser.get("/beratungen").status_code == 500
        fault.begin()
        assert anna.get("/beratungen").status == 200
