"""R8, notice on contracts: until when those in force can be ended, and which have no such day."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from crm.accounts.models import User
from crm.cooperations.kinds import Step
from crm.cooperations.models import Cooperation
from crm.cooperations.on_day import Group, groups_on
from crm.cooperations.terms import Notice, notice_of, renewal_in_words
from crm.db import db, today
from crm.i18n import number
from crm.reports import territory, words
from crm.reports.facts import UNITS, Book, BookReading, Dimension, Fact, Measure, stands
from crm.reports.groups import around
from crm.reports.scope import Scope
from crm.reports.sheet import DAYS, Figure, Number, Sheet, Table
from crm.reports.territory import Territory

# What can be said about the day for a notice; the values stand in addresses.
KEYS = ("im-zeitraum", "spaeter", "unbefristet", "endet", "abgelaufen", "unbekannt")
INSIDE, LATER, UNLIMITED, ENDS, OVER, UNKNOWN = KEYS
ALL, DUE, SOON, KOMMUNEN, WITHOUT = "vertraege", "fristen", "bald", "kommunen", "ohne-frist"
SOON_DAYS = 90


@dataclass
class Term:
    """What is known about the contract of a group in force."""

    id: int
    effective_on: date | None
    term_until: date | None
    term_unlimited: bool
    renewal_months: int | None
    notice_months: int | None
    adviser: str | None


def read(_user: Any, scope: Scope) -> BookReading:
    """Ask for the contracts in force."""
    return BookReading(book(scope, territory.load()), _sheet)


def book(scope: Scope, land: Territory) -> Book:
    """Read the contracts in force today with the day until which notice can be given: five statements."""
    terms = _terms()
    groups = [one for one in groups_on(today()) if one.id in terms]
    names = around.partner_names()
    dimensions = _dimensions(scope, land)
    times = dimensions[1]
    facts = [
        _fact(one, terms[one.id], names.get(one.id, []), scope, land, times)
        for one in around.looked_at(groups, scope, land)
    ]
    facts.sort(key=_rank)
    return Book(tuple(facts), _columns(), _measures(), dimensions, _title, scope, land, "contracts")


def _terms() -> dict[int, Term]:
    one: Any = Cooperation
    columns = (
        one.id, one.effective_on, one.term_until, one.term_unlimited, one.renewal_months, one.notice_months,
        User.name,
    )  # fmt: skip
    query = select(*columns).outerjoin(one.adviser).where(one.in_force).order_by(one.id)
    return {row.id: Term(*row) for row in db.session.execute(query)}


def _fact(
    group: Group, term: Term, names: list[str], scope: Scope, land: Territory, times: Dimension
) -> Fact:
    state, notice = standing(term, scope)
    due = notice.due_on if notice else None
    left = (due - today()).days if due else None
    ends = notice.ends_on if notice else None if term.term_unlimited else term.term_until
    cells = (
        around.link_to(group), around.in_short(names), ends, _renewal(term), due, Number(left, unit=DAYS),
        _said(state), term.adviser or "",
    )  # fmt: skip
    keys = {
        "frist": (state,),
        "gebiet": around.areas_of(group, scope, land),
        "monat": (around.key_of(due, times),) if due and state == INSIDE else (),
    }
    values = {} if left is None else {"tage": left}
    return Fact(group.id, cells, keys, values, around.units_of(group, scope, land, Step.SIGNED.rank))


def standing(term: Term, scope: Scope) -> tuple[str, Notice | None]:
    """Say what is known about the next notice from the first day of the period on."""
    if term.term_unlimited:
        return UNLIMITED, None
    if term.term_until is None or term.notice_months is None:
        return UNKNOWN, None
    notice = notice_of(term, scope.period.since)
    if notice is not None:
        return (INSIDE if notice.due_on <= scope.period.until else LATER), notice
    if term.term_until < today():
        return OVER, None
    return ENDS, None


def _renewal(term: Term) -> str:
    return renewal_in_words(term.renewal_months) if term.renewal_months else ""


def _rank(fact: Fact) -> tuple[Any, ...]:
    due: Any = fact.cells[4]
    return due is None, due or date.max, KEYS.index(fact.keys["frist"][0]), str(fact.cells[0]), fact.id


def _columns() -> tuple[str, ...]:
    return (
        _("Cooperation"), _("Partners"), _("End of term"), _("Renewal"), _("Notice until"),
        _("Days until then"), _("What is known"), _("Advised by"),
    )  # fmt: skip


def _measures() -> tuple[Measure, ...]:
    inside, unknown = stands("frist", INSIDE), stands("frist", UNKNOWN)
    return (
        Measure(ALL, _("Contracts in force")),
        Measure(DUE, _("Deadline in the period"), where=inside, words=_("deadline in the period")),
        Measure(SOON, _("of them in 90 days"), where=_is_soon, words=_("deadline in the next 90 days")),
        Measure(WITHOUT, _("Day not known"), where=unknown, words=_("day for a notice not known")),
        Measure(KOMMUNEN, _("Municipalities"), UNITS, where=inside, words=_("deadline in the period")),
    )


def _is_soon(fact: Fact) -> bool:
    return fact.keys["frist"][0] == INSIDE and 0 <= fact.values["tage"] <= SOON_DAYS


def _title(count: int) -> str:
    return ngettext("%(shown)s contract", "%(shown)s contracts", count, shown=number(count))


def _said(state: str) -> str:
    return _states()[state]


def _states() -> dict[str, str]:
    return {
        INSIDE: _("deadline in the period"),
        LATER: _("deadline after the period"),
        UNLIMITED: _("unlimited, no fixed day"),
        ENDS: _("ends by itself, notice no longer possible"),
        OVER: _("term is over"),
        UNKNOWN: _("day for a notice not known"),
    }


def _dimensions(scope: Scope, land: Territory) -> tuple[Dimension, ...]:
    return (
        Dimension("frist", _("What is known"), _states()),
        around.months(scope),
        Dimension("gebiet", _("County"), land.area_names),
    )


def _sheet(book: Book) -> Sheet:
    states, months, counties = book.dimensions
    whole, due, soon, without, kommunen = book.measures
    inside = book.among(due)
    figures = (
        Figure(_("Deadline in the period"), book.number(due), _("each contract at its first such day")),
        Figure(_("of them in 90 days"), book.number(soon), _("counted from today")),
        Figure(_("Contracts in force"), book.number(whole), _("all of them, as at today")),
        Figure(_("Day not known"), book.number(without), _("end of term or period of notice is missing")),
    )
    tables = (
        inside.by(months, _("By month"), (due, kommunen)),
        book.by(states, _("All contracts in force"), (whole,)),
        book.by(counties, _("By county"), (whole, due, soon, without)),
        _listing(inside),
    )
    return Sheet(_definition(book.scope), figures, None, tables)


def _listing(inside: Book) -> Table:
    """List them without saying of each that its notice lies in the period."""
    made = inside.listing("liste", _("Deadline in the period"))
    rows = tuple((*row[:6], *row[7:]) for row in made.rows)
    return replace(made, columns=(*made.columns[:6], *made.columns[7:]), rows=rows)


def _definition(scope: Scope) -> words.Definition:
    unit = _(
        "Contracts of cooperations in force today: partners work by them, even while others join or it "
        "pauses. Ended, abandoned and removed ones are not among them."
    )
    rule = _(
        "The last day for a notice follows from end of term, renewal and period of notice, month by month. "
        "A contract counts once, at its first such day in the period, however often it is renewed. One "
        "without an end has no such day; one whose end or period of notice nobody entered is counted as not "
        "known and never guessed. Before a period to come nobody is taken to end a contract: it is renewed "
        "by then. A contract stands in the county of each of its municipalities."
    )
    return words.definition(scope, unit, rule)
