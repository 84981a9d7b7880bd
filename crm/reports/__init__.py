"""Reports read everything and change nothing. Somebody asks a report about a scope and gets a reading."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from crm.reports import checks, due, happenings
from crm.reports.groups import chain, cooperations, durations, notice
from crm.reports.hesse import mapping, reach, white
from crm.reports.money import applications, grants, savings
from crm.reports.period import Period, ahead, presets
from crm.reports.records import Reading
from crm.reports.scope import COOPERATION, FIELD, KIND, PLACES, ROLLED_UP, STAFF, Scope
from crm.reports.talks import activity, referred


@dataclass(frozen=True)
class Report:
    """One report: its name in addresses and on screen, its question, how it is read, what narrows it.

    `spans` are the periods offered by name; it begins with the first of them. One that names people is no
    `is_answer`: it cannot be frozen. Where talks or events of the period count (`counts_talks`), corrections
    after the closing of a quarter concern it.
    """

    slug: str
    title: Any
    question: Any
    read: Callable[[Any, Scope], Reading]
    filters: frozenset[str] = PLACES
    spans: Callable[[], list[tuple[str, Period]]] = presets
    is_answer: bool = True
    counts_talks: bool = False


_GROUPS = PLACES | {FIELD, COOPERATION, STAFF}

REPORTS = {
    report.slug: report
    for report in (
        Report(
            "taetigkeit",
            _l("Activity report"),
            _l("Talks, participations, distinct municipalities by month, kind and county; events and cases."),
            activity.read,
            _GROUPS | {KIND, ROLLED_UP},
            counts_talks=True,
        ),
        Report(
            "kooperationen",
            _l("Cooperations"),
            _l(
                "Cooperations by stage, participations, distinct municipalities on a day by field and county."
            ),
            cooperations.read,
            _GROUPS,
        ),
        Report(
            "foerderung",
            _l("Funded cooperations"),
            _l("Grants of a period with sum, partners, county and expected saving, as the Landtag asks."),
            grants.read,
            _GROUPS | {ROLLED_UP},
        ),
        Report(
            "antraege",
            _l("Applications for funding"),
            _l("Applications of a period: where they lie, what was decided and why, and how long it took."),
            applications.read,
            _GROUPS | {ROLLED_UP},
        ),
        Report(
            "einsparungen",
            _l("Savings"),
            _l("What funded cooperations are expected to save in a year, and why some name no sum."),
            savings.read,
            _GROUPS | {ROLLED_UP},
        ),
        Report(
            "veranstaltungen",
            _l("Events with attendance"),
            _l("Events that were held, who had a seat and who came; counted and estimated heads apart."),
            happenings.read,
            _GROUPS,
            counts_talks=True,
        ),
        Report(
            "verweisungen",
            _l("Referrals"),
            _l("Who was referred in talks to a cooperation that has done it before, and to which."),
            referred.read,
            _GROUPS | {KIND, ROLLED_UP},
            counts_talks=True,
        ),
        Report(
            "faelliges",
            _l("Due follow-ups and duties"),
            _l("Follow-ups, duties after a grant, repayments and tasks of events: open, due, overdue."),
            due.read,
            _GROUPS,
        ),
        Report(
            "vertragsfristen",
            _l("Notice periods of contracts"),
            _l("Until when contracts in force can be ended, and which have no known day for it."),
            notice.read,
            _GROUPS,
            ahead,
        ),
        Report(
            "dauer",
            _l("Time per stage"),
            _l("How long groups were at each stage, what is there now, how long applications lay where."),
            durations.read,
            _GROUPS,
        ),
        Report(
            "kette",
            _l("From event to grant"),
            _l("What came after what, from event and talk to contract and grant; and how long it took."),
            chain.read,
            _GROUPS,
            counts_talks=True,
        ),
        Report(
            "datenpruefung",
            _l("Data check"),
            _l("What is missing, out of date or entered twice: talks, cooperations, functions, people."),
            checks.read,
            frozenset(),
            is_answer=False,
        ),
        Report(
            "reichweite",
            _l("Reach"),
            _l(
                "How many municipalities were reached by talks, events, cooperations and grants, of how many."
            ),
            reach.read,
            _GROUPS | {ROLLED_UP},
            counts_talks=True,
        ),
        Report(
            "weisse-flecken",
            _l("White spots"),
            _l("Municipalities without talk or event since a day, those never met first."),
            white.read,
            PLACES | {FIELD, ROLLED_UP},
            counts_talks=True,
        ),
        Report(
            "karte",
            _l("Map of Hessen"),
            _l("Every municipality by talks, last talk, groups, grants or field; white spots hatched."),
            mapping.read,
            _GROUPS | {KIND, ROLLED_UP},
            counts_talks=True,
        ),
    )
}

# How the list of reports is divided; every report stands under one head.
THEMES = (
    (
        _l("Advice and reach"),
        ("taetigkeit", "veranstaltungen", "verweisungen", "reichweite", "weisse-flecken", "karte"),
    ),
    (
        _l("Cooperations and funding"),
        ("kooperationen", "foerderung", "antraege", "einsparungen", "dauer", "kette"),
    ),
    (_l("Deadlines and order"), ("faelliges", "vertragsfristen", "datenpruefung")),
)
