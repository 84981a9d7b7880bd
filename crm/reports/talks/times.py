"""Three times that are easily mixed up, each with its rule and the talks it is added from."""

from collections import Counter

from flask_babel import gettext as _

from crm.reports.sheet import HOURS, Number, Table
from crm.reports.talks.counting import Counted

DURATION, STAFF, CREDITED = "dauer", "arbeitszeit", "angerechnet"
KINDS = (DURATION, STAFF, CREDITED)
WITHOUT = "ohne-"


def minutes(counted: Counted, kind: str) -> dict[int, int | None]:
    """Give the minutes of every talk; None where nobody noted the time."""
    if kind == DURATION:
        return {number: talk.duration for number, talk in counted.talks.items()}
    if kind == STAFF:
        return {number: talk.staff_minutes for number, talk in counted.talks.items()}
    parts = Counter(part.talk_id for part in counted.participations)
    return {
        number: None if talk.duration is None else talk.duration * parts[number]
        for number, talk in counted.talks.items()
    }


def names() -> dict[str, str]:
    """What the three times are called."""
    return {
        DURATION: _("Duration of the talks"),
        STAFF: _("Staff time"),
        CREDITED: _("Time credited to organisations"),
    }


def rules() -> dict[str, str]:
    """How the three times are added up."""
    return {
        DURATION: _("Duration of each talk, once."),
        STAFF: _("Duration times staff present, plus preparation and travel."),
        CREDITED: _(
            "Duration of each talk for every participation: six municipalities in one hour are six hours."
        ),
    }


def hours(found: dict[int, int | None]) -> float:
    """Add minutes up to hours with one decimal."""
    return round(sum(one or 0 for one in found.values()) / 60, 1)


def number(counted: Counted, kind: str) -> Number:
    """Give one of the three sums with the talks behind it."""
    return Number(hours(minutes(counted, kind)), {"was": kind}, unit=HOURS)


def table(counted: Counted) -> Table:
    """Give the three sums with the number of talks they come from."""
    rows = tuple(_row(counted, kind) for kind in KINDS)
    columns = (_("Time"), _("Hours"), _("Talks with this time"), _("Talks without"), _("How it is added up"))
    return Table("zeiten", _("Three times"), columns, rows)


def _row(counted: Counted, kind: str) -> tuple[str, Number, Number, Number, str]:
    found = minutes(counted, kind)
    noted = sum(1 for one in found.values() if one is not None)
    link = {"was": kind}
    return (
        names()[kind],
        number(counted, kind),
        Number(noted, link),
        Number(len(found) - noted, {"was": WITHOUT + kind}),
        rules()[kind],
    )
