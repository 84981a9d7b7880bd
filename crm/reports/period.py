"""The days a report is about, its cut-off day, and the steps its time axis is cut into."""

from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import format_date
from flask_babel import gettext as _

from crm.dates import month_end, months_later
from crm.db import today

MOST_MONTHS = 24
MOST_YEARS = 20


@dataclass(frozen=True)
class Step:
    """A month or a year on the time axis; days belong to it whose ISO text begins with its key."""

    key: str
    label: str
    name: str


@dataclass(frozen=True)
class Period:
    """First and last day, both counted."""

    since: date
    until: date

    @property
    def cutoff(self) -> date:
        """The day whose register is the base of percentages: the last day, or today if that is earlier."""
        return min(self.until, today())

    @property
    def before(self) -> "Period":
        """The period before, as long as this one: a year, a quarter, a month earlier, else as many days.

        A year that is not over, or not asked for wholly, compares with the same days of the year before.
        Of any other period that is not over it is the part that lies as far from its beginning as today.
        """
        months = self._months
        if months:
            first, last = months_later(self.since, -months), months_later(self.until, -months)
            if self.until == month_end(self.until):
                last = month_end(last)
            ends = last if self.until <= today() else months_later(max(today(), self.since), -months)
            return Period(first, min(ends, last))
        days = (self.until - self.since).days + 1
        ends = self.since - timedelta(days=1)
        if self.until > today() >= self.since:
            ends -= self.until - today()
        return Period(self.since - timedelta(days=days), ends)

    @property
    def _months(self) -> int:
        """How many months earlier the period before lies; 0 where days are what counts."""
        begins, ends = self.since.day == 1, self.until == month_end(self.until)
        if begins and ends:
            return 12 * (self.until.year - self.since.year) + self.until.month - self.since.month + 1
        return 12 if begins and self.since.month == 1 and self.since.year == self.until.year else 0

    @property
    def arguments(self) -> dict[str, str]:
        """Say the period in an address."""
        return {"von": f"{self.since:%d.%m.%Y}", "bis": f"{self.until:%d.%m.%Y}"}

    def steps(self, latest: date) -> list[Step]:
        """Cut into months, or into years when that would be too many, as far as today or the latest talk."""
        last = min(max(self.since, self.cutoff, latest), self.until)
        months = [(year, month) for year in range(self.since.year, last.year + 1) for month in range(1, 13)]
        months = [
            one for one in months if (self.since.year, self.since.month) <= one <= (last.year, last.month)
        ]
        if len(months) > MOST_MONTHS:
            years = range(self.since.year, last.year + 1)
            return [Step(str(year), str(year), str(year)) for year in years]
        shape = "LLL" if self.since.year == last.year else "LLL yy"
        return [_month(year, month, shape) for year, month in months]


def step_name(key: str) -> str:
    """Name a month or a year: April 2026, 2026."""
    return key if len(key) < 7 else _month(int(key[:4]), int(key[5:]), "LLL").name


def _month(year: int, month: int, shape: str) -> Step:
    first = date(year, month, 1)
    return Step(
        f"{year}-{month:02d}", format_date(first, shape).replace(".", ""), format_date(first, "LLLL yyyy")
    )


def this_year() -> Period:
    """The period a report begins with."""
    return Period(date(today().year, 1, 1), date(today().year, 12, 31))


def problem_of(period: Period) -> str:
    """Say why no report is made for such days; empty where there is no reason."""
    if period.until < period.since:
        return _("The last day lies before the first day.")
    if period.until.year - period.since.year >= MOST_YEARS:
        return _("A report covers at most %(years)s years. Choose a later first day.", years=MOST_YEARS)
    return ""


def presets() -> list[tuple[str, Period]]:
    """The periods people ask for most."""
    year, quarter = today().year, quarter_of(today())
    return [
        (_("This year"), this_year()),
        (_("Last year"), Period(date(year - 1, 1, 1), date(year - 1, 12, 31))),
        (_("This quarter"), quarter),
        (_("Last quarter"), quarter_of(quarter.since - timedelta(days=1))),
        (_("This month"), month_of(today())),
        (_("Last month"), month_of(today().replace(day=1) - timedelta(days=1))),
    ]


def ahead() -> list[tuple[str, Period]]:
    """The periods people ask for most about what is to come."""
    year = today().year
    return [
        (_("Next 12 months"), _from_today(12)),
        (_("Next 3 months"), _from_today(3)),
        (_("Next 3 years"), _from_today(36)),
        (_("This year"), this_year()),
        (_("Next year"), Period(date(year + 1, 1, 1), date(year + 1, 12, 31))),
    ]


def _from_today(months: int) -> Period:
    return Period(today(), months_later(today(), months) - timedelta(days=1))


def month_of(one: date) -> Period:
    """The month a day lies in."""
    return Period(one.replace(day=1), month_end(one))


def quarter_of(one: date) -> Period:
    """The quarter a day lies in."""
    first = date(one.year, (one.month - 1) // 3 * 3 + 1, 1)
    return Period(first, month_end(months_later(first, 2)))
