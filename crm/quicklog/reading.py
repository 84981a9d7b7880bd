"""Read one typed line: gestern Tel. Cölbe, Lahntal: Bauhof, 30 min, WV 15.12. Satzung prüfen.

Before the colon stand day, channel and organisations, in any order; behind it what it was about; at the end,
after "WV", what is promised. Without a colon everything is read as if it stood before it. What cannot be read
asks; what was not written but is needed is added visibly.
"""

import re
from collections.abc import Callable, Mapping

from flask_babel import gettext as _

from crm.quicklog import days, lengths, places, presences, promises, settling, topics, words
from crm.quicklog.known import Known
from crm.quicklog.parts import Choice, Line, Part, PartKind, State

LONGEST = 2000
_COLON = re.compile(r":(?!\d)|(?<!\d):")
# A comma without a blank parts as well, but for one between two digits.
_TIGHT, _SEMI = re.compile(r",(?=[^\s\d,;])|(?<!\d),(?=\d)"), re.compile(r";(?=[^\s;])")
_WORD = re.compile(r"\S+\s*")
# They part places from topics as a colon does.
_ABOUT = re.compile(r"\s(?:wegen|wg\.|betr\.|bzgl\.|bezüglich|zum\s+thema|thema)\s", re.IGNORECASE)
_ORDER = list(PartKind)
# The answer that opens the question of an assumed part.
ASK = "ask:"
Hit = tuple[list[Part], int]
Matcher = Callable[[str, int, Known], Hit | None]


def read(text: str, known: Known, answers: Mapping[str, str] | None = None) -> Line:
    """Read a line; `answers` says by the mark of a part what somebody chose for it."""
    given = answers or {}
    text = " ".join(text.split())[:LONGEST]
    happened, promised = promises.cut(_TIGHT.sub(", ", _SEMI.sub("; ", text)))
    parts = _happened(happened, known) + (promises.read(promised, known) if promised else [])
    parts = [one.answered(given.get(one.mark, "")) for one in [*parts, *_maybe_confidential(text, parts)]]
    parts = [one.answered(given.get(one.mark, "")) if one.is_open else one for one in settling.once(parts)]
    if not any(one.kind is PartKind.DUE for one in parts):
        # "WV" was no promise after all: its words stand in the note.
        parts = [one for one in parts if not one.is_promise]
    parts = places.by_neighbours(parts, {mark for mark, code in given.items() if code == ASK})
    parts = presences.settled(parts + places.partners(parts, known))
    parts += settling.assumed(parts, known, _COLON.split(happened)[0])
    return Line(text, sorted(parts, key=lambda one: _ORDER.index(one.kind)))


def _maybe_confidential(text: str, parts: list[Part]) -> list[Part]:
    """Whoever writes "vertraulich" in some other way is asked: the talk would be open to all."""
    found = words.MAYBE_CONFIDENTIAL.search(text)
    if found is None or any(one.kind is PartKind.CONFIDENTIAL for one in parts):
        return []
    choices = (
        Choice(PartKind.CONFIDENTIAL, True, _("The talk is confidential")),
        Choice(PartKind.CONFIDENTIAL, False, _("No, everybody may read it")),
    )
    question = _("Is the whole talk confidential?")
    return [
        Part(PartKind.CONFIDENTIAL, found[0], state=State.UNCLEAR, question=question, choices=choices,
             leave=False)
    ]  # fmt: skip


def _happened(text: str, known: Known) -> list[Part]:
    """Part head from tail at the first colon with an organisation before it."""
    for colon in (*_COLON.finditer(text), *_ABOUT.finditer(text)):
        head = _head(_COLON.sub(" ", text[: colon.start()]), known)
        if any(one.kind in _NAMED for one in head):
            return head + topics.read(text[colon.end() :], known)
    return _without_colon(text, known)


_NAMED = (PartKind.PLACE, PartKind.GROUP)


