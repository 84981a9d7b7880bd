"""A saved report: which report, over which days, narrowed to what; and who gets it by mail."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import User
from crm.db import Record
from crm.labels import Labelled, name_members


class Span(Labelled):
    """The days a saved report is about, as seen from the day it is opened."""

    THIS_YEAR = "this-year"
    LAST_YEAR = "last-year"
    THIS_QUARTER = "this-quarter"
    LAST_QUARTER = "last-quarter"
    THIS_MONTH = "this-month"
    LAST_MONTH = "last-month"
    NEXT_3_MONTHS = "next-3-months"
    NEXT_12_MONTHS = "next-12-months"
    FIXED = "fixed"


class Rhythm(Labelled):
    """When a saved report goes by mail."""

    NEVER = "never"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"


name_members(
    {
        Span.THIS_YEAR: _l("This year"),
        Span.LAST_YEAR: _l("Last year"),
        Span.THIS_QUARTER: _l("This quarter"),
        Span.LAST_QUARTER: _l("Last quarter"),
        Span.THIS_MONTH: _l("This month"),
        Span.LAST_MONTH: _l("Last month"),
        Span.NEXT_3_MONTHS: _l("Next 3 months"),
        Span.NEXT_12_MONTHS: _l("Next 12 months"),
        Span.FIXED: _l("Fixed days"),
        Rhythm.NEVER: _l("no mail"),
        Rhythm.MONTHLY: _l("every month"),
        Rhythm.QUARTERLY: _l("every quarter"),
    }
)


class SavedReport(Record):
    """A question under a name. `filters` are those of a report's address.

    `mailed_until` is the last day of the month or quarter whose mails are all written.
    """

    __tablename__ = "saved_reports"
    __table_args__ = (
        CheckConstraint(
            "(span = 'fixed') = (since IS NOT NULL AND until IS NOT NULL)", name="fixed_days"
        ),
        CheckConstraint("until >= since", name="order"),
        CheckConstraint("as_pdf OR as_xlsx OR rhythm = 'never'", name="some_file"),
    )  # fmt: skip

    name: Mapped[str] = mapped_column(String(120))
    slug: Mapped[str] = mapped_column(String(40))
    span: Mapped[Span]
    since: Mapped[date | None]
    until: Mapped[date | None]
    filters: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, info={"derived": True})
    shared: Mapped[bool] = mapped_column(default=False)
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    rhythm: Mapped[Rhythm] = mapped_column(default=Rhythm.NEVER)
    as_pdf: Mapped[bool] = mapped_column(default=True)
    as_xlsx: Mapped[bool] = mapped_column(default=False)
    mailed_until: Mapped[date | None] = mapped_column(info={"derived": True})

    owner: Mapped[User] = relationship(lazy="joined")
    recipients: Mapped[list["ReportRecipient"]] = relationship(
        cascade="all, delete-orphan", order_by="ReportRecipient.id"
    )


class ReportRecipient(Record):
    """Somebody with an account who gets a saved report by mail."""

    __tablename__ = "report_recipients"
    __table_args__ = (UniqueConstraint("saved_report_id", "user_id"),)

    saved_report_id: Mapped[int] = mapped_column(ForeignKey("saved_reports.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)

    user: Mapped[User] = relationship(lazy="joined")
