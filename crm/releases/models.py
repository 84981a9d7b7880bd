"""A frozen report. It is written once; neither the program nor the database lets anybody change it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, event
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import User
from crm.db import Model, now


class FrozenReport(Model):
    """A report as it was answered: what it asked, all it said, the records behind every number.

    `sheet` and `lists` are compressed JSON; `digest` is the SHA-256 over all that was stored. `confidential`
    says that confidential talks were counted, `staff` that it is about one colleague.
    """

    __tablename__ = "frozen_reports"
    __table_args__ = (Index("ix_frozen_reports_released_at", "released_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(200))
    purpose: Mapped[str] = mapped_column(String(300))
    note: Mapped[str | None] = mapped_column(Text, info={"personal": True})
    scope: Mapped[dict[str, Any]] = mapped_column(JSON)
    since: Mapped[date]
    until: Mapped[date]
    language: Mapped[str] = mapped_column(String(5))
    confidential: Mapped[bool]
    staff: Mapped[bool]
    released_at: Mapped[datetime] = mapped_column(default=now)
    released_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    released_by_name: Mapped[str] = mapped_column(String(200))
    sheet: Mapped[bytes] = mapped_column(LargeBinary, deferred=True, info={"derived": True})
    lists: Mapped[bytes] = mapped_column(LargeBinary, deferred=True, info={"derived": True})
    digest: Mapped[str] = mapped_column(String(64))

    released_by: Mapped[User | None] = relationship()


class Unchangeable(Exception):
    """Somebody tried to change or delete a frozen report."""


@event.listens_for(FrozenReport, "before_update")
@event.listens_for(FrozenReport, "before_delete")
def _refuse(_mapper: Any, _connection: Any, frozen: FrozenReport) -> None:
    raise Unchangeable(f"frozen report {frozen.id}")