def _without_colon(text: str, known: Known) -> list[Part]:
    """Commas part; after the first organisation the words that name nothing are the note."""
    parts: list[Part] = []
    for piece in _pieces(text):
        named = any(one.kind in _NAMED and not one.is_open for one in parts)
        found = _head(piece, known)
        unknown = [one for one in found if one.is_open and one.kind is PartKind.PLACE and not one.choices]
        is_note = named and (unknown or words.NEXT.search(piece))
        parts += topics.read(piece, known) if is_note else found
    return parts


def _pieces(text: str) -> list[str]:
    return [piece for piece in (one.strip() for one in re.split(r"[,;](?!\d)", text)) if piece]


def _head(text: str, known: Known) -> list[Part]:
    """Read every piece between two commas; who was represented or excused is said beside the name."""
    parts: list[Part] = []
    for piece in _pieces(text):
        parts += _told(piece, known) or _piece(piece, known)
    return parts


def _told(piece: str, known: Known) -> list[Part]:
    """Read a piece that says how somebody took part; nothing where it does not."""
    found = presences.cut(piece)
    told = presences.given(_piece(found.names, known), found.word, found.by) if found else []
    return told + _head(found.rest, known) if told and found and found.rest else told


def _piece(piece: str, known: Known) -> list[Part]:
    """Take out what has a shape of its own, word by word; what is left between are names."""
    parts, loose, place = list[Part](), list[str](), 0
    while place < len(piece):
        found = next((hit for one in _MATCHERS if (hit := one(piece, place, known))), None)
        # A small word inside a name belongs to it: Bad Homburg vor der Höhe.
        if found is not None and not found[0] and loose and words.INSIDE.match(piece, place):
            found = None
        if found is None:
            word = _WORD.match(piece, place)
            loose.append(word[0] if word else piece[place])
            place = word.end() if word else place + 1
            continue
        parts += _named(loose, known) + found[0]
        place = _past_blanks(piece, found[1])
    return parts + _named(loose, known)


def _past_blanks(text: str, place: int) -> int:
    while place < len(text) and text[place] in " .:–-!":
        place += 1
    return place


def _named(loose: list[str], known: Known) -> list[Part]:
    text = " ".join("".join(loose).split()).strip(" ,;:-–!")
    if text.startswith("(") and text.endswith(")"):
        text = text[1:-1]
    loose.clear()
    return places.read(text, known) if text else []


def _of_length(text: str, place: int, known: Known) -> Hit | None:
    return lengths.match(text, place)


def _of_day(text: str, place: int, known: Known) -> Hit | None:
    found = days.match(text, place, known.today, "near")
    return ([found[0]], found[1]) if found else None


def _of_word(text: str, place: int, known: Known) -> Hit | None:
    if match := words.CONFIDENTIAL.match(text, place):
        return [topics.confidential(match[0])], match.end()
    if match := places.GROUP.match(text, place):
        return [places.group(match[0], match["title"].strip(), known)], match.end()
    if match := words.CHANNEL.match(text, place):
        return [topics.channel(match)], match.end()
    if match := words.KIND.match(text, place):
        return topics.kind(match), match.end()
    match = words.FILLER.match(text, place)
    return ([], match.end()) if match else None


def _of_person(text: str, place: int, known: Known) -> Hit | None:
    """Who was there stays in words. "Fr. Tel." is a Friday and a call, "BM Cölbe" the mayor of Cölbe."""
    match = words.PERSON.match(text, place)
    if match is None or words.CHANNEL.match(match["name"]) or words.KIND.match(match["name"]):
        alone = words.OFFICE.match(text, place) or words.TITLE.match(text, place)
        return ([_with(alone[0])], alone.end()) if alone else None
    if not places.plain(match["name"], known) or re.match(r"\(?(?:herrn?|hr|frau)", match[0], re.IGNORECASE):
        return [_with(match[0].strip("() "))], match.end()
    title = words.TITLE.match(text, place)
    return ([_with(title[0])], title.end()) if title else None


def _with(whom: str) -> Part:
    whom = re.sub(r"^Herr\b", "Herrn", whom)
    said = _("With %(whom)s", whom=whom)
    return Part(PartKind.NOTE, whom, said, said, leave=False)


_MATCHERS: tuple[Matcher, ...] = (_of_length, _of_person, _of_day, _of_word)
