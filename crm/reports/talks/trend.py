"""The period beside the one before it, month by month or year by year."""

from dataclasses import replace
from itertools import zip_longest

from flask_babel import gettext as _

from crm.i18n import number
from crm.reports.period import Step
from crm.reports.scope import Scope
from crm.reports.sheet import Chart, Number, Table, explained
from crm.reports.talks import numbers
from crm.reports.talks.counting import Counted, Selection, narrowed
from crm.reports.words import span

OF, BEFORE = "zeitraum", "davor"
# The key of a step that one of the periods does not have.
NEVER = "1000"


def chart(counted: Counted, before: Counted, scope: Scope) -> Chart | None:
    """Draw talks of both periods side by side; nothing where a period is not longer than a month."""
    now, then = scope.period.steps(counted.latest), scope.period.before.steps(before.latest)
    if len(now) < 2 or len(now[0].key) != len(then[0].key):
        return None
    pairs = list(zip_longest(now, then))
    rows = tuple(_row(counted, before, *pair) for pair in pairs)
    series = (span(scope.period), span(scope.period.before))
    columns = (_("Time span"), *series, _("Difference"))
    total = (_("Sum"), *_numbers(counted, before, Selection(), Selection()))
    title = _("Talks compared with the period before")
    table = explained(Table("vergleich", title, columns, rows, total), but={3})
    bars = tuple(
        (step.label if step else "", _height(row)) for (step, _other), row in zip(pairs, rows, strict=True)
    )
    return Chart(title, _description(counted, before, series), series, bars, table, paired=True)


def _height(row: tuple[str, Number, Number, Number]) -> tuple[int, int]:
    return int(row[1].value or 0), int(row[2].value or 0)


def _row(
    counted: Counted, before: Counted, now: Step | None, then: Step | None
) -> tuple[str, Number, Number, Number]:
    names = (now.name if now else "–", then.name if then else "–")
    chosen = (Selection(one.key if one else NEVER) for one in (now, then))
    return _("%(now)s, before: %(then)s", now=names[0], then=names[1]), *_numbers(counted, before, *chosen)


def _numbers(
    counted: Counted, before: Counted, this: Selection, other: Selection
) -> tuple[Number, Number, Number]:
    now = numbers.talks(narrowed(counted, this), this)
    then = numbers.talks(narrowed(before, other), other)
    difference = int(now.value or 0) - int(then.value or 0)
    return now, replace(then, link=then.link | {OF: BEFORE}), Number(difference)


def _description(counted: Counted, before: Counted, series: tuple[str, str]) -> str:
    return _(
        "Two bars each. %(now)s: %(one)s talks, %(then)s: %(other)s talks.",
        now=series[0], one=number(len(counted.talks)), then=series[1], other=number(len(before.talks)),
    )  # fmt: skip
