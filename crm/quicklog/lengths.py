"""Durations and clock times in a line as an office spells them: 30 min, 1,5 h, ½ Std., 14:30-15:15 Uhr."""

import re
from datetime import time
from decimal import Decimal

from flask_babel import gettext as _

from crm.i18n import clock
from crm.i18n import minutes as in_words
from crm.quicklog.parts import Choice, Part, PartKind, State

LONGEST = 1440
_FRACTIONS = {"½": "0.5", "1/2": "0.5", "¼": "0.25", "1/4": "0.25", "¾": "0.75", "3/4": "0.75"}
_NUMBERS = _FRACTIONS | {
    "eine": "1", "einer": "1", "ein": "1", "zwei": "2", "drei": "3", "vier": "4", "fünf": "5", "sechs": "6",
    "sieben": "7", "acht": "8", "halbe": "0.5", "halben": "0.5", "viertel": "0.25", "dreiviertel": "0.75",
    "eineinhalb": "1.5", "anderthalb": "1.5", "zweieinhalb": "2.5",
}  # fmt: skip
_WORD = "|".join(re.escape(word) for word in sorted(_NUMBERS, key=len, reverse=True))
_TRAVEL = r"(?:hin-?\s?(?:und|u\.)\s?rück|rück|hin|an|ab)?fahrt(?:s?zeit)?|fahrzeit|reisezeit|wegezeit"
_PREPARATION = r"(?:vor-\s?und\s?nach|vor|nach)bereitung(?:szeit)?|vorb\.?"
_PURPOSE = (
    rf"(?:(?P<travel>{_TRAVEL})[:.]?\s+|(?P<preparation>{_PREPARATION})[:.]?\s+|(?:dauer|gespräch)[:.]?\s+)?"
)
_ABOUT = (
    r"(?:(?:ca\.?|etwa|rund|circa|knapp|gut)\s*)?"
    r"(?:eine?r?\s+(?=halbe|viertel|dreiviertel|gute|knappe))?(?:gute|knappe)?\s*"
)
_HOUR, _MINUTE = r"(?:h|std\.?|stunden?|stündchen)(?!\w)", r"(?:min\.?|minuten?|['′’])(?!\w)"
_MIXED = rf"\d{{1,2}}\s?(?:{'|'.join(map(re.escape, _FRACTIONS))})"
_LENGTH = re.compile(
    rf"{_PURPOSE}{_ABOUT}"
    rf"(?:(?P<hm>\d{{1,2}}:[0-5]\d)\s*{_HOUR}"
    rf"|(?P<packed>\d{{1,2}})\s*(?:h|std\.?)\s*(?P<rest>[0-5]?\d)(?!\w|[.,:/]\d)(?:\s*{_MINUTE})?"
    rf"|(?P<whole>\d{{1,2}})\s*(?:h|std\.?)\s*(?P<also>[0-5]?\d)\s*{_MINUTE}"
    rf"|(?P<hours>{_MIXED}|{_WORD}|\d{{1,3}}(?:[.,]\d{{1,2}})?)[\s-]?{_HOUR}"
    rf"(?:\s*(?:und\s+)?(?P<more>\d{{1,2}})\s*{_MINUTE})?"
    rf"|(?P<minutes>\d{{1,4}})\s*{_MINUTE})",
    re.IGNORECASE,
)
# Two numbers of which nobody knows which is meant: 10-15 min, 1 bis 2 Stunden, 2 x 30 min.
_RANGE = re.compile(
    rf"{_PURPOSE}{_ABOUT}(?P<first>\d{{1,3}}(?:[.,]\d)?)\s*(?P<sign>[-–]|bis|x|×|\*)\s*"
    rf"(?P<second>\d{{1,3}}(?:[.,]\d)?)\s*(?:(?P<hour>{_HOUR})|{_MINUTE})",
    re.IGNORECASE,
)
_HOUR_OF_DAY = r"([01]?\d|2[0-3])(?:[:.]([0-5]\d))?"
_SPAN = re.compile(
    rf"(?:von\s+|um\s+)?(?<!\d){_HOUR_OF_DAY}\s*(?:uhr\s*)?(?:[-–]|bis)\s*{_HOUR_OF_DAY}\s*uhr(?!\w)"
    r"|(?:von\s+)?(?<!\d)([01]?\d|2[0-3]):([0-5]\d)\s*(?:[-–]|bis)\s*([01]?\d|2[0-3]):([0-5]\d)(?!\w)",
    re.IGNORECASE,
)
_CLOCK = re.compile(rf"(?:um\s+|ab\s+)?(?<!\d){_HOUR_OF_DAY}\s*uhr(?!\w)", re.IGNORECASE)
_COLON = re.compile(r"(?:um\s+|ab\s+)?(?<!\d)([01]?\d|2[0-3]):([0-5]\d)(?![\w.])", re.IGNORECASE)
# Before this hour nobody telephones: 1:30 is rather a length.
_EARLIEST = 6

