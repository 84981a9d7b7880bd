"""From typed days and clock times to the moments of an event; what does not fit together names its fields."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from flask_babel import gettext as _

from crm.db import BERLIN
from crm.events.models import Precision
from crm.events.times import moment_of
from crm.reading import Misread

LONGEST = timedelta(days=31)


class Unfit(ValueError):
    """Days and times do not fit together; `fields` are those to look at."""

    def __init__(self, message: str, *fields: str):
        super().__init__(message)
        self.message, self.fields = message, fields


@dataclass(frozen=True)
class Span:
    """When an event is, and how exactly that is known."""

    starts_at: datetime
    ends_at: datetime | None
    precision: Precision

    @property
    def last_day(self) -> date:
        """The day it ends."""
        return (self.ends_at or self.starts_at).astimezone(BERLIN).date()

    @property
    def columns(self) -> dict[str, Any]:
        """The columns of the event."""
        return {"starts_at": self.starts_at, "ends_at": self.ends_at, "precision": self.precision}


def span_of(day: date, starts: time | None, last_day: date | None, ends: time | None) -> Span:
    """Join what was typed; raises Unfit. Without a clock time only the days are known."""
    last = last_day or day
    if last < day:
        raise Unfit(_("The last day lies before the first."), "day", "last_day")
    if last - day > LONGEST:
        raise Unfit(_("An event lasts 31 days at most. Check both days."), "day", "last_day")
    if starts is None:
        if ends is not None:
            raise Unfit(_("Enter the time it begins, too."), "starts")
        return Span(_midnight(day), _midnight(last) if last > day else None, Precision.DAY)
    if ends is None and last > day:
        raise Unfit(_("Enter the time it ends on the last day, too."), "ends")
    begin = _moment(day, starts, "starts")
    end = None if ends is None else _moment(last, ends, "ends")
    if end is not None and end <= begin:
        raise Unfit(_("The end lies before the beginning. Check both times."), "starts", "ends")
    return Span(begin, end, Precision.TIME)


def check_deadline(register_until: date | None, day: date | None) -> None:
    """Registration ends on the day of the event at the latest; raises Unfit."""
    if register_until and day and register_until > day:
        message = _("Registration would end after the event has begun. Check both days.")
        raise Unfit(message, "register_until", "day")


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), BERLIN)


def _moment(day: date, clock: time, field: str) -> datetime:
    try:
        return moment_of(day, clock)
    except Misread as problem:
        raise Unfit(str(problem), field) from None
