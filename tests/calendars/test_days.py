"""The days of a month, a week and a list, and the weeks with what happens in them."""

from datetime import date, time, timedelta

import pytest

from crm.calendars import grid
from crm.calendars.days import Span, View
from crm.calendars.items import Item, Kind

DAY = timedelta(days=1)
NOV, MARCH, FEBRUARY = date(2026, 11, 25), date(2027, 3, 1), date(2024, 2, 1)


def item(first, last=None, title="Fachtagung", kind=Kind.EVENT, clock=None):
    """Something that happens from one day to another."""
    return Item(kind, None, first, last or first, title, "events.show", {"event_id": 1}, clock=clock)


def lines(found, day):
    """What stands on a day, None for a line kept free."""
    days = [one for week in found for one in week.days if one.day == day]
    return [line and line.title for line in days[0].lines]


@pytest.mark.parametrize(
    ("view", "day", "first", "last", "before", "after"),
    [
        (View.MONTH, NOV, date(2026, 10, 26), date(2026, 12, 6), date(2026, 10, 1), date(2026, 12, 1)),
        (View.MONTH, date(2027, 2, 9), date(2027, 2, 1), date(2027, 2, 28), date(2027, 1, 1), MARCH),
        (View.MONTH, date(2024, 1, 9), date(2024, 1, 1), date(2024, 2, 4), date(2023, 12, 1), FEBRUARY),
        (View.WEEK, NOV, date(2026, 11, 23), date(2026, 11, 29), date(2026, 11, 16), date(2026, 11, 30)),
        (View.LIST, NOV, NOV, date(2027, 1, 19), date(2026, 9, 30), date(2027, 1, 20)),
        (View.MONTH, date(1900, 1, 5), date(1900, 1, 1), date(1900, 2, 4), None, date(1900, 2, 1)),
        (View.MONTH, date(2100, 12, 31), date(2100, 11, 29), date(2101, 1, 2), date(2100, 11, 1), None),
        (View.WEEK, date(1900, 1, 1), date(1900, 1, 1), date(1900, 1, 7), None, date(1900, 1, 8)),
        (View.LIST, date(2100, 12, 31), date(2100, 12, 31), date(2101, 2, 24), date(2100, 11, 5), None),
    ],
)  # fmt: skip
def test_what_a_view_shows_and_where_it_leads(view, day, first, last, before, after):
    span = Span(view, day)
    assert (span.first, span.last, span.before, span.after) == (first, last, before, after)
    assert view is View.LIST or (span.first.weekday(), span.last.weekday()) == (0, 6)


def test_every_month_leads_to_its_neighbours_and_back():
    day = date(1999, 12, 1)
    while day < date(2032, 1, 1):
        span = Span(View.MONTH, day)
        assert span.holds(day)
        assert Span(View.MONTH, span.after).before == day
        day = span.after


@pytest.mark.parametrize(
    ("monday", "number"),
    [(date(2026, 12, 28), 53), (date(2027, 1, 4), 1), (date(2024, 12, 30), 1), (date(2026, 11, 23), 48)],
)
def test_weeks_are_numbered_by_iso_8601(monday, number):
    assert grid.weeks(Span(View.WEEK, monday + 6 * DAY), [])[0].number == number


def test_what_lasts_several_days_keeps_its_line_in_a_week():
    long = item(date(2026, 11, 24), date(2026, 11, 27), "Lang")
    other = item(date(2026, 11, 26), date(2026, 12, 1), "Zweite")
    found = grid.weeks(Span(View.MONTH, NOV), [item(NOV, title="Kurz", clock=time(9)), other, long])
    assert lines(found, date(2026, 11, 24)) == ["Lang"]
    assert lines(found, NOV) == ["Lang", "Kurz"]
    assert lines(found, date(2026, 11, 26)) == ["Lang", "Zweite"]
    assert lines(found, date(2026, 11, 28)) == [None, "Zweite"]
    assert lines(found, date(2026, 11, 30)) == ["Zweite"], "in a new week it moves up"
    assert lines(found, date(2026, 12, 2)) == []
    assert long.at(NOV) == (2, 4)


def test_a_short_one_uses_a_line_that_is_free():
    found = grid.weeks(
        Span(View.WEEK, NOV),
        [item(date(2026, 11, 23), date(2026, 11, 24), "A"), item(date(2026, 11, 24), date(2026, 11, 26), "B"),
         item(date(2026, 11, 25), title="Kurz")],
    )  # fmt: skip
    assert lines(found, NOV) == ["Kurz", "B"]


def test_one_line_serves_one_after_the_other():
    one, two = item(date(2026, 11, 23), date(2026, 11, 24), "A"), item(NOV, date(2026, 11, 27), "B")
    found = grid.weeks(Span(View.WEEK, NOV), [two, one])
    assert lines(found, date(2026, 11, 23)) == ["A"]
    assert lines(found, NOV) == ["B"]


def test_without_a_clock_first_then_by_the_clock_then_what_is_to_be_done():
    found = grid.weeks(
        Span(View.WEEK, NOV),
        [item(NOV, title="Anrufen", kind=Kind.FOLLOW_UP), item(NOV, title="Spät", clock=time(14)),
         item(NOV, title="Rat", kind=Kind.SESSION), item(NOV, title="Früh", clock=time(8))],
    )  # fmt: skip
    assert lines(found, NOV) == ["Rat", "Früh", "Spät", "Anrufen"]


def test_more_than_four_are_counted():
    found = grid.weeks(Span(View.MONTH, NOV), [item(NOV, title=f"T{one}") for one in range(7)])
    day = next(one for week in found for one in week.days if one.day == NOV)
    assert ([one.title for one in day.lines], day.rest) == (["T0", "T1", "T2", "T3"], 3)


def test_every_day_of_every_thing_is_shown_or_counted():
    items = [
        item(date(2026, 11, 1) + n % 30 * DAY, date(2026, 11, 1) + (n % 30 + n % 5) * DAY, str(n))
        for n in range(200)
    ]
    found = grid.weeks(Span(View.MONTH, NOV), items)
    for week in found:
        for day in week.days:
            here = [one for one in items if one.first <= day.day <= one.last]
            assert sum(1 for one in day.lines if one) + day.rest == len(here)
            assert len(day.lines) <= grid.FEW


def test_a_list_has_only_days_with_something_and_counts_what_is_left_out():
    span = Span(View.LIST, NOV)
    items = [
        item(NOV - DAY, NOV + DAY, "Läuft"),
        item(NOV + 3 * DAY, title="Bald"),
        item(NOV + 3 * DAY, title="Auch"),
    ]
    days, left = grid.days(span, items, 2)
    assert [(one.day, len(one.lines)) for one in days] == [(NOV, 1), (NOV + 3 * DAY, 1)]
    assert left == 1
