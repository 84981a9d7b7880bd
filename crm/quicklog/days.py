"""Days inside a line, in all office spellings. A span of days ("letzte Woche", "KW 47") asks for the day."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from flask_babel import gettext as _

from crm.dates import month_end, months_later
from crm.i18n import weekday_day
from crm.quicklog.parts import Choice, Part, PartKind, State
from crm.reading import (
    COUNTS,
    FIRST_YEAR,
    LAST_YEAR,
    MONTHS,
    OF_WEEK,
    WEEKDAYS,
    WORDS,
    Lean,
    Misread,
    read_day,
)

Found = tuple[Part, int]
HALF_A_YEAR = timedelta(days=182)
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_LEAD = (
    r"(?:am\s+|vom\s+|den\s+|(?:spätestens\s+)?(?:bis\s+)?(?:zum\s+|zu\s+)|(?:spätestens\s+)?bis\s+|ab\s+)?"
)
_WEEKDAY = rf"(?:{'|'.join(WEEKDAYS)}|sonnabend)"
_WRITTEN = (
    r"(?:\d{4}-\d{1,2}-\d{1,2}"
    rf"|\d{{1,2}}\.\s?\d{{1,2}}\.(?:\d{{4}}|\d{{2}}|\s\d{{4}})?(?!\d)"
    r"|\d{1,2}\.\d{1,2}(?![\d.,])(?!\s*(?:h|std|stunde|uhr)\b)"
    rf"|\d{{1,2}}\.?\s?(?:{_MONTH})\.?(?!\w)(?:\s\d{{4}}(?!\d))?)"
)
_DATE = re.compile(
    rf"{_LEAD}(?:(?P<weekday>{_WEEKDAY}|(?:mo|di|mi|do|fr|sa|so)(?=[.,\s])[.,]*)[,\s]\s*(?:den\s+)?)?(?P<date>{_WRITTEN})",
    re.IGNORECASE,
)
_WORD = re.compile(
    rf"({'|'.join(sorted(WORDS, key=len, reverse=True))})(?!\w)"
    r"(?:\s+(?:früh|vormittag|mittag|nachmittag|abend)(?!\w)|(?<=n|e)\s+morgen(?!\w))?",
    re.IGNORECASE,
)
# What a line begins with just after a call.
_JUST = re.compile(r"(?:eben|soeben|gerade(?:\s+eben)?|vorhin)(?!\w)", re.IGNORECASE)
_AGO = re.compile(
    rf"(?P<way>vor|in)\s+(?P<number>\d{{1,3}}|{'|'.join(COUNTS)})\s+"
    r"(?P<unit>tag(?:en)?|wochen?|monat(?:en)?)(?!\w)",
    re.IGNORECASE,
)
_DAY_OF_WEEK = re.compile(
    rf"{_LEAD}(?:(?P<which>letzten|letzter|vergangenen|vorigen|nächsten|naechsten|kommenden|diesen)\s+)?"
    rf"(?P<name>{_WEEKDAY}|(?-i:Mo|Di|Mi|Do|Fr|Sa|So)\b\.?)(?!\w)",
    re.IGNORECASE,
)
_WEEK = re.compile(
    r"(?P<which>letzte|vergangene|vorige|diese|nächste|naechste|kommende)[rn]?\s+woche(?!\w)"
    r"|kw\s?(?P<number>\d{1,2})(?!\d)(?:[/\s](?P<year>\d{4}))?",
    re.IGNORECASE,
)
_VAGUE = re.compile(
    rf"(?:anfang|mitte|ende)\s+(?:(?:{_MONTH})\.?(?!\w)(?:\s\d{{4}})?|des\s+monats|nächsten\s+monats|monat|"
    r"nächster\s+woche|der\s+woche)"
    rf"|(?:letzten|vorigen|nächsten|diesen|kommenden)\s+monat(?!\w)|\d{{1,2}}/\d{{1,2}}/\d{{2,4}}|\d{{1,2}}/\d{{4}}"
    r"|neulich(?!\w)|kürzlich(?!\w)",
    re.IGNORECASE,
)
_LAST_OF_MONTH = re.compile(rf"ende\s+({_MONTH})\.?(?:\s(\d{{4}}))?", re.IGNORECASE)


def match(text: str, place: int, today: date, lean: Lean, kind: PartKind = PartKind.DAY) -> Found | None:
    """Read a day that begins at a place of the text; give its part and where it ends."""
    readers: tuple[Callable[..., Found | None], ...] = (_date, _word, _ago, _week, _vague, _weekday)
    for reader in readers:
        found = reader(text, place, today, lean, kind)
        if found is not None:
            return found
    return None


def sure(kind: PartKind, text: str, day: date) -> Part:
    """The part of a day that is plain."""
    return Part(kind, text.strip(), day, weekday_day(day))


def asks(kind: PartKind, text: str, question: str, days: list[date]) -> Part:
    """The part of a day that is not plain, with the days it may be."""
    choices = tuple(Choice(kind, one, weekday_day(one)) for one in days)
    return Part(kind, text.strip(), state=State.UNCLEAR, question=question, choices=choices)


def _date(text: str, place: int, today: date, lean: Lean, kind: PartKind) -> Found | None:
    found = _DATE.match(text, place)
    if found is None:
        return None
    try:
        day = read_day(re.sub(r"(?<=\d)\.?(?=[a-zä])", ". ", found["date"].casefold()), today, lean)
    except Misread as wrong:
        return asks(kind, found[0], str(wrong), []), found.end()
    if found["weekday"] and _number_of(found["weekday"]) != day.weekday():
        question = _("%(day)s is no %(weekday)s. Which day is meant?", day=weekday_day(day),
                     weekday=WEEKDAYS[_number_of(found["weekday"])].capitalize())  # fmt: skip
        return asks(kind, found[0], question, [*_near(day, _number_of(found["weekday"])), day]), found.end()
    return sure(kind, found[0], day), found.end()


def _near(day: date, weekday: int) -> list[date]:
    """The days of a weekday just before and just after a day."""
    after = day + timedelta(days=(weekday - day.weekday()) % 7)
    return [after - timedelta(days=7), after]


def _number_of(weekday: str) -> int:
    return OF_WEEK[weekday.casefold().rstrip(".,")]


def _word(text: str, place: int, today: date, lean: Lean, kind: PartKind) -> Found | None:
    if place == 0 and (just := _JUST.match(text)):
        return sure(kind, just[0], today), just.end()
    found = _WORD.match(text, place)
    if found is None:
        return None
    return sure(kind, found[0], today + timedelta(days=WORDS[found[1].casefold()])), found.end()


def _ago(text: str, place: int, today: date, lean: Lean, kind: PartKind) -> Found | None:
    found = _AGO.match(text, place)
    if found is None:
        return None
    number = found["number"].casefold()
    many = COUNTS.get(number) or int(number)
    sign = -1 if found["way"].casefold() == "vor" else 1
    unit = found["unit"].casefold()
    if unit.startswith("monat"):
        day = months_later(today, sign * many)
        return asks(kind, found[0], _("Which day is meant?"), [day]), found.end()
    return sure(
        kind, found[0], today + sign * timedelta(days=many * (7 if unit[0] == "w" else 1))
    ), found.end()


def _weekday(text: str, place: int, today: date, lean: Lean, kind: PartKind) -> Found | None:
    found = _DAY_OF_WEEK.match(text, place)
    if found is None:
        return None
    ahead = (_number_of(found["name"]) - today.weekday()) % 7
    which = (found["which"] or "").casefold()
    if which == "diesen":
        return sure(kind, found[0], _monday(today) + timedelta(days=_number_of(found["name"]))), found.end()
    coming = which.startswith(("n", "k")) or (not which and lean == "future")
    if not ahead and not which:
        days = [today, today + timedelta(days=7 if coming else -7)]
        return asks(kind, found[0], _("Today, or a week away?"), days), found.end()
    day = today + timedelta(days=(ahead or 7) if coming else (ahead - 7))
    return sure(kind, found[0], day), found.end()


def _week(text: str, place: int, today: date, lean: Lean, kind: PartKind) -> Found | None:
    found = _WEEK.match(text, place)
    if found is None:
        return None
    try:
        monday = _monday_of(found, today, lean)
    except ValueError:
        return asks(kind, found[0], _("There is no such week."), []), found.end()
    days = [monday + timedelta(days=number) for number in range(5)]
    return asks(kind, found[0], _("Which day of the week?"), days), found.end()


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _monday_of(found: re.Match[str], today: date, lean: Lean) -> date:
    """The Monday of a week; raises ValueError for one that does not exist."""
    if not found["number"]:
        which = found["which"].casefold()
        weeks = 0 if which == "diese" else 1 if which.startswith(("n", "k")) else -1
        return _monday(today) + timedelta(weeks=weeks)
    year = int(found["year"] or today.isocalendar()[0])
    if not FIRST_YEAR <= year < LAST_YEAR:
        raise ValueError(year)
    monday = date.fromisocalendar(year, int(found["number"]), 1)
    step = 0 if found["year"] else _turn(monday, monday + timedelta(days=4), today, lean)
    return date.fromisocalendar(year + step, int(found["number"]), 1) if step else monday


def _turn(first: date, last: date, today: date, lean: Lean) -> int:
    """The years to go when days without a year lie on the wrong side of today."""
    if lean == "future":
        return 1 if last < today else 0
    return -1 if first - today > HALF_A_YEAR else 0


def _vague(text: str, place: int, today: date, lean: Lean, kind: PartKind) -> Found | None:
    found = _VAGUE.match(text, place)
    if found is None:
        return None
    last = _LAST_OF_MONTH.fullmatch(found[0])
    days = _last_days(MONTHS[last[1].casefold()], last[2], today, lean) if last else []
    return asks(kind, found[0], _("Write the day like this: 23.11.2026."), days), found.end()


def _last_days(month: int, year: str | None, today: date, lean: Lean) -> list[date]:
    number = int(year) if year else today.year
    if not FIRST_YEAR <= number < LAST_YEAR:
        return []
    day = month_end(date(number, month, 1))
    return [day if year else month_end(date(number + _turn(day, day, today, lean), month, 1))]
