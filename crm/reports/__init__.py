"""Reports read everything and change nothing. A report makes a sheet for a user and a period."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from crm.reports import activity
from crm.reports.period import Period
from crm.reports.sheet import Sheet


@dataclass(frozen=True)
class Report:
    """One report: its name in addresses and on screen, what it answers, and who makes it."""

    slug: str
    title: Any
    question: Any
    make: Callable[[Any, Period], Sheet]


REPORTS = {
    report.slug: report
    for report in (
        Report(
            "taetigkeit",
            _l("Activity report"),
            _l("Talks, participations and distinct Kommunen by month, kind and county."),
            activity.make,
        ),
    )
}
