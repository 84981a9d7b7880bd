"""Hits as the page and the palette show them: where they lead, their icon, what of their text is quoted."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from crm.folding import Match
from crm.i18n import day as in_words
from crm.search import queries, quoting
from crm.search.asking import Asked
from crm.search.commands import Command
from crm.search.models import EntryKind
from crm.search.queries import ALIKE, NAMED, Answer, Hit
from crm.search.quoting import Parts

ICONS = {
    EntryKind.ORGANISATION: "buildings", EntryKind.PERSON: "person-circle", EntryKind.EVENT: "calendar-event",
    EntryKind.COOPERATION: "diagram-3", EntryKind.CONSULTATION: "chat-left-text",
    EntryKind.FOLLOW_UP: "check2-square", EntryKind.DOCUMENT: "paperclip",
    EntryKind.MATERIAL: "book",
}  # fmt: skip
DATED = (EntryKind.CONSULTATION, EntryKind.DOCUMENT)
_PAGES = {
    EntryKind.ORGANISATION: ("organisations.show", "organisation_id"),
    EntryKind.PERSON: ("contacts.show", "person_id"),
    EntryKind.COOPERATION: ("cooperations.show", "cooperation_id"),
    EntryKind.EVENT: ("events.show", "event_id"),
    EntryKind.CONSULTATION: ("consultations.show", "consultation_id"),
    EntryKind.FOLLOW_UP: ("follow_ups.show", "follow_up_id"),
    EntryKind.DOCUMENT: ("documents.show", "document_id"),
    EntryKind.MATERIAL: ("materials.show", "material_id"),
}


@dataclass(frozen=True)
class Line:
    """A hit on the page: title and piece of text with what is marked in them."""

    hit: Hit
    url: str
    icon: str
    title: Parts
    note: Parts
    piece: Parts

    @property
    def day(self) -> date | None:
        """The day it was, where the note does not say it."""
        return self.hit.day if self.hit.kind in DATED else None


def page_of(hit: Hit) -> str:
    """Address of what was found; of a document the page that shows it."""
    endpoint, name = _PAGES[hit.kind]
    number: dict[str, Any] = {name: hit.record_id}
    return url_for(endpoint, **number)


def note_of(hit: Hit) -> str:
    """What tells a hit from its namesakes, and why it was found where its name does not say it."""
    parts = [hit.note]
    if hit.former:
        parts.insert(0, _("formerly %(name)s", name=hit.former))
    if hit.match >= ALIKE:
        parts.append(_("written alike"))
    return " · ".join(part for part in parts if part)


def groups(asked: Asked, hits: dict[EntryKind, list[Hit]]) -> list[tuple[EntryKind, list[Line]]]:
    """Hits by kind as lines."""
    words = quoting.sought(asked)
    texts = queries.plain_texts([hit for some in hits.values() for hit in some])
    return [
        (kind, [_line(hit, texts.get(hit.entry_id, ""), words) for hit in some])
        for kind, some in hits.items()
    ]


def quoted_in_confidence(
    groups: list[tuple[EntryKind, list[Line]]], wanted: EntryKind = EntryKind.CONSULTATION
) -> list[int]:
    """Numbers of confidential talks (or documents) of whose text these lines quote a piece."""
    talks = [line for kind, lines in groups if kind is wanted for line in lines]
    return [line.hit.record_id for line in talks if line.piece and line.hit.confidential]


def _line(hit: Hit, text: str, words: list[str]) -> Line:
    title, note = quoting.marked(hit.title, words), quoting.marked(note_of(hit), words)
    return Line(hit, page_of(hit), ICONS[hit.kind], title, note, _piece(hit, text, words))


def _piece(hit: Hit, text: str, words: list[str]) -> Parts:
    """A piece of the text, unless the name alone says why it was found."""
    called = hit.kind in NAMED and hit.match < Match.ANYWHERE
    if not text or hit.kind is EntryKind.ORGANISATION or (called and not quoting.holds_any(text, words)):
        return []
    return quoting.excerpt(text, words)


def some(answer: Answer, most: int) -> list[Hit]:
    """Some hits of every kind, those of the best kind first; more of it where others have few."""
    found = list(answer.hits.values())
    shares = [0] * len(found)
    while sum(shares) < most and any(share < len(hits) for share, hits in zip(shares, found, strict=True)):
        for place, hits in enumerate(found):
            if shares[place] < len(hits) and sum(shares) < most:
                shares[place] += 1
    return [hit for share, hits in zip(shares, found, strict=True) for hit in hits[:share]]


def is_sure(hits: list[Hit]) -> bool:
    """Tell whether there is no doubt about the first: it is called so, and nothing else as well."""
    called = [hit for hit in hits if hit.kind in NAMED and hit.match < Match.ANYWHERE]
    return called[:1] == hits[:1] != [] and all(hit.match > called[0].match for hit in called[1:])


def as_json(hit: Hit, group: str, sure: bool = False) -> dict[str, Any]:
    """A hit for the palette, under a heading; one that is sure may be opened unseen."""
    day = in_words(hit.day) if hit.kind in DATED else ""
    return {
        "group": group, "text": hit.title, "note": " · ".join(part for part in (day, note_of(hit)) if part),
        "url": page_of(hit), "icon": ICONS[hit.kind], "kind": hit.kind.value, "number": hit.record_id,
        "sure": sure,
    }  # fmt: skip


def command_as_json(command: Command, sure: bool = False) -> dict[str, Any]:
    """A command for the palette."""
    return {
        "group": _("Commands"), "text": command.text, "note": command.key, "url": command.url,
        "icon": command.icon, "sure": sure,
    }  # fmt: skip
