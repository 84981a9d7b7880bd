"""How a mail looks when it goes out: head, text, and the entry for the calendar."""

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Any

from flask import current_app

from crm.addresses import for_envelope
from crm.db import BERLIN
from crm.mail import attachments
from crm.mail.attachments import Attachment
from crm.mail.models import OutgoingMail
from crm.office.queries import office

UNSET = "ikz@localhost.localdomain"
COLUMNS = (
    "id", "message_id", "recipient", "recipient_name", "reply_to", "subject", "body", "calendar",
    "calendar_method", "unsubscribe_url", "created_at", "attempts",
)  # fmt: skip


@dataclass(frozen=True)
class Sender:
    """Who the mails come from, and where answers go."""

    address: str
    name: str
    reply_to: str


@dataclass(frozen=True)
class Parcel:
    """What the sending needs of a mail, free of the database."""

    id: int
    message_id: str
    recipient: str
    recipient_name: str
    reply_to: str | None
    subject: str
    body: str
    calendar: str | None
    calendar_method: str | None
    unsubscribe_url: str | None
    created_at: datetime
    attempts: int
    files: tuple[Attachment, ...] = ()


def parcel_of(mail: OutgoingMail) -> Parcel:
    """Take from a row what the sending needs."""
    return Parcel(**{name: getattr(mail, name) for name in COLUMNS}, files=attachments.of(mail.id))


def sender() -> Sender:
    """Name the sender: the address from the settings, name and address for answers from the office."""
    name, address = parseaddr(current_app.config["MAIL_FROM"] or UNSET)
    own = office()
    return Sender(address, name or own.name or "IKZ-Beratung", own.sender or "")


def message(parcel: Parcel, by: Sender) -> EmailMessage:
    """Build a mail; raise ValueError where what is stored does not make one."""
    # An umlaut before the @ goes only to servers that say they know such addresses.
    plain = parcel.recipient.rpartition("@")[0].isascii()
    made = EmailMessage(policy=policy.SMTP if plain else policy.SMTPUTF8)
    made["From"] = _mailbox(by.address, by.name)
    made["To"] = _mailbox(for_envelope(parcel.recipient), parcel.recipient_name)
    made["Subject"] = parcel.subject
    made["Message-ID"] = parcel.message_id
    made["Date"] = format_datetime(parcel.created_at.astimezone(BERLIN))
    made["Auto-Submitted"] = "auto-generated"
    if reply_to := parcel.reply_to or by.reply_to:
        made["Reply-To"] = _mailbox(reply_to, "")
    if parcel.unsubscribe_url:
        made["List-Unsubscribe"] = f"<{parcel.unsubscribe_url}>"
    made.set_content(parcel.body + "\n", cte="quoted-printable")
    if parcel.calendar:
        _add_entry(made, parcel.calendar, parcel.calendar_method or "PUBLISH")
    for one in parcel.files:
        main, _slash, sub = one.media_type.partition("/")
        made.add_attachment(one.content, maintype=main, subtype=sub, filename=one.name)
    made["Content-Language"] = "de"
    return _as_meant(made)


def _mailbox(address: str, name: str) -> Address:
    local, _at, domain = address.rpartition("@")
    try:
        if not local.isascii() and domain.isascii() and local.replace(".", "").isalnum():
            return Address(display_name=name, username=local, domain=domain)
        return Address(display_name=name, addr_spec=address)
    except Exception as error:
        # The parser of addresses raises many things.
        raise ValueError(str(error)) from error


def _add_entry(made: EmailMessage, calendar: str, method: str) -> None:
    """Add the entry for programs that offer to take it over, and as a file for the others."""
    made.add_alternative(calendar, subtype="calendar", cte="base64", params={"method": method})
    made.add_attachment(calendar.encode(), maintype="text", subtype="calendar", filename="termin.ics")


def _as_meant(made: EmailMessage) -> EmailMessage:
    """Read the written mail once more: no line of it may have become a line of the head."""
    read: Any = message_from_bytes(made.as_bytes(), policy=policy.compat32)
    if read.keys() != made.keys() or len(made["To"].addresses) != 1:
        raise ValueError("the head of the mail is not as it was meant")
    return made
