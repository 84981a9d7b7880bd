"""Reading what Germans write: days, clock times, numbers, durations. Pure functions; they raise Misread."""

import re
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Literal

from flask_babel import gettext as _

from crm.dates import months_later

FIRST_YEAR, LAST_YEAR = 1900, 2100
MONTHS = {
    "januar": 1, "jan": 1, "februar": 2, "feb": 2, "märz": 3, "maerz": 3, "mrz": 3, "april": 4, "apr": 4,
    "mai": 5, "juni": 6, "jun": 6, "juli": 7, "jul": 7, "august": 8, "aug": 8, "september": 9, "sep": 9,
    "sept": 9, "oktober": 10, "okt": 10, "november": 11, "nov": 11, "dezember": 12, "dez": 12,
}  # fmt: skip
WORDS = {"vorgestern": -2, "gestern": -1, "heute": 0, "morgen": 1, "übermorgen": 2, "uebermorgen": 2}

_DOTTED = re.compile(r"([0-9]{1,2})\.\s?([0-9]{1,2})\.?(?:\s?([0-9]{2}|[0-9]{4,5}))?")
_ISO = re.compile(r"([0-9]{4,5})-([0-9]{1,2})-([0-9]{1,2})")
_NAMED = re.compile(r"([0-9]{1,2})\.?\s+([a-zäö]+)\.?(?:\s+([0-9]{4}))?")
_CLOCK = re.compile(r"([0-9]{1,2})(?:[:.h]([0-9]{2}))?(?:\s*uhr)?")
_PACKED = re.compile(r"([0-9]{1,2})([0-9]{2})")
_WEEKDAY = re.compile(r"^(mo|di|mi|do|fr|sa|so)[a-z]*[.,]*\s+(?=[0-9])")
_NUMBER = re.compile(r"([+\-−]?)([0-9]{1,3}(?:[. '\u00a0\u202f][0-9]{3})+|[0-9]+)(?:,([0-9]+))?")


class Misread(ValueError):
    """The text is not what the field asks for; the message says what would be right."""


Lean = Literal["past", "near", "future"]
Edge = Literal["first", "last"]
_STRETCH = re.compile(r"(dies|letzt|nächst|naechst)e(?:r|s|n|m)? (woche|monat|quartal|jahr)")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
COUNTS = {
    "einem": 1, "einer": 1, "eine": 1, "ein": 1, "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "fuenf": 5,
    "sechs": 6, "sieben": 7, "acht": 8, "neun": 9, "zehn": 10, "elf": 11, "zwölf": 12, "zwoelf": 12,
}  # fmt: skip
_AWAY = re.compile(rf"(in|vor) ([0-9]{{1,3}}|{'|'.join(COUNTS)}) (tag|woche|monat)(?:en|e|n)?")
WEEKDAYS = ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag")
# By name and by its first two letters, from 0 for Monday.
OF_WEEK = {word: at for at, name in enumerate(WEEKDAYS) for word in (name, name[:2])} | {"sonnabend": 5}
SOON = timedelta(days=60)


def read_day(text: str, today: date, lean: Lean = "past") -> date:
    """Read a day: 1.2.2026, 01.02.26, 2026-02-01, 1. Februar 2026, heute, gestern, or 1.2. without a year.

    A two-digit year is of this century. Without a year the nearest day in the direction of `lean` is meant;
    "near" means the past, unless the day comes within two months.
    Never month before day. Raises Misread, also outside 1900–2100.
    """
    plain = _WEEKDAY.sub("", text.strip().casefold())
    if plain in WORDS:
        return today + timedelta(days=WORDS[plain])
    parts = _day_parts(plain)
    if parts is None:
        raise Misread(_("Write the day like this: 23.11.2026."))
    day, month, year = parts
    if year is None:
        return _nearest(day, month, today, lean)
    return _real_day(day, month, year)


def read_spoken(text: str, today: date, lean: Lean = "past") -> date | None:
    """Read a day as it is said: Freitag, am Fr., in 2 Wochen, vor 3 Tagen. None where it says no such thing.

    A weekday is the last or the next one, as `lean` says; where it may be either, Misread names both days.
    """
    plain = " ".join(text.casefold().split())
    if away := _away(plain, today):
        return away
    number = OF_WEEK.get(plain.removeprefix("am ").removesuffix("."))
    if number is None:
        return None
    ahead = (number - today.weekday()) % 7
    before, after = today + timedelta(days=ahead - 7), today + timedelta(days=ahead)
    if ahead and lean != "near":
        return before if lean == "past" else after
    if not ahead:
        before, after = (before, today) if lean == "past" else (today, today + timedelta(days=7))
    raise Misread(
        _("Which day is it? Write %(one)s or %(other)s.", one=f"{before:%d.%m.%Y}", other=f"{after:%d.%m.%Y}")
    )


def _away(plain: str, today: date) -> date | None:
    match = _AWAY.fullmatch(plain)
    if match is None:
        return None
    number = (COUNTS.get(match[2]) or int(match[2])) * (1 if match[1] == "in" else -1)
    if match[3] == "monat":
        found = months_later(today, number)
        return _real_day(found.day, found.month, found.year)
    return today + timedelta(days=number * (7 if match[3] == "woche" else 1))


