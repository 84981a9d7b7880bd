"""How a municipality took part, where a line says it: Ottrau vertreten durch Frau Weber, Absage Ottrau."""

import re
from dataclasses import replace
from typing import NamedTuple

from crm.consultations.models import COUNTED, Presence
from crm.quicklog.parts import Part, PartKind

_WORDS = {
    Presence.REPRESENTED: ("vertreten",),
    Presence.APOLOGISED: ("entschuldigt", "abgesagt", "absage von", "absage", "abgemeldet"),
    Presence.ABSENT: (
        "gefehlt",
        "fehlte",
        "fehlt",
        "nicht erschienen",
        "nicht da",
        "abwesend",
        "kam nicht",
        "kamen nicht",
        "ohne",
    ),
}
_PRESENCE_OF = {word: presence for presence, words in _WORDS.items() for word in words}
_ANY = "|".join(map(re.escape, sorted(_PRESENCE_OF, key=len, reverse=True)))
_BEFORE = re.compile(rf"(?P<said>{_ANY}):?\s+(?P<names>.+)", re.IGNORECASE)
# Who stood in is a name, perhaps with a title, and nothing behind it: the next words may be another place.
_NAME = r"(?-i:[A-ZÄÖÜ][\w-]*\.?)"
_TITLE = r"(?:herrn?|frau|hr|fr|dr|prof|bgm|bm)\.?\s+"
_BY = rf"(?:\s+(?:durch|von)\s+(?P<by>(?:{_TITLE})*{_NAME}(?:\s+{_NAME})?))?"
_BEHIND = re.compile(
    rf"(?P<names>.+?)\s+(?:(?:hat|haben|ist|sind|war|waren)\s+)?\(?(?P<said>{_ANY}){_BY}\)?"
    r"(?:\s*(?:\b(?:und|sowie)\b|[&+/])\s*(?P<rest>.+))?",
    re.IGNORECASE,
)


class Cut(NamedTuple):
    """The names of a piece, the word that says how they took part, who stood in, and what follows."""

    names: str
    word: str
    by: str = ""
    rest: str = ""


def cut(piece: str) -> Cut | None:
    """Part a piece where it says how somebody took part; None where it says nothing of the kind."""
    if found := _BEHIND.fullmatch(piece):
        return Cut(found["names"], found["said"], found["by"] or "", found["rest"] or "")
    found = _BEFORE.fullmatch(piece)
    return Cut(found["names"], found["said"]) if found else None


def given(parts: list[Part], word: str, by: str) -> list[Part]:
    """Say it of all places of a piece; nothing where one of them is no place at all."""
    places = [one for one in parts if one.kind is PartKind.PLACE]
    if not places or any(one.is_open and not one.choices for one in places):
        return []
    presence = _PRESENCE_OF[word.lower()]
    return [
        replace(one, text=f"{one.text} {word}", presence=presence, represented_by=by)
        if one in places
        else one
        for one in parts
    ]


def settled(parts: list[Part]) -> list[Part]:
    """Where nobody at all was there, the words are the note: somebody called to say so."""
    places = [one for one in parts if one.kind is PartKind.PLACE]
    if not places or any(one.presence in COUNTED for one in places):
        return parts
    notes = [Part(PartKind.NOTE, one.text, one.text, one.text, leave=False) for one in places]
    there = Presence.PRESENT
    return [
        replace(one, presence=there, was_spoken=one.presence) if one in places else one for one in parts
    ] + notes
