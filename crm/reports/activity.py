"""R1, the activity report: talks, participations and distinct Kommunen of a period."""

from typing import Any

from flask_babel import gettext as _

from crm.access import Permission
from crm.consultations.models import ConsultationKind
from crm.db import now
from crm.i18n import day, moment, number, percent
from crm.organisations.models import Level
from crm.reports import areas, counting, numbers, territory, times
from crm.reports.counting import Counted, Selection, narrowed
from crm.reports.period import Period, Step
from crm.reports.sheet import Chart, Figure, Sheet, Table
from crm.reports.territory import Territory

K = ConsultationKind
SERIES = ((K.GROUP,), (K.SINGLE,), (K.INITIATION,), (K.COUNCIL, K.COMMITTEE, K.ASSEMBLY), (K.INTERNAL,))


def make(user: Any, period: Period) -> Sheet:
    """Count for this user and put it into words."""
    land = territory.load()
    counted = counting.load(user, period, land)
    steps = period.steps(counted.latest)
    tables = (
        _by_kind(counted),
        areas.table(counted, period, land),
        _by_step(counted, steps),
        times.table(counted),
    )
    figures, chart = _figures(counted, period, land), _chart(counted, period, steps)
    return Sheet(_definition(user, period, land), figures, chart, tables)


def _definition(user: Any, period: Period, land: Territory) -> tuple[tuple[str, str], ...]:
    base = land.existing(period.cutoff)
    counties = sum(1 for one in base if land.bodies[one].level is Level.COUNTY)
    return (
        (_("Period"), _("%(first)s to %(last)s", first=day(period.since), last=day(period.until))),
        (_("Cut-off day"), day(period.cutoff)),
        (_("Data as of"), moment(now())),
        (
            _("Base"),
            _(
                "%(all)s Kommunen on the cut-off day: %(towns)s municipalities, %(counties)s counties",
                all=number(len(base)), towns=number(len(base) - counties), counties=number(counties),
            ),
        ),
        (_("Unit"), _unit(user)),
        (_("Counting rule"), _rule()),
        (_("Areas"), _areas()),
    )  # fmt: skip


def _unit(user: Any) -> str:
    if user.may(Permission.READ_CONFIDENTIAL):
        return _("Talks you may see, confidential ones included.")
    return _("Talks you may see; confidential ones are not among them.")


def _rule() -> str:
    return _(
        "Only talks that were held count. A talk with six Kommunen is one talk, six participations and six "
        "distinct Kommunen. Whoever was present or represented takes part; apologised, absent and merely "
        "invited ones do not count. Kommunen are towns, municipalities and counties of Hessen; other bodies "
        "count neither as participation nor as Kommune. Percentages compare with the Kommunen existing on "
        "the cut-off day."
    )


def _areas() -> str:
    return _(
        "A municipality counts in the county it belonged to on the day of the talk, a county in its own "
        "row, a town without county by itself. Merged municipalities keep the talks they had."
    )


def _figures(counted: Counted, period: Period, land: Territory) -> tuple[Figure, ...]:
    base = land.existing(period.cutoff)
    reached = len(counted.kommunen & base)
    note = _(
        "%(reached)s of %(all)s on the cut-off day: %(share)s",
        share=percent(reached / len(base) if base else None),
        reached=number(reached), all=number(len(base)),
    )  # fmt: skip
    talks, participations, kommunen = numbers.three(counted)
    return (
        Figure(_("Talks"), talks, _("talks you may see")),
        Figure(_("Participations"), participations, _("in talks you may see")),
        Figure(_("Distinct Kommunen"), kommunen, note),
    )


def _series_names() -> tuple[str, ...]:
    return _("Group"), _("Single"), _("Initiation"), _("Bodies"), _("Internal")


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
        "The column of Kommunen adds up to %(sum)s. In the sum each Kommune counts once.", sum=number(column)
    )
    return Table(id, title, (head, *numbers.heads()), rows, total, (f"1 {text}",) if more else ())
