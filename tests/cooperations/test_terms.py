"""How long contracts run and until when notice can be given, as tables of plain values."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from crm.cooperations import terms

TODAY = date(2026, 11, 25)
KRONBERG = (date(2014, 12, 31), False, 36, 6)


pytestmark = pytest.mark.usefixtures("german")

MONTHS = [
    ((2026, 1, 15), 1, (2026, 2, 15)),
    ((2026, 1, 31), 1, (2026, 2, 28)),
    ((2024, 1, 31), 1, (2024, 2, 29)),
    ((2024, 2, 29), 12, (2025, 2, 28)),
    ((2023, 2, 28), 12, (2024, 2, 29)),
    ((2024, 2, 28), 12, (2025, 2, 28)),
    ((2026, 1, 30), 1, (2026, 2, 28)),
    ((2026, 12, 31), -6, (2026, 6, 30)),
    ((2026, 6, 30), 6, (2026, 12, 31)),
    ((2026, 6, 30), -3, (2026, 3, 31)),
    ((2026, 3, 15), -3, (2025, 12, 15)),
    ((2026, 3, 15), 0, (2026, 3, 15)),
    ((2026, 11, 30), 24, (2028, 11, 30)),
    ((2026, 12, 1), 1, (2027, 1, 1)),
]


@pytest.mark.parametrize(("day", "months", "found"), MONTHS)
def test_calendar_months_keep_the_end_of_the_month(day, months, found):
    assert terms.add_months(date(*day), months) == date(*found)


NOTICES = [
    # Kronberg: three years from 2012, again and again three years, half a year before.
    (KRONBERG, date(2012, 1, 1), date(2014, 6, 30)),
    (KRONBERG, date(2014, 6, 30), date(2014, 6, 30)),
    (KRONBERG, date(2014, 7, 1), date(2017, 6, 30)),
    (KRONBERG, date(2023, 3, 1), date(2023, 6, 30)),
    (KRONBERG, TODAY, date(2029, 6, 30)),
    # Without a renewal the term ends by itself.
    ((date(2027, 12, 31), False, None, 6), TODAY, date(2027, 6, 30)),
    ((date(2026, 12, 31), False, None, 6), TODAY, None),
    ((date(2014, 12, 31), False, None, 6), TODAY, None),
    ((date(2026, 11, 25), False, None, 0), TODAY, TODAY),
    # No day follows.
    ((None, True, None, 6), TODAY, None),
    ((date(2030, 12, 31), True, None, 6), TODAY, None),
    ((None, False, 12, 6), TODAY, None),
    ((date(2030, 12, 31), False, 12, None), TODAY, None),
    ((None, False, None, None), TODAY, None),
    # Ends of months and leap days.
    ((date(2024, 2, 29), False, 12, 6), TODAY, date(2027, 8, 31)),
    ((date(2024, 2, 29), False, 12, 12), TODAY, date(2027, 2, 28)),
    ((date(2026, 8, 31), False, 6, 3), TODAY, date(2026, 11, 30)),
    ((date(2026, 1, 30), False, 1, 0), TODAY, date(2026, 11, 30)),
    ((date(2026, 1, 30), False, 1, 0), date(2026, 2, 1), date(2026, 2, 28)),
    ((date(2026, 5, 15), False, 12, 3), TODAY, date(2027, 2, 15)),
    # Notice longer than a renewal, and a term of long ago.
    ((date(2025, 12, 31), False, 12, 18), TODAY, date(2027, 6, 30)),
    ((date(1970, 1, 31), False, 1, 1), TODAY, date(2026, 11, 30)),
    ((date(2090, 12, 31), False, 12, 6), TODAY, date(2090, 6, 30)),
    # What no calendar holds.
    ((date(2026, 1, 1), False, 999_999, 6), TODAY, None),
    ((date(2030, 1, 1), False, 12, 999_999), TODAY, None),
]  # fmt: skip


@pytest.mark.parametrize(("contract", "today", "due"), NOTICES)
def test_the_next_notice_rolls_forward_with_the_renewals(contract, today, due):
    found = terms.notice_after(*contract, today)
    assert (found.due_on if found else None) == due


def test_a_notice_is_never_before_today_and_never_a_renewal_too_late():
    for first in range(0, 400, 7):
        today = date(2026, 1, 1) + timedelta(days=first)
        found = terms.notice_after(*KRONBERG, today)
        assert found.due_on >= today
        assert terms.add_months(found.due_on, -36) < today
        assert found.ends_on == terms.add_months(found.due_on, 6)


@pytest.mark.parametrize(
    ("begins", "ends", "longer"),
    [
        ((2016, 1, 1), (2025, 12, 31), False), ((2016, 1, 1), (2026, 1, 1), True),
        ((2016, 3, 31), (2026, 3, 30), False), ((2016, 3, 31), (2026, 3, 31), True),
        ((2024, 2, 29), (2034, 2, 28), False), ((2024, 2, 29), (2034, 3, 1), True),
    ],
)  # fmt: skip
def test_ten_years_end_the_day_before(begins, ends, longer):
    assert terms.is_longer_than(10, date(*begins), date(*ends)) is longer


def test_an_unknown_term_is_not_longer():
    assert not terms.is_longer_than(10, None, TODAY)
    assert not terms.is_longer_than(10, TODAY, None)


def said(**over):
    """A term in words."""
    known = {"effective_on": None, "term_until": None, "term_unlimited": False}
    contract = SimpleNamespace(**(known | {"renewal_months": None, "notice_months": None} | over))
    return terms.in_words(contract, TODAY)


WORDS = [
    ({}, ""),
    ({"term_unlimited": True}, "unbefristet"),
    ({"term_unlimited": True, "notice_months": 12}, "unbefristet, Kündigungsfrist 12 Monate"),
    ({"term_unlimited": True, "notice_months": 1}, "unbefristet, Kündigungsfrist 1 Monat"),
    (
        {"term_until": date(2014, 12, 31), "renewal_months": 36, "notice_months": 6},
        "bis 31.12.2014, verlängert sich um 36 Monate, Kündigung bis 30.06.2029",
    ),
    (
        {"term_until": date(2030, 12, 31), "renewal_months": 1},
        "bis 31.12.2030, verlängert sich um 1 Monat, Kündigungsfrist nicht bekannt",
    ),
    ({"term_until": date(2030, 12, 31), "notice_months": 6}, "bis 31.12.2030, Kündigung bis 30.06.2030"),
    ({"term_until": date(2026, 12, 31), "notice_months": 6}, "bis 31.12.2026, endet ohne Kündigung"),
    ({"term_until": date(2014, 12, 31), "notice_months": 6}, "bis 31.12.2014, abgelaufen"),
    ({"term_until": date(2030, 12, 31)}, "bis 31.12.2030"),
    ({"term_until": date(2014, 12, 31)}, "bis 31.12.2014, abgelaufen"),
]  # fmt: skip


@pytest.mark.parametrize(("known", "words"), WORDS)
def test_a_term_is_said_in_words(known, words):
    assert said(**known) == words


def test_a_notice_said_beside_the_term_is_not_said_twice():
    known = {"effective_on": None, "term_until": date(2014, 12, 31), "term_unlimited": False}
    contract = SimpleNamespace(**known, renewal_months=36, notice_months=6)
    assert terms.term_in_words(contract, TODAY) == "bis 31.12.2014, verlängert sich um 36 Monate"
    contract.renewal_months = None
    assert terms.term_in_words(contract, TODAY) == "bis 31.12.2014, abgelaufen"
