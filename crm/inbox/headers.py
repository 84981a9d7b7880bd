"""The head of a mail: subject, people, moment. Whatever stands there, a short clean text comes out."""

import re
from datetime import UTC, datetime, timedelta
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime

from crm.db import now
from crm.inbox.charsets import decoded
from crm.text import one_line

# What is read of one line of the head: a packed subject of 300 letters takes less.
MOST_READ, MOST_PEOPLE = 4_000, 20_000
LINE, NAME, ADDRESS, PEOPLE = 300, 200, 254, 2_000
FIRST = datetime(1990, 1, 1, tzinfo=UTC)
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"@]{1,64}@[^\s<>()\[\],;:\"@]{1,190}")
# What the reader of the standard library throws at heads that nobody should have written.
ODD = (ValueError, LookupError, TypeError, AttributeError, RecursionError, MessageError)


def raw(message: Message, name: str, most: int = MOST_READ) -> str:
    """A line of the head as it was sent, unfolded; empty where there is none."""
    found = next((str(value) for key, value in message.raw_items() if key.lower() == name.lower()), "")
    return re.sub(r"\r?\n[ \t]?", " ", found[:most])


def words(text: str) -> str:
    """Unpack encoded words and bytes that should not be there."""
    plain = decoded(text.encode("utf-8", "surrogateescape"), "")[0]
    try:
        parts = decode_header(plain)
    except ODD:
        return plain
    return "".join(_word(part, charset) for part, charset in parts)


def _word(part: bytes | str, charset: str | None) -> str:
    if isinstance(part, str):
        return part
    # What is not packed comes back in the one encoding that the library has for it.
    return decoded(part, charset)[0] if charset else part.decode("raw-unicode-escape", "replace")


def subject(message: Message) -> str:
    """What it is about."""
    return one_line(words(raw(message, "Subject")), LINE)


def sender(message: Message) -> tuple[str, str]:
    """Name and address of who wrote it, in small letters; either may be empty."""
    for name in ("From", "Sender", "Reply-To", "Return-Path"):
        if text := raw(message, name):
            return _person(text)
    return "", ""


def _person(text: str) -> tuple[str, str]:
    try:
        called, address = parseaddr(text)
    except ODD:
        called, address = "", ""
    address = address if _ADDRESS.fullmatch(address) else next(iter(addresses_in(words(text))), "")
    name = one_line(words(called or text.partition("<")[0]), NAME).strip("\"' ")
    return ("" if name.lower() == address.lower() else name), address.lower()[:ADDRESS]


def people(message: Message) -> str:
    """Who got it, openly or as a copy."""
    lines = (words(raw(message, name, MOST_PEOPLE)) for name in ("To", "Cc"))
    return one_line("; ".join(line for line in lines if line.strip()), PEOPLE)


def addresses_in(text: str) -> list[str]:
    """The addresses in a text, in small letters, each once."""
    return list(dict.fromkeys(one.lower().strip(".'") for one in _ADDRESS.findall(text)))


def moment(message: Message) -> tuple[datetime | None, str]:
    """When it was sent; where that cannot be known for sure, what stands there instead."""
    text = raw(message, "Date", 200)
    if not text.strip():
        return None, ""
    try:
        found = parsedate_to_datetime(text)
    except (*ODD, OverflowError):
        found = None
    known = found is not None and found.tzinfo is not None
    if found is None or not known or not FIRST <= found <= now() + timedelta(days=2):
        return None, one_line(words(text), 100)
    return found.astimezone(UTC), ""
