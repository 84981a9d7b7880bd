"""The parts of a mail: which of them is its text, which are attachments."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from typing import Any

from crm.inbox import markup
from crm.inbox.charsets import decoded
from crm.inbox.headers import ODD, raw, subject, words
from crm.inbox.models import Remark
from crm.text import one_line, printable

MOST_PARTS, DEEPEST, MOST_NAMED = 300, 12, 50
# More than any text a person wrote; the rest of a part is not even unpacked into letters.
MOST_OF_TEXT = 2_000_000
LONGEST_NAME = 150
_META = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([a-zA-Z0-9_.:-]{1,40})", re.IGNORECASE)
_SECRET = ("multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime")
_BY_MACHINES = {
    "message/delivery-status", "message/disposition-notification", "text/rfc822-headers",
    "application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature",
}  # fmt: skip
_PGP = "-----BEGIN PGP MESSAGE-----"


@dataclass
class Body:
    """The text of a mail, its attachments as name and size, mails attached to it, and what is to be said."""

    texts: list[str] = field(default_factory=list)
    attachments: list[dict[str, Any]] = field(default_factory=list)
    inner: list[Message] = field(default_factory=list)
    remarks: set[Remark] = field(default_factory=set)
    parts: int = 0

    @property
    def text(self) -> str:
        """All texts in their order."""
        return "\n\n".join(one for one in self.texts if one.strip())


def read(message: Message) -> Body:
    """Take a mail apart."""
    body = Body()
    _take(message, body, 0)
    if any(_PGP in one for one in body.texts):
        body.remarks.add(Remark.ENCRYPTED)
    if body.text:
        body.remarks.discard(Remark.EMPTY)
    return body


def _take(part: Message, body: Body, depth: int, words_too: bool = True) -> None:
    """Take a part with all in it; without its words where they are the same as those taken already."""
    body.parts += 1
    if body.parts > MOST_PARTS or depth > DEEPEST:
        body.remarks.add(Remark.PARTS)
        return
    kind = _asked(part.get_content_type, "text/plain")
    if kind in _SECRET and not _is_open_signature(part):
        body.remarks.add(Remark.ENCRYPTED)
    elif kind == "message/rfc822":
        _take_inner(part, body)
    elif part.is_multipart() and kind not in _BY_MACHINES:
        for one, chosen in _chosen(part, kind):
            _take(one, body, depth + 1, words_too and chosen)
    elif kind not in _BY_MACHINES:
        _take_leaf(part, kind, body, words_too)


def _is_open_signature(part: Message) -> bool:
    """A signature that lies beside the text keeps it readable; one around it does not."""
    return "smime.p7s" in _name_of(part)


def _chosen(part: Message, kind: str) -> Iterator[tuple[Message, bool]]:
    """All parts, and whether their words count: of alternatives only those of one, best plain text."""
    parts = [one for one in part.get_payload() if isinstance(one, Message)]
    if kind == "multipart/related":
        parts = [one for one in parts if not _is_picture_in_page(one)]
    if kind != "multipart/alternative":
        yield from ((one, True) for one in parts)
        return
    plain = [one for one in parts if _kind(one) == "text/plain" and _content(one).strip()]
    pages = [one for one in parts if _kind(one) == "text/html" or one.is_multipart()]
    texts = (plain or pages)[:1]
    yield from ((one, one in texts) for one in parts)


def _kind(part: Message) -> str:
    return str(_asked(part.get_content_type, ""))


def _is_picture_in_page(part: Message) -> bool:
    """Logos and the like belong to the page, nobody attached them."""
    return "Content-ID" in part and _kind(part).startswith("image/")


def _take_inner(part: Message, body: Body) -> None:
    inner = [one for one in part.get_payload() if isinstance(one, Message)] if part.is_multipart() else []
    body.inner += inner
    name = subject(inner[0]) if inner else ""
    _name_attachment(body, f"{name or 'Mail'}.eml", None)


def _take_leaf(part: Message, kind: str, body: Body, words_too: bool) -> None:
    name = _name_of(part)
    apart = _asked(part.get_content_disposition, None) == "attachment" or bool(name)
    if kind in ("text/plain", "text/html") and not apart:
        if words_too:
            _take_text(part, kind, body)
        return
    if kind == "application/ms-tnef" or name.lower() == "winmail.dat":
        body.remarks.add(Remark.WINMAIL)
    _name_attachment(body, name or kind, _size_of(part))


def _name_attachment(body: Body, name: str, size: int | None) -> None:
    if len(body.attachments) < MOST_NAMED:
        body.attachments.append({"name": name, "size": size})
    else:
        body.remarks.add(Remark.PARTS)


def _take_text(part: Message, kind: str, body: Body) -> None:
    content = _content(part)
    charset = _asked(part.get_content_charset, None) or ""
    if len(content) > MOST_OF_TEXT:
        body.remarks.add(Remark.CUT)
    content = content[:MOST_OF_TEXT]
    if kind == "text/html" and not charset and (found := _META.search(content[:4_000])):
        charset = found[1].decode("ascii")
    text, whole = decoded(content, charset)
    if not whole:
        body.remarks.add(Remark.CHARSET)
    if kind == "text/html":
        body.remarks.add(Remark.HTML)
        text = markup.text_of(printable(text))
    elif _asked(lambda: str(part.get_param("format", "")).lower(), "") == "flowed":
        text = _unflowed(text, str(_asked(lambda: part.get_param("delsp", ""), "")).lower() == "yes")
    body.texts.append(printable(text))


def _unflowed(text: str, without_blank: bool) -> str:
    """Join the lines that a program broke for sending (RFC 3676): those that end with a blank."""
    lines: list[str] = []
    goes_on = False
    for line in text.replace("\r\n", "\n").split("\n"):
        if goes_on and not line.startswith(">"):
            before = lines.pop()
            line = (before[:-1] if without_blank else before) + line.removeprefix(" ")
        lines.append(line)
        goes_on = line.endswith(" ") and line != "-- " and not line.startswith(">")
    return "\n".join(lines)


def _content(part: Message) -> bytes:
    found = _asked(lambda: part.get_payload(decode=True), b"")
    return found if isinstance(found, bytes) else b""


def _size_of(part: Message) -> int | None:
    """The bytes of an attachment, nearly; it is not unpacked for that."""
    payload = _asked(part.get_payload, None)
    if not isinstance(payload, str):
        return None
    packed = raw(part, "Content-Transfer-Encoding", 40).strip().lower() == "base64"
    return len(payload) * 3 // 4 if packed else len(payload)


def _name_of(part: Message) -> str:
    name = words(str(_asked(part.get_filename, None) or "")[:1_000])
    last = re.split(r"[/\\]", name)[-1]
    return one_line(last, LONGEST_NAME)


def _asked(question: Any, otherwise: Any) -> Any:
    """Ask a part something; heads that nobody should have written give the usual answer."""
    try:
        return question()
    except ODD:
        return otherwise
