"""R1, the activity report: talks, participations and distinct Kommunen of a period, events, cases."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask_babel import gettext as _

from crm.consultations.models import ConsultationKind
from crm.i18n import day, number, percent
from crm.reports import happenings, territory, words
from crm.reports.facts import Book
from crm.reports.groups import cases
from crm.reports.period import Period, Step
from crm.reports.records import Records
from crm.reports.scope import Scope
from crm.reports.sheet import Chart, Figure, Sheet, Table
from crm.reports.talks import areas, behind, counting, numbers, times, topics, trend
from crm.reports.talks.counting import Counted, Selection, narrowed
from crm.reports.territory import Territory

K = ConsultationKind
SERIES = ((K.GROUP,), (K.SINGLE,), (K.INITIATION,), (K.COUNCIL, K.COMMITTEE, K.ASSEMBLY), (K.INTERNAL,))


@dataclass(frozen=True)
class Activity:
    """The activity report that was asked: what was counted for somebody, events and cases beside it."""

    user: Any
    scope: Scope
    land: Territory
    counted: Counted
    before: Counted

    @cached_property
    def sheet(self) -> Sheet:
        """All it says."""
        steps = self.scope.period.steps(self.counted.latest)
        tables = (
            _by_kind(self.counted),
            _by_step(self.counted, steps),
            areas.table(self.counted, self.scope, self.land),
            topics.by_field(self.counted, self.scope),
            topics.by_size(self.counted),
            times.table(self.counted),
            happenings.summary(self.events),
            cases.table(self.cases),
        )
        chart = _chart(self.counted, self.scope.period, steps)
        return Sheet(
            _definition(self),
            _figures(self),
            chart,
            tables,
            trend.chart(self.counted, self.before, self.scope),
        )

    @cached_property
    def events(self) -> Book:
        """The events of the period."""
        return happenings.book(self.scope, self.land)

    @cached_property
    def cases(self) -> Book:
        """What began and ended among the cooperations in the period."""
        return cases.book(self.scope, self.land)

    def records(self, args: Any) -> Records:
        """Find what an address asks for."""
        if args.get(trend.OF) == trend.BEFORE:
            return behind.find(self.user, self.before, self.land, self.scope.before, args)
        for one in (happenings, cases):
            if args.get("was") in one.KEYS:
                return (self.events if one is happenings else self.cases).records(args)
        return behind.find(self.user, self.counted, self.land, self.scope, args)


def read(user: Any, scope: Scope) -> Activity:
    """Ask for this user and period."""
    land = territory.load()
    return Activity(user, scope, land, *counting.load_both(user, scope, land))


def _definition(asked: Activity) -> words.Definition:
    more = (words.base(asked.scope, asked.land), (_("Areas"), _areas()), _compared(asked.scope))
    return words.definition(asked.scope, words.talks_seen(asked.user), _rule(), *more)


def _rule() -> str:
    return _(
        "Only talks that were held count. A talk with six municipalities is one talk, six participations "
        "and six distinct municipalities. Whoever was present or represented takes part; excused, absent "
        "and merely invited ones do not count. Municipalities are the towns, communities and counties of "
        "Hessen; other bodies count neither as participation nor as municipality. Percentages compare with "
        "the municipalities existing on the cut-off day."
    )


def _compared(scope: Scope) -> tuple[str, str]:
    return _("Compared with"), words.span(scope.period.before)


def _areas() -> str:
    return _(
        "A municipality counts in the county it belonged to on the day of the talk, a county in its own "
        "row, a town without county by itself. Merged municipalities keep the talks they had."
    )


def _figures(asked: Activity) -> tuple[Figure, ...]:
    counted, before = asked.counted, asked.before
    base = asked.land.base(asked.scope)
    reached = len(counted.kommunen & base)
    note = _(
        "%(reached)s of %(all)s on the cut-off day: %(share)s",
        share=percent(reached / len(base) if base else None),
        reached=number(reached), all=number(len(base)),
    )  # fmt: skip
    three = zip(numbers.three(counted), numbers.three(before), strict=True)
    labels = (_("Talks"), _("Participations"), _("Distinct municipalities"))
    notes = ("", "", note)
    figures = [
        Figure(label, now, said, words.change(now, then, asked.scope))
        for label, said, (now, then) in zip(labels, notes, three, strict=True)
    ]
    spent, once = times.number(counted, times.DURATION), times.number(before, times.DURATION)
    staff = _("staff time %(hours)s", hours=times.number(counted, times.STAFF).spoken)
    figures.append(Figure(_("Duration of the talks"), spent, staff, words.change(spent, once, asked.scope)))
    return *figures, happenings.figure(asked.events)


def _series_names() -> tuple[str, ...]:
    return _("Group"), _("Single"), _("Initiation"), _("Councils and committees"), _("Internal")


def _chart(counted: Counted, period: Period, steps: list[Step]) -> Chart:
    title = _("Talks by year and kind") if len(steps[0].key) == 4 else _("Talks by month and kind")
    split = {step: narrowed(counted, Selection(step.key)) for step in steps}
    rows = tuple(_chart_row(step, here) for step, here in split.items())
    total = tuple(
        numbers.talks(narrowed(counted, one), one) for one in (Selection(kinds=kinds) for kinds in SERIES)
    )
    columns = (_("Time span"), *_series_names(), _("Sum"))
    table = Table("reihen", title, columns, rows, (_("Sum"), *total, numbers.talks(counted)))
    bars = tuple(
        (step.label, tuple(int(cell.value) for cell in row[1:-1]))
        for step, row in zip(steps, rows, strict=True)
    )
    return Chart(title, _description(split, period), _series_names(), bars, table)


def _chart_row(step: Step, here: Counted) -> tuple[Any, ...]:
    cells = [
        numbers.talks(narrowed(here, Selection(kinds=kinds)), Selection(step.key, kinds)) for kinds in SERIES
    ]
    return step.name, *cells, numbers.talks(here, Selection(step.key))


def _description(split: dict[Step, Counted], period: Period) -> str:
    highest = max(split, key=lambda step: len(split[step].talks))
    return _(
        "Stacked bars, %(first)s to %(last)s. Highest value: %(number)s (%(name)s).",
        first=day(period.since),
        last=day(period.until),
        number=number(len(split[highest].talks)),
        name=highest.name,
    )


def _by_step(counted: Counted, steps: list[Step]) -> Table:
    yearly = len(steps[0].key) == 4
    title, head = (_("By year"), _("Year")) if yearly else (_("By month"), _("Month"))
    chosen = [(step.name, Selection(step.key)) for step in steps]
    return _three("monat", title, head, counted, chosen)


def _by_kind(counted: Counted) -> Table:
    chosen = [(str(kind.label), Selection(kinds=(kind,))) for kind in ConsultationKind]
    return _three("art", _("By kind"), _("Kind"), counted, chosen)


def _three(id: str, title: str, head: str, counted: Counted, chosen: list[tuple[str, Selection]]) -> Table:
    slices = [(name, narrowed(counted, one), one) for name, one in chosen]
    rows = tuple((name, *numbers.three(here, one)) for name, here, one in slices)
    column = sum(len(here.kommunen) for _name, here, _one in slices)
    more = column > len(counted.kommunen)
    last = numbers.kommunen(counted, mark="1" if more else "")
    total = (_("Sum"), numbers.talks(counted), numbers.participations(counted), last)
    text = _(
        "The column of municipalities adds up to %(sum)s. In the sum each municipality counts once.",
        sum=number(column),
    )
    return Table(id, title, (head, *numbers.heads()), rows, total, (f"1 {text}",) if more else ())
