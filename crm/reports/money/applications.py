"""R3, applications: when submitted, where they lie, how they were decided and how long that took."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from crm.i18n import number
from crm.reports import words
from crm.reports.facts import MEDIAN, SUM, Book, Dimension, Fact, Measure, SeveralReading, stands
from crm.reports.money import asked, funded
from crm.reports.money.asked import DRAFT, REFUSED, WITHDRAWN, Asked
from crm.reports.money.funded import YEAR, Files, worth
from crm.reports.scope import Scope
from crm.reports.sheet import DAYS, EURO, Figure, Number, Sheet

KEYS = ("antraege", "offen", "bewilligt", "summe", "abgelehnt", "zurueckgezogen", "tage")
APPLICATIONS, OPEN, GRANTED, AMOUNT, TURNED_DOWN, TAKEN_BACK, PASSED = KEYS
UNDATED, UNDATED_SUM = "ohne-tag", "ohne-tag-summe"
STATE = "stand"


def read(_user: Any, scope: Scope) -> SeveralReading:
    """Ask for the applications of a period."""
    files = funded.load(stations=True)
    undated = without_day(files, scope)
    return SeveralReading(
        book(files, scope),
        lambda found: _sheet(found, undated),
        lambda: book(files, scope.before),
        (undated,),
    )


def book(files: Files, scope: Scope) -> Book:
    """The applications submitted in the period, as they stood on the cut-off day."""
    facts = []
    for one in _known(files, scope):
        if one.submitted_on and scope.period.since <= one.submitted_on <= scope.cutoff:
            facts += _facts(files, one, scope, one.submitted_on, AMOUNT)
    return _book(files, scope, facts, _measures())


def without_day(files: Files, scope: Scope) -> Book:
    """The drafts, and what was decided though nobody noted when it was submitted."""
    facts = []
    for one in _known(files, scope):
        if one.submitted_on is None and _was_there(one, scope):
            facts += _facts(files, one, scope, one.decided_on or scope.cutoff, UNDATED_SUM)
    measures = (
        Measure(UNDATED, _("Without a day of application"), words=_("without a day of application")),
        Measure(UNDATED_SUM, _("Sum granted"), SUM, EURO, words=_("without a day of application")),
    )
    return _book(files, scope, facts, measures)


def _was_there(one: Asked, scope: Scope) -> bool:
    """A draft was there from the day it was entered; a decision before the period is of an earlier one."""
    if one.state == DRAFT:
        return one.entered_on <= scope.cutoff
    return one.decided_on is None or one.decided_on >= scope.period.since


def _known(files: Files, scope: Scope) -> list[Asked]:
    """Applications as they stood on the cut-off day, by day, then by title."""
    place = {key: order for order, key in enumerate(files.groups)}
    found = [one.at(scope.cutoff) for one in files.asked if files.fits(files.groups[one.group_id], scope)]
    return sorted(
        found,
        key=lambda one: (one.submitted_on or one.decided_on or date.max, place[one.group_id], one.id),
    )


def _facts(files: Files, one: Asked, scope: Scope, day: date, amount: str) -> list[Fact]:
    group = files.groups[one.group_id]
    party = files.party(group, day, scope)
    if not files.looked_at(party, scope):
        return []
    granted = one.granted if one.is_awarded else None
    keys = {STATE: (one.state,), YEAR: (str(day.year),), **files.keys(group, party)}
    values: dict[str, Any] = worth(granted, amount) | ({} if one.days is None else {PASSED: one.days})
    cells = (
        funded.link_to(group, one.id), files.responsible(one, group), files.area_words(party),
        one.submitted_on, one.completed_on, asked.state_names()[one.state], one.decided_on,
        Number(granted, unit=EURO), Number(one.days), one.refusal_reason if one.state == REFUSED else "",
    )  # fmt: skip
    return [Fact(one.id, cells, keys, values, party.units)]


def _book(files: Files, scope: Scope, facts: list[Fact], measures: tuple[Measure, ...]) -> Book:
    states = Dimension(STATE, _("State on the cut-off day"), asked.state_names())
    dimensions = (states, *files.dimensions(scope))
    columns = (
        _("Cooperation"), _("Applicant or lead"), _("County"), _("Submitted on"), _("Complete on"),
        _("State on the cut-off day"), _("Decided on"), _("Sum granted"), _("Days to the decision"),
        _("Reason of the refusal"),
    )  # fmt: skip
    return Book(tuple(facts), columns, measures, dimensions, _title, scope, files.land, "applications")


def _measures() -> tuple[Measure, ...]:
    ways = {one: name for one, name in asked.state_names().items() if one in asked.ON_THE_WAY}
    return (
        Measure(APPLICATIONS, _("Applications")),
        _of(OPEN, _("Not decided"), tuple(ways)),
        _of(GRANTED, _("Granted"), asked.AWARDED),
        Measure(AMOUNT, _("Sum granted"), SUM, EURO),
        _of(TURNED_DOWN, _("Refused"), (REFUSED,)),
        _of(TAKEN_BACK, _("Withdrawn"), (WITHDRAWN,)),
        Measure(PASSED, _("Days to the decision (median)"), MEDIAN, DAYS),
    )


def _of(key: str, name: str, states: tuple[str, ...]) -> Measure:
    return Measure(key, name, where=stands(STATE, *states), words=name)


def _title(count: int) -> str:
    return ngettext("%(shown)s application", "%(shown)s applications", count, shown=number(count))


def _sheet(found: Book, undated: Book) -> Sheet:
    states, years, areas, _fields = found.dimensions
    total = (_("Sum"), "", "", None, None, "", None, found.number(found.measures[3]), "", "")
    by_state = (found.measures[0], found.measures[3], found.measures[6])
    tables = [
        found.by(states, _("By state on the cut-off day"), by_state),
        found.by(years, _("By year of the application"), found.measures),
        found.by(areas, _("By county"), found.measures),
        found.listing("liste", _("All applications of the period"), total),
    ]
    if undated.facts:
        sums = (*total[:7], undated.number(undated.measures[1]), *total[8:])
        tables.append(undated.listing("liste-ohne-tag", _("Without a day of application"), sums))
    return Sheet(_definition(found.scope), _figures(found, undated), None, tuple(tables))


def _figures(found: Book, undated: Book) -> tuple[Figure, ...]:
    applications, open_, granted, amount, refused, withdrawn, passed = found.measures
    away = _("%(shown)s withdrawn", shown=found.number(withdrawn).text)
    known = len(passed.of(found.facts))
    both = _("of %(shown)s with both days", shown=number(known))
    figures = [
        Figure(_("Applications"), found.number(applications), away),
        Figure(_("Not decided"), found.number(open_), _("on the cut-off day")),
        Figure(_("Granted"), found.number(granted), found.number(amount).text),
        Figure(_("Refused"), found.number(refused)),
        Figure(_("Days to the decision (median)"), found.number(passed), both),
    ]
    if undated.facts:
        drafts = sum(1 for one in undated.facts if one.keys[STATE] == (DRAFT,))
        said = ngettext("%(shown)s of them a draft", "%(shown)s of them drafts", drafts, shown=number(drafts))
        figures.append(Figure(_("Without a day of application"), undated.number(undated.measures[0]), said))
    return tuple(figures)


def _definition(scope: Scope) -> words.Definition:
    unit = _(
        "Applications submitted in the period, each as it stood on the cut-off day: a decision after that "
        "day had not been taken. Removed cooperations count nowhere."
    )
    rule = _(
        "A cooperation that applied twice has two applications; a refused one stays refused when a later one "
        "is granted. An application of municipalities of two counties stands in both and counts once in the "
        "sum. Days run from the application to the decision, whatever it was; where a day is missing or they "
        "are out of order none are counted. Drafts, and decisions whose application has no day, are shown "
        "apart and are in no other number."
    )
    return words.definition(scope, unit, rule, (_("Compared with"), words.span(scope.period.before)))
