"""R4, savings: what funded cooperations are expected to save in a year, or why nobody can say."""

from collections.abc import Iterator
from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import Any

from flask_babel import gettext as _

from crm.cooperations.on_day import Group
from crm.i18n import number
from crm.reports import titles, words
from crm.reports.facts import KNOWN, SUM, Book, Dimension, Fact, Measure, SeveralReading
from crm.reports.money import funded
from crm.reports.money.asked import Asked
from crm.reports.money.funded import YEAR, Files, worth
from crm.reports.money.gained import Expected, expected, has_table
from crm.reports.scope import Scope
from crm.reports.sheet import EURO, PERCENT, Figure, Number, Sheet

KEYS = ("kooperationen", "mit-zahlen", "vorher", "nachher", "einsparung", "ohne-zahlen", "summe")
GROUPS, WITH, BEFORE, AFTER, SAVING, WITHOUT, AMOUNT = KEYS
APART, APART_SAVING = "uebrige", "uebrige-einsparung"
TENTH = Decimal("0.1")
WHY, UNDATED, NOT_FUNDED = "grund", "ohne-tag", "ohne-bewilligung"


def read(_user: Any, scope: Scope) -> SeveralReading:
    """Ask for the savings of the cooperations funded in a period."""
    files = funded.load()
    apart = not_in_period(files, scope)
    return SeveralReading(
        book(files, scope), lambda found: _sheet(found, apart), lambda: book(files, scope.before), (apart,)
    )


def book(files: Files, scope: Scope) -> Book:
    """The cooperations that got a notice in the period, each once."""
    facts = []
    for group, grants in _granted(files, scope):
        mine = [one for one in grants if _in_period(one, scope)]
        if mine:
            facts += _facts(files, group, mine, scope, SAVING)
    # By the day of the first notice; on one day by title, as they come.
    facts.sort(key=lambda one: str(one.cells[1]))
    return _book(files, scope, facts, _measures(), ())


def not_in_period(files: Files, scope: Scope) -> Book:
    """The cooperations with a grant without a day, or with costs and without a grant, by the cut-off day."""
    facts = []
    for group, grants in _granted(files, scope):
        undated = [one for one in grants if one.granted_on is None]
        if any(_in_period(one, scope) for one in grants):
            continue
        if undated or (not grants and has_table(files, group, scope.cutoff)):
            facts += _facts(files, group, undated, scope, APART_SAVING)
    names = {UNDATED: _("Grant without a day"), NOT_FUNDED: _("Costs entered, not granted")}
    measures = (
        Measure(APART, _("Cooperations"), words=_("in no number of the period")),
        Measure(
            APART_SAVING, _("Expected saving a year"), KNOWN, EURO, words=_("in no number of the period")
        ),
    )
    return _book(files, scope, facts, measures, (Dimension(WHY, _("Why not in the period"), names),))


def _granted(files: Files, scope: Scope) -> Iterator[tuple[Group, list[Asked]]]:
    """Every cooperation asked about with what it had been granted by the cut-off day, the earliest first."""
    found: dict[int, list[Asked]] = {}
    for one in files.asked:
        stood = one.at(scope.cutoff)
        if stood.is_awarded:
            found.setdefault(stood.group_id, []).append(stood)
    for number_, group in files.groups.items():
        if files.fits(group, scope):
            order = sorted(found.get(number_, ()), key=lambda one: (one.granted_on or date.max, one.id))
            yield group, order


def _in_period(one: Asked, scope: Scope) -> bool:
    return one.granted_on is not None and scope.period.since <= one.granted_on <= scope.cutoff


def _facts(files: Files, group: Group, grants: list[Asked], scope: Scope, saving: str) -> list[Fact]:
    days = [one.granted_on for one in grants if one.granted_on]
    day = days[0] if days else scope.cutoff
    party = files.party(group, day, scope)
    if not files.looked_at(party, scope):
        return []
    gain = expected(files, group, day)
    sums = [one.granted for one in grants if one.granted is not None]
    amount = sum(sums, Decimal(0)) if sums else None
    years = tuple(dict.fromkeys(str(one.year) for one in days))
    keys = {YEAR: years, WHY: (UNDATED if grants else NOT_FUNDED,), **files.keys(group, party)}
    costs = {} if gain.amount is None else {BEFORE: gain.gain.before, AFTER: gain.gain.after}
    values: dict[str, Any] = worth(gain.amount, saving) | worth(amount, AMOUNT) | costs
    cells = _cells(files, group, days, party, amount, gain, scope)
    return [Fact(group.id, cells, keys, values, party.units)]


