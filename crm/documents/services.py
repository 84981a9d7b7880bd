"""What is done with documents: kept if they are what they seem, replaced, taken out; noted where they are."""

import re
from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from crm import audit
from crm.db import db, now
from crm.documents import queries
from crm.documents.models import OWNERS, Document
from crm.documents.sniffing import KINDS, FileKind, kind_of
from crm.errors import RuleBroken
from crm.i18n import file_size
from crm.text import clean_line

MOST_BYTES = 10_000_000
LONGEST_NAME = 150
# Areas to the right say why some files, by number, must stay.
KEEPERS: list[Callable[[list[int]], str]] = []
# Characters that a file system or the header of an answer would take for something else.
_UNFIT = re.compile('[\x00-\x1f\x7f\x85\u2028\u2029\ud800-\udfff<>:"|?*]')


def attach(
    upload: Any, owner: Any, by: Any, for_guests: bool = False, confidential: bool = False, **column: int
) -> Document:
    """Keep a file (a werkzeug FileStorage) with what it hangs on; raises RuleBroken.

    `column` is the one of `models.OWNERS` that is set; the history of `owner`, whose page it is on, says that
    it came. `for_guests` lets the guests of an event have it, `confidential` keeps it from those who do not
    read confidential talks; on a confidential talk everything is.
    """
    confidential = in_confidence(owner) or confidential
    content = upload.stream.read(MOST_BYTES + 1)
    made = _kept(upload.filename, content, by, for_guests=for_guests, confidential=confidential, **column)
    audit.record("document.attached", owner, by, documents=(None, told(made)))
    return made


def replace(document: Document, upload: Any, owner: Any, by: Any) -> Document:
    """Keep a new version of a file; the old one stays behind it. Raises RuleBroken."""
    if queries.replaced_by(document) is not None:
        raise RuleBroken(_("Meanwhile there is a newer version. Look at it first, then replace that one."))
    content = upload.stream.read(MOST_BYTES + 1)
    if len(content) == document.size and content == document.content:
        raise RuleBroken(_("This is the file that is there already. Choose the new version."), "file")
    column = {name: getattr(document, name) for name in OWNERS if getattr(document, name)}
    made = _kept(
        upload.filename, content, by, for_guests=document.for_guests,
        confidential=in_confidence(owner) or document.confidential, previous_id=document.id, **column,
    )  # fmt: skip
    # The index leaves it out from now on, and of two who replace it at once one is told.
    document.updated_at = now()
    audit.record("document.replaced", owner, by, documents=(told(document), told(made)))
    return made


def in_confidence(owner: Any) -> bool:
    """Tell whether all that hangs on something is confidential; that holds until this transaction ends.

    Who makes a talk confidential marks what hangs on it: without waiting for each other, a file could come
    between the two unmarked.
    """
    kind = type(owner)
    if not hasattr(kind, "confidential"):
        return False
    held = select(kind.confidential).where(kind.id == owner.id).with_for_update(read=True)
    return bool(db.session.scalar(held))


def _kept(name: str | None, content: bytes, by: Any, **values: Any) -> Document:
    kind = _checked(content)
    made = Document(
        file_name=clean_name(name or "", kind),
        media_type=kind.media_type,
        size=len(content),
        content=content,
        uploaded_by_id=getattr(by, "id", None),
        **values,
    )
    db.session.add(made)
    db.session.flush()
    return made


def told(document: Document) -> str:
    """Name a file in a history that more people read than may see it."""
    return _("confidential document") if document.confidential else document.file_name


def show_guests(document: Document, event: Any, shown: bool, by: Any) -> None:
    """Let the guests of an event have a file, or not any more; what holds of one version holds of all."""
    if document.for_guests == shown:
        return
    for one in queries.versions(document):
        one.for_guests = shown
    name = "document.shown" if shown else "document.hidden"
    audit.record(name, event, by, documents=(None, document.file_name))


def keep_confidential(document: Document, owner: Any, wanted: bool, by: Any) -> None:
    """Keep all versions of a file from those who do not read confidential talks, or let them; RuleBroken."""
    if document.confidential == wanted:
        return
    if in_confidence(owner):
        raise RuleBroken(_("The talk is confidential, and so is everything that hangs on it."))
    for one in queries.versions(document):
        one.confidential = wanted
    name = "document.kept-confidential" if wanted else "document.opened"
    audit.record(name, owner, by, documents=(None, told(document)))


def remove(document: Document, owner: Any, by: Any, with_older: bool = False) -> None:
    """Take a file out for good, with its older versions or without; the history keeps its name."""
    name, later = told(document), queries.replaced_by(document)
    known = queries.versions(document)
    going = known[known.index(document) :] if with_older else [document]
    for why in KEEPERS:
        if reason := why([one.id for one in going]):
            raise RuleBroken(reason)
    behind = None if with_older else document.previous_id
    for one in going:
        one.previous_id = None
    db.session.flush()
    if later is not None:
        later.previous_id = behind
    elif behind is not None:
        # It is the newest again, and has to be found again.
        next(one for one in known if one.id == behind).updated_at = now()
    for one in going:
        db.session.delete(one)
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


def kind_in_words(document: Document) -> str:
    """Name the kind of a file."""
    return next((kind.label for kind in KINDS if kind.media_type == document.media_type), "")


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
