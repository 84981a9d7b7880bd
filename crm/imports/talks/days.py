"""The day of a talk as offices write it. Whatever is not one exact day is told apart and never rounded."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _

from crm.reading import MONTHS

FIRST = date(1990, 1, 1)
_WEEKDAYS = ("mo", "di", "mi", "do", "fr", "sa", "so")
_NAMES = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
_WEEKDAY = re.compile(
    r"^(?P<before>mo|di|mi|do|fr|sa|so)(?:n?ntag|enstag|ttwoch|nnerstag|eitag|mstag|nnabend)?(?:[.,]+\s*|\s+)(?=[0-9])"
    r"|[\s,]*\(?\b(?P<after>mo|di|mi|do|fr|sa|so)(?:n?ntag|enstag|ttwoch|nnerstag|eitag|mstag|nnabend)?\.?\)?$"
)
_BEFORE = re.compile(r"^(?:am|den|vom|dem)\s+")
_CLOCK = re.compile(
    r"[\s,]+(?:um\s+)?[0-9]{1,2}(?:[:.][0-9]{2}(?::[0-9]{2})?(?:\s*uhr)?|\s*uhr)$|t00:00:00z?$"
)
_MONTH_NAME = "|".join(sorted((re.escape(name) for name in MONTHS), key=len, reverse=True))
_DOTTED = re.compile(r"([0-9]{1,2})\.\s?([0-9]{1,2})\.\s?([0-9]{2}|[0-9]{4})")
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_NAMED = re.compile(rf"([0-9]{{1,2}})\.?\s?({_MONTH_NAME})\.?\s?'?([0-9]{{2}}|[0-9]{{4}})")
_YEARLESS = re.compile(rf"([0-9]{{1,2}})\.\s?(?:([0-9]{{1,2}})\.?|({_MONTH_NAME})\.?)")
_TWO = re.compile(
    r"([0-9]{1,2})\.(?:\s?([0-9]{1,2})\.)?([0-9]{2}|[0-9]{4})?\s?"
    r"(?:/|-|–|\+|&|,|bis|und|u\.)\s?([0-9]{1,2})\.\s?([0-9]{1,2})\.\s?([0-9]{2}|[0-9]{4})"
)
_MONTH = (
    re.compile(rf"(?:(?:anfang|mitte|ende)\s+)?(?:{_MONTH_NAME})\.?\s?'?(?:[0-9]{{4}}|[0-9]{{2}})"),
    re.compile(r"[0-9]{1,2}\s?[./]\s?[0-9]{4}|[0-9]{4}-[0-9]{1,2}|[0-9]{1,2}/[0-9]{2}"),
)
_SERIAL = re.compile(r"[0-9]{5}")
_ZERO = date(1899, 12, 30)


@dataclass(frozen=True, slots=True)
class Day:
    """A day, or why what was written is not exactly one, with the days it may mean."""

    day: date | None = None
    why: str = ""
    guesses: tuple[date, ...] = ()


def read_talk_day(text: str, today: date, year: int | None = None) -> Day:
    """Read the day of a talk; `year` is that of the rows around it and serves as a guess only.

    Two-digit years: 00 to 49 are of this century, 50 to 99 of the last one.
    """
    plain = re.sub(r"\s+", " ", text.strip().casefold()).rstrip(" ,;")
    weekday, plain = _without_weekday(_BEFORE.sub("", plain))
    plain = _BEFORE.sub("", _CLOCK.sub("", plain)).strip(" ,")
    exact = _exact(plain)
    if exact is None:
        return _not_exact(plain, today, year)
    day = _real(*exact)
    if day is None:
        return Day(why=_("is a day that does not exist."))
    return _checked(day, weekday, today)


def full_year(text: str) -> int:
    """Give the year that two or four digits mean."""
    year = int(text)
    return year if len(text) > 2 else year + (2000 if year < 50 else 1900)


def _without_weekday(plain: str) -> tuple[int | None, str]:
    match = _WEEKDAY.search(plain)
    if not match or not re.search("[0-9]", plain):
        return None, plain
    return _WEEKDAYS.index(match["before"] or match["after"]), _WEEKDAY.sub("", plain, count=1)


def _exact(plain: str) -> tuple[str, int, int] | None:
    """Year, month and day of what has the shape of one exact day."""
    if match := _ISO.fullmatch(plain):
        return match[1], int(match[2]), int(match[3])
    if match := _DOTTED.fullmatch(plain):
        return match[3], int(match[2]), int(match[1])
    if match := _NAMED.fullmatch(plain):
        return match[3], MONTHS[match[2]], int(match[1])
    return None


def _real(year: str | int, month: int, day: int) -> date | None:
    try:
        return date(full_year(year) if isinstance(year, str) else year, month, day)
    except ValueError:
        return None


def _checked(day: date, weekday: int | None, today: date) -> Day:
    if day > today:
        return Day(why=_("lies ahead."))
    if day < FIRST:
        return Day(why=_("lies before 1990."), guesses=(day,))
    if weekday is not None and day.weekday() != weekday:
        said = _(
            "is a %(is_one)s, not a %(written)s.",
            is_one=_NAMES[day.weekday()], written=_NAMES[weekday],
        )  # fmt: skip
        return Day(why=said, guesses=(day,))
    return Day(day)


def _not_exact(plain: str, today: date, year: int | None) -> Day:
    if not re.search("[^\\W_]", plain) or plain.strip(" .") in ("k.a", "o.d", "unbekannt", "ohne datum"):
        return Day(why=_("No day is named."))
    if match := _TWO.fullmatch(plain):
        found = tuple(day for day in _two(match) if day is not None and FIRST <= day <= today)
        return Day(why=_("names two days."), guesses=found)
    if match := _YEARLESS.fullmatch(plain):
        month = int(match[2]) if match[2] else MONTHS[match[3]]
        return Day(why=_("has no year."), guesses=tuple(_near(int(match[1]), month, year, today)))
    if any(shape.fullmatch(plain) for shape in _MONTH):
        return Day(why=_("names only a month."))
    if _SERIAL.fullmatch(plain) and FIRST <= (day := _ZERO + timedelta(days=int(plain))) <= today:
        return Day(why=_("is a number, perhaps a day as Excel counts them."), guesses=(day,))
    return Day(why=_("is not one exact day."))


def _two(match: re.Match[str]) -> tuple[date | None, date | None]:
    first = _real(match[3] or match[6], int(match[2] or match[5]), int(match[1]))
    return first, _real(match[6], int(match[5]), int(match[4]))


def _near(day: int, month: int, year: int | None, today: date) -> Iterator[date]:
    for wanted in (year, year + 1) if year else ():
        found = _real(wanted, month, day)
        if found is not None and FIRST <= found <= today:
            yield found
