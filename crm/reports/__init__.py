"""Reports read everything and change nothing. Somebody asks a report about a scope and gets a reading."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from crm.reports import activity, cooperations, happenings
from crm.reports.records import Reading
from crm.reports.scope import COOPERATION, FIELD, KIND, PLACES, ROLLED_UP, STAFF, Scope


@dataclass(frozen=True)
class Report:
    """One report: its name in addresses and on screen, its question, how it is read, what narrows it."""

    slug: str
    title: Any
    question: Any
    read: Callable[[Any, Scope], Reading]
    filters: frozenset[str] = PLACES


_GROUPS = PLACES | {FIELD, COOPERATION, STAFF}

REPORTS = {
    report.slug: report
    for report in (
        Report(
            "taetigkeit",
            _l("Activity report"),
            _l("Talks, participations and distinct Kommunen by month, kind and county; events and cases."),
            activity.read,
            _GROUPS | {KIND, ROLLED_UP},
        ),
        Report(
            "kooperationen",
            _l("Cooperations"),
            _l("Cooperations by stage, participations and distinct Kommunen on a day, by field and county."),
            cooperations.read,
            _GROUPS,
        ),
        Report(
            "veranstaltungen",
            _l("Events with attendance"),
            _l("Events that were held, who had a seat and who came; counted and estimated heads apart."),
            happenings.read,
            _GROUPS,
        ),
    )
}
