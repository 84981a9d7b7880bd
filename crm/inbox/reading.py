"""A mail as a file (.eml), read into plain text. Nothing of it is run, loaded or kept but words.

What reads whole heads in the standard library takes minutes for some of them; here only a few lines of the
head are read, each cut to a length first, and the parts are counted before they are taken apart.
"""

import hashlib
import re
from dataclasses import dataclass, field
from datetime import datetime
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from typing import Any

from flask_babel import gettext as _

from crm.errors import RuleBroken
from crm.inbox import bodies, headers, quoting
from crm.inbox.headers import ODD
from crm.inbox.models import Remark
from crm.text import printable

MOST_BYTES = 25_000_000
# A note holds 200,000 characters, and the subject stands above the text there.
LONGEST_TEXT = 190_000
MOST_NESTED, LONGEST_KIND, LONGEST_HEAD = 30, 10_000, 1_000_000
_NESTED = re.compile(rb"^content-type:[ \t]*(?:multipart|message)/", re.IGNORECASE | re.MULTILINE)
_KINDS = re.compile(
    rb"^content-(?:type|disposition|transfer-encoding):[^\n]*(?:\n[ \t][^\n]*)*", re.IGNORECASE | re.MULTILINE
)
_MARKS = ("From", "Date", "Subject", "Message-ID", "Received", "To", "Return-Path")
_LINE_OF_HEAD = re.compile(rb"[!-9;-~]+[ \t]*:")
_END_OF_HEAD = re.compile(rb"\n\r?\n")
_FROM_LINE = re.compile(rb"^From [^\n]{1,200}[0-9]{4}\r?$", re.MULTILINE)
_OUTLOOK = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class ReadMail:
    """What was read; the names are columns of the inbox."""

    sender_name: str
    sender_address: str
    recipients: str
    subject: str
    sent_at: datetime | None
    sent_text: str
    text: str
    quoted: str
    fingerprint: str
    attachments: list[dict[str, Any]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def read_mail(content: bytes) -> ReadMail:
    """Read the bytes of a file; raises RuleBroken for what is no single mail, or one that is a trap."""
    message = _parsed(_checked(content))
    body = bodies.read(message)
    remarks = set(body.remarks)
    if not body.text and len(body.inner) == 1:
        # Forwarded as an attachment: the mail that matters is the inner one.
        message = body.inner[0]
        body = bodies.read(message)
        remarks = body.remarks | {Remark.INNER}
    text, quoted = quoting.split(printable(body.text))
    remarks |= {Remark.CUT} if max(len(text), len(quoted)) > LONGEST_TEXT else set()
    remarks |= set() if text or Remark.ENCRYPTED in remarks else {Remark.EMPTY}
    return _whole(message, text[:LONGEST_TEXT], quoted[:LONGEST_TEXT], body.attachments, remarks)


def _whole(
    message: Message, text: str, quoted: str, attachments: list[dict[str, Any]], remarks: set[Remark]
) -> ReadMail:
    (name, address), (sent_at, sent_text) = headers.sender(message), headers.moment(message)
    subject = headers.subject(message)
    remarks |= {Remark.DATE} if sent_text else set()
    return ReadMail(
        sender_name=name, sender_address=address, recipients=headers.people(message), subject=subject,
        sent_at=sent_at, sent_text=sent_text, text=text, quoted=quoted, attachments=attachments,
        remarks=[one.value for one in Remark if one in remarks],
        fingerprint=_fingerprint(message, address, subject, f"{sent_at} {sent_text} {text} {quoted}"),
    )  # fmt: skip


def _fingerprint(message: Message, address: str, subject: str, rest: str) -> str:
    """Tell the same mail again, also as another program saved it: its own number, else all that it says."""
    number = headers.raw(message, "Message-ID").strip(" <>")
    whole = "\0".join((address, subject, number or rest))
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()


def _checked(content: bytes) -> bytes:
    """Refuse what is no mail, with what to do instead; leave out what programs put before one."""
    if not content.strip():
        raise RuleBroken(_("The file is empty."))
    if len(content) > MOST_BYTES:
        raise RuleBroken(_("A mail may have at most 25 MB. Save it without its attachments."))
    if content.startswith(_OUTLOOK):
        raise RuleBroken(
            _(
                "This is an Outlook file (.msg). Save the mail as .eml in the new Outlook or in Outlook on "
                "the web. In the classic Outlook copy its text into a talk."
            )
        )
    content = content.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    first, _end, rest = content.partition(b"\n")
    # Apple Mail puts the length before the mail.
    content = rest if first.strip().isdigit() else content
    if content.startswith(b"From ") and len(_FROM_LINE.findall(content)) > 1:
        raise RuleBroken(_("This file holds several mails. Save each one as .eml."))
    return content


def _parsed(content: bytes) -> Message:
    begin = content.partition(b"\n")[2] if content.startswith((b"From ", b">From ")) else content
    if not _LINE_OF_HEAD.match(begin):
        raise RuleBroken(_no_mail())
    head = _END_OF_HEAD.search(content)
    if (head.start() if head else len(content)) > LONGEST_HEAD:
        raise RuleBroken(_no_mail())
    nested = len(_NESTED.findall(content))
    longest = max((len(one) for one in _KINDS.findall(content)), default=0)
    if nested > MOST_NESTED or longest > LONGEST_KIND:
        raise RuleBroken(_("This mail is nested too deeply to be read. Copy its text into a talk."))
    try:
        message = BytesParser(policy=compat32).parsebytes(content)
    except ODD:
        raise RuleBroken(_no_mail()) from None
    if not any(name in message for name in _MARKS):
        raise RuleBroken(_no_mail())
    return message


def _no_mail() -> str:
    return _("This is no mail. In your mail program choose “Save as”, type .eml, and put that file here.")
