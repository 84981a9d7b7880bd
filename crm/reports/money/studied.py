"""Grants noted at a feasibility study: they have no day of a notice and are never added to others."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from crm.cooperations.models import Cooperation
from crm.db import db
from crm.i18n import number
from crm.proceedings.models import Study
from crm.reports import pages
from crm.reports.facts import SUM, Book, Fact, Measure
from crm.reports.money.funded import Files
from crm.reports.scope import Scope
from crm.reports.sheet import EURO, Figure, Number, Table

STUDIES, STUDIES_SUM = "studien", "studien-summe"


def book(files: Files, scope: Scope) -> Book:
    """The studies with a grant that had not begun after the cut-off day: one statement."""
    query = select(Study).join(Cooperation, Cooperation.id == Study.cooperation_id)
    query = query.where(Study.grant.is_not(None)).order_by(Cooperation.sort_key, Study.id)
    facts = [fact for one in db.session.scalars(query) for fact in _facts(files, one, scope)]
    columns = (
        _("Cooperation"), _("Study"), _("State"), _("Begun on"), _("Partners"), _("County"), _("Sum granted"),
    )  # fmt: skip
    measures = (
        Measure(STUDIES, _("Studies with a grant")),
        Measure(STUDIES_SUM, _("Sum granted"), SUM, EURO),
    )
    return Book(
        tuple(facts), columns, measures, files.dimensions(scope), _title, scope, files.land, "studies"
    )


def _facts(files: Files, one: Study, scope: Scope) -> list[Fact]:
    group = files.groups.get(one.cooperation_id)
    began: date | None = one.begun_on
    if group is None or not files.fits(group, scope) or (began and began > scope.cutoff):
        return []
    party = files.party(group, scope.cutoff, scope)
    if not files.looked_at(party, scope):
        return []
    title = pages.cooperation(group.id, group.title)
    cells: tuple[Any, ...] = (
        title, one.title, str(one.state.label), began, ", ".join(party.names), files.area_words(party),
        Number(one.grant, unit=EURO),
    )  # fmt: skip
    return [Fact(one.id, cells, files.keys(group, party), {STUDIES_SUM: one.grant}, party.units)]


def figure(found: Book) -> Figure:
    """How many there are, and what they come to."""
    count, sums = (found.number(one) for one in found.measures)
    return Figure(_("Grants noted at studies"), count, _("%(sum)s, in no other number", sum=sums.text))


def listing(found: Book) -> Table:
    """All of them with their sum."""
    total = (_("Sum"), "", "", None, "", "", found.number(found.measures[1]))
    return found.listing("studien-liste", _("Grants noted at studies"), total)


def _title(count: int) -> str:
    return ngettext("%(shown)s study", "%(shown)s studies", count, shown=number(count))
