"""What a list says about coming back to something (WV): a day ahead, what is done, or words."""

import re
from dataclasses import dataclass
from datetime import date

from crm.imports.talks.days import full_year
from crm.reading import Misread, read_day

_DONE = re.compile(r"\b(?:erl|erledigt|ok|fertig|abgeschl(?:ossen)?)\b\.?|^x$|^✓$", re.IGNORECASE)
_DAY = re.compile(r"[0-9]{1,2}\.\s?[0-9]{1,2}\.\s?(?:[0-9]{4}|[0-9]{2})\b|[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONTH = re.compile(r"(?:^|\s)(1[0-2]|0?[1-9])/([0-9]{4})$")


@dataclass(frozen=True, slots=True)
class Return:
    """A day that lies ahead (`due`), or words: of what is over, or of what still is to come."""

    words: str = ""
    due: date | None = None
    is_over: bool = False


def read_return(text: str, today: date) -> Return:
    """Read when to come back to something. A past day makes no follow-up: it is years too late for one."""
    words = re.sub(r"\s+", " ", text.strip())
    if not words:
        return Return()
    if _DONE.search(words):
        return Return(words, is_over=True)
    if match := _DAY.search(words):
        day = _day(match[0], today)
        return Return(words, day if day and day >= today else None, is_over=day is not None and day < today)
    if match := _MONTH.search(words):
        return Return(words, is_over=(int(match[2]), int(match[1])) < (today.year, today.month))
    return Return(words)


def _day(text: str, today: date) -> date | None:
    century = re.sub(r"([0-9]{2})$", lambda year: str(full_year(year[1])), text) if text[-3] == "." else text
    try:
        return read_day(re.sub(r"\s", "", century), today)
    except Misread:
        return None
