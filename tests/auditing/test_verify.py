"""`flask audit verify` finds what got past the guards, and says where."""

import json
import threading

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError

from crm import audit
from crm.audit import AuditEvent, sealing, verifying
from crm.audit.events import AuditSeal, digest_of
from crm.db import Turn, db
from tests.auditing.conftest import (
    INSERT,
    change,
    grow_old,
    happen,
    leave_a_gap,
    put_back,
    seal,
    stored,
    without_guards,
)
from tests.operations.conftest import run


def verify(app, *options):
    db.session.remove()
    done = run(app, "audit", "verify", *options)
    return done.exit_code, done.output


def seal_of(number):
    db.session.rollback()
    query = select(AuditSeal.id).where(AuditSeal.first_id <= number, AuditSeal.last_id >= number)
    return db.session.scalar(query)


def test_an_untouched_audit_is_in_order_and_the_newest_hash_is_told(app, sealed):
    code, words = verify(app)
    assert code == 0, words
    assert words.rstrip().endswith("In Ordnung.")
    newest = sealing.newest()
    assert newest.last_id == sealed[-1]
    assert f"Neuester Prüfwert: {newest.hash} (Siegel {newest.id}" in words
    told = json.loads(verify(app, "--json")[1])
    assert told["ok"] is True
    assert told["findings"] == told["unknown"] == []
    assert told["newest"]["hash"] == newest.hash
    assert told["sealed"] == told["events"] == db.session.scalar(select(func.count(AuditEvent.id)))


OTHER_BYTE = "replace(CAST(changes AS TEXT), '\"4\"', '\"5\"')"
# What is done to row {number} or its seal {seal}, and what is said about it.
TAMPERING = {
    "one byte of a value": (
        "UPDATE audit_events SET changes = {other_byte} WHERE id = {number}",
        "Siegel {seal}, Zeile {number}: Werte oder Prüfsumme verändert",
    ),
    "a value and its digest": (
        "UPDATE audit_events SET changes = '{{}}', salt = '', digest = '{of_nothing}' WHERE id = {number}",
        "Siegel {seal}, Zeilen {first} bis {last}: Siegel und Zeilen passen nicht zusammen",
    ),
    "who did it": (
        "UPDATE audit_events SET user_id = NULL WHERE id = {number}",
        "Siegel {seal}, Zeilen {first} bis {last}: Siegel und Zeilen passen nicht zusammen",
    ),
    "when": (
        "UPDATE audit_events SET at = '2020-01-01 00:00:00.000000' WHERE id = {number}",
        "Siegel {seal}, Zeilen {first} bis {last}: Siegel und Zeilen passen nicht zusammen",
    ),
    "a row deleted": (
        "DELETE FROM audit_events WHERE id = {number}",
        "Siegel {seal}, Zeilen {first} bis {last}: Zeilen fehlen",
    ),
    "values that are no longer readable": (
        "UPDATE audit_events SET salt = 'ä' WHERE id = {number}",
        "Siegel {seal}, Zeile",
    ),
    "the hash of a seal": (
        "UPDATE audit_seals SET hash = previous_hash WHERE id = {seal}",
        "Siegel {seal}, Zeilen {first} bis {last}: Siegel und Zeilen passen nicht zusammen",
    ),
    "the moment of a seal": (
        "UPDATE audit_seals SET sealed_at = '2020-01-01 00:00:00.000000' WHERE id = {seal}",
        "Siegel {seal}, Zeilen {first} bis {last}: Siegel und Zeilen passen nicht zusammen",
    ),
    "a seal deleted": (
        "DELETE FROM audit_seals WHERE id = {seal}",
        "Zeile {first}: nachträglich zwischen zwei Siegel gesetzt",
    ),
}


def test_what_got_past_the_guards_is_found(app, sealed):
    mark = db.session.get(AuditSeal, seal_of(sealed[4]))
    places = {"number": sealed[4], "seal": mark.id, "first": mark.first_id, "last": mark.last_id}
    as_json = "" if db.engine.dialect.name == "sqlite" else "::json"
    places |= {"other_byte": OTHER_BYTE + as_json, "of_nothing": digest_of("", {})}
    before = stored()
    without_guards()
    for what, (statement, words) in TAMPERING.items():
        change(statement.format(**places))
        code, told = verify(app)
        assert code == 1, what
        # The first thing that is said is where it begins.
        assert words.format(**places) in told.splitlines()[1], what
        assert told.rstrip().endswith("verändert oder ist lückenhaft."), what
        put_back(before)
    assert verify(app)[0] == 0
    change(TAMPERING["a row deleted"][0].format(**places))
    told = json.loads(verify(app, "--json")[1])
    assert told["ok"] is False
    assert told["findings"] == [
        {"kind": "missing", "seal": places["seal"], "rows": [places["first"], places["last"]]}
    ]


