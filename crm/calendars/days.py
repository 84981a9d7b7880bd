"""The days a calendar shows: month, week or list, and the way to those before and after."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from crm.db import BERLIN
from crm.i18n import day as in_short
from crm.i18n import month
from crm.labels import Labelled, name_members
from crm.reading import FIRST_YEAR, LAST_YEAR

DAY, WEEK = timedelta(days=1), timedelta(days=7)
OF_LIST = 8 * WEEK


class View(Labelled):
    """How the calendar is drawn."""

    MONTH = "monat"
    WEEK = "woche"
    LIST = "liste"


name_members({View.MONTH: _l("Month"), View.WEEK: _l("Week"), View.LIST: _l("List")})


def monday_of(day: date) -> date:
    """Give the Monday of the week of a day."""
    return day - timedelta(days=day.weekday())


def midnight(day: date) -> datetime:
    """Give the moment a day begins in Berlin."""
    return datetime.combine(day, time(0), BERLIN)


@dataclass(frozen=True)
class Span:
    """The days shown for a day that was asked about; the last one is included."""

    view: View
    day: date

    @property
    def first(self) -> date:
        """The first day shown; a month begins with the whole week of its first day."""
        if self.view is View.MONTH:
            return monday_of(self.day.replace(day=1))
        return monday_of(self.day) if self.view is View.WEEK else self.day

    @property
    def last(self) -> date:
        """The last day shown."""
        if self.view is View.MONTH:
            return monday_of(_next_month(self.day) - DAY) + WEEK - DAY
        return self.first + (WEEK if self.view is View.WEEK else OF_LIST) - DAY

    @property
    def title(self) -> str:
        """Name what is shown: November 2026, week 48 with its days, or the days from one to another."""
        if self.view is View.MONTH:
            return month(self.day)
        days = {"start": in_short(self.first), "end": in_short(self.last)}
        if self.view is View.WEEK:
            week = self.first.isocalendar().week
            return _("Week %(week)s, %(start)s to %(end)s", week=week, **days)
        return _("%(start)s to %(end)s", **days)

    @property
    def before(self) -> date | None:
        """The day that shows what lies before; None where the calendar begins."""
        if self.view is View.MONTH:
            found = self.day.replace(day=1) - DAY
        else:
            found = self.first - (WEEK if self.view is View.WEEK else OF_LIST)
        return found.replace(day=1) if self.view is View.MONTH and _is_known(found) else _known(found)

    @property
    def after(self) -> date | None:
        """The day that shows what lies behind; None where the calendar ends."""
        return _known(_next_month(self.day) if self.view is View.MONTH else self.last + DAY)

    def holds(self, day: date) -> bool:
        """Tell whether a day belongs to what was asked about; the edge of a month does not."""
        if self.view is View.MONTH:
            return (day.year, day.month) == (self.day.year, self.day.month)
        return self.first <= day <= self.last


def _next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def _is_known(day: date) -> bool:
    return FIRST_YEAR <= day.year <= LAST_YEAR


def _known(day: date) -> date | None:
    return day if _is_known(day) else None
