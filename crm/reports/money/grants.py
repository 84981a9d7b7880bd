"""R2, funded cooperations: the table of a Kleine Anfrage, with a grant without a day never given one."""

from collections.abc import Callable, Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from crm.i18n import number
from crm.reports import words
from crm.reports.facts import KNOWN, NONE, SUM, UNITS, Book, Dimension, Fact, Measure, SeveralReading
from crm.reports.money import funded, studied
from crm.reports.money.asked import Asked
from crm.reports.money.funded import AREA, YEAR, Files, worth
from crm.reports.money.gained import Expected, expected
from crm.reports.scope import Scope
from crm.reports.sheet import EURO, Figure, Number, Sheet, Table, explained

KEYS = ("bewilligungen", "summe", "einsparung", "teilnahmen", "kommunen", "ohne-summe")
GRANTS, AMOUNT, SAVING, PARTS, KOMMUNEN, NO_SUM = KEYS
UNDATED, UNDATED_SUM, NOTED, NOTED_SUM = "ohne-tag", "ohne-tag-summe", "laut-notiz", "laut-notiz-summe"
HINT, WITHIN, BEYOND = "hinweis", "im-zeitraum", "ausserhalb"


def read(_user: Any, scope: Scope) -> SeveralReading:
    """Ask for the grants of a period."""
    files = funded.load()
    undated, studies = without_day(files, scope), studied.book(files, scope)

    def make(found: Book) -> Sheet:
        return _sheet(found, undated, studies)

    return SeveralReading(book(files, scope), make, lambda: book(files, scope.before), (undated, studies))


def book(files: Files, scope: Scope) -> Book:
    """The grants with a day in the period."""
    period = scope.period
    first: set[int] = set()
    facts = []
    for one in _awarded(files, scope, lambda one: one.granted_on is not None):
        if one.granted_on and period.since <= one.granted_on <= scope.cutoff:
            facts += _dated(files, one, scope, first)
    dimensions = files.dimensions(scope)
    return Book(tuple(facts), _columns(), _measures(), dimensions, _title, scope, files.land, "grants")


def _awarded(files: Files, scope: Scope, wanted: Callable[[Asked], bool]) -> Iterable[Asked]:
    """What had been granted by the cut-off day, in the order of the notices, then of the titles."""
    found = [one.at(scope.cutoff) for one in files.asked if files.fits(files.groups[one.group_id], scope)]
    place = {number: order for order, number in enumerate(files.groups)}
    mine = [one for one in found if one.is_awarded and wanted(one)]
    return sorted(mine, key=lambda one: (one.granted_on or scope.cutoff, place[one.group_id], one.id))


def _dated(files: Files, one: Asked, scope: Scope, first: set[int]) -> list[Fact]:
    """Make the fact of a grant; what its cooperation saves stands at the first of them only."""
    group = files.groups[one.group_id]
    day = one.granted_on or scope.cutoff
    party = files.party(group, day, scope)
    if not files.looked_at(party, scope):
        return []
    gain = expected(files, group, day) if group.id not in first else None
    first.add(group.id)
    keys = {YEAR: (str(day.year),), **files.keys(group, party)}
    amounts = worth(one.granted, AMOUNT) | worth(gain.amount if gain else None, SAVING)
    saving = Number(gain.amount if gain else None, unit=EURO)
    cells = (
        funded.link_to(group, one.id), one.granted_on, Number(one.granted, unit=EURO), saving,
        *_around(files, one, party), _missing(gain),
    )  # fmt: skip
    values: dict[str, Any] = {**amounts, PARTS: len(party.units)}
    return [Fact(one.id, cells, keys, values, party.units)]


def _missing(gain: Expected | None) -> str:
    return gain.missing if gain else _("see the first grant")


def _around(files: Files, one: Asked, party: funded.Party) -> tuple[str, ...]:
    group = files.groups[one.group_id]
    return (
        files.area_words(party), files.responsible(one, group), ", ".join(party.names),
        files.field_names(group), one.purpose or _("Cooperation"),
    )  # fmt: skip


def without_day(files: Files, scope: Scope) -> Book:
    """The grants of which nobody noted the day, whatever the period; with the years their notes name."""
    facts = []
    for one in _awarded(files, scope, lambda one: one.granted_on is None):
        group = files.groups[one.group_id]
        party = files.party(group, scope.cutoff, scope)
        if files.looked_at(party, scope):
            hint, title = _hint(one, scope), funded.link_to(group, one.id)
            keys = {HINT: (hint,) if hint else (), **files.keys(group, party)}
            values = worth(one.granted, UNDATED_SUM)
            values |= worth(one.granted, NOTED_SUM) if hint == WITHIN else {}
            known = (title, ", ".join(one.years), Number(one.granted, unit=EURO))
            facts.append(Fact(one.id, (*known, *_around(files, one, party)), keys, values, party.units))
    hints = _hints()
    facts.sort(key=lambda one: list(hints).index(one.under(HINT)[0]))
    dimensions = (Dimension(HINT, _("Note on the grant"), hints), *files.dimensions(scope))
    columns = (_("Cooperation"), _("Year in the note"), _("Sum granted"), *_columns()[4:-1])
    return Book(tuple(facts), columns, _undated_measures(), dimensions, _title, scope, files.land, "grants")


def _hints() -> dict[str, str]:
    return {
        WITHIN: _("Names a year of the period"), BEYOND: _("Names only years outside the period"),
        NONE: _("Names no year"),
    }  # fmt: skip


