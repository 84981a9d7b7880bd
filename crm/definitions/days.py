"""Which days a saved report is about, which month or quarter is over, and when its mail goes out."""

from datetime import date, datetime, time, timedelta

from crm.dates import months_later
from crm.db import BERLIN
from crm.definitions.models import Rhythm, SavedReport, Span
from crm.holidays import is_holiday
from crm.reports.period import Period, month_of, quarter_of

AHEAD = {Span.NEXT_3_MONTHS: 3, Span.NEXT_12_MONTHS: 12}
DAY, SATURDAY, FROM = timedelta(days=1), 5, time(6, 0)


def period_of(saved: SavedReport, day: date) -> Period:
    """Give the days of a saved report as seen from a day."""
    if saved.span is Span.FIXED and saved.since and saved.until:
        return Period(saved.since, saved.until)
    return relative(saved.span, day)


def relative(span: Span, day: date) -> Period:
    """Give the days of a span that moves, as seen from a day."""
    if span in (Span.THIS_YEAR, Span.LAST_YEAR):
        year = day.year - (span is Span.LAST_YEAR)
        return Period(date(year, 1, 1), date(year, 12, 31))
    if span in AHEAD:
        return Period(day, months_later(day, AHEAD[span]) - DAY)
    if span in (Span.THIS_QUARTER, Span.LAST_QUARTER):
        first = quarter_of(day).since
        return quarter_of(first if span is Span.THIS_QUARTER else first - DAY)
    first = day.replace(day=1)
    return month_of(first if span is Span.THIS_MONTH else first - DAY)


def span_of(period: Period, day: date) -> Span:
    """Name the span that a period is on a day; fixed days where it is none."""
    moving = (span for span in Span if span is not Span.FIXED and relative(span, day) == period)
    return next(moving, Span.FIXED)


def mailed_period(saved: SavedReport, end: date) -> Period:
    """Give the days a mail is about that is written because a month or quarter ended on `end`.

    "This year" is the year that day lies in; "last month" is the one that ended with it.
    """
    under_way = saved.span in (Span.THIS_YEAR, Span.THIS_QUARTER, Span.THIS_MONTH)
    return period_of(saved, end if under_way else end + DAY)


def last_end(rhythm: Rhythm, day: date) -> date:
    """Give the last day of the newest month or quarter that is over on a day."""
    current = quarter_of(day) if rhythm is Rhythm.QUARTERLY else month_of(day)
    return current.since - DAY


def next_end(saved: SavedReport, day: date) -> date:
    """Give the last day of the month or quarter the next mail is about."""
    ended = last_end(saved.rhythm, day)
    if saved.mailed_until is None or saved.mailed_until < ended:
        return ended
    running = quarter_of(day) if saved.rhythm is Rhythm.QUARTERLY else month_of(day)
    return running.until


def goes_out(end: date) -> datetime:
    """Give the moment from which the mails about a month or quarter are sent: its first working day after."""
    day = end + DAY
    while not is_working_day(day):
        day += DAY
    return datetime.combine(day, FROM, BERLIN)


def is_working_day(day: date) -> bool:
    """Tell working days from weekends and public holidays in Hessen."""
    return day.weekday() < SATURDAY and not is_holiday(day)
