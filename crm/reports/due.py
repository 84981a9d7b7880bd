"""R7, what is due: follow-ups, duties after a grant, repayments, tasks of events; open ones, as at today."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from crm.access import Permission
from crm.db import today
from crm.i18n import day, number
from crm.reports import territory, words
from crm.reports.due_entries import Entry, entries, kind_names
from crm.reports.facts import MOST, Book, BookReading, Dimension, Fact, Measure, stands
from crm.reports.groups import around
from crm.reports.scope import Scope
from crm.reports.sheet import DAYS, Cell, Figure, Number, Sheet
from crm.reports.territory import Territory

INSIDE, BEFORE, UNDATED = "im-zeitraum", "vorher", "ohne-tag"
OPEN, DUE, EARLIER, LATE, WITHOUT, LONGEST = (
    "offen", "faellig", "vorher", "ueberfaellig", "ohne-tag", "laengste",
)  # fmt: skip


def read(user: Any, scope: Scope) -> BookReading:
    """Ask for what is due, as far as somebody may see it."""
    return BookReading(book(user, scope, territory.load()), lambda made: _sheet(made, user))


def book(user: Any, scope: Scope, land: Territory) -> Book:
    """Read what is open today and due by the end of a period; who has to do it only for managers."""
    found, by_name = entries(user, scope, land), user.may(Permission.READ_STAFF_FIGURES)
    times = _times(scope)
    facts = tuple(_fact(one, scope, by_name, times) for one in found)
    dimensions = (_kinds(), times, *((_owners(found),) if by_name else ()))
    return Book(facts, _columns(by_name), _measures(), dimensions, _title, scope, land, "due")


def _fact(one: Entry, scope: Scope, by_name: bool, times: Dimension) -> Fact:
    late = (today() - one.due_on).days if one.due_on else None
    late = late if late is not None and late > 0 else None
    cells: tuple[Cell, ...] = (
        one.what, kind_names()[one.kind], one.about, one.due_on, Number(late, unit=DAYS),
    )  # fmt: skip
    keys = {
        "art": (one.kind,),
        "lage": (_place_in_time(one.due_on, scope),),
        "monat": (_month(one.due_on, scope, times),),
        "zustaendig": (str(one.owner_id),) if one.owner_id and by_name else (),
    }
    return Fact(one.id, (*cells, one.owner) if by_name else cells, keys, {LONGEST: late} if late else {})


def _place_in_time(due_on: date | None, scope: Scope) -> str:
    if due_on is None:
        return UNDATED
    return INSIDE if due_on >= scope.period.since else BEFORE


def _month(due_on: date | None, scope: Scope, times: Dimension) -> str:
    where = _place_in_time(due_on, scope)
    return around.key_of(due_on, times) if due_on and where == INSIDE else where


def _columns(by_name: bool) -> tuple[str, ...]:
    columns = (_("To do"), _("Kind"), _("Concerns"), _("Due"), _("Days overdue"))
    return (*columns, _("Responsible")) if by_name else columns


def _measures() -> tuple[Measure, ...]:
    return (
        Measure(DUE, _("Due in the period"), where=stands("lage", INSIDE), words=_("due in the period")),
        Measure(EARLIER, _("Due before"), where=stands("lage", BEFORE), words=_("due before the period")),
        Measure(LATE, _("Overdue today"), where=_is_late, words=_("overdue today")),
        Measure(LONGEST, _("Longest overdue in days"), MOST, DAYS, words=_("overdue today")),
        Measure(WITHOUT, _("Without a day"), where=stands("lage", UNDATED), words=_("without a day")),
        Measure(OPEN, _("Open altogether")),
    )


def _is_late(fact: Fact) -> bool:
    return LONGEST in fact.values


def _title(count: int) -> str:
    return ngettext("%(shown)s open entry", "%(shown)s open entries", count, shown=number(count))


def _kinds() -> Dimension:
    return Dimension("art", _("Kind"), kind_names(), always=True)


def _times(scope: Scope) -> Dimension:
    months = around.months(scope, always=False)
    names = {BEFORE: _("before the period"), **months.names, UNDATED: _("without a day")}
    return Dimension(months.key, months.head, names)


def _owners(found: list[Entry]) -> Dimension:
    names = sorted({(one.owner, str(one.owner_id)) for one in found if one.owner_id})
    return Dimension("zustaendig", _("Responsible"), {key: name for name, key in names})


def _sheet(book: Book, user: Any) -> Sheet:
    due, earlier, late, longest, without, whole = book.measures
    kinds, times, *owners = book.dimensions
    figures = (
        Figure(_("Due in the period"), book.number(due), words.span(book.scope.period)),
        Figure(_("Due before"), book.number(earlier), _("and still open")),
        Figure(_("Overdue today"), book.number(late), _("due before %(day)s", day=day(today()))),
        Figure(_("Longest overdue"), book.number(longest)),
        Figure(_("Without a day"), book.number(without), _("repayments that have to be settled")),
    )
    tables = (
        book.by(kinds, _("By kind"), (due, earlier, without, whole, late)),
        book.by(times, _("By month"), (whole, late)),
        *(book.by(one, _("By person responsible"), (due, earlier, whole, late, longest)) for one in owners),
        book.listing("liste", _("All open entries")),
    )
    return Sheet(_definition(book.scope, user), figures, None, tables)


def _definition(scope: Scope, user: Any) -> words.Definition:
    seen = (
        _("All follow-ups, those of confidential talks included.")
        if user.may(Permission.READ_CONFIDENTIAL)
        else _("All follow-ups but those of confidential talks.")
    )
    unit = _(
        "Open entries: follow-ups, duties after a grant, repayments for studies, tasks on the checklists of "
        "events. What is done or removed is not among them; nor are tasks of events that were called off or "
        "whose day is not known."
    )
    rule = _(
        "Open means open today, whatever the period. An entry is due on one day and counts once: in the "
        "period, before it, or without a day. Overdue is what was due before today and by the end of the "
        "period. A repayment without a day belongs to a study of a cooperation that is over and got no grant."
    )
    return words.definition(scope, unit, rule, (_("Follow-ups"), seen))
