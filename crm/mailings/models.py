"""A text sent to many: save-the-date, invitation, reminder, cancellation, thanks."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import User
from crm.db import Record
from crm.events.models import Event
from crm.mail.models import MailKind


class Mailing(Record):
    """One sending to everybody it concerns. Its text has placeholders, the mails of the outbox have words."""

    __tablename__ = "mailings"

    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), index=True)
    kind: Mapped[MailKind]
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    sent_at: Mapped[datetime | None]
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    recipients: Mapped[int] = mapped_column(default=0)
    skipped: Mapped[int] = mapped_column(default=0)

    event: Mapped[Event] = relationship()
    sent_by: Mapped[User | None] = relationship()
