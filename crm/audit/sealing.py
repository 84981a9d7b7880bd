"""Put seals under events, each a hash over its rows and the seal before: a change breaks the chain."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError

from crm import jobs
from crm.audit.events import AuditEvent, AuditSeal, canonical
from crm.db import Turn, db, now, take_turn

AT_ONCE = 500
BEGINNING = "0" * 64
CHAINED = (
    AuditEvent.id, AuditEvent.at, AuditEvent.user_id, AuditEvent.name, AuditEvent.record_type,
    AuditEvent.record_id, AuditEvent.digest,
)  # fmt: skip


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def hash_of(previous: str, rows: Iterable[Any], sealed_at: datetime) -> str:
    """Give the hash of a seal: the one before, every row but for its `changes`, and the moment of sealing."""
    chain = hashlib.sha256(previous.encode("ascii"))
    for one in rows:
        fields = [one.id, _moment(one.at), one.user_id, one.name, one.record_type, one.record_id, one.digest]
        chain.update(canonical(fields) + b"\n")
    chain.update(canonical(_moment(sealed_at)))
    return chain.hexdigest()


def newest() -> AuditSeal | None:
    """Give the last seal."""
    return db.session.scalar(select(AuditSeal).order_by(AuditSeal.id.desc()).limit(1))


def waiting() -> int:
    """Count the events that have no seal yet."""
    last = newest()
    query = select(func.count(AuditEvent.id)).where(AuditEvent.id > (last.last_id if last else 0))
    return db.session.scalar(query) or 0


def settled() -> int | None:
    """Give the last number below which no further row can appear; None while somebody is writing.

    PostgreSQL gives out numbers before a transaction commits, so that a lower one may come later. A writer
    holds a lock that this one does not go with: once it is had, nobody is under way. Nobody is made to wait.
    """
    if db.engine.dialect.name != "sqlite":
        try:
            db.session.execute(text("LOCK TABLE audit_events IN SHARE MODE NOWAIT"))
        except OperationalError:
            db.session.rollback()
            return None
    number = db.session.scalar(select(func.max(AuditEvent.id)))
    db.session.rollback()
    return number or 0


def seal_next(until: int) -> AuditSeal | None:
    """Seal the next rows up to a number, at most 500; None when there are none. The caller commits."""
    # Two workers at once put one seal after the other.
    take_turn(Turn.SEAL)
    last = newest()
    after, previous = (last.last_id, last.hash) if last else (0, BEGINNING)
    query = select(*CHAINED).where(AuditEvent.id > after, AuditEvent.id <= until)
    rows = db.session.execute(query.order_by(AuditEvent.id).limit(AT_ONCE)).all()
    if not rows:
        return None
    moment = now()
    seal = AuditSeal(
        first_id=rows[0].id,
        last_id=rows[-1].id,
        count=len(rows),
        previous_hash=previous,
        hash=hash_of(previous, rows, moment),
        sealed_at=moment,
    )
    db.session.add(seal)
    db.session.flush()
    return seal


@jobs.duty("audit-seal")
def seal_all() -> None:
    """Seal whatever is settled; what is not waits for the next minute."""
    db.session.rollback()
    until = settled()
    while until and not jobs.stopping() and seal_next(until):
        db.session.commit()
    db.session.rollback()
