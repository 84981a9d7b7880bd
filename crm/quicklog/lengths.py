"""Durations and clock times in a line as an office spells them: 30 min, 1,5 h, ½ Std., 14:30-15:15 Uhr."""

import re
from datetime import time
from decimal import Decimal

from flask_babel import gettext as _

from crm.i18n import clock
from crm.i18n import minutes as in_words
from crm.quicklog.parts import Choice, Part, PartKind, State

LONGEST = 1440
_NUMBERS = {
    "eine": "1", "einer": "1", "ein": "1", "zwei": "2", "drei": "3", "vier": "4", "½": "0.5", "1/2": "0.5",
    "halbe": "0.5", "halben": "0.5", "viertel": "0.25", "1/4": "0.25", "¼": "0.25", "dreiviertel": "0.75",
    "3/4": "0.75", "¾": "0.75", "eineinhalb": "1.5", "anderthalb": "1.5", "1½": "1.5", "1 1/2": "1.5",
    "2½": "2.5", "zweieinhalb": "2.5",
}  # fmt: skip
_WORD = "|".join(re.escape(word) for word in sorted(_NUMBERS, key=len, reverse=True))
_PURPOSE = (
    r"(?:(?P<purpose>fahrtzeit|fahrt|anfahrt|vorbereitung|vorb\.?|dauer|ca\.?|etwa|rund|circa)[:.]?\s+)?"
)
_HOUR, _MINUTE = r"(?:h|std\.?|stunden?|stündchen)(?!\w)", r"(?:min\.?|minuten?|m|['′’])(?!\w)"
_LENGTH = re.compile(
    rf"{_PURPOSE}(?:ca\.?\s+)?(?:eine\s+(?=halbe|viertel|dreiviertel))?"
    rf"(?:(?P<hm>\d{{1,2}}:[0-5]\d)\s*{_HOUR}"
    rf"|(?P<packed>\d{{1,2}})\s*h\s*(?P<rest>[0-5]\d)(?!\w)(?:\s*{_MINUTE})?"
    rf"|(?P<hours>{_WORD}|\d{{1,2}}(?:[.,]\d{{1,2}})?)[\s-]?{_HOUR}(?:\s*(?:und\s+)?(?P<more>\d{{1,2}})\s*{_MINUTE})?"
    rf"|(?P<minutes>\d{{1,4}})\s*{_MINUTE})",
    re.IGNORECASE,
)
_HOUR_OF_DAY = r"([01]?\d|2[0-3])(?:[:.]([0-5]\d))?"
_SPAN = re.compile(
    rf"(?:von\s+|um\s+)?(?<!\d){_HOUR_OF_DAY}\s*(?:uhr\s*)?(?:[-–]|bis)\s*{_HOUR_OF_DAY}\s*uhr(?!\w)"
    r"|(?<!\d)([01]?\d|2[0-3]):([0-5]\d)\s*(?:[-–]|bis)\s*([01]?\d|2[0-3]):([0-5]\d)(?!\w)",
    re.IGNORECASE,
)
_CLOCK = re.compile(rf"(?:um\s+|ab\s+)?(?<!\d){_HOUR_OF_DAY}\s*uhr(?!\w)", re.IGNORECASE)
_COLON = re.compile(r"(?:um\s+|ab\s+)?(?<!\d)([01]?\d|2[0-3]):([0-5]\d)(?![\w.])", re.IGNORECASE)
# Before this hour nobody telephones: 1:30 is rather a length.
_EARLIEST = 6
_PURPOSES = {"f": PartKind.TRAVEL, "a": PartKind.TRAVEL, "v": PartKind.PREPARATION}


def match(text: str, place: int = 0) -> tuple[list[Part], int] | None:
    """Read a duration or a clock time that begins at a place; give its parts and where it ends."""
    for reader in (_span, _length, _clock):
        found = reader(text, place)
        if found is not None:
            return found
    return None


def find(text: str) -> tuple[list[Part], int, int] | None:
    """Find the first of them anywhere in a text; give its parts, where it begins and where it ends."""
    for begin in re.finditer(r"(?<![\w,.:/])(?=\w|½|¼|¾)", text):
        found = match(text, begin.start())
        if found is not None:
            return found[0], begin.start(), found[1]
    return None


def _length(text: str, place: int) -> tuple[list[Part], int] | None:
    found = _LENGTH.match(text, place)
    if found is None:
        return None
    kind = _PURPOSES.get((found["purpose"] or "d")[0].casefold(), PartKind.DURATION)
    if (found["purpose"] or "").casefold() in ("ca", "ca.", "circa", "etwa"):
        kind = PartKind.DURATION
    minutes = _minutes(found)
    part = Part(kind, found[0].strip(), minutes, in_words(minutes))
    if minutes > LONGEST or not minutes:
        part = Part(kind, part.text, question=_("At most a whole day is possible."), state=State.UNCLEAR)
    return [part], found.end()


def _minutes(found: re.Match[str]) -> int:
    if found["hm"]:
        hours, _colon, minutes = found["hm"].partition(":")
        return int(hours) * 60 + int(minutes)
    if found["packed"]:
        return int(found["packed"]) * 60 + int(found["rest"])
    if found["minutes"]:
        return int(found["minutes"])
    number = found["hours"].casefold()
    hours_ = Decimal(_NUMBERS.get(number, number.replace(",", ".")))
    return round(hours_ * 60) + int(found["more"] or 0)


def _span(text: str, place: int) -> tuple[list[Part], int] | None:
    found = _SPAN.match(text, place)
    if found is None:
        return None
    begin_hour, begin_minute, end_hour, end_minute = found.groups()[:4] if found[1] else found.groups()[4:]
    begin, end = time(int(begin_hour), int(begin_minute or 0)), time(int(end_hour), int(end_minute or 0))
    length = (end.hour - begin.hour) * 60 + end.minute - begin.minute
    parts = [Part(PartKind.START, found[0].strip(), begin, clock(begin))]
    if length > 0:
        parts.append(Part(PartKind.DURATION, found[0].strip(), length, in_words(length)))
    return parts, found.end()


def _clock(text: str, place: int) -> tuple[list[Part], int] | None:
    sure = _CLOCK.match(text, place)
    found = sure or _COLON.match(text, place)
    if found is None:
        return None
    at = time(int(found[1]), int(found[2] or 0))
    if sure or at.hour >= _EARLIEST:
        return [Part(PartKind.START, found[0].strip(), at, clock(at))], found.end()
    minutes = at.hour * 60 + at.minute
    choices = (
        Choice(PartKind.DURATION, minutes, in_words(minutes)),
        Choice(PartKind.START, at, clock(at)),
    )
    question = _("Is this how long it took, or when it began?")
    return [
        Part(PartKind.DURATION, found[0].strip(), state=State.UNCLEAR, question=question, choices=choices)
    ], found.end()
