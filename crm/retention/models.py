"""What somebody set about a rule, and the protocol of what went."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from crm.db import Model, Record, now


class RetentionSetting(Record):
    """What differs from the table of rules: another period, or a stop with its reason."""

    __tablename__ = "retention_settings"

    key: Mapped[str] = mapped_column(String(40), unique=True)
    period: Mapped[int | None]
    stopped_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(String(500))

    @property
    def is_stopped(self) -> bool:
        """Tell whether the rule does nothing for the time being."""
        return self.stopped_at is not None


class RetentionRun(Model):
    """One run: the day it counted from, and how many records went by rule. Never who or what they were."""

    __tablename__ = "retention_runs"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now, index=True)
    day: Mapped[date]
    records: Mapped[int] = mapped_column(default=0)
    counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
