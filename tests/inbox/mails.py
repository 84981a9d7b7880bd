"""Mails as a mail program saves them."""

import io
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime

from crm.db import now
from crm.inbox.services import take_in
from tests import factories

SENT = (now() - timedelta(days=2)).replace(microsecond=0)
MOMENT = format_datetime(SENT)
SENDER = "Petra Henkel <p.henkel@lahntal.test>"
FROM = b"From: Petra <p@lahntal.test>"
PLAIN, PAGE = b"Content-Type: text/plain", b"Content-Type: text/html; charset=utf-8"
B64 = b"Content-Transfer-Encoding: base64"


def mail(text="Guten Tag,\nwir möchten den Bauhof teilen.", subject="Gemeinsamer Bauhof", **head):
    """A plain mail; `head` are lines of its head, by names with underscores, None leaves one out."""
    made = EmailMessage()
    lines = {"From": SENDER, "To": "anna@kikz.test", "Date": MOMENT, "Subject": subject}
    lines |= {name.replace("_", "-"): value for name, value in head.items()}
    for name, value in lines.items():
        if value is not None:
            made[name] = value
    made.set_content(text)
    return made


def raw(**over):
    """The bytes of a plain mail."""
    return mail(**over).as_bytes()


def raw_lines(*head, body=b"Text"):
    """A mail written line by line, so that anything can stand in it."""
    return b"\r\n".join((*head, b"", body))


def of_kind(kind, body, *more):
    """A mail with one line for the kind of its text."""
    return raw_lines(FROM, b"Content-Type: " + kind, *more, body=body)


def page(body):
    """A mail that is nothing but a web page."""
    return raw_lines(FROM, PAGE, body=body.encode())


def parts(kind, *parts, head=()):
    """A mail of several parts; each is a pair of its head and its body."""
    whole = b"".join(b"--grenze\r\n" + one + b"\r\n\r\n" + body + b"\r\n" for one, body in parts)
    line = b"Content-Type: multipart/" + kind + b'; boundary="grenze"'
    return raw_lines(FROM, line, *head, body=whole + b"--grenze--\r\n")


def nested(depth):
    """A mail in a mail in a mail."""
    lines = [FROM]
    for level in range(depth):
        lines += [b"Content-Type: multipart/mixed; boundary=b%d" % level, b"", b"--b%d" % level]
    return b"\r\n".join([*lines, PLAIN, b"", b"Ganz innen"])


def item(by="anna", **over):
    """Put a plain mail into the inbox."""
    return take_in(raw(**over), factories.member(by))[0]


def file(content=None, name="mail.eml", **over):
    """A file as a form sends it."""
    return io.BytesIO(raw(**over) if content is None else content), name
