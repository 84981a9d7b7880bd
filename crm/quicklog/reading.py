"""Read one typed line: gestern Tel. Cölbe, Lahntal: Bauhof, 30 min, WV 15.12. Satzung prüfen.

Before the colon stand day, channel and organisations, in any order; behind it what it was about; at the end,
after "WV", what is promised. Without a colon everything is read as if it stood before it. What cannot be read
asks; what was not written but is needed is added visibly.
"""

import re
from collections.abc import Callable, Mapping

from flask_babel import gettext as _

from crm.consultations.models import Channel, ConsultationKind
from crm.i18n import weekday_day
from crm.quicklog import days, lengths, places, promises, topics, words
from crm.quicklog.known import Known
from crm.quicklog.parts import Choice, Line, Part, PartKind, State

LONGEST = 2000
_COLON = re.compile(r":(?!\d)|(?<!\d):")
_TIGHT = re.compile(r"([,;])(?=[^\s\d,;])")
_ORDER = list(PartKind)
Matcher = Callable[[str, int, Known], tuple[list[Part], int] | None]


def read(text: str, known: Known, answers: Mapping[str, str] | None = None) -> Line:
    """Read a line; `answers` says by the mark of a part what somebody chose for it."""
    text = " ".join(text.split())[:LONGEST]
    happened, promise = promises.cut(_TIGHT.sub(r"\1 ", text))
    parts = _happened(happened, known)
    if promise is not None:
        parts += promises.read(promise, known)
    parts = [one.answered((answers or {}).get(one.mark, "")) for one in parts]
    parts = [one.answered((answers or {}).get(one.mark, "")) if one.is_open else one for one in _once(parts)]
    parts = places.by_neighbours(parts)
    parts += places.partners(parts, known)
    return Line(text, sorted(parts + _assumed(parts, known), key=lambda one: _ORDER.index(one.kind)))


def _happened(text: str, known: Known) -> list[Part]:
    """Part head from tail at the first colon with an organisation before it."""
    for colon in _COLON.finditer(text):
        head = _head(_COLON.sub(" ", text[: colon.start()]), known)
        if any(one.kind in (PartKind.PLACE, PartKind.GROUP) for one in head):
            return head + topics.read(text[colon.end() :], known)
    return _without_colon(text, known)


def _without_colon(text: str, known: Known) -> list[Part]:
    """Commas part; after the first organisation the words that name nothing are the note."""
    parts: list[Part] = []
    for piece in _pieces(text):
        named = any(one.kind in (PartKind.PLACE, PartKind.GROUP) and not one.is_open for one in parts)
        found = _head(piece, known)
        unknown = [one for one in found if one.is_open and one.kind is PartKind.PLACE and not one.choices]
        parts += topics.read(piece, known) if named and unknown else found
    return parts


def _pieces(text: str) -> list[str]:
    return [piece for piece in (one.strip() for one in re.split(r"[,;](?!\d)", text)) if piece]


def _head(text: str, known: Known) -> list[Part]:
    """Take out what has a shape of its own, word by word; what is left between commas are names."""
    parts: list[Part] = []
    for piece in _pieces(text):
        loose: list[str] = []
        place = 0
        while place < len(piece):
            found = next((hit for one in _MATCHERS if (hit := one(piece, place, known))), None)
            # A small word inside a name belongs to it: Bad Homburg vor der Höhe.
            if found is not None and not found[0] and loose and words.INSIDE.match(piece, place):
                found = None
            if found is None:
                word = re.compile(r"\S+\s*").match(piece, place)
                loose.append(word[0] if word else piece[place])
                place = word.end() if word else place + 1
                continue
            parts += _named(loose, known) + found[0]
            place = _past_blanks(piece, found[1])
        parts += _named(loose, known)
    return parts


def _past_blanks(text: str, place: int) -> int:
    while place < len(text) and text[place] in " .:–-":
        place += 1
    return place


def _named(loose: list[str], known: Known) -> list[Part]:
    text = " ".join("".join(loose).split()).strip(" ,;:-–")
    loose.clear()
    return places.read(text, known) if text else []


def _of_length(text: str, place: int, known: Known) -> tuple[list[Part], int] | None:
    return lengths.match(text, place)


