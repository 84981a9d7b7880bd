"""Reports read everything and change nothing. A report makes a sheet for a user and a period."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from crm.reports import activity, behind, cooperations, joined_behind
from crm.reports.period import Period
from crm.reports.sheet import Records, Sheet


@dataclass(frozen=True)
class Report:
    """One report: its name in addresses and on screen, its question, who makes it, who finds its records."""

    slug: str
    title: Any
    question: Any
    make: Callable[[Any, Period], Sheet]
    records: Callable[[Any, Period, Any], Records]


REPORTS = {
    report.slug: report
    for report in (
        Report(
            "taetigkeit",
            _l("Activity report"),
            _l("Talks, participations and distinct Kommunen by month, kind and county."),
            activity.make,
            behind.records,
        ),
        Report(
            "kooperationen",
            _l("Cooperations"),
            _l("Cooperations by stage, participations and distinct Kommunen on a day, by field and county."),
            cooperations.make,
            joined_behind.records,
        ),
    )
}
