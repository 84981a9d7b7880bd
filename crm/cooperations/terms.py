"""How long a contract runs, how it goes on, and until when it can be ended: plain values in, days out.

Months are calendar months. A term that ends with a month ends with a month after every renewal, and notice
before the end of a month is due at the end of a month (§ 188 BGB).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Protocol

from flask_babel import gettext as _
from flask_babel import ngettext

from crm.dates import month_end, months_later
from crm.i18n import day as german

ONE_DAY = timedelta(days=1)


class Contract(Protocol):
    """What is known about the term of a contract."""

    effective_on: date | None
    term_until: date | None
    term_unlimited: bool
    renewal_months: int | None
    notice_months: int | None


@dataclass(frozen=True)
class Notice:
    """The last day for a notice, and the last day of the term it ends."""

    due_on: date
    ends_on: date


def add_months(day: date, months: int) -> date:
    """Go some months forward or, below zero, back; the last day of a month leads to the last of the other.

    Raises ValueError for a day outside of the calendar.
    """
    found = months_later(day, months)
    return month_end(found) if day == month_end(day) else found


@lru_cache(maxsize=8192)
def notice_after(
    term_until: date | None,
    term_unlimited: bool,
    renewal_months: int | None,
    notice_months: int | None,
    today: date,
) -> Notice | None:
    """The next notice that can be given, with the end it leads to; None where there is no such day.

    Without a renewal the term ends by itself, so that nothing is left once the day for a notice is over.
    """
    if term_unlimited or term_until is None or notice_months is None:
        return None
    turn = _first_turn(term_until, renewal_months, today) if renewal_months else 0
    try:
        while True:
            ends_on = add_months(term_until, turn * (renewal_months or 0))
            due_on = add_months(ends_on, -notice_months)
            if due_on >= today:
                return Notice(due_on, ends_on)
            if not renewal_months:
                return None
            turn += 1
    except ValueError:
        return None


def _first_turn(term_until: date, renewal_months: int, today: date) -> int:
    """Leave out the renewals that are over for sure."""
    months = (today.year - term_until.year) * 12 + today.month - term_until.month
    return max(months // renewal_months - 1, 0)


def notice_of(contract: Contract, today: date) -> Notice | None:
    """The next notice that can be given on a contract."""
    known = (contract.term_until, contract.term_unlimited, contract.renewal_months, contract.notice_months)
    return notice_after(*known, today)


def is_longer_than(years: int, effective_on: date | None, term_until: date | None) -> bool:
    """Tell whether a term has more than some years, be it by one day."""
    if effective_on is None or term_until is None:
        return False
    whole = effective_on.replace(year=effective_on.year + years, day=min(effective_on.day, 28))
    whole += timedelta(days=max(effective_on.day - 28, 0))
    return term_until >= whole


def in_words(contract: Contract, today: date) -> str:
    """Say a term: until 31.12.2014, is renewed for 36 months, notice until 30.06.2026."""
    return ", ".join(_term_in_words(contract) + _notice_in_words(contract, today))


def term_in_words(contract: Contract, today: date) -> str:
    """The same where the next notice is said beside it."""
    notice = [] if notice_of(contract, today) else _notice_in_words(contract, today)
    return ", ".join(_term_in_words(contract) + notice)


def _term_in_words(contract: Contract) -> list[str]:
    if contract.term_unlimited:
        months = contract.notice_months
        return [_("unlimited")] + ([_period(months)] if months is not None else [])
    if contract.term_until is None:
        return []
    renewal = [renewal_in_words(contract.renewal_months)] if contract.renewal_months else []
    return [_("until %(day)s", day=german(contract.term_until)), *renewal]


def _notice_in_words(contract: Contract, today: date) -> list[str]:
    if contract.term_unlimited or contract.term_until is None:
        return []
    if found := notice_of(contract, today):
        return [_("notice until %(day)s", day=german(found.due_on))]
    if contract.renewal_months:
        return [_("period of notice not known")] if contract.notice_months is None else []
    if contract.term_until < today:
        return [_("is over")]
    return [_("ends by itself")] if contract.notice_months is not None else []


def renewal_in_words(months: int) -> str:
    """Say a renewal: is renewed for 36 months each time."""
    return ngettext("is renewed for %(num)s month", "is renewed for %(num)s months", months)


def _period(months: int) -> str:
    return ngettext("notice of %(num)s month", "notice of %(num)s months", months)
