"""What looks odd about an application: sentences that warn and never block, for its history is incomplete."""

from collections.abc import Iterator

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from crm.funding.models import Application
from crm.funding.stations import decided_on
from crm.i18n import day

ORDER = (
    ("submitted_on", _l("submitted")),
    ("completed_on", _l("complete")),
    ("granted_on", _l("awarded")),
    ("handed_over_on", _l("grant notice handed over")),
    ("paid_on", _l("paid out")),
    ("closed_on", _l("closed")),
)


def oddities(application: Application) -> list[str]:
    """Say what does not fit together, each with what to check."""
    return [*_days(application), *_stations(application), *_rules(application), *_sums(application)]


def _days(one: Application) -> Iterator[str]:
    known = [(name, when) for column, name in ORDER if (when := getattr(one, column)) is not None]
    for (first, early), (then, late) in zip(known, known[1:], strict=False):
        if late < early:
            yield _(
                "“%(then)s” (%(late)s) lies before “%(first)s” (%(early)s). Check both days.",
                then=then, late=day(late), first=first, early=day(early),
            )  # fmt: skip
    for end in (one.refused_on, one.withdrawn_on):
        if end and one.submitted_on and end < one.submitted_on:
            yield _("The decision (%(day)s) lies before the application. Check both days.", day=day(end))


def _stations(one: Application) -> Iterator[str]:
    arrived = [station.arrived_on for station in one.stations]
    if not arrived:
        return
    if one.submitted_on and min(arrived) < one.submitted_on:
        yield _(
            "It arrived at a station on %(day)s, before it was submitted. Check both days.",
            day=day(min(arrived)),
        )
    end = decided_on(one)
    if end and max(arrived) > end:
        yield _(
            "It arrived at a station on %(day)s, after the decision. Check both days.", day=day(max(arrived))
        )


def _rules(one: Application) -> Iterator[str]:
    if one.submitted_on and one.rule_set and not one.rule_set.holds_on(one.submitted_on):
        yield _(
            "“%(name)s” did not hold on %(day)s. Check the day or the rules.",
            name=one.rule_set.name, day=day(one.submitted_on),
        )  # fmt: skip


def _sums(one: Application) -> Iterator[str]:
    if one.granted_on and one.granted is None:
        yield _("Granted, but the sum is missing.")
    if one.granted is not None and one.granted_on is None:
        yield _("A sum was granted, but the day of the grant notice is missing.")
    if one.paid_on and one.granted is None:
        yield _("Paid out, but no grant is entered.")
