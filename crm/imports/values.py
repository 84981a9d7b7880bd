"""What a cell of a list says: lines, sums, days with the precision they have, keys, several names in one."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask_babel import gettext as _

from crm.folding import fold
from crm.reading import FIRST_YEAR, LAST_YEAR, MONTHS, Misread, read_day, read_number
from crm.text import Unreadable, clean_line, clean_lines

LARGEST_SUM = Decimal(100_000_000)
MONTH_NAMES = (
    "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober",
    "November", "Dezember",
)  # fmt: skip
_EXACT = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}|[0-9]{1,2}\.\s?(?:[0-9]{1,2}\.|[^\W\d]+\.?)\s?[0-9]{4}")
_MOMENT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ][0-9:.]+Z?")
_MONTHS = (
    re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})"),
    re.compile(r"(?P<month>[0-9]{1,2})[./](?P<year>[0-9]{4})"),
    re.compile(r"(?P<month>[^\W\d]+)\.?\s+(?P<year>[0-9]{4})"),
)
_YEAR = re.compile(r"[0-9]{4}")
_CURRENCY = re.compile(r"^(?:€|eur)\s*|\s*(?:€|eur|euro|,-+)$", re.IGNORECASE)
_FRACTION = re.compile(r"([0-9]{7,8}|[0-9]{4,5})[.,]0+")
# Municipalities have eight digits, counties five; one less means that the zero of Hessen is gone.
_LENGTHS = {7: 8, 4: 5}
_NOTHING = {"", "-", "–", "—", "?", "k. a.", "k.a.", "n/a"}


@dataclass(frozen=True, slots=True)
class When:
    """A day, or words for what is known of it: Oktober 2013, 2007."""

    words: str
    day: date | None = None


def line(text: str) -> str:
    """Clean a cell to one line; raises Misread."""
    try:
        return clean_line(re.sub(r"\s*[\r\n]+\s*", " ", text)) or ""
    except Unreadable as wrong:
        raise Misread(str(wrong)) from None


def lines(text: str) -> str:
    """Clean a cell of many lines; raises Misread."""
    try:
        return clean_lines(text) or ""
    except Unreadable as wrong:
        raise Misread(str(wrong)) from None


def when(text: str) -> When | None:
    """Read a day, a month or a year, never more exact than it was written; raises Misread."""
    plain = line(text)
    if plain.casefold() in _NOTHING:
        return None
    if match := _MOMENT.fullmatch(plain):
        plain = match[1]
    if _EXACT.fullmatch(plain):
        day = read_day(plain, date.min)
        return When(f"{day:%d.%m.%Y}", day)
    for shape in _MONTHS:
        if match := shape.fullmatch(plain):
            return When(f"{MONTH_NAMES[_month(match['month']) - 1]} {_year(match['year'])}")
    if _YEAR.fullmatch(plain):
        return When(str(_year(plain)))
    raise Misread(_("is no day. Write it like this: 23.11.2026, 11/2026 or 2026."))


def _month(text: str) -> int:
    number = int(text) if text.isdigit() else MONTHS.get(text.casefold(), 0)
    if not 1 <= number <= 12:
        raise Misread(_("names no month. Write it like this: 23.11.2026, 11/2026 or 2026."))
    return number


def _year(text: str) -> int:
    if not FIRST_YEAR <= int(text) <= LAST_YEAR:
        raise Misread(_("lies outside the years 1900 to 2100."))
    return int(text)


def money(text: str) -> Decimal | None:
    """Read a sum of euros; raises Misread."""
    plain = line(text)
    if plain.casefold() in _NOTHING:
        return None
    try:
        found = read_number(_CURRENCY.sub("", plain).strip(), places=2)
    except Misread:
        raise Misread(_("is no sum. Write it like this: 75.000 or 1.234,56.")) from None
    if not 0 <= found <= LARGEST_SUM:
        raise Misread(_("is no believable sum. It must lie between 0 and 100 million euros."))
    return found


def parts(text: str) -> list[str]:
    """Part a cell with several names: at semicolons or line ends, else at commas."""
    plain = re.sub(r"[\r\n]+", ";", text)
    found = plain.split(";" if ";" in plain else ",")
    return [one for one in (line(part).strip(" •·*") for part in found) if one.casefold() not in _NOTHING]


def keys(text: str) -> list[str]:
    """Read official keys; a leading zero that a spreadsheet took away comes back, what is no key stays."""
    return [_key(part) for part in re.split(r"[;|\s]+|,(?=\s*[0-9]{4})", text) if part.strip()]


def _key(text: str) -> str:
    plain = text.strip().strip("'")
    match = _FRACTION.fullmatch(plain)
    digits = match[1] if match else plain
    return digits.zfill(_LENGTHS.get(len(digits), 0)) if digits.isdigit() else digits


def is_no(text: str) -> bool:
    """Tell whether a cell says no."""
    return fold(text) in {"no", "nein", "n", "false", "falsch", "0", "unvollstandig"}
