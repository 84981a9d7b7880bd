"""A mail somebody put into the inbox: who wrote when about what, and what became of it."""

import re
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import User
from crm.consultations.models import Consultation
from crm.db import BERLIN, Record, now
from crm.follow_ups.models import FollowUp
from crm.labels import Labelled, name_members

_FORWARDED = re.compile(r"\s*(wg|fwd?)\s*:", re.IGNORECASE)


class MailItemState(Labelled):
    """Whether somebody still has to look at it."""

    OPEN = "open"
    LOGGED = "logged"
    DISMISSED = "dismissed"


class Remark(Labelled):
    """What a reader must know about how a mail was read."""

    CHARSET = "charset"
    HTML = "html"
    ENCRYPTED = "encrypted"
    CUT = "cut"
    PARTS = "parts"
    DATE = "date"
    INNER = "inner"
    WINMAIL = "winmail"
    EMPTY = "empty"


name_members(
    {
        MailItemState.OPEN: _l("to do"),
        MailItemState.LOGGED: _l("done"),
        MailItemState.DISMISSED: _l("put aside"),
        Remark.CHARSET: _l("Some characters could not be read; they stand as � in the text."),
        Remark.HTML: _l("It was sent as a web page; this is its text. Pictures are not loaded."),
        Remark.ENCRYPTED: _l(
            "The text is encrypted and cannot be read here. "
            "Open it in your mail program and copy what matters."
        ),
        Remark.CUT: _l("The text is very long; only its beginning is here."),
        Remark.PARTS: _l("The mail has very many parts; not all of them were read."),
        Remark.DATE: _l("Its date could not be read."),
        Remark.INNER: _l("It hung as an attachment on another mail; this is the inner one."),
        Remark.WINMAIL: _l("Attachments are in winmail.dat; only Outlook can open that."),
        Remark.EMPTY: _l("The mail has no text."),
    }
)


class InboxItem(Record):
    """A mail as it was read. Only advisers and managers see it; all its texts are personal.

    `text` is what was written, `quoted` the earlier mails below it. `sent_text` is the date as it was written
    where it could not be read. `fingerprint` tells the same mail again. After some time, or on demand, a mail
    that is done with is emptied: the row stays, so that its number never means another mail.
    """

    __tablename__ = "inbox_items"
    __table_args__ = (
        CheckConstraint("(state = 'open') = (settled_at IS NULL)", name="settled"),
        CheckConstraint("emptied_at IS NULL OR fingerprint IS NULL", name="emptied"),
        # Every page counts the open ones; what was emptied long ago is not looked at.
        Index(
            "ix_inbox_items_state", "state", "received_at",
            sqlite_where=text("emptied_at IS NULL"), postgresql_where=text("emptied_at IS NULL"),
        ),
    )  # fmt: skip

    state: Mapped[MailItemState] = mapped_column(default=MailItemState.OPEN)
    received_at: Mapped[datetime] = mapped_column(default=now)
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    sent_at: Mapped[datetime | None]
    sent_text: Mapped[str | None] = mapped_column(String(100), info={"personal": True})
    sender_name: Mapped[str | None] = mapped_column(String(200), info={"personal": True})
    sender_address: Mapped[str | None] = mapped_column(String(254), info={"personal": True})
    recipients: Mapped[str | None] = mapped_column(Text, info={"personal": True})
    subject: Mapped[str | None] = mapped_column(String(300), info={"personal": True})
    text: Mapped[str | None] = mapped_column(Text, info={"personal": True}, deferred=True)
    quoted: Mapped[str | None] = mapped_column(Text, info={"personal": True}, deferred=True)
    attachments: Mapped[list[Any]] = mapped_column(JSON, default=list, info={"personal": True})
    remarks: Mapped[list[Any]] = mapped_column(JSON, default=list, info={"derived": True})
    fingerprint: Mapped[str | None] = mapped_column(String(64), unique=True, info={"derived": True})
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    consultation_id: Mapped[int | None] = mapped_column(ForeignKey("consultations.id"), index=True)
    follow_up_id: Mapped[int | None] = mapped_column(ForeignKey("follow_ups.id"), index=True)
    emptied_at: Mapped[datetime | None]

    uploaded_by: Mapped[User | None] = relationship(foreign_keys=[uploaded_by_id])
    settled_by: Mapped[User | None] = relationship(foreign_keys=[settled_by_id])
    # Removed ones are hidden, so a mail whose talk lies in the trash has none.
    consultation: Mapped[Consultation | None] = relationship()
    follow_up: Mapped[FollowUp | None] = relationship()

    @property
    def sender(self) -> str:
        """Who wrote it: the name, else the address."""
        return self.sender_name or self.sender_address or ""

    @property
    def sent_on(self) -> date | None:
        """The day it was written, as far as that is known."""
        return self.sent_at.astimezone(BERLIN).date() if self.sent_at else None

    @property
    def is_open(self) -> bool:
        """Tell whether it still has to be assigned: nothing was done, or what was done lies in the trash."""
        if self.emptied_at is not None or self.state is MailItemState.DISMISSED:
            return False
        return self.consultation is None and self.follow_up is None

    @property
    def is_forwarded(self) -> bool:
        """Tell whether what matters stands in the earlier mail below."""
        return _FORWARDED.match(self.subject or "") is not None

    @property
    def notices(self) -> list[Remark]:
        """What a reader must know about how it was read."""
        return [Remark(one) for one in self.remarks]
