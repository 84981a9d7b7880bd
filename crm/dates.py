"""Days and months of the calendar."""

from calendar import monthrange
from datetime import date
from typing import Any


def month_end(day: date) -> date:
    """The last day of the month a day lies in."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def months_later(day: date, months: int) -> date:
    """The same day some months later or, below zero, earlier; the last of a month that is too short.

    Raises ValueError for a day outside of the calendar.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, month_end(date(year, month + 1, 1)).day))


def overlap(one: Any, other: Any) -> bool:
    """Tell whether what is dated by `valid_from` and `valid_to` holds on some day together."""
    first = max(one.valid_from or date.min, other.valid_from or date.min)
    return bool(first <= min(one.valid_to or date.max, other.valid_to or date.max))