Found = tuple[list[Part], int]


def match(text: str, place: int = 0) -> Found | None:
    """Read a duration or a clock time that begins at a place; give its parts and where it ends."""
    for reader in (_span, _range, _length, _clock):
        found = reader(text, place)
        if found is not None:
            return found
    return None


def inside(text: str) -> tuple[list[Part], int, int] | None:
    """Find the first duration anywhere in a text; give its parts, where it begins and where it ends."""
    for begin in re.finditer(r"(?<![\w,.:/-])(?=\w|½|¼|¾)", text):
        found = _range(text, begin.start()) or _length(text, begin.start())
        if found is not None:
            return found[0], begin.start(), found[1]
    return None


def _kind(found: re.Match[str]) -> PartKind:
    if found["travel"]:
        return PartKind.TRAVEL
    return PartKind.PREPARATION if found["preparation"] else PartKind.DURATION


def _length(text: str, place: int) -> Found | None:
    found = _LENGTH.match(text, place)
    if found is None:
        return None
    kind, minutes, typed = _kind(found), _minutes(found), found[0].strip()
    if not 0 < minutes <= LONGEST:
        question = _("At most a whole day is possible.") if minutes else _("How long did it take?")
        return [Part(kind, typed, state=State.UNCLEAR, question=question)], found.end()
    return [Part(kind, typed, minutes, in_words(minutes))], found.end()


def _minutes(found: re.Match[str]) -> int:
    if found["hm"]:
        hours, _colon, minutes = found["hm"].partition(":")
        return int(hours) * 60 + int(minutes)
    if found["packed"] or found["whole"]:
        return int(found["packed"] or found["whole"]) * 60 + int(found["rest"] or found["also"])
    if found["minutes"]:
        return int(found["minutes"])
    return round(_number(found["hours"]) * 60) + int(found["more"] or 0)


def _number(text: str) -> Decimal:
    """A number of hours: 1,5 or ½ or 2 1/2 or zwei."""
    plain = text.casefold()
    for sign, value in _FRACTIONS.items():
        if plain.endswith(sign):
            return Decimal(plain.removesuffix(sign).strip() or 0) + Decimal(value)
    return Decimal(_NUMBERS.get(plain, plain.replace(",", ".")))


def _range(text: str, place: int) -> Found | None:
    found = _RANGE.match(text, place)
    if found is None:
        return None
    unit = 60 if found["hour"] else 1
    first, second = (round(_number(found[name]) * unit) for name in ("first", "second"))
    product = round(_number(found["first"]) * second)
    meant = [second, product] if found["sign"] in "x×*" else [first, second]
    kind = _kind(found)
    choices = tuple(Choice(kind, one, in_words(one)) for one in meant if 0 < one <= LONGEST)
    question = _("How long did it take?")
    return [
        Part(kind, found[0].strip(), state=State.UNCLEAR, question=question, choices=choices)
    ], found.end()


def _span(text: str, place: int) -> Found | None:
    found = _SPAN.match(text, place)
    if found is None:
        return None
    numbers = found.groups()[:4] if found[1] else found.groups()[4:]
    begin_hour, begin_minute, end_hour, end_minute = (int(one or 0) for one in numbers)
    begin, typed = time(begin_hour, begin_minute), found[0].strip()
    length = ((end_hour - begin_hour) * 60 + end_minute - begin_minute) % LONGEST
    parts = [Part(PartKind.START, typed, begin, clock(begin))]
    if length:
        parts.append(Part(PartKind.DURATION, typed, length, in_words(length)))
    return parts, found.end()


def _clock(text: str, place: int) -> Found | None:
    sure = _CLOCK.match(text, place)
    found = sure or _COLON.match(text, place)
    if found is None:
        return None
    at, typed = time(int(found[1]), int(found[2] or 0)), found[0].strip()
    if sure or at.hour >= _EARLIEST:
        return [Part(PartKind.START, typed, at, clock(at))], found.end()
    minutes = at.hour * 60 + at.minute
    choices = (
        *((Choice(PartKind.DURATION, minutes, in_words(minutes)),) if minutes else ()),
        Choice(PartKind.START, at, clock(at)),
    )
    question = _("Is this how long it took, or when it began?")
    return [
        Part(PartKind.DURATION, typed, state=State.UNCLEAR, question=question, choices=choices)
    ], found.end()