def read_edge(text: str, today: date, edge: Edge) -> date | None:
    """Read a stretch of days as its first or last one: diese Woche, letzter Monat, dieses Jahr, 2019.

    Also a number of days from today: vor 30 Tagen, in 2 Wochen. None where the text names no such thing.
    """
    plain = " ".join(text.casefold().split())
    if away := _away(plain, today):
        return away
    if _YEAR.fullmatch(plain):
        return date(int(plain), *((1, 1) if edge == "first" else (12, 31)))
    match = _STRETCH.fullmatch(plain)
    if match is None:
        return None
    number = {"dies": 0, "letzt": -1}.get(match[1], 1)
    if match[2] == "woche":
        first = today - timedelta(days=today.weekday()) + timedelta(weeks=number)
        return first if edge == "first" else first + timedelta(days=6)
    months = {"monat": 1, "quartal": 3, "jahr": 12}[match[2]]
    begin = today.year * 12 + (today.month - 1) // months * months + number * months
    first, after = (date(one // 12, one % 12 + 1, 1) for one in (begin, begin + months))
    return first if edge == "first" else after - timedelta(days=1)


def _day_parts(plain: str) -> tuple[int, int, int | None] | None:
    if match := _ISO.fullmatch(plain):
        return int(match[3]), int(match[2]), int(match[1])
    if match := _DOTTED.fullmatch(plain):
        year = int(match[3]) if match[3] else None
        return int(match[1]), int(match[2]), year + 2000 if year is not None and len(match[3]) == 2 else year
    if (match := _NAMED.fullmatch(plain)) and match[2] in MONTHS:
        return int(match[1]), MONTHS[match[2]], int(match[3]) if match[3] else None
    return None


def _real_day(day: int, month: int, year: int) -> date:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Misread(_("The year must lie between 1900 and 2100."))
    try:
        return date(year, month, day)
    except ValueError:
        raise Misread(_("This day does not exist. Check day and month.")) from None


def _nearest(day: int, month: int, today: date, lean: Lean) -> date:
    if lean == "near":
        coming = _nearest(day, month, today, "future")
        return coming if coming - today <= SOON else _nearest(day, month, today, "past")
    step = -1 if lean == "past" else 1
    for year in (
        today.year,
        today.year + step,
        today.year + 2 * step,
        today.year + 3 * step,
        today.year + 4 * step,
    ):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if (found <= today) if lean == "past" else (found >= today):
            return found
    raise Misread(_("This day does not exist. Check day and month."))


def read_clock(text: str) -> time:
    """Read a clock time: 9:30, 09.30, 930, 9 Uhr, 9:30 Uhr. Raises Misread; 24:00 gets a hint."""
    plain = text.strip().casefold()
    match = _PACKED.fullmatch(plain) if len(plain) > 2 else None
    match = match or _CLOCK.fullmatch(plain)
    if match is None:
        raise Misread(_("Write the time like this: 09:30."))
    hour, minute = int(match[1]), int(match[2] or 0)
    if (hour, minute) == (24, 0):
        raise Misread(_("24:00 is 00:00 of the next day. Write 23:59 or the next day."))
    if hour > 23 or minute > 59:
        raise Misread(_("This time does not exist. Write it like this: 09:30."))
    return time(hour, minute)


def read_number(text: str, places: int = 0) -> Decimal:
    """Read a German number with at most `places` decimals: 1.234,56, 1 234, 1'234. Raises Misread."""
    plain = text.strip().replace("−", "-")
    match = _NUMBER.fullmatch(plain) if plain.isascii() or "\u00a0" in plain or "\u202f" in plain else None
    if match is None or len(plain) > 20 or len({mark for mark in match[2] if not mark.isdigit()}) > 1:
        shape = "1.234,56" if places else "1234"
        raise Misread(_("This is not a number. Write it like this: %(shape)s.", shape=shape))
    decimals = match[3] or ""
    if len(decimals) > places:
        if not places:
            raise Misread(_("Only whole numbers are possible here."))
        raise Misread(_("At most %(places)s decimals are possible here.", places=places))
    whole = re.sub("[^0-9]", "", match[2])
    number = Decimal(f"{match[1].replace('+', '')}{whole}.{decimals or 0}")
    if number.is_signed() and not number:
        raise Misread(_("This is not a number. Write it like this: %(shape)s.", shape="0"))
    return number


_HOURS = re.compile(r"([0-9]{1,3})(?:,([0-9]{1,2}))?\s*(?:h|std\.?|stunden?)")
_HOURS_MINUTES = re.compile(r"([0-9]{1,2}):([0-5][0-9])(?:\s*h)?")
_MINUTES = re.compile(r"([0-9]{1,4})\s*(?:min\.?|minuten?|')?")


def read_minutes(text: str) -> int:
    """Read a duration in minutes: 90, 90 min, 1:30, 1,5 h. Raises Misread; at most 31 days."""
    plain = text.strip().casefold()
    if match := _HOURS.fullmatch(plain):
        minutes = round((int(match[1]) + Decimal(f"0.{match[2] or 0}")) * 60)
    elif match := _HOURS_MINUTES.fullmatch(plain):
        minutes = int(match[1]) * 60 + int(match[2])
    elif plain.isascii() and (match := _MINUTES.fullmatch(plain)):
        minutes = int(match[1])
    else:
        raise Misread(_("Write minutes or hours like this: 90 or 1,5 h."))
    if minutes > 1440:
        raise Misread(_("At most 1440 minutes (a whole day) are possible."))
    return minutes
