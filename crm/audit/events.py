"""One event a row, written once; every so many rows a seal that leads back to the first."""

import hashlib
import json
import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column

from crm.audit.names import EVENTS
from crm.db import Model, now


def canonical(value: Any) -> bytes:
    """Write a value in the one spelling that is hashed, the same before and after it was stored."""
    stored = json.loads(json.dumps(value))
    return json.dumps(stored, sort_keys=True, separators=(",", ":")).encode("ascii")


def digest_of(salt: str, changes: dict[str, Any]) -> str:
    """Give the SHA-256 of what changed; the salt keeps anybody from trying values until one fits."""
    return hashlib.sha256(salt.encode("ascii") + canonical(changes)).hexdigest()


def _salt() -> str:
    return secrets.token_hex(16)


def _digest(context: Any) -> str:
    row = context.get_current_parameters()
    return digest_of(row["salt"], row["changes"])


class AuditEvent(Model):
    """One thing that happened to one record.

    `digest` stands for `changes` in the chain of seals and stays when they are emptied at `redacted_at`.
    """

    __tablename__ = "audit_events"
    __table_args__ = (
        Index("ix_audit_events_record", "record_type", "record_id"),
        CheckConstraint("(salt IS NULL) = (redacted_at IS NOT NULL)", name="salted_until_redacted"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    name: Mapped[str] = mapped_column(String(40))
    record_type: Mapped[str] = mapped_column(String(40))
    record_id: Mapped[int]
    changes: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    # After `changes` and in this order: each is made of the ones before.
    salt: Mapped[str | None] = mapped_column(String(32), default=_salt)
    digest: Mapped[str] = mapped_column(String(64), default=_digest)
    redacted_at: Mapped[datetime | None]

    @property
    def label(self) -> Any:
        """Say in words what happened."""
        return EVENTS[self.name]


class AuditSeal(Model):
    """A mark under the events from `first_id` to `last_id`; its hash contains that of the seal before."""

    __tablename__ = "audit_seals"
    __table_args__ = (
        UniqueConstraint("last_id"),
        UniqueConstraint("previous_hash"),
        CheckConstraint("count > 0 AND first_id <= last_id", name="not_empty"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    first_id: Mapped[int]
    last_id: Mapped[int]
    count: Mapped[int]
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
    sealed_at: Mapped[datetime]


class Unchangeable(Exception):
    """Somebody tried to change or delete what was noted."""


@event.listens_for(AuditEvent, "before_update")
@event.listens_for(AuditEvent, "before_delete")
@event.listens_for(AuditSeal, "before_update")
@event.listens_for(AuditSeal, "before_delete")
def _refuse(_mapper: Any, _connection: Any, noted: Any) -> None:
    raise Unchangeable(f"{noted.__tablename__} {noted.id}")