def _cells(
    files: Files, group: Group, days: list[date], party: funded.Party, amount: Decimal | None,
    gain: Expected, scope: Scope,
) -> tuple[Any, ...]:  # fmt: skip
    known = gain.amount is not None
    evaluated = files.evaluated_on(group, scope.cutoff)
    return (
        funded.link_to(group), days[0] if days else None, files.area_words(party),
        Number(amount, unit=EURO), Number(gain.gain.before if known else None, unit=EURO),
        Number(gain.gain.after if known else None, unit=EURO), Number(gain.amount, unit=EURO),
        Number(gain.percent, unit=PERCENT), evaluated, gain.missing,
    )  # fmt: skip


def _book(
    files: Files, scope: Scope, facts: list[Fact], measures: tuple[Measure, ...],
    first: tuple[Dimension, ...],
) -> Book:  # fmt: skip
    dimensions = (*first, *files.dimensions(scope))
    columns = (
        _("Cooperation"), _("First grant notice of"), _("County"), _("Sum granted"), _("Costs before"),
        _("Costs after"), _("Expected saving a year"), _("Saving in %"), _("Evaluated on"),
        _("Why no saving is named"),
    )  # fmt: skip
    return Book(tuple(facts), columns, measures, dimensions, titles.cooperations, scope, files.land, "groups")


def _measures() -> tuple[Measure, ...]:
    return (
        Measure(GROUPS, _("Cooperations")),
        Measure(WITH, _("With figures"), where=lambda one: SAVING in one.values, words=_("with figures")),
        Measure(BEFORE, _("Costs before"), KNOWN, EURO),
        Measure(AFTER, _("Costs after"), KNOWN, EURO),
        Measure(SAVING, _("Expected saving a year"), KNOWN, EURO),
        Measure(
            WITHOUT, _("Without figures"), where=lambda one: SAVING not in one.values,
            words=_("without figures"),
        ),
        Measure(AMOUNT, _("Sum granted"), SUM, EURO),
    )  # fmt: skip


def _sheet(found: Book, apart: Book) -> Sheet:
    years, areas, fields = found.dimensions
    groups, _with, before, after, saving, without, amount = found.measures
    shown = (groups, without, before, after, saving)
    sums = (*(found.number(one) for one in (amount, before, after, saving)), _share(found))
    total = (_("Sum"), None, "", *sums, None, "")
    tables = [
        found.by(years, _("By year of the grant notice"), shown),
        found.by(fields, _("By group of task fields"), shown),
        found.by(areas, _("By county"), shown),
        found.listing("liste", _("All funded cooperations of the period"), total),
    ]
    if apart.facts:
        blank = (None, "", *[Number(None, unit=EURO)] * 3, apart.number(apart.measures[1]))
        end = (_("Sum"), *blank, Number(None), None, "")
        tables += [
            apart.by(apart.dimensions[0], _("In no number of the period"), apart.measures),
            apart.listing("liste-uebrige", _("All cooperations beside the period"), end),
        ]
    return Sheet(_definition(found.scope), _figures(found, apart), None, tuple(tables))


def _share(found: Book) -> Number:
    """What is saved of the former costs, of those with figures; never more than it is."""
    before, saving = (found.number(found.measures[place]).value for place in (2, 4))
    if not before or saving is None:
        return Number(None, unit=PERCENT)
    return Number((Decimal(saving) * 100 / Decimal(before)).quantize(TENTH, ROUND_DOWN), unit=PERCENT)


def _figures(found: Book, apart: Book) -> tuple[Figure, ...]:
    groups, with_, before, _after, saving, without, amount = found.measures
    share = _share(found).value
    said = _("%(share)s %% of %(costs)s", share=number(share), costs=found.number(before).text)
    sums = _("granted: %(sum)s", sum=found.number(amount).text)
    figures = [
        Figure(_("Funded cooperations"), found.number(groups), sums),
        Figure(_("Expected saving a year"), found.number(saving), "" if share is None else said),
        Figure(_("With figures"), found.number(with_), _("only they are in the sums")),
        Figure(_("Without figures"), found.number(without), _("in no sum of costs and savings")),
    ]
    if apart.facts:
        label = _("Beside the period")
        figures.append(Figure(label, apart.number(apart.measures[0]), _("without a day, or not granted")))
    return tuple(figures)


def _definition(scope: Scope) -> words.Definition:
    unit = _(
        "Cooperations with a grant notice in the period, each once however many notices it got. Removed ones "
        "count nowhere."
    )
    rule = _(
        "Expected saving a year: the costs of all partners before less those after, by the table of costs as "
        "it is today. It counts only when the costs of all partners are known; sums are over those alone. "
        "Percentages are never rounded up. What was saved in fact is not recorded; the day of the evaluation "
        "tells where it can be asked. A cooperation of two counties stands in both and counts once in the "
        "sum. Grants without a day, and costs without a grant, are shown apart."
    )
    return words.definition(scope, unit, rule, (_("Compared with"), words.span(scope.period.before)))
