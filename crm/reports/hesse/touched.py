"""What brings centre and Kommune together beside the talks of a period: what was before, events, grants.

Talks are those of talks/counting.py, events those of happenings.py, cooperations those of groups/joined.py,
grants and their members those of money/asked.py and funded.py; here they are only put down by Kommune.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from crm.consultations.models import COUNTED, Consultation, Participation
from crm.cooperations.on_day import Group
from crm.db import BERLIN, db
from crm.events.models import Event
from crm.reports.groups import joined
from crm.reports.happenings import came, held_events
from crm.reports.money import asked
from crm.reports.money.funded import members_on
from crm.reports.period import Period
from crm.reports.scope import Scope
from crm.reports.talks.counting import held_talks
from crm.reports.territory import Territory

# Before the first day of anything that was ever noted.
ALWAYS = date(1900, 1, 1)


class Sum(NamedTuple):
    """So often, and the last time on this day."""

    times: int
    last: date


class Visit(NamedTuple):
    """Somebody came from an organisation to an event; `unit` is the Kommune it counts as."""

    event_id: int
    organisation_id: int
    unit: int
    day: date
    title: str


class Grant(NamedTuple):
    """Money that was granted to a cooperation, and the Kommunen that took part on the day."""

    id: int
    group: Group
    day: date
    amount: Decimal | None
    units: frozenset[int]


def until_cutoff(scope: Scope) -> Scope:
    """The same question about all that ever was, until the cut-off day."""
    return replace(scope, period=Period(ALWAYS, max(scope.cutoff, ALWAYS)))


def unit_of(number: int, scope: Scope, land: Territory) -> int:
    """Say as which Kommune an organisation counts."""
    return land.heirs.unit_on(number, scope.cutoff) if scope.rolled_up else number


def talks_by_unit(user: Any, scope: Scope, land: Territory) -> dict[int, Sum]:
    """In how many talks of a period each Kommune took part and when last: one statement."""
    held = held_talks(user, scope).join(Participation, Participation.consultation_id == Consultation.id)
    rows = db.session.execute(
        held.where(Participation.presence.in_(COUNTED)).with_only_columns(
            Participation.organisation_id, Consultation.id, Consultation.held_on
        )
    )
    once = {(unit_of(number, scope, land), talk): day for number, talk, day in rows}
    return _summed((unit, Sum(1, day)) for (unit, _talk), day in once.items())


def visits(scope: Scope, land: Territory) -> list[Visit]:
    """Who came from where to the events of a period, by event and organisation: one statement."""
    places = came().subquery()
    events = held_events(scope).with_only_columns(Event.id, Event.title, Event.starts_at).order_by(None)
    rows = db.session.execute(
        events.join(places, places.c.event_id == Event.id)
        .add_columns(places.c.organisation_id)
        .where(places.c.organisation_id.is_not(None))
        .order_by(Event.starts_at, Event.id, places.c.organisation_id)
    )
    found = [_visit(row, scope, land) for row in rows]
    return [one for one in found if land.is_kommune(one.unit)]


def _visit(row: Any, scope: Scope, land: Territory) -> Visit:
    starts_at: datetime = row.starts_at
    day = starts_at.astimezone(BERLIN).date()
    unit = unit_of(row.organisation_id, scope, land)
    return Visit(row.id, row.organisation_id, unit, day, row.title)


def visits_by_unit(found: Iterable[Visit]) -> dict[int, Sum]:
    """How many events somebody came to from each Kommune, and when last."""
    once = {(one.event_id, one.unit): one.day for one in found}
    return _summed((unit, Sum(1, day)) for (_event, unit), day in once.items())


def _summed(rows: Iterable[tuple[int, Sum]]) -> dict[int, Sum]:
    found: dict[int, Sum] = {}
    for unit, one in rows:
        known = found.get(unit)
        found[unit] = Sum(known.times + one.times, max(known.last, one.last)) if known else one
    return found


def grants(scope: Scope, land: Territory, groups: Iterable[Group], head_of: dict[int, str]) -> list[Grant]:
    """What was granted in a period until the cut-off day, a grant without a day never: two statements.

    Members are those of the day of the grant; whoever had left by then or came later is none.
    """
    mine = {one.id: one for one in groups if joined.fits(one, scope, head_of)}
    found = []
    for one in asked.load():
        stood = one.at(scope.cutoff)
        if one.group_id not in mine or not stood.is_awarded or stood.granted_on is None:
            continue
        if scope.period.since <= stood.granted_on <= scope.cutoff:
            found.append(_grant(stood, mine[one.group_id], stood.granted_on, scope, land))
    return found


def _grant(one: Any, group: Group, day: date, scope: Scope, land: Territory) -> Grant:
    on = scope.cutoff if scope.rolled_up else day
    units = {land.heirs.unit_on(part.organisation_id, on) for part in members_on(group, day)}
    kommunen = (number for number in units if land.is_kommune(number))
    seen = frozenset(one for one in kommunen if not scope.narrows_places or land.fits(one, on, scope))
    return Grant(one.id, group, day, one.granted, seen)
