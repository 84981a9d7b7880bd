"""What is done with attachments: kept when they are what they seem, taken out; noted where they hang."""

import re
from typing import Any

from flask_babel import gettext as _

from crm import audit
from crm.db import db
from crm.documents.models import Document
from crm.documents.sniffing import KINDS, FileKind, kind_of
from crm.errors import RuleBroken
from crm.i18n import file_size
from crm.text import clean_line

MOST_BYTES = 10_000_000
LONGEST_NAME = 150
# Characters that a file system or the header of an answer would take for something else.
_UNFIT = re.compile('[\x00-\x1f\x7f\x85\u2028\u2029\ud800-\udfff<>:"|?*]')


def attach(upload: Any, owner: Any, by: Any, for_guests: bool = False, **column: int) -> Document:
    """Keep a file (a werkzeug FileStorage) with what it hangs on; raises RuleBroken.

    `column` is the one of `resolution_id`, `paper_id` and `event_id`; the history of `owner`, a group or an
    event, says that it came. `for_guests` lets the guests of an event have it.
    """
    content = upload.stream.read(MOST_BYTES + 1)
    kind = _checked(content)
    made = Document(
        file_name=clean_name(upload.filename or "", kind),
        media_type=kind.media_type,
        size=len(content),
        content=content,
        uploaded_by_id=getattr(by, "id", None),
        for_guests=for_guests,
        **column,
    )
    db.session.add(made)
    db.session.flush()
    audit.record("document.attached", owner, by, documents=(None, made.file_name))
    return made


def show_guests(document: Document, event: Any, shown: bool, by: Any) -> None:
    """Let the guests of an event have a file, or not any more."""
    if document.for_guests == shown:
        return
    document.for_guests = shown
    name = "document.shown" if shown else "document.hidden"
    audit.record(name, event, by, documents=(None, document.file_name))


def remove(document: Document, owner: Any, by: Any) -> None:
    """Take a file out for good; the history of what it hung on keeps its name."""
    name = document.file_name
    db.session.delete(document)
    db.session.flush()
    audit.record("document.removed", owner, by, documents=(name, None))


def _checked(content: bytes) -> FileKind:
    if not content:
        raise RuleBroken(_("The file is empty. Choose another one."), "file")
    if len(content) > MOST_BYTES:
        message = _("A file may have at most %(most)s. Make it smaller, or take it apart.", most=most_size())
        raise RuleBroken(message, "file")
    kind = kind_of(content)
    if kind is None:
        message = _(
            "Only these kinds of files are taken: %(kinds)s. This file is none of them inside, "
            "whatever its name says. Save it as PDF and choose it again.",
            kinds=kinds_in_words(),
        )
        raise RuleBroken(message, "file")
    return kind


def kinds_in_words() -> str:
    """Name the kinds of files that are taken."""
    return ", ".join(kind.label for kind in KINDS)


def most_size() -> str:
    """Say how large a file may be."""
    return file_size(MOST_BYTES)


def clean_name(name: str, kind: FileKind) -> str:
    """Make a file name of what the browser sent: no path, nothing invisible, the ending of its kind."""
    last = re.split(r"[/\\]", name)[-1]
    text = clean_line(_UNFIT.sub(" ", last)) or ""
    stem, dot, ending = text.rpartition(".")
    if not dot or ending.casefold() not in kind.endings:
        # A foreign ending goes: a page that is a PDF inside is called as one.
        stem, ending = (stem if dot and _is_ending(ending) else text), kind.endings[0]
    stem = stem.strip(" .")[: LONGEST_NAME - len(ending) - 1].strip(" .") or _("document")
    return f"{stem}.{ending.casefold()}"


def _is_ending(text: str) -> bool:
    return re.fullmatch("[A-Za-z][A-Za-z0-9]{0,4}", text) is not None
