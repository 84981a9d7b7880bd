"""Events to seal, and the ways past the guards of the database."""

import io
import json
import logging
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, select, text

from crm import audit
from crm.audit import AuditEvent, sealing
from crm.audit.events import AuditSeal
from crm.db import db, now
from crm.logs import JsonLines
from tests import factories

OFF = {
    "sqlite": [
        "DROP TRIGGER audit_events_no_update", "DROP TRIGGER audit_events_no_delete",
        "DROP TRIGGER audit_events_no_replace", "DROP TRIGGER audit_events_no_past",
        "DROP TRIGGER audit_seals_no_update", "DROP TRIGGER audit_seals_no_delete",
        "DROP TRIGGER audit_seals_no_replace",
    ],
    "postgresql": [
        "ALTER TABLE audit_events DISABLE TRIGGER USER", "ALTER TABLE audit_seals DISABLE TRIGGER USER",
    ],
}  # fmt: skip

INSERT = (
    "INTO audit_events (id, at, name, record_type, record_id, changes, salt, digest) "
    "VALUES ({number}, '2020-01-01 00:00:00', 'person.changed', 'people', 1, '{{}}', 'x', 'x')"
)


class Lines(list):
    """The lines written so far, parsed; the raw text beside."""

    def __init__(self):
        super().__init__()
        self.stream = io.StringIO()
        self.handler = logging.StreamHandler(self.stream)
        self.handler.setFormatter(JsonLines())

    def new(self):
        """Read what came since, by event."""
        raw = self.stream.getvalue()
        self.stream.seek(0)
        self.stream.truncate()
        found = [json.loads(line) for line in raw.splitlines()]
        self.raw = raw
        self += found
        return found

    def only(self):
        """Read what came since, which is one line."""
        found = self.new()
        assert len(found) == 1, found
        return found[0]


@contextmanager
def listening(name):
    """Hear what is logged meanwhile."""
    made = Lines()
    logging.getLogger(name).addHandler(made.handler)
    try:
        yield made
    finally:
        logging.getLogger(name).removeHandler(made.handler)


@pytest.fixture
def lines(app):
    """The lines of the security log."""
    with listening("kikz.security") as made:
        yield made


def change(*statements):
    """Run statements past the program and commit."""
    db.session.rollback()
    for statement in statements:
        db.session.execute(text(statement))
    db.session.commit()


def without_guards(*statements):
    """Do what only somebody can do who owns the database."""
    change(*OFF[db.engine.dialect.name], *statements)


def happen(number, name="person.changed", **more):
    """Leave some events of one person; give their numbers."""
    person, anna = factories.person("Notiz", "Nele"), factories.member("anna")
    events = [audit.record(name, person, anna, place=[str(one), "Ä"], **more) for one in range(number)]
    db.session.commit()
    return [one.id for one in events]


def seal():
    """Seal all there is; PostgreSQL itself may hold the table for a moment to tidy it."""
    db.session.rollback()
    while sealing.waiting():
        sealing.seal_all()


@pytest.fixture
def sealed(context, monkeypatch):
    """Nine events under three seals: the numbers of the events."""
    monkeypatch.setattr(sealing, "AT_ONCE", 3)
    seal()
    numbers = happen(9)
    seal()
    return numbers


def grow_old():
    """Store an event as if it had happened two hours ago, and nobody sealed it."""
    person = factories.person("Alt", "Anton")
    db.session.add(
        AuditEvent(
            name="person.changed", record_type="people", record_id=person.id, at=now() - timedelta(hours=2)
        )
    )
    db.session.commit()


def leave_a_gap(last):
    """Seal an event that does not bear the next number, as there is one after a transaction that failed."""
    person = factories.person("Lücke", "Lea")
    event = AuditEvent(id=last + 5, name="person.changed", record_type="people", record_id=person.id)
    db.session.add(event)
    db.session.commit()
    seal()


def stored():
    """All events and seals as they stand."""
    db.session.rollback()
    events = select(AuditEvent.__table__).order_by(AuditEvent.id)
    return db.session.execute(events).all(), db.session.execute(select(AuditSeal.__table__)).all()


def put_back(before):
    """Undo what was done without guards."""
    db.session.rollback()
    for kind, rows in zip((AuditEvent, AuditSeal), before, strict=True):
        db.session.execute(delete(kind.__table__))
        db.session.execute(insert(kind.__table__), [row._asdict() for row in rows])
    db.session.commit()
