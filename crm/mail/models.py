"""The outbox: every mail is a row, written in the transaction of what it tells of, sent by a job."""

from datetime import date, datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.db import Record, now
from crm.labels import Labelled, name_members


class MailKind(Labelled):
    """What a mail is for."""

    TO_CONFIRM = "to-confirm"
    CONFIRMED = "confirmed"
    WAITING = "waiting"
    OFFER = "offer"
    KNOWN = "known"
    SIGNED_OFF = "signed-off"
    SAVE_THE_DATE = "save-the-date"
    INVITATION = "invitation"
    REMINDER = "reminder"
    CHANGE = "change"
    CALLED_OFF = "called-off"
    THANKS = "thanks"
    TEST = "test"
    PASSWORD = "password"  # noqa: S105 a kind of mail
    MORNING = "morning"
    NOTICE = "notice"
    REPORT = "report"
    MINUTES = "minutes"
    MATERIAL = "material"
    NEW_VERSION = "new-version"


class MailState(Labelled):
    """How far a mail is. What waits is due at `due_at`; what is being sent was claimed at `claimed_at`."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    DROPPED = "dropped"


OPEN = (MailState.WAITING, MailState.SENDING)

name_members(
    {
        MailKind.TO_CONFIRM: _l("Request to confirm"),
        MailKind.CONFIRMED: _l("Confirmation of a registration"),
        MailKind.WAITING: _l("Place on the waiting list"),
        MailKind.OFFER: _l("Offer of a seat"),
        MailKind.KNOWN: _l("Already registered"),
        MailKind.SIGNED_OFF: _l("Confirmation of a cancelled registration"),
        MailKind.SAVE_THE_DATE: _l("Save the date"),
        MailKind.INVITATION: _l("Invitation"),
        MailKind.REMINDER: _l("Reminder"),
        MailKind.CHANGE: _l("Change of date or place"),
        MailKind.CALLED_OFF: _l("Cancellation"),
        MailKind.THANKS: _l("Thanks"),
        MailKind.TEST: _l("Test mail"),
        MailKind.PASSWORD: _l("New password"),
        MailKind.MORNING: _l("Morning mail"),
        MailKind.NOTICE: _l("Message of the program"),
        MailKind.REPORT: _l("Report by mail"),
        MailKind.MINUTES: _l("Minutes of a talk"),
        MailKind.MATERIAL: _l("Material"),
        MailKind.NEW_VERSION: _l("New version of a material"),
        MailState.WAITING: _l("waiting"),
        MailState.SENDING: _l("being sent"),
        MailState.SENT: _l("sent"),
        MailState.REFUSED: _l("undeliverable"),
        MailState.DROPPED: _l("not sent"),
    }
)


class OutgoingMail(Record):
    """A mail to one person. `message_id` never changes, so that a second sending is known as the same mail.

    `once_key` stops a second mail of the same cause. Text and address are personal and go after a while.
    """

    __tablename__ = "outgoing_mails"
    __table_args__ = (
        CheckConstraint("attempts >= 0", name="attempts"),
        Index("ix_outgoing_mails_due", "state", "due_at"),
        Index("ix_outgoing_mails_of_mailing", "mailing_id", "state"),
        Index("ix_outgoing_mails_to", "recipient", "created_at"),
    )

    kind: Mapped[MailKind]
    message_id: Mapped[str] = mapped_column(String(120), unique=True)
    once_key: Mapped[str | None] = mapped_column(String(100), unique=True)
    recipient: Mapped[str] = mapped_column(String(254), info={"personal": True})
    recipient_name: Mapped[str] = mapped_column(String(300), default="", info={"personal": True})
    reply_to: Mapped[str | None] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(300), info={"personal": True})
    body: Mapped[str] = mapped_column(Text, info={"personal": True})
    calendar: Mapped[str | None] = mapped_column(Text, info={"personal": True})
    calendar_method: Mapped[str | None] = mapped_column(String(10))
    unsubscribe_url: Mapped[str | None] = mapped_column(String(500), info={"personal": True})
    state: Mapped[MailState] = mapped_column(default=MailState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(default=now)
    claimed_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(String(500))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("events.id"), index=True)
    registration_id: Mapped[int | None] = mapped_column(ForeignKey("registrations.id"), index=True)
    mailing_id: Mapped[int | None] = mapped_column(ForeignKey("mailings.id"))


class MailFile(Record):
    """The bytes of attachments, stored once for all mails they hang on; they go with the last of these."""

    __tablename__ = "mail_files"

    digest: Mapped[str] = mapped_column(String(64), unique=True)
    media_type: Mapped[str] = mapped_column(String(100))
    content: Mapped[bytes] = mapped_column(LargeBinary, info={"personal": True})


class MailAttachment(Record):
    """A file that goes with a mail, under a name."""

    __tablename__ = "mail_attachments"
    __table_args__ = (UniqueConstraint("mail_id", "file_id"),)

    mail_id: Mapped[int] = mapped_column(ForeignKey("outgoing_mails.id"))
    file_id: Mapped[int] = mapped_column(ForeignKey("mail_files.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))

    file: Mapped[MailFile] = relationship()


class MailServer(Record):
    """How the mail server fares, in one row: since when it cannot be reached, and what it said.

    `morning_on` is the last day whose morning mails are all written.
    """

    __tablename__ = "mail_server"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    down_since: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(String(500))
    last_sent_at: Mapped[datetime | None]
    last_run_at: Mapped[datetime | None]
    morning_on: Mapped[date | None]
