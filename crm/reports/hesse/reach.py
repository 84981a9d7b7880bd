"""R5, reach: distinct Kommunen and contacts counted every time, by way, against the Kommunen of a day."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from flask_babel import gettext as _

from crm.i18n import percent
from crm.organisations.sizes import SizeClass
from crm.reports import territory, words
from crm.reports.hesse import reach_behind
from crm.reports.hesse.known import Known
from crm.reports.hesse.reach_behind import ANY, WAYS, Reached, way_name
from crm.reports.period import Period
from crm.reports.records import Records
from crm.reports.scope import Scope
from crm.reports.sheet import Figure, Number, Sheet, Table, explained, portion, share
from crm.reports.talks import counting
from crm.reports.talks.areas import area_name
from crm.reports.talks.counting import Counted
from crm.reports.talks.topics import size_name
from crm.reports.territory import COUNTIES, NONE, Territory


@dataclass(frozen=True)
class Reach:
    """The report that was asked: who was reached in a period and in the one before."""

    known: Known
    now: Reached
    before: Reached

    @cached_property
    def sheet(self) -> Sheet:
        """All it says."""
        scope, land = self.known.scope, self.known.land
        areas = [(area_name(key, land), {"gebiet": key}) for key in _areas(self.now.base, scope, land)]
        sizes = [(size_name(key), {"klasse": key}) for key in _sizes(self.now.base, scope, land)]
        tables = (
            _by_way(self.now, land),
            _split(self.now, "gebiet", _("By county"), _("Reporting area"), areas),
            _split(self.now, "klasse", _("By inhabitants"), _("Inhabitants"), sizes),
        )
        return Sheet(_definition(self.known), self._figures(), None, tables)

    def _figures(self) -> tuple[Figure, ...]:
        scope = self.known.scope
        found, base = [], self.now.number("grundgesamtheit")
        for way in (ANY, *WAYS):
            here, then = (one.number("erreicht", way) for one in (self.now, self.before))
            said = percent(portion(here, base))
            note = _("of %(all)s on the cut-off day: %(share)s", all=base.text, share=said)
            label = _("Municipalities reached") if way == ANY else way_name(way)
            found.append(Figure(label, here, note, words.change(here, then, scope)))
        here, then = (one.number("kontakte") for one in (self.now, self.before))
        note = _("all ways, each contact every time")
        return *found, Figure(_("Contacts"), here, note, words.change(here, then, scope))

    def records(self, args: Any) -> Records:
        """Find what an address asks for."""
        return reach_behind.find(self.now, self.known, args)


def read(user: Any, scope: Scope) -> Reach:
    """Ask for this user and period: what is the same for both periods is read once."""
    known = Known(user, scope, territory.load())
    both = counting.load_both(user, scope, known.land)
    first = min(scope.period.since, scope.before.period.since)
    wide = replace(scope, period=Period(first, scope.period.until))
    visits, grants = known.visits(wide), known.grants_of(wide)

    def reached(of: Scope, counted: Counted) -> Reached:
        def inside(one: Any) -> bool:
            return bool(of.period.since <= one.day <= of.period.until)

        contacts = [
            *reach_behind.of_talks(counted),
            *reach_behind.of_visits(filter(inside, visits), of, known.land),
            *reach_behind.of_groups(known.joined_on(of)),
            *reach_behind.of_grants(filter(inside, grants)),
        ]
        # What counts as what it became is compared with what there is then, in both periods.
        base = known.land.base(scope if scope.rolled_up else of)
        return Reached(tuple(contacts), base, of, known.land)

    before = reached(scope.before, both[1])
    return Reach(known, reached(scope, both[0]), before)


def _areas(base: frozenset[int], scope: Scope, land: Territory) -> list[str]:
    keys = {int(land.area(unit, scope.cutoff)) for unit in base}
    return [str(body.id) for body in land.named(keys)]


def _sizes(base: frozenset[int], scope: Scope, land: Territory) -> list[str]:
    there = {land.size(unit, scope.cutoff) for unit in base}
    return [key for key in (*(one.value for one in SizeClass), COUNTIES, NONE) if key in there]


def _by_way(now: Reached, land: Territory) -> Table:
    rows = tuple(_way_row(now, way) for way in WAYS)
    columns = (
        _("Way"), _("Contacts"), _("Contacts per 100 municipalities"), _("Distinct municipalities"),
        _("Reached on the cut-off day"), _("Not reached"), _("Reached in %"),
    )  # fmt: skip
    total = (_("By any of them"), *_way_row(now, ANY)[1:])
    made = explained(Table("wege", _("By way"), columns, rows, total), but=(5,))
    gone = {one.unit for one in now.contacts} - land.existing(now.scope.cutoff)
    return replace(made, notes=(*made.notes, *words.former(gone, land, now.scope)), bar=6)


def _way_row(now: Reached, way: str) -> tuple[Any, ...]:
    base, reached = now.number("grundgesamtheit"), now.number("erreicht", way)
    contacts = now.number("kontakte", way)
    return (
        way_name(way), contacts, share(contacts, base), now.number("kommunen", way), reached,
        now.number("ohne-kontakt", way), share(reached, base),
    )  # fmt: skip


def _split(now: Reached, id: str, title: str, head: str, keys: list[tuple[str, dict[str, str]]]) -> Table:
    rows = tuple((name, *_row(now, one)) for name, one in keys)
    columns = (
        head, _("Municipalities"), *(way_name(way) for way in WAYS), _("By any way"), _("Not reached"),
        _("Reached in %"),
    )  # fmt: skip
    total = (_("Sum"), *_row(now, {})) if rows else ()
    return Table(id, title, columns, rows, total)


def _row(now: Reached, chosen: dict[str, str]) -> tuple[Number, ...]:
    base = now.number("grundgesamtheit", **chosen)
    reached = [now.number("erreicht", way, **chosen) for way in (*WAYS, ANY)]
    return base, *reached, now.number("ohne-kontakt", **chosen), share(reached[-1], base)


def _definition(known: Known) -> words.Definition:
    unit = _("Municipalities, each once; contacts every time. A contact is one municipality at one occasion.")
    rule = _(
        "Through talks: it was present or represented. Through events: somebody came from it. Through "
        "cooperations: it takes part on the cut-off day. Through grants: it took part in a cooperation on "
        "the day of its grant; grants without a day do not count. Percentages compare with the "
        "municipalities existing on the cut-off day. Former municipalities stay contacts, but are in no "
        "percentage, unless they count as what they became; cooperations always count as at the cut-off "
        "day."
    )
    more = (words.base(known.scope, known.land), (_("Talks"), words.talks_seen(known.user)))
    return words.definition(known.scope, unit, rule, *more)
