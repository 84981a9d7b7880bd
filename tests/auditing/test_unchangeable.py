"""What was noted stays: the database refuses every change but emptying, and the program offers no other."""

import pytest
import time_machine
from sqlalchemy import event as sa_event
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from werkzeug.routing import Rule

from crm import audit
from crm.audit import AuditEvent, Unchangeable, verifying
from crm.audit.events import AuditSeal, _refuse, digest_of
from crm.db import db, now
from crm.operations.migrating import downgrade, upgrade
from tests.auditing.conftest import INSERT, change, happen, leave_a_gap, stored, without_guards
from tests.operations.conftest import run
from tests.test_migrations import VERSIONS

EMPTIED = "changes = '{}', salt = NULL, redacted_at = '2026-01-01 00:00:00'"
# Every column alone, a piece of emptying, and emptying together with something else.
CHANGES = (
    "UPDATE audit_events SET at = '2020-01-01 00:00:00' WHERE id = {number}",
    "UPDATE audit_events SET user_id = NULL WHERE id = {number}",
    "UPDATE audit_events SET name = 'person.created' WHERE id = {number}",
    "UPDATE audit_events SET record_type = 'users' WHERE id = {number}",
    "UPDATE audit_events SET record_id = record_id + 1 WHERE id = {number}",
    "UPDATE audit_events SET changes = '{{}}' WHERE id = {number}",
    "UPDATE audit_events SET salt = 'x', digest = 'x' WHERE id = {number}",
    "UPDATE audit_events SET id = id + 100000 WHERE id = {number}",
    "UPDATE audit_events SET changes = '{{\"a\": 1}}', salt = NULL, redacted_at = at WHERE id = {number}",
    "UPDATE audit_events SET {emptied}, user_id = NULL WHERE id = {number}",
    "UPDATE audit_events SET {emptied}, digest = 'x' WHERE id = {number}",
    "DELETE FROM audit_events WHERE id = {number}",
    "UPDATE audit_seals SET hash = previous_hash WHERE id = 1",
    "UPDATE audit_seals SET sealed_at = '2020-01-01 00:00:00' WHERE id = 1",
    "DELETE FROM audit_seals WHERE id = 1",
    "INSERT INTO audit_seals SELECT 999, 1, {number}, 1, 'x', 'x', sealed_at FROM audit_seals WHERE id = 1",
)
ONLY = {
    "sqlite": (
        f"INSERT OR REPLACE {INSERT}",
        "UPDATE OR REPLACE audit_events SET id = id + 1 WHERE id = {number}",
    ),
    "postgresql": ("TRUNCATE audit_events", "TRUNCATE audit_seals", "TRUNCATE audit_events, audit_seals"),
}
REFUSED = "audit (events|seals) (cannot be|follow)"


def statements(number):
    listed = (*CHANGES, *ONLY[db.engine.dialect.name])
    return [one.format(number=number, emptied=EMPTIED) for one in listed]


def test_the_database_refuses_every_change(sealed):
    before = stored()
    for statement in statements(sealed[0]):
        with pytest.raises(DBAPIError, match=REFUSED):
            change(statement)
        assert stored() == before, statement


def test_without_the_guards_every_change_would_happen(sealed):
    """The control: it is the triggers that refuse, each of these statements is one that works."""
    without_guards()
    for statement in statements(sealed[0]):
        before = stored()
        db.session.execute(text(statement))
        events = db.session.execute(select(AuditEvent.__table__).order_by(AuditEvent.id)).all()
        assert (events, db.session.execute(select(AuditSeal.__table__)).all()) != before, statement
        db.session.rollback()


def test_no_row_is_added_below_a_seal(sealed):
    leave_a_gap(sealed[-1])
    statement = f"INSERT {INSERT}".format(number=sealed[-1] + 2)
    with pytest.raises(DBAPIError, match="audit events cannot be added below a seal"):
        change(statement)
    without_guards(statement)
    assert db.session.get(AuditEvent, sealed[-1] + 2)


def test_the_program_refuses_before_the_database_is_asked(sealed):
    for kind in (AuditEvent, AuditSeal):
        for spoil in (lambda one: setattr(one, one.__table__.c.keys()[1], now()), db.session.delete):
            spoil(db.session.scalars(select(kind).limit(1)).one())
            with pytest.raises(Unchangeable):
                db.session.flush()
            db.session.rollback()


