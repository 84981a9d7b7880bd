"""Which days a saved report is about, and when its mail goes out."""

from datetime import date, datetime
from types import SimpleNamespace

import pytest

from crm.db import BERLIN
from crm.definitions.days import (
    goes_out,
    is_working_day,
    last_end,
    mailed_period,
    next_end,
    period_of,
    span_of,
)
from crm.definitions.models import Rhythm, Span
from crm.reports.period import Period

DAY = date(2026, 5, 20)


def saved(span, **over):
    """A saved report as far as its days go."""
    return SimpleNamespace(
        span=span, since=over.get("since"), until=over.get("until"), rhythm=Rhythm.MONTHLY,
        mailed_until=over.get("mailed_until"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("span", "first", "last"),
    [
        (Span.THIS_YEAR, date(2026, 1, 1), date(2026, 12, 31)),
        (Span.LAST_YEAR, date(2025, 1, 1), date(2025, 12, 31)),
        (Span.THIS_QUARTER, date(2026, 4, 1), date(2026, 6, 30)),
        (Span.LAST_QUARTER, date(2026, 1, 1), date(2026, 3, 31)),
        (Span.THIS_MONTH, date(2026, 5, 1), date(2026, 5, 31)),
        (Span.LAST_MONTH, date(2026, 4, 1), date(2026, 4, 30)),
        (Span.NEXT_3_MONTHS, date(2026, 5, 20), date(2026, 8, 19)),
        (Span.NEXT_12_MONTHS, date(2026, 5, 20), date(2027, 5, 19)),
    ],
)
def test_a_moving_span_is_counted_from_the_day(span, first, last):
    assert period_of(saved(span), DAY) == Period(first, last)
    assert span_of(Period(first, last), DAY) is span


def test_fixed_days_stay(context):
    one = saved(Span.FIXED, since=date(2012, 1, 1), until=date(2017, 12, 31))
    assert period_of(one, DAY) == Period(date(2012, 1, 1), date(2017, 12, 31))
    assert span_of(Period(date(2012, 1, 1), date(2017, 12, 31)), DAY) is Span.FIXED


def test_every_day_of_four_years_has_whole_spans_that_touch():
    for number in range(date(2024, 1, 1).toordinal(), date(2028, 1, 1).toordinal()):
        day = date.fromordinal(number)
        for this, last in (
            (Span.THIS_QUARTER, Span.LAST_QUARTER), (Span.THIS_MONTH, Span.LAST_MONTH),
            (Span.THIS_YEAR, Span.LAST_YEAR),
        ):  # fmt: skip
            now, before = period_of(saved(this), day), period_of(saved(last), day)
            assert now.since <= day <= now.until
            assert before.until.toordinal() + 1 == now.since.toordinal()
            assert before.since.day == 1


@pytest.mark.parametrize(
    ("span", "first"),
    [
        (Span.LAST_MONTH, date(2026, 12, 1)),
        (Span.THIS_MONTH, date(2026, 12, 1)),
        (Span.LAST_QUARTER, date(2026, 10, 1)),
        (Span.THIS_YEAR, date(2026, 1, 1)),
        (Span.LAST_YEAR, date(2026, 1, 1)),
        (Span.NEXT_3_MONTHS, date(2027, 1, 1)),
    ],
)
def test_a_mail_after_december_is_about_what_ended_with_it(span, first):
    assert mailed_period(saved(span), date(2026, 12, 31)).since == first


@pytest.mark.parametrize(
    "day",
    [date(2026, 1, 1), date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 1), date(2026, 5, 14),
     date(2026, 5, 25), date(2026, 6, 4), date(2026, 10, 3), date(2026, 12, 25), date(2026, 11, 28),
     date(2026, 11, 29)],
)  # fmt: skip
def test_weekends_and_public_holidays_of_hessen_are_no_working_days(day):
    assert not is_working_day(day)


@pytest.mark.parametrize(
    ("end", "day"),
    [
        (date(2026, 12, 31), date(2027, 1, 4)),
        (date(2026, 4, 30), date(2026, 5, 4)),
        (date(2026, 10, 31), date(2026, 11, 2)),
        (date(2026, 11, 30), date(2026, 12, 1)),
        (date(2029, 3, 31), date(2029, 4, 3)),
    ],
)
def test_the_mail_goes_out_on_the_first_working_day(end, day):
    assert goes_out(end) == datetime(day.year, day.month, day.day, 6, tzinfo=BERLIN)


def test_what_ended_and_what_comes_next():
    assert last_end(Rhythm.MONTHLY, date(2026, 3, 1)) == date(2026, 2, 28)
    assert last_end(Rhythm.QUARTERLY, date(2026, 1, 1)) == date(2025, 12, 31)
    assert last_end(Rhythm.QUARTERLY, date(2026, 6, 30)) == date(2026, 3, 31)
    assert next_end(saved(Span.LAST_MONTH, mailed_until=date(2026, 3, 31)), DAY) == date(2026, 4, 30)
    assert next_end(saved(Span.LAST_MONTH, mailed_until=date(2026, 4, 30)), DAY) == date(2026, 5, 31)
