"""Which days a report is about, and which came before."""

from datetime import date

import pytest
import time_machine

from crm.reports.period import Period, month_of


def span(first, last):
    return Period(date.fromisoformat(first), date.fromisoformat(last))


@time_machine.travel("2026-11-26 12:00:00+01:00", tick=False)
@pytest.mark.parametrize(
    ("asked", "before"),
    [
        (("2025-01-01", "2025-12-31"), ("2024-01-01", "2024-12-31")),
        (("2026-01-01", "2026-12-31"), ("2025-01-01", "2025-11-26")),
        (("2026-01-01", "2026-11-26"), ("2025-01-01", "2025-11-26")),
        (("2026-01-01", "2026-12-15"), ("2025-01-01", "2025-11-26")),
        (("2024-01-01", "2024-02-10"), ("2023-01-01", "2023-02-10")),
        (("2025-12-15", "2026-01-13"), ("2025-11-15", "2025-12-14")),
        (("2026-07-01", "2026-09-30"), ("2026-04-01", "2026-06-30")),
        (("2026-10-01", "2026-12-31"), ("2026-07-01", "2026-08-26")),
        (("2026-03-01", "2026-03-31"), ("2026-02-01", "2026-02-28")),
        (("2024-03-01", "2024-03-31"), ("2024-02-01", "2024-02-29")),
        (("2026-01-01", "2026-01-31"), ("2025-12-01", "2025-12-31")),
        (("2026-11-01", "2026-11-30"), ("2026-10-01", "2026-10-26")),
        (("2020-01-01", "2025-12-31"), ("2014-01-01", "2019-12-31")),
        (("2026-03-05", "2026-03-14"), ("2026-02-23", "2026-03-04")),
        (("2026-11-20", "2026-11-29"), ("2026-11-10", "2026-11-16")),
        (("2026-02-28", "2026-02-28"), ("2026-02-27", "2026-02-27")),
        (("2030-01-01", "2030-12-31"), ("2029-01-01", "2029-01-01")),
    ],
)
def test_the_period_before_is_as_long_and_ends_where_this_one_stands(asked, before):
    assert span(*asked).before == span(*before)


@time_machine.travel("2024-02-29 12:00:00+01:00", tick=False)
def test_the_year_before_a_leap_day_ends_with_february():
    assert span("2024-01-01", "2024-12-31").before == span("2023-01-01", "2023-02-28")


@pytest.mark.parametrize(
    ("day", "last"),
    [("2024-02-10", "2024-02-29"), ("2026-12-31", "2026-12-31"), ("2026-04-01", "2026-04-30")],
)
def test_a_month_ends_with_its_last_day(day, last):
    assert month_of(date.fromisoformat(day)).until == date.fromisoformat(last)
