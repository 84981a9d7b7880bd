"""A quarter that was closed, and every correction that was made in it afterwards."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import User
from crm.db import Model, Record, now


class Span(NamedTuple):
    """A quarter of a year: 2026 and 1 to 4."""

    year: int
    number: int

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return self.next.first - timedelta(days=1)

    @property
    def next(self) -> "Span":
        """The quarter after it."""
        return Span(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def name(self) -> str:
        """Name it: 3rd quarter 2026."""
        return _("Quarter %(number)s of %(year)s", number=self.number, year=self.year)


def span_of(day: date) -> Span:
    """The quarter a day lies in."""
    return Span(day.year, (day.month + 2) // 3)


class Quarter(Record):
    """A quarter that was closed at least once; `closed_at` is empty while it is open again."""

    __tablename__ = "quarters"
    __table_args__ = (
        UniqueConstraint("year", "number"),
        CheckConstraint("number >= 1 AND number <= 4", name="number"),
    )

    year: Mapped[int]
    number: Mapped[int]
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    reopened_at: Mapped[datetime | None]
    reopened_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    reopened_because: Mapped[str | None] = mapped_column(String(500), info={"personal": True})

    closed_by: Mapped[User | None] = relationship(foreign_keys=[closed_by_id])
    reopened_by: Mapped[User | None] = relationship(foreign_keys=[reopened_by_id])

    @property
    def span(self) -> Span:
        """Which quarter it is."""
        return Span(self.year, self.number)

    @property
    def is_closed(self) -> bool:
        """Tell whether it is closed now."""
        return self.closed_at is not None


class Correction(Model):
    """A change of what was counted in a closed quarter, with its reason."""

    __tablename__ = "corrections"
    __table_args__ = (
        CheckConstraint("(consultation_id IS NULL) <> (event_id IS NULL)", name="of_one"),
        Index("ix_corrections_quarter", "year", "number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    number: Mapped[int]
    consultation_id: Mapped[int | None] = mapped_column(ForeignKey("consultations.id"), index=True)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("events.id"), index=True)
    reason: Mapped[str] = mapped_column(String(500), info={"personal": True})
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    by: Mapped[User | None] = relationship()

    @property
    def span(self) -> Span:
        """The quarter it concerns."""
        return Span(self.year, self.number)
