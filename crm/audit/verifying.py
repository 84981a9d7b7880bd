"""Look through events and seals: was anything changed, taken out, put in between, or never sealed?"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import Text, cast, func, select

from crm.audit.events import AuditEvent, AuditSeal, digest_of
from crm.audit.sealing import AT_ONCE, BEGINNING, CHAINED, hash_of
from crm.db import db, now

# The worker seals every minute; what is older and has no seal was kept from it.
OLD = timedelta(hours=1)
# As text: what somebody broke must not keep the others from being looked at.
CHANGES = cast(AuditEvent.changes, Text).label("changes")
COLUMNS = (*CHAINED, CHANGES, AuditEvent.salt, AuditEvent.redacted_at)


@dataclass(frozen=True)
class Finding:
    """Something is wrong: what, with which seal (if any), from which to which row."""

    kind: str
    seal: int | None
    first: int
    last: int


@dataclass
class Verdict:
    """What was looked at and what was found, in the order of the rows."""

    events: int = 0
    sealed: int = 0
    redacted: int = 0
    seals: int = 0
    newest: AuditSeal | None = None
    findings: list[Finding] = field(default_factory=list)
    hashes: set[str] = field(default_factory=set)


def verify() -> Verdict:
    """Check digests, chain, numbers of rows and what is not sealed, on one picture of the database."""
    db.session.rollback()
    options = (
        {"write": False} if db.engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
    )
    db.session.connection(execution_options=options)
    verdict, previous, after = Verdict(), BEGINNING, 0
    for seal in _seals():
        _check_between(verdict, after, seal.first_id)
        _check_seal(verdict, seal, previous)
        previous, after = seal.hash, max(after, seal.last_id)
        verdict.newest = seal
    _check_unsealed(verdict, after)
    return verdict


def _seals() -> Iterator[AuditSeal]:
    """All seals in their order, some at a time."""
    last = 0
    while found := list(
        db.session.scalars(select(AuditSeal).where(AuditSeal.id > last).order_by(AuditSeal.id).limit(AT_ONCE))
    ):
        yield from found
        last = found[-1].id


def _rows(first: int, last: int | None = None) -> Iterator[Any]:
    """The rows from a number on, up to another if given, some at a time."""
    while True:
        query = select(*COLUMNS).where(AuditEvent.id >= first).order_by(AuditEvent.id).limit(AT_ONCE)
        found = db.session.execute(query if last is None else query.where(AuditEvent.id <= last)).all()
        yield from found
        if len(found) < AT_ONCE:
            return
        first = found[-1].id + 1


def _check_between(verdict: Verdict, after: int, first: int) -> None:
    """No row may lie between two seals: it was put there afterwards."""
    for row in _rows(after + 1, first - 1):
        _look(verdict, None, row)
        verdict.findings.append(Finding("inserted", None, row.id, row.id))


def _check_seal(verdict: Verdict, seal: AuditSeal, previous: str) -> None:
    span = (seal.id, seal.first_id, seal.last_id)
    verdict.seals += 1
    verdict.hashes.add(seal.hash)
    if seal.previous_hash != previous:
        verdict.findings.append(Finding("chain", *span))
    try:
        _check_rows(verdict, seal, list(_rows(seal.first_id, seal.last_id)))
    except (TypeError, ValueError):
        verdict.findings.append(Finding("unreadable", *span))


def _check_rows(verdict: Verdict, seal: AuditSeal, rows: list[Any]) -> None:
    span = (seal.id, seal.first_id, seal.last_id)
    good = [_look(verdict, seal, row) for row in rows]
    verdict.sealed += len(rows)
    if len(rows) != seal.count:
        verdict.findings.append(Finding("missing" if len(rows) < seal.count else "added", *span))
    elif all(good) and hash_of(seal.previous_hash, rows, seal.sealed_at) != seal.hash:
        verdict.findings.append(Finding("seal", *span))


def _look(verdict: Verdict, seal: AuditSeal | None, row: Any) -> bool:
    """Count a row and tell whether its digest fits what it says changed."""
    verdict.events += 1
    verdict.redacted += row.redacted_at is not None
    good = _fits(row)
    if not good:
        verdict.findings.append(Finding("row", seal.id if seal else None, row.id, row.id))
    return good


def _fits(row: Any) -> bool:
    if row.redacted_at:
        return row.salt is None and row.changes == "{}"
    try:
        return bool(row.digest == digest_of(row.salt or "", json.loads(row.changes)))
    except ValueError:
        return False


def _check_unsealed(verdict: Verdict, after: int) -> None:
    for row in _rows(after + 1):
        _look(verdict, None, row)
    old = (AuditEvent.id > after) & (AuditEvent.at < now() - OLD)
    first, last = db.session.execute(
        select(func.min(AuditEvent.id), func.max(AuditEvent.id)).where(old)
    ).one()
    if first:
        verdict.findings.append(Finding("unsealed", None, first, last))
