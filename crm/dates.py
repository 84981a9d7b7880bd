"""Days and months of the calendar, and what holds from one day to another."""

from calendar import monthrange
from datetime import date, timedelta
from typing import Any

from sqlalchemy import or_
from sqlalchemy.orm import Mapped


def month_end(day: date) -> date:
    """The last day of the month a day lies in."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def week_end(day: date) -> date:
    """The Sunday of the week a day lies in."""
    return day + timedelta(days=6 - day.weekday())


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


class Dated:
    """Mixin of what holds for a time, both days included."""

    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]

    def holds_on(self, day: date) -> bool:
        """Tell whether it holds on a day."""
        return (self.valid_from or date.min) <= day <= (self.valid_to or date.max)

    @classmethod
    def on(cls, day: Any) -> Any:
        """The same as a condition of a query; `day` may be a column."""
        return or_(cls.valid_from.is_(None), cls.valid_from <= day) & or_(
            cls.valid_to.is_(None), cls.valid_to >= day
        )
