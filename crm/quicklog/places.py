"""Which organisations some words mean. A name counts as the register writes it; all else asks."""

import re
from collections.abc import Container, Iterable
from dataclasses import replace

from flask_babel import gettext as _

from crm.consultations.models import COUNTED
from crm.folding import closest, fold, without_addition
from crm.imports.places import Place
from crm.organisations.models import Level
from crm.quicklog.known import Known, Spot
from crm.quicklog.parts import Choice, Part, PartKind, State

# Tried in this order, and only where the whole is no name: a slash may stand inside one.
_BETWEEN = (
    r"\s+und\s+", r"\s+sowie\s+", r"\s+u\.\s*", r"\s*\+\s*", r"\s*&\s*", r"\s+[-–]\s+", r"\s*/\s*",
)  # fmt: skip
_ALL = re.compile(r"(?:alle|all)\s+", re.IGNORECASE)
GROUP = re.compile(r"(?:#\s?|koop(?:eration)?\.?\s+)(?P<title>.+)", re.IGNORECASE)
MOST_WORDS = 8


def read(text: str, known: Known) -> list[Part]:
    """Read what stands between two commas: organisations, or words that ask."""
    if _ALL.match(text) and (found := known.everybody_in(text)):
        return [_clear(one.name, one) for one in found]
    return _read(text, known)


def _read(text: str, known: Known) -> list[Part]:
    if part := plain(text, known) or field(text, known):
        return [part]
    for between in _BETWEEN:
        halves = [half.strip() for half in re.split(between, text) if half.strip()]
        if len(halves) > 1 and any(plain(half, known) for half in halves):
            return [part for half in halves for part in _read(half, known)]
    return _word_by_word(text, known) or _beyond(text, known) or [_unknown(text, known)]


def plain(text: str, known: Known) -> Part | None:
    """Read a name that is written as in the register, or an official key; one of several namesakes asks."""
    if text.isascii() and text.isdigit():
        keyed = known.register.by_key(text.zfill(8)) or known.register.by_key(text)
        return _living(text, keyed, known) if keyed else None
    reading = known.register.read(re.sub(r"^(\S+)\s*/\s*(\S+)$", r"\1 (\2)", text))
    if reading.clear is not None:
        return _living(text, reading.clear, known)
    # On screen everybody sees what was taken: a hyphen makes no difference here.
    same = [one for one in reading.near if fold(text) in (fold(one.name), fold(without_addition(one.name)))]
    if len(same) == 1:
        return _living(text, same[0], known)
    return _several(text, reading.namesakes) if reading.namesakes else None


def _beyond(text: str, known: Known) -> list[Part]:
    """Read the whole name of a place outside Hessen."""
    found = known.outside(text) if len(text) > 2 else []
    return [_clear(text, found[0])] if len(found) == 1 else []


def _living(text: str, place: Place, known: Known) -> Part:
    """A municipality that has gone asks for its heir."""
    heirs = [known.register.places[number] for number in place.heirs if number in known.register.places]
    if place.exists or not heirs:
        return _clear(text, place)
    question = _("%(name)s belongs to another municipality today.", name=place.name)
    return Part(PartKind.PLACE, text, state=State.UNCLEAR, question=question, choices=_choices(heirs))


def _clear(text: str, place: Place | Spot) -> Part:
    return Part(PartKind.PLACE, text, place, place.name, note=place.note)


def _several(text: str, namesakes: Iterable[Place]) -> Part:
    question, choices = _("Which one is meant?"), _choices(namesakes)
    return Part(PartKind.PLACE, text, state=State.UNCLEAR, question=question, choices=choices, namesakes=True)


def _choices(places: Iterable[Place]) -> tuple[Choice, ...]:
    return tuple(Choice(PartKind.PLACE, one, one.name, one.note) for one in places)


def _unknown(text: str, known: Known) -> Part:
    near = [one for one in known.register.read(text).near if one.exists] if len(text) > 2 else []
    fields = closest(text, [one.name for one in known.catalogue.fields], 1)
    choices = _choices(near) + tuple(
        Choice(PartKind.TASK_FIELD, one, one.name)
        for one in known.catalogue.fields
        if one.name in fields and one.parent_id
    )
    question = _("No municipality is called so.")
    return Part(PartKind.PLACE, text, state=State.UNCLEAR, question=question, choices=choices)


def _word_by_word(text: str, known: Known) -> list[Part]:
    """Take the longest names from the left: "Cölbe Bauhof" is a municipality and a task field."""
    words, parts = text.split()[:MOST_WORDS], list[Part]()
    rest = text.split()[MOST_WORDS:]
    loose: list[str] = []
    while words:
        for length in range(len(words), 0, -1):
            run = " ".join(words[:length])
            part = plain(run, known) or field(run, known)
            if part is not None and (length < len(text.split())):
                parts += _loose(loose, known)
                parts.append(part)
                loose, words = [], words[length:]
                break
        else:
            loose.append(words.pop(0))
    if not parts:
        return []
    return parts + _loose(loose + rest, known)


def _loose(words: list[str], known: Known) -> list[Part]:
    text = " ".join(words).strip(" ,;-–")
    words.clear()
    return [_unknown(text, known)] if text else []


def field(text: str, known: Known) -> Part | None:
    """Read a task field by one of its names."""
    found, open_ = known.catalogue.read(text)
    if len(found) == 1 and not open_:
        return Part(PartKind.TASK_FIELD, text, found[0], found[0].name)
    return None


def group(text: str, title: str, known: Known) -> Part:
    """Read the title of a cooperation; one that is not written whole asks."""
    found = known.groups(title)
    if len(found) == 1 and fold(found[0].name) == fold(title):
        return Part(PartKind.GROUP, text, found[0], found[0].name)
    question = _("Which cooperation is meant?") if found else _("No cooperation is called so.")
    choices = tuple(Choice(PartKind.GROUP, one, one.name) for one in found)
    return Part(PartKind.GROUP, text, state=State.UNCLEAR, question=question, choices=choices)


def partners(parts: list[Part], known: Known) -> list[Part]:
    """The partners of a named group stand for the places nobody wrote, beside those that are excused."""
    meant = next((one.value for one in parts if one.kind is PartKind.GROUP and not one.is_open), None)
    written = [one for one in parts if one.kind is PartKind.PLACE]
    if meant is None or any(one.is_open or one.presence in COUNTED for one in written):
        return []
    excused = {one.value.id for one in written}
    return [
        Part(PartKind.PLACE, one.name, one, one.name, State.ASSUMED, note=one.note, leave=False)
        for one in known.spots(meant.partners)
        if one.id not in excused
    ]


def by_neighbours(parts: list[Part], kept_open: Container[str]) -> list[Part]:
    """Decide a name that several bear by the others of the line, when just one lies in their county."""
    counties = {
        county
        for one in parts
        if one.kind is PartKind.PLACE and isinstance(one.value, Place)
        for county in one.value.counties
    }
    return [_decided(one, counties) if one.namesakes and one.mark not in kept_open else one for one in parts]


def _decided(part: Part, counties: set[int]) -> Part:
    known = [one for one in part.choices if isinstance(one.value, Place)]
    inside = [one for one in known if one.value.exists and one.value.counties & counties]
    levels = {one.value.level for one in known} - {Level.ELSEWHERE}
    if not part.is_open or len(inside) != 1 or len(levels) > 1:
        return part
    chosen = inside[0]
    others = tuple(one for one in part.choices if one is not chosen)
    return replace(
        part, value=chosen.value, shown=chosen.shown, note=chosen.note, state=State.ASSUMED, choices=others
    )