def _undated_measures() -> tuple[Measure, ...]:
    words, noted = (
        _("without a day of the grant notice"),
        _("without a day, a year of the period in the note"),
    )

    def is_noted(fact: Fact) -> bool:
        return WITHIN in fact.keys[HINT]

    return (
        Measure(UNDATED, _("Grants without a day"), words=words),
        Measure(UNDATED_SUM, _("Sum of these"), SUM, EURO, words=words),
        Measure(NOTED, _("Without a day, year by the note"), where=is_noted, words=noted),
        Measure(NOTED_SUM, _("Sum of these"), SUM, EURO, where=is_noted, words=noted),
    )


def _hint(one: Asked, scope: Scope) -> str:
    if not one.years:
        return ""
    covered = {str(year) for year in range(scope.period.since.year, scope.cutoff.year + 1)}
    return WITHIN if covered & set(one.years) else BEYOND


def _columns() -> tuple[str, ...]:
    return (
        _("Cooperation"), _("Grant notice of"), _("Sum granted"), _("Expected saving a year"), _("County"),
        _("Applicant or lead"), _("Partners"), _("Task fields"), _("Granted for"),
        _("Why no saving is named"),
    )  # fmt: skip


def _measures() -> tuple[Measure, ...]:
    return (
        Measure(GRANTS, _("Grants")),
        Measure(AMOUNT, _("Sum granted"), SUM, EURO),
        Measure(SAVING, _("Expected saving a year"), KNOWN, EURO),
        Measure(PARTS, _("Participations"), SUM),
        Measure(KOMMUNEN, _("Municipalities"), UNITS),
        Measure(
            NO_SUM, _("without a sum"), where=lambda fact: AMOUNT not in fact.values, words=_("without a sum")
        ),
    )


def _title(count: int) -> str:
    return ngettext("%(shown)s grant", "%(shown)s grants", count, shown=number(count))


def _sheet(found: Book, undated: Book, studies: Book) -> Sheet:
    years, _areas, fields = found.dimensions
    five = found.measures[:5]
    tables = [
        found.by(years, _("By year of the grant notice"), five),
        found.by(fields, _("By group of task fields"), five),
        _by_area(found, undated),
        found.listing("liste", _("All grants of the period"), _total(found)),
    ]
    if undated.facts:
        tables += [
            undated.by(
                undated.dimensions[0], _("Grants without a day of the grant notice"), undated.measures[:2]
            ),
            undated.listing("liste-ohne-tag", _("All grants without a day"), _undated_total(undated)),
        ]
    if studies.facts:
        tables.append(studied.listing(studies))
    return Sheet(_definition(found.scope), _figures(found, undated, studies), None, tuple(tables))


def _total(found: Book) -> tuple[Any, ...]:
    _grants, amount, saving, *_rest = found.measures
    return (_("Sum"), None, found.number(amount), found.number(saving), *[""] * 6)


def _undated_total(undated: Book) -> tuple[Any, ...]:
    return (_("Sum"), "", undated.number(undated.measures[1]), *[""] * 5)


def _by_area(found: Book, undated: Book) -> Table:
    """Both kinds of grants by county, side by side and never added up."""
    kinds = [(found, one) for one in found.measures[:3]] + [(undated, one) for one in undated.measures[2:]]
    rows = []
    for key, name in next(one.names for one in found.dimensions if one.key == AREA).items():
        row = [book.number(one, {AREA: key}) for book, one in kinds]
        rows += [(name, *row)] if any(one.value for one in row) else []
    total = (_("Sum"), *(book.number(one) for book, one in kinds)) if rows else ()
    columns = (_("County"), *(one.name for _book, one in kinds))
    return explained(Table(AREA, _("By county"), columns, tuple(rows), total))


def _figures(found: Book, undated: Book, studies: Book) -> tuple[Figure, ...]:
    grants, amount, _saving, parts, kommunen, no_sum = found.measures
    groups = len({one.keys[funded.GROUP] for one in found.facts})
    said = ngettext("to %(shown)s cooperation", "to %(shown)s cooperations", groups, shown=number(groups))
    missing = found.number(no_sum)
    note = _("%(shown)s of the grants without a sum", shown=missing.text) if missing.value else ""
    multiple = _(
        "each once; %(shown)s participations, once for each municipality and grant",
        shown=found.number(parts).text,
    )
    figures = [
        Figure(_("Grants"), found.number(grants), said),
        Figure(_("Sum granted"), found.number(amount), note),
        Figure(_("Distinct municipalities"), found.number(kommunen), multiple),
    ]
    if undated.facts:
        figures.append(
            Figure(_("Grants without a day"), undated.number(undated.measures[0]), _noted(undated))
        )
    if studies.facts:
        figures.append(studied.figure(studies))
    return tuple(figures)


def _noted(undated: Book) -> str:
    noted = undated.number(undated.measures[2]).value or 0
    return _(
        "%(sum)s; %(shown)s name a year of the period",
        sum=undated.number(undated.measures[1]).text, shown=number(noted),
    )  # fmt: skip


def _definition(scope: Scope) -> words.Definition:
    unit = _(
        "Grants of cooperations: an application that was granted by a notice of the period, as known on the "
        "cut-off day. A cooperation with two notices has two grants. Removed cooperations count nowhere."
    )
    rule = _(
        "Partners are the lead and the members on the day of the grant notice; municipalities are the towns, "
        "communities and counties of Hessen as they were on that day. A grant over two counties stands in "
        "both and counts once in the sum. A grant without a day is in no number of a period: it is shown "
        "apart with the year its note names. Money noted at a study has no day either. Expected saving: "
        "costs of all partners before less those after, by the table of costs as it is today; of a "
        "cooperation with several grants it counts once, at the first."
    )
    return words.definition(scope, unit, rule, (_("Compared with"), words.span(scope.period.before)))