def test_a_row_put_into_a_gap_of_the_past_is_found(app, sealed):
    leave_a_gap(sealed[-1])
    assert verify(app)[0] == 0
    without_guards(f"INSERT {INSERT}".format(number=sealed[-1] + 2))
    code, told = verify(app)
    assert code == 1
    assert f"Zeile {sealed[-1] + 2}: nachträglich" in told


def test_emptying_keeps_the_chain_whole_and_is_counted(app, sealed):
    number = db.session.get(AuditEvent, sealed[0]).record_id
    emptied = audit.redact("people", [number])
    db.session.commit()
    code, told = verify(app)
    assert (code, emptied > 8) == (0, True)
    assert f"geleert: {emptied}." in told
    without_guards(f"UPDATE audit_events SET changes = '{{\"a\": 1}}' WHERE id = {sealed[0]}")  # noqa: S608 a number of ours
    assert f"Zeile {sealed[0]}: Werte" in verify(app)[1]


def test_old_rows_without_a_seal_are_told_until_they_are_sealed(app, sealed):
    happen(1)
    assert verify(app)[0] == 0
    grow_old()
    code, told = verify(app)
    assert code == 1
    assert "älter als eine Stunde und nicht versiegelt" in told
    assert run(app, "audit", "seal").exit_code == 0
    assert verify(app)[0] == 0


def test_a_hash_noted_outside_shows_that_the_end_was_cut_off(app, sealed):
    noted = sealing.newest().hash
    assert verify(app, "--known", noted)[0] == 0
    last = seal_of(sealed[-1])
    without_guards(
        f"DELETE FROM audit_seals WHERE id = {last}",  # noqa: S608 a number of ours
        "DELETE FROM audit_events WHERE id >= (SELECT max(last_id) + 1 FROM audit_seals)",
    )
    assert verify(app)[0] == 0
    code, told = verify(app, "--known", noted)
    assert code == 1
    assert f"{noted} kommt nicht mehr vor" in told


def test_a_row_that_could_still_be_overtaken_is_not_sealed(app, sealed):
    """A number given out before, committed later: the seal waits for it."""
    if db.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    row = "INSERT INTO audit_events (at, name, record_type, record_id, changes, salt, digest) "
    row += "VALUES (now(), 'person.changed', 'people', 1, '{}', 'x', 'x') RETURNING id"
    with db.engine.connect() as slow:
        overtaken = slow.scalar(text(row))
        later = happen(1)[0]
        assert overtaken < later
        assert sealing.settled() is None
        sealing.seal_all()
        assert sealing.newest().last_id == sealed[-1]
        db.session.rollback()
        slow.commit()
    seal()
    assert sealing.newest().last_id >= later
    assert "missing" not in {one.kind for one in verifying.verify().findings}
    # The control: had the later row been sealed at once, the other would have come in below the seal.
    with db.engine.connect() as slow:
        slow.scalar(text(row))
        later = happen(1)[0]
        assert sealing.seal_next(later).last_id == later
        db.session.commit()
        slow.commit()
    assert "inserted" in {one.kind for one in verifying.verify().findings}


def test_who_looks_at_a_quarter_does_not_keep_the_seal_waiting(app, sealed):
    if db.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    last = happen(1)[0]
    with db.engine.connect() as saving:
        saving.execute(select(func.pg_advisory_xact_lock_shared(int(Turn.QUARTER))))
        db.session.execute(text("SET LOCAL lock_timeout = '2s'"))
        assert sealing.seal_next(last).last_id == last
        db.session.rollback()
        # The control: under one and the same number it would wait.
        saving.execute(select(func.pg_advisory_xact_lock_shared(int(Turn.SEAL))))
        db.session.execute(text("SET LOCAL lock_timeout = '100ms'"))
        with pytest.raises(OperationalError):
            sealing.seal_next(last)


def test_two_workers_at_once_make_one_chain(app, sealed):
    happen(30)
    go = threading.Barrier(2)

    def work():
        with app.app_context():
            go.wait()
            sealing.seal_all()
            db.session.remove()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    seal()
    verdict = verifying.verify()
    assert verdict.findings == []
    assert verdict.sealed == verdict.events