def _of_day(text: str, place: int, known: Known) -> tuple[list[Part], int] | None:
    found = days.match(text, place, known.today, "near")
    return ([found[0]], found[1]) if found else None


def _of_word(text: str, place: int, known: Known) -> tuple[list[Part], int] | None:
    if match := words.CONFIDENTIAL.match(text, place):
        return [Part(PartKind.CONFIDENTIAL, match[0], True, str(PartKind.CONFIDENTIAL.label))], match.end()
    if match := words.CHANNEL.match(text, place):
        return [topics.channel(match)], match.end()
    if match := words.KIND.match(text, place):
        return [topics.kind(match)], match.end()
    match = words.FILLER.match(text, place)
    return ([], match.end()) if match else None


def _of_person(text: str, place: int, known: Known) -> tuple[list[Part], int] | None:
    """Who was there stays in words. "Fr. Tel." is a Friday and a call."""
    match = words.PERSON.match(text, place)
    if match is None or words.CHANNEL.match(match["name"]) or words.KIND.match(match["name"]):
        return None
    whom = match[0].strip()
    return [Part(PartKind.NOTE, whom, _("With %(whom)s", whom=whom), whom, leave=False)], match.end()


_MATCHERS: tuple[Matcher, ...] = (_of_length, _of_person, _of_day, _of_word)
_SINGLE = (
    PartKind.DAY, PartKind.START, PartKind.CHANNEL, PartKind.KIND, PartKind.GROUP, PartKind.DURATION,
    PartKind.PREPARATION, PartKind.TRAVEL, PartKind.DUE, PartKind.OWNER,
)  # fmt: skip


def _once(parts: list[Part]) -> list[Part]:
    """Drop what stands there twice; a second day or channel that says something else asks which one holds."""
    kept: list[Part] = []
    for one in parts:
        same = [other for other in kept if other.kind is one.kind]
        if not one.is_open and any(other.value == one.value for other in same):
            continue
        rival = next((other for other in same if not other.is_open), None)
        if rival is not None and one.kind in _SINGLE and not one.is_open:
            kept.remove(rival)
            choices = tuple(Choice(two.kind, two.value, two.shown) for two in (rival, one))
            text, question = f"{rival.text}, {one.text}", _("Both stand there. Which one holds?")
            one = Part(one.kind, text, state=State.UNCLEAR, question=question, choices=choices, leave=False)
        kept.append(one)
    return kept


def _assumed(parts: list[Part], known: Known) -> list[Part]:
    """What is needed and not written: today, by phone, mine, and that a municipality is missing."""
    kinds = {one.kind for one in parts}
    found = []
    if PartKind.DAY not in kinds:
        found.append(Part(PartKind.DAY, "", known.today, weekday_day(known.today), State.ASSUMED))
    if PartKind.CHANNEL not in kinds:
        on_site = any(one.kind is PartKind.KIND and one.value in _IN_THE_ROOM for one in parts)
        channel = Channel.ON_SITE if on_site else Channel.PHONE
        found.append(Part(PartKind.CHANNEL, "", channel, str(channel.label), State.ASSUMED))
    if PartKind.DUE in kinds:
        found += _of_promise(parts, kinds, known)
    if not kinds & {PartKind.PLACE, PartKind.GROUP}:
        missing = _("Which municipality was it?")
        found.append(Part(PartKind.PLACE, "", state=State.UNCLEAR, question=missing, leave=False))
    return found


_IN_THE_ROOM = (
    ConsultationKind.COUNCIL, ConsultationKind.COMMITTEE, ConsultationKind.ASSEMBLY,
    ConsultationKind.INITIATION, ConsultationKind.GROUP, ConsultationKind.SINGLE, ConsultationKind.INTERNAL,
)  # fmt: skip


def _of_promise(parts: list[Part], kinds: set[PartKind], known: Known) -> list[Part]:
    found = []
    if PartKind.TO_DO not in kinds:
        fields = ", ".join(one.shown for one in parts if one.kind is PartKind.TASK_FIELD and not one.is_open)
        text = _("Ask again: %(fields)s", fields=fields) if fields else _("Ask again")
        found.append(Part(PartKind.TO_DO, "", text, text, State.ASSUMED))
    if PartKind.OWNER not in kinds and known.me is not None:
        found.append(Part(PartKind.OWNER, "", known.me, known.me.name, State.ASSUMED))
    return found
