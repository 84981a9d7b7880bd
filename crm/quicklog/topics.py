"""What follows the colon: task fields by their names, lengths, days alone; the rest is the note."""

import re

from flask_babel import gettext as _

from crm.folding import closest
from crm.quicklog import days, lengths, places, words
from crm.quicklog.known import Known
from crm.quicklog.parts import Choice, Part, PartKind, State

_CUTS = re.compile(r"[,;](?!\d)|\s+[-–]\s+|\.\s+(?=[A-ZÄÖÜ])")
# A misspelt field has no more words than the longest name of one.
MOST_WORDS = 4


def read(text: str, known: Known) -> list[Part]:
    """Read the tail of a line."""
    parts, rest = take_lengths(text)
    for piece in _CUTS.split(rest):
        if piece := piece.strip(" .,;:-–"):
            parts += _read(piece, known)
    return parts


def take_lengths(text: str) -> tuple[list[Part], str]:
    """Take durations and clock times out of a text, wherever they stand."""
    parts: list[Part] = []
    while found := lengths.find(text):
        parts += found[0]
        text = f"{text[: found[1]]}, {text[found[2] :]}"
    return parts, text


def _read(text: str, known: Known) -> list[Part]:
    if alone := _alone(text, known):
        return [alone]
    found, open_ = known.catalogue.read(text)
    if found and not open_:
        return [Part(PartKind.TASK_FIELD, one.name, one, one.name) for one in found]
    if found:
        fields = [Part(PartKind.TASK_FIELD, one.name, one, one.name) for one in found]
        return fields + [_misspelt(piece, known) or _note(piece) for piece in open_]
    return _has_field(text, known) or [_misspelt(text, known) or _note(text)]


def _alone(text: str, known: Known) -> Part | None:
    """A day, a channel or a mark of confidence that is the whole piece."""
    day = days.match(text, 0, known.today, "near")
    if day is not None and day[1] == len(text):
        return day[0]
    if match := words.CHANNEL.fullmatch(text):
        return channel(match)
    if match := words.KIND.fullmatch(text):
        return kind(match)
    if words.CONFIDENTIAL.fullmatch(text):
        return Part(PartKind.CONFIDENTIAL, text, True, str(PartKind.CONFIDENTIAL.label))
    return None


def channel(match: re.Match[str]) -> Part:
    """The part of a word that means a channel."""
    value = words.CHANNEL_OF[match[1].casefold()]
    return Part(PartKind.CHANNEL, match[0], value, str(value.label))


def kind(match: re.Match[str]) -> Part:
    """The part of a word that means a kind of talk."""
    value = words.KIND_OF[match[1].casefold()]
    return Part(PartKind.KIND, match[0], value, str(value.label))


def _has_field(text: str, known: Known) -> list[Part]:
    """A field whose name stands among other words; they are kept as the note, unless they only adorn it."""
    parts = text.split()
    for length in range(min(3, len(parts) - 1), 0, -1):
        for begin in range(min(len(parts) - length, MOST_WORDS) + 1):
            if part := places.field(" ".join(parts[begin : begin + length]), known):
                others = parts[:begin] + parts[begin + length :]
                bare = all(words.ADORNING.fullmatch(word) for word in others)
                return [part] if bare else [part, _note(text)]
    return []


def _misspelt(text: str, known: Known) -> Part | None:
    """Ask whether a field is meant when the words are nearly those of one."""
    if len(text.split()) > MOST_WORDS:
        return None
    near = closest(text, [one.name for one in known.catalogue.fields], 2)
    choices = tuple(
        Choice(PartKind.TASK_FIELD, one, one.name)
        for name in near
        for one in known.catalogue.fields
        if one.name == name
    )
    if not choices:
        return None
    question = _("Is a task field meant?")
    return Part(PartKind.TASK_FIELD, text, state=State.UNCLEAR, question=question, choices=choices)


def _note(text: str) -> Part:
    return Part(PartKind.NOTE, text, text, text, leave=False)