def test_emptying_is_the_one_change_and_happens_once(sealed):
    one = db.session.get(AuditEvent, sealed[0])
    person, digest = one.record_id, one.digest
    happen(1)
    assert audit.redact("people", [person]) == len(sealed)
    db.session.commit()
    rows = db.session.scalars(select(AuditEvent).where(AuditEvent.id.in_(sealed))).all()
    assert {(repr(row.changes), row.salt) for row in rows} == {("{}", None)}
    assert all(row.redacted_at and row.user_id and row.name == "person.changed" for row in rows)
    assert rows[0].digest == digest
    assert audit.redact("people", [person]) == audit.redact("people", []) == 0
    others = select(func.count()).where(AuditEvent.redacted_at.is_(None), AuditEvent.name == "person.changed")
    assert db.session.scalar(others) == 1


def test_every_way_of_noting_gives_salt_and_digest(context):
    """Through the session, one by one in SQL, and many at once."""
    happen(1)
    same = {
        "name": "person.changed",
        "record_type": "people",
        "changes": {"b": [None, 1.5], "a": ["ß", None]},
    }
    insert = AuditEvent.__table__.insert()
    db.session.execute(insert.values(record_id=1, **same))
    db.session.execute(insert, [{"record_id": one, **same} for one in (2, 3)])
    db.session.commit()
    rows = db.session.scalars(select(AuditEvent)).all()
    assert all(row.digest == digest_of(row.salt, row.changes) for row in rows)
    assert len({row.salt for row in rows}) == len({row.digest for row in rows}) == len(rows) >= 4


def test_without_its_own_refusal_only_the_database_would_refuse(sealed):
    """The control: the listeners off, the program asks the database."""
    for name in ("before_update", "before_delete"):
        for kind in (AuditEvent, AuditSeal):
            sa_event.remove(kind, name, _refuse)
    try:
        with pytest.raises(DBAPIError, match=REFUSED):
            test_the_program_refuses_before_the_database_is_asked(sealed)
    finally:
        db.session.rollback()
        for name in ("before_update", "before_delete"):
            for kind in (AuditEvent, AuditSeal):
                sa_event.listen(kind, name, _refuse)


def writing_rules(rules):
    """Of the addresses of the protocol, those that take anything."""
    return [rule for rule in rules if rule.endpoint.startswith("auditing.") and "POST" in rule.methods]


def test_no_address_changes_or_deletes_an_event(one_app):
    assert writing_rules(one_app.url_map.iter_rules()) == []
    assert writing_rules([Rule("/x", endpoint="auditing.edit", methods=["POST"])]), "the control"


def test_a_backup_brings_events_and_seals_back_with_their_guards(app, sealed, tmp_path, monkeypatch):
    monkeypatch.setenv("KIKZ_INSTANCE", str(tmp_path))
    path, before = tmp_path / "saved.kikz", stored()
    for arguments in (("create", str(path)), ("restore", str(path), "--yes")):
        db.session.remove()
        done = run(app, "backup", *arguments)
        assert done.exit_code == 0, done.output
    events, seals = stored()
    assert (events[: len(before[0])], seals) == before
    for statement in statements(sealed[0]):
        with pytest.raises(DBAPIError, match=REFUSED):
            change(statement)


def test_a_backup_without_guards_would_bring_none_back(app, sealed, tmp_path, monkeypatch):
    """The control: it is the triggers in the backup that refuse."""
    without_guards()
    with pytest.raises(pytest.fail.Exception, match="DID NOT RAISE"):
        test_a_backup_brings_events_and_seals_back_with_their_guards(app, sealed, tmp_path, monkeypatch)


def test_events_from_before_get_their_digests_by_the_migration(app, sealed):
    first = db.session.scalar(select(func.min(AuditEvent.at)))
    numbers = db.session.scalar(select(func.count(AuditEvent.id)))
    position = next(place for place, name in enumerate(VERSIONS) if name.endswith("_audit_seals"))
    db.session.remove()
    db.engine.dispose()
    downgrade(revision=VERSIONS[position - 1])
    upgrade()
    # What waits for its seal for hours is found, too; the first of them may be as old as the suite's run.
    with time_machine.travel(first, tick=False):
        verdict = verifying.verify()
    assert (verdict.events, verdict.sealed, verdict.findings) == (numbers, 0, [])
    for statement in statements(sealed[0])[:12]:
        with pytest.raises(DBAPIError, match=REFUSED):
            change(statement)
