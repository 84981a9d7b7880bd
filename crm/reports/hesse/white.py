"""R6, white spots: the Kommunen without contact since the first day of the period, and what was before."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from flask_babel import gettext as _

from crm.i18n import percent
from crm.organisations.sizes import SizeClass
from crm.reports import kommunen, pages, territory, titles, words
from crm.reports.facts import WHAT, Book, Dimension, Fact, Measure
from crm.reports.hesse import of_place, touched
from crm.reports.hesse.known import Known
from crm.reports.hesse.touched import Sum
from crm.reports.records import Records
from crm.reports.scope import Scope
from crm.reports.sheet import Figure, Number, Sheet, Table, portion, share
from crm.reports.talks.topics import size_name
from crm.reports.territory import COUNTIES, NONE, Territory

KEYS = ("grundgesamtheit", "ohne-kontakt", "nie", "ohne-alles")
BASE, WHITE, NEVER, NOTHING = KEYS
AREA, SIZE = "gebiet", "klasse"


class Contact(NamedTuple):
    """What there was with one Kommune until the cut-off day; None where there was nothing."""

    unit: int
    talks: Sum | None
    visits: Sum | None
    groups: int

    @property
    def last(self) -> date:
        """The last contact; the first day there is where there was none."""
        return max((one.last for one in (self.talks, self.visits) if one), default=date.min)


@dataclass(frozen=True)
class White:
    """The report that was asked: a book of all Kommunen, told apart by contact."""

    known: Known
    contacts: tuple[Contact, ...]

    @cached_property
    def book(self) -> Book:
        """All Kommunen of the cut-off day as facts, those without contact for the longest time first."""
        scope, land = self.known.scope, self.known.land
        facts = tuple(_fact(one, scope, land) for one in self.contacts)
        return Book(
            facts, _columns(), measures(), _dimensions(land), titles.kommunen, scope, land, kommunen.KOMMUNEN
        )

    @cached_property
    def sheet(self) -> Sheet:
        """All it says."""
        _base, white, *_rest = self.book.measures
        areas, sizes = self.book.dimensions
        listing = self.book.among(white).listing("liste", _("Municipalities without talk or event"))
        tables = (
            _shares(self.book, areas, _("By county")),
            _shares(self.book, sizes, _("By inhabitants")),
            listing,
        )  # fmt: skip
        return Sheet(_definition(self.known), _figures(self.book), None, tables)

    def records(self, args: Any) -> Records:
        """Find what an address asks for."""
        if args.get(WHAT) in of_place.KEYS:
            return self.known.of_place(args)
        return self.book.records(args)


def read(user: Any, scope: Scope) -> White:
    """Ask for this user and period."""
    known = Known(user, scope, territory.load())
    ever = touched.until_cutoff(scope)
    talks, visits = known.talks(ever), touched.visits_by_unit(known.visits(ever))
    groups = known.groups_by_unit
    found = [
        Contact(body.id, talks.get(body.id), visits.get(body.id), len(groups.get(body.id, ())))
        for body in known.land.named(known.land.base(scope))
    ]
    return White(known, tuple(sorted(found, key=lambda one: one.last)))


def _fact(one: Contact, scope: Scope, land: Territory) -> Fact:
    unit, on = one.unit, scope.cutoff
    area, people = land.area(unit, on), land.people(unit, on)
    cells = (
        pages.organisation(unit, land.bodies[unit].name), land.bodies[int(area)].name,
        *_sum(one.talks, of_place.TALKS, unit), *_sum(one.visits, of_place.VISITS, unit),
        Number(one.groups, of_place.link(of_place.GROUPS, unit)), Number(people),
    )  # fmt: skip
    here = (BASE, *(key for key, holds in _states(one, scope) if holds))
    return Fact(unit, cells, {"stand": here, AREA: (area,), SIZE: (land.size(unit, on),)})


def _states(one: Contact, scope: Scope) -> tuple[tuple[str, bool], ...]:
    never = one.last == date.min
    return (WHITE, one.last < scope.period.since), (NEVER, never), (NOTHING, never and not one.groups)


def _sum(found: Sum | None, what: str, unit: int) -> tuple[Any, Number]:
    link = of_place.link(what, unit, ever=True)
    return (found.last, Number(found.times, link)) if found else (_("never"), Number(0, link))


def _columns() -> tuple[str, ...]:
    return (
        _("Municipality"), _("Reporting area"), _("Last talk"), _("Talks ever"), _("Last event"),
        _("Events ever"), _("Cooperations"), _("Inhabitants"),
    )  # fmt: skip


def measures() -> tuple[Measure, ...]:
    """What Kommunen are told apart by."""
    names = {
        BASE: _("Municipalities"), WHITE: _("Without talk or event"), NEVER: _("Never any talk or event"),
        NOTHING: _("Never, and in no cooperation"),
    }  # fmt: skip
    said = {BASE: _("existing on the cut-off day"), WHITE: _("without talk or event in the period")}
    return tuple(_measure(key, name, said.get(key, name)) for key, name in names.items())


def _measure(key: str, name: str, said: str) -> Measure:
    return Measure(key, name, where=lambda fact: key in fact.keys["stand"], words=said)


def _dimensions(land: Territory) -> tuple[Dimension, ...]:
    keys = (*(one.value for one in SizeClass), COUNTIES, NONE)
    names = {key: size_name(key) for key in keys}
    return Dimension(AREA, _("Reporting area"), land.area_names), Dimension(SIZE, _("Inhabitants"), names)


def _shares(book: Book, dimension: Dimension, title: str) -> Table:
    """A row for every key, with the share that is white."""
    made = book.by(dimension, title, book.measures)
    rows = tuple((*row, share(row[2], row[1])) for row in made.rows)
    total = (*made.total, share(made.total[2], made.total[1])) if made.total else ()
    columns = (*made.columns, _("Without talk or event in %"))
    return Table(made.id, title, columns, rows, total, made.notes, bar=len(columns) - 1)


def _figures(book: Book) -> tuple[Figure, ...]:
    base, white, never, nothing = (book.number(one) for one in book.measures)
    said = percent(portion(white, base))
    note = _("of %(all)s on the cut-off day: %(share)s", all=base.text, share=said)
    return (
        Figure(_("Without talk or event"), white, note),
        Figure(_("Never any talk or event"), never, _("neither a talk nor an event, whenever")),
        Figure(_("Never, and in no cooperation"), nothing, _("on the cut-off day")),
    )


def _definition(known: Known) -> words.Definition:
    rule = _(
        "A municipality is a white spot when it neither took part in a talk nor anybody came from it to an "
        "event from the first day of the period to the cut-off day. Who only lacks a talk is found in the "
        "list of municipalities under “No talk since”. Never any talk or event means: neither, as far "
        "back as anything was noted. Counted are the municipalities existing on the cut-off day. Former ones "
        "count as themselves and are not among them, unless they count as what they became."
    )
    base = words.base(known.scope, known.land)
    return words.definition(known.scope, words.talks_seen(known.user), rule, base)
