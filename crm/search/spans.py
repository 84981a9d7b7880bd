"""Days in words: heute, letzte Woche, dieses Jahr, März 2026, 2025, 3.4.2026. Pure functions."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

from crm.dates import month_end, months_later
from crm.i18n import day as day_in_words
from crm.reading import FIRST_YEAR, LAST_YEAR, MONTHS, Misread, read_day

_END = r"(?=[\s,;.]|$)"
_PAST, _COMING = "letzte|vorige|vergangene", "nächste|naechste|kommende"
_NAMED_SPAN = re.compile(
    rf"(?:(diese|{_PAST}|{_COMING})[nrsm]?\s+(woche|monat|jahr)|(heute|gestern|vorgestern)){_END}",
    re.IGNORECASE,
)
_MONTH = re.compile(
    rf"(?:im\s+)?({'|'.join(sorted(MONTHS, key=len, reverse=True))})\.?\s+([0-9]{{4}}){_END}", re.IGNORECASE
)
_YEAR = re.compile(rf"((?:19|20)[0-9]{{2}}|2100){_END}")
_DAY = re.compile(r"([0-9]{1,2}\.\s?[0-9]{1,2}\.[0-9]{4}|[0-9]{4}-[0-9]{2}-[0-9]{2})(?=[\s,;]|$)")


class Span(NamedTuple):
    """Days from the first to the last, None where it is open."""

    since: date | None
    until: date | None


def _named_span(match: re.Match[str], today: date) -> Span | None:
    if match[3]:
        day = read_day(match[3], today)
        return Span(day, day)
    word = match[1].casefold()
    step = 0 if word == "diese" else -1 if word in _PAST.split("|") else 1
    if match[2].casefold() == "woche":
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=step)
        return Span(monday, monday + timedelta(days=6))
    if match[2].casefold() == "monat":
        first = months_later(today.replace(day=1), step)
        return Span(first, month_end(first))
    return _whole_year(today.year + step)


def _whole_year(year: int) -> Span:
    return Span(date(year, 1, 1), date(year, 12, 31))


def _month(match: re.Match[str], _today: date) -> Span | None:
    year = int(match[2])
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    first = date(year, MONTHS[match[1].casefold()], 1)
    return Span(first, month_end(first))


def _day(match: re.Match[str], today: date) -> Span | None:
    try:
        day = read_day(match[1], today)
    except Misread:
        return None
    return Span(day, day)


_SPANS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], Span | None]], ...] = (
    (_NAMED_SPAN, _named_span),
    (_MONTH, _month),
    (_DAY, _day),
    (_YEAR, lambda match, _today: _whole_year(int(match[1]))),
)


def in_words(span: Span) -> str:
    """Say a span: a day, or its first and last."""
    if span.since == span.until:
        return day_in_words(span.since)
    return f"{day_in_words(span.since)}–{day_in_words(span.until)}"


def one_day(day: date) -> Span:
    """The span of a single day."""
    return Span(day, day)


def at(text: str, place: int, today: date) -> tuple[Span, int] | None:
    """Read days in words that begin at a place; give them and where they end."""
    for pattern, meaning in _SPANS:
        match = pattern.match(text, place)
        span = meaning(match, today) if match else None
        if match and span:
            return span, match.end()
    return None
