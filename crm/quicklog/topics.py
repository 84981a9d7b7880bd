"""What follows the colon: task fields by their names, lengths, days alone; the rest is the note."""

import re
from dataclasses import replace

from flask_babel import gettext as _

from crm.consultations.models import ConsultationKind
from crm.folding import closest, fold
from crm.i18n import minutes as in_words
from crm.quicklog import days, lengths, places, words
from crm.quicklog.known import Known
from crm.quicklog.parts import Choice, Part, PartKind, State

_MINUTES = re.compile(r"(\d{1,3})\s?m", re.IGNORECASE)
_CUTS = re.compile(r"[,;](?!\d)|\s+[-–]\s+|\.\s+(?=[A-ZÄÖÜ])")
# A misspelt field has no more words than the longest name of one.
MOST_WORDS = 4


def read(text: str, known: Known) -> list[Part]:
    """Read the tail of a line."""
    return [part for piece in _pieces(text) for part in _read(piece, known)]


def _pieces(text: str) -> list[str]:
    """What stands between commas, dashes and full stops."""
    found = (piece.strip(" .,;:-–") for piece in _CUTS.split(text))
    return [piece for piece in found if piece]


def _read(text: str, known: Known) -> list[Part]:
    if alone := _alone(text, known):
        return alone
    if found := lengths.inside(text):
        return _with_length(text, *found, known)
    return _words(text, known)


def _with_length(text: str, parts: list[Part], begin: int, end: int, known: Known) -> list[Part]:
    """ "Bauhof 30 min" says how long it took; in "hat 2 Stunden offen" nobody knows, and the words stay."""
    before, after = text[:begin].strip(" (,"), text[end:].strip(" ).,")
    if not after and (not before or places.field(before, known) or _misspelt(before, known)):
        return [*parts, *(_words(before, known) if before else [])]
    asked = [
        replace(
            one, state=State.UNCLEAR, value=None, question=_("Is this how long the talk took?"), inside=True,
            choices=one.choices or (Choice(one.kind, one.value, one.shown),),
        )
        for one in parts
    ]  # fmt: skip
    return [*asked, *_words(text, known)]


def _words(text: str, known: Known) -> list[Part]:
    found, open_ = known.catalogue.read(text)
    if not found:
        return _has_field(text, known) or [_misspelt(text, known) or _note(text)]
    fields = [Part(PartKind.TASK_FIELD, one.name, one, one.name) for one in found]
    study = [_note(words.STUDY)] if fold(words.STUDY) in fold(text) else []
    return fields + study + [_misspelt(piece, known) or _note(piece) for piece in open_]


def _alone(text: str, known: Known) -> list[Part]:
    """A length, a day, a channel, a group or a mark of confidence that is the whole piece."""
    bare = text.strip("()! ")
    if (length := lengths.match(bare)) and length[1] == len(bare):
        return length[0]
    if meters := _MINUTES.fullmatch(bare):
        minutes = int(meters[1])
        return [Part(PartKind.DURATION, text, minutes, in_words(minutes))]
    day = days.match(text, 0, known.today, "near")
    if day is not None and day[1] == len(text):
        return [_behind(day[0], known)]
    if match := words.CHANNEL.fullmatch(text):
        return [channel(match)]
    if match := words.KIND.fullmatch(text):
        return kind(match)
    if match := places.GROUP.fullmatch(text):
        return [places.group(text, match["title"], known)]
    return [confidential(text)] if words.CONFIDENTIAL.fullmatch(text) else []


def _behind(day: Part, known: Known) -> Part:
    """A day to come behind the topic is rather a day of others."""
    if day.value is None or day.value <= known.today:
        return day
    question, choices = _("Is this the day of the talk?"), (Choice(day.kind, day.value, day.shown),)
    return replace(day, value=None, state=State.UNCLEAR, question=question, choices=choices)


def confidential(text: str) -> Part:
    """The part of a word that closes the talk to others."""
    return Part(PartKind.CONFIDENTIAL, text, True, str(PartKind.CONFIDENTIAL.label), leave=False)


def channel(match: re.Match[str]) -> Part:
    """The part of a word that means a channel."""
    value = words.CHANNEL_OF[match[1].casefold()]
    return Part(PartKind.CHANNEL, match[0], value, str(value.label))


def kind(match: re.Match[str]) -> list[Part]:
    """The part of a word that means a kind of talk; the name of a committee is kept as well."""
    word = match[1].casefold()
    value = words.KIND_OF[word]
    part = Part(PartKind.KIND, match[0], value, str(value.label))
    own = value is ConsultationKind.COMMITTEE and word not in words.PLAIN_KINDS
    return [part, _note(match[1])] if own else [part]


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
