"""Contacts of four kinds as plain values, what they come to, and the lists behind these numbers."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import ngettext

from crm.i18n import day, number
from crm.reports import kommunen, pages
from crm.reports.groups.joined import Joined
from crm.reports.hesse.known import Known
from crm.reports.hesse.touched import Grant, Visit
from crm.reports.records import Line, NoSuchList, Records
from crm.reports.scope import Scope
from crm.reports.sheet import Linked, Number
from crm.reports.talks.areas import area_name
from crm.reports.talks.counting import Counted
from crm.reports.talks.topics import size_name
from crm.reports.territory import Territory
from crm.reports.words import span

WAYS = ("beratungen", "veranstaltungen", "kooperationen", "foerderungen")
TALKS, EVENTS, GROUPS, GRANTS = WAYS
ANY = ""
SETS = ("kommunen", "erreicht", "ohne-kontakt", "grundgesamtheit")
# Numbers of organisations stay below; a contact is numbered by its occasion, its organisation and its way.
_ROOM = 10_000_000


def way_name(way: str) -> str:
    """Name a way."""
    names = {TALKS: _("Talks"), EVENTS: _("Events"), GROUPS: _("Cooperations"), GRANTS: _("Grants")}
    return names.get(way) or _("By any of them")


class Contact(NamedTuple):
    """One Kommune at one occasion; a cooperation counts as at the cut-off day and has no day of its own.

    Talks are many: theirs is the number alone, to be worded when somebody looks.
    """

    id: int
    way: str
    unit: int
    on: date | None
    occasion: Linked | int


def of_talks(counted: Counted) -> Iterator[Contact]:
    """Every participation is a contact."""
    for part in counted.participations:
        on = counted.talks[part.talk_id].held_on
        yield Contact(_number(part.id, 0, TALKS), TALKS, part.organisation_id, on, part.talk_id)


def of_visits(found: Iterable[Visit], scope: Scope, land: Territory) -> Iterator[Contact]:
    """Every event to which somebody came from a Kommune a report looks at is a contact."""
    for one in found:
        on = scope.cutoff if scope.rolled_up else one.day
        if not scope.narrows_places or land.fits(one.unit, on, scope):
            number = _number(one.event_id, one.organisation_id, EVENTS)
            yield Contact(number, EVENTS, one.unit, one.day, pages.event(one.event_id, one.title))


def of_groups(joined: Joined) -> Iterator[Contact]:
    """Every participation in a cooperation is a contact."""
    for part in joined.parts:
        group = joined.groups[part.group_id]
        yield Contact(
            _number(part.id, 0, GROUPS), GROUPS, part.unit, None, pages.cooperation(group.id, group.title)
        )


def of_grants(found: Iterable[Grant]) -> Iterator[Contact]:
    """Every grant is a contact with each Kommune that took part."""
    for one in found:
        for unit in sorted(one.units):
            occasion = pages.cooperation(one.group.id, one.group.title)
            yield Contact(_number(one.id, unit, GRANTS), GRANTS, unit, one.day, occasion)


def _number(occasion: int, organisation: int, way: str) -> int:
    return (occasion * _ROOM + organisation) * len(WAYS) + WAYS.index(way)


@dataclass(frozen=True)
class Reached:
    """All contacts of a question, and the Kommunen it compares with."""

    contacts: tuple[Contact, ...]
    base: frozenset[int]
    scope: Scope
    land: Territory

    @cached_property
    def _units(self) -> dict[str, frozenset[int]]:
        found: dict[str, set[int]] = {way: set() for way in (ANY, *WAYS)}
        for one in self.contacts:
            found[one.way].add(one.unit)
            found[ANY].add(one.unit)
        return {way: frozenset(units) for way, units in found.items()}

    @cached_property
    def _inside(self) -> dict[tuple[str, str], frozenset[int]]:
        found: dict[tuple[str, str], set[int]] = {("", ""): set(self.base)}
        for unit in self.base:
            area, size = self.land.area(unit, self.scope.cutoff), self.land.size(unit, self.scope.cutoff)
            for key in ((area, ""), ("", size), (area, size)):
                found.setdefault(key, set()).add(unit)
        return {key: frozenset(units) for key, units in found.items()}

    def units(self, what: str, way: str = ANY, gebiet: str = "", klasse: str = "") -> frozenset[int]:
        """The Kommunen a number counts."""
        if what == "kommunen":
            return self._units[way]
        base = self._inside.get((gebiet, klasse), frozenset())
        if what == "grundgesamtheit":
            return base
        return base & self._units[way] if what == "erreicht" else base - self._units[way]

    def of_way(self, way: str) -> list[Contact]:
        """The contacts of a way, or all."""
        return [one for one in self.contacts if way in (ANY, one.way)]

    @cached_property
    def _counts(self) -> Counter[str]:
        return Counter(one.way for one in self.contacts)

    def number(self, what: str, way: str = ANY, **chosen: str) -> Number:
        """Count contacts or Kommunen, with the way to the list."""
        link = {"was": what, **({"weg": way} if way else {}), **chosen}
        if what == "kontakte":
            return Number(self._counts[way] if way else self._counts.total(), link)
        return Number(len(self.units(what, way, **chosen)), link)


_KEY = re.compile(r"([1-9][0-9]{0,8})?", re.ASCII)


def find(now: Reached, known: Known, args: Any) -> Records:
    """Find what an address asks for; raises NoSuchList for what the report never writes."""
    what, way = args.get("was", ""), args.get("weg", ANY)
    area, size = args.get("gebiet", ""), args.get("klasse", "")
    if way not in (ANY, *WAYS) or not _KEY.fullmatch(area):
        raise NoSuchList
    said = [span(now.scope.period), way_name(way) if what != "grundgesamtheit" else ""]
    if what == "kontakte":
        return _contacts(now, way, tuple(said))
    if what not in SETS or (size and size not in {key[1] for key in now._inside}):
        raise NoSuchList
    names = {"erreicht": _("reached, existing on the cut-off day"), "ohne-kontakt": _("not reached")}
    said.append(names.get(what, ""))
    said.append(area_name(area, known.land) if area and int(area) in known.land.bodies else "")
    said.append(size_name(size) if size else "")
    units = now.units(what, way, area, size)
    return kommunen.records(units, tuple(filter(None, said)), known.land, now.scope)


def _contacts(now: Reached, way: str, said: tuple[str, ...]) -> Records:
    found = {one.id: one for one in now.of_way(way)}
    order = sorted(
        found.values(), key=lambda one: (one.on is None, -(one.on or date.min).toordinal(), one.id)
    )
    title = ngettext("%(shown)s contact", "%(shown)s contacts", len(order), shown=number(len(order)))

    def load(ids: list[int]) -> list[Line]:
        return [Line(one, _cells(found[one], now)) for one in ids]

    columns = (_("Day"), _("Municipality"), _("Reporting area"), _("Way"), _("Occasion"))
    return Records(
        "contacts", title, said, columns, [one.id for one in order], load, Number(len(order)), head=1
    )


def _cells(one: Contact, now: Reached) -> tuple[Any, ...]:
    body = now.land.bodies[one.unit]
    area = area_name(now.land.area(one.unit, one.on or now.scope.cutoff), now.land)
    on = one.on or _("on %(day)s", day=day(now.scope.cutoff))
    return on, pages.organisation(one.unit, body.name), area, way_name(one.way), _occasion(one)


def _occasion(one: Contact) -> Linked:
    if isinstance(one.occasion, Linked):
        return one.occasion
    text = _("Talk on %(day)s", day=day(one.on))
    return pages.consultation(one.occasion, text)
