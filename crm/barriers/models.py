"""What people report about barriers in this program, and what they were answered."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import User
from crm.db import Record, today


class BarrierReport(Record):
    """One report. Name, address and both texts are the sender's and go a year after the answer.

    `form_key` is the hash of the mark of the opened form, `address_key` the comparable form of the address.
    """

    __tablename__ = "barrier_reports"
    __table_args__ = (
        CheckConstraint("(answered_on IS NULL) = (answer IS NULL)", name="answered"),
        CheckConstraint("answered_on >= received_on", name="order"),
        CheckConstraint("due_on > received_on", name="due"),
        Index("ix_barrier_reports_open", "answered_on", "due_on"),
        Index("ix_barrier_reports_of_address", "address_key", "created_at"),
    )

    received_on: Mapped[date]
    due_on: Mapped[date]
    location: Mapped[str | None] = mapped_column(String(300), info={"personal": True})
    text: Mapped[str] = mapped_column(Text, info={"personal": True})
    sender_name: Mapped[str | None] = mapped_column(String(200), info={"personal": True})
    sender_email: Mapped[str | None] = mapped_column(String(254), info={"personal": True})
    address_key: Mapped[str | None] = mapped_column(String(254), info={"personal": True})
    form_key: Mapped[str] = mapped_column(String(64), unique=True)
    answered_on: Mapped[date | None]
    answer: Mapped[str | None] = mapped_column(Text, info={"personal": True})
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    forgotten_at: Mapped[datetime | None]

    answered_by: Mapped[User | None] = relationship()

    @property
    def reference(self) -> str:
        """The number the sender gets: B-0042."""
        return f"B-{self.id:04}"

    @property
    def is_overdue(self) -> bool:
        """Tell whether it should have been answered before today."""
        return self.answered_on is None and self.due_on < today()
