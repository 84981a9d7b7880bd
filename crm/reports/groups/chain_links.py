"""The links of a chain: on which day a group reached each, from event to review; the steps between them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select

from crm.consultations.models import Consultation, ConsultationKind, ConsultationState
from crm.consultations.queries import visible_to
from crm.cooperations.kinds import REQUIRED_ROLES, Step
from crm.cooperations.models import Cooperation
from crm.cooperations.on_day import Group, Part
from crm.dates import months_later
from crm.db import db
from crm.funding.models import Application
from crm.i18n import number
from crm.reports.facts import LEAST, MEDIAN, MOST, Book, Dimension, Fact, Measure, stands
from crm.reports.groups import around
from crm.reports.groups.chain_events import MONTHS
from crm.reports.scope import Scope
from crm.reports.sheet import DAYS, Number
from crm.reports.territory import Territory

LINKS = ("veranstaltung", "beratung", "gruppe", "beschluesse", "vertrag", "foerderung", "auswertung")
EVENT, TALK, GROUP, RESOLUTIONS, CONTRACT, GRANT, REVIEW = LINKS
STEPS, HALF, SHORTEST, LONGEST, REVERSED, UNDATED = (
    "schritte", "schritt-tage", "schritt-kuerzeste", "schritt-laengste", "umgekehrt", "schritt-ohne-tag",
)  # fmt: skip
Reached = dict[str, date | None]


def link_names() -> dict[str, str]:
    """What the links are called."""
    return {
        EVENT: _("Event"), TALK: _("First talk"), GROUP: _("Group"),
        RESOLUTIONS: _("Resolutions"), CONTRACT: _("Contract"), GRANT: _("Grant"), REVIEW: _("Review"),
    }  # fmt: skip


@dataclass(frozen=True)
class Chain:
    """A group with the links it has reached by a day; of some nobody knows the day."""

    group: Group
    reached: Reached
    talks: int

    @property
    def last(self) -> str:
        """The furthest link; empty where it has reached none."""
        return next((one for one in reversed(LINKS) if one in self.reached), "")

    @property
    def days(self) -> list[date]:
        """All days that are known."""
        return sorted(day for day in self.reached.values() if day)

    @property
    def steps(self) -> list[int | None]:
        """Days between neighbouring links, below zero in reverse order; None where one is not known."""
        days = [self.reached.get(one) for one in LINKS]
        return [(last - first).days if first and last else None for first, last in pairwise(days)]


def chains(
    user: Any,
    groups: list[Group],
    land: Territory,
    came: dict[int, set[int]],
    days: dict[int, date],
    on: date,
) -> list[Chain]:
    """Give the chain of each group as it was on a day: two statements."""
    talks, grants, visits = _talks(user, on), _grants(on), _visits(came, days, on)
    never = (0, None)
    found = []
    for group in groups:
        number_of_talks, first = talks.get(group.id, never)
        reached = _own(group, on) | grants.get(group.id, {})
        if first is not None:
            reached[TALK] = first
        event = _event_before(group, reached, visits, land)
        if event is not None:
            reached[EVENT] = event
        found.append(Chain(group, reached, number_of_talks))
    return found


def _talks(user: Any, on: date) -> dict[int, tuple[int, date | None]]:
    """Number and first day of the held talks of every group, as far as somebody may see them."""
    columns: Any = (
        Consultation.cooperation_id, func.count(Consultation.id), func.min(Consultation.held_on)
    )  # fmt: skip
    query = visible_to(user).where(
        Consultation.cooperation_id.is_not(None),
        Consultation.state == ConsultationState.HELD,
        Consultation.kind != ConsultationKind.INTERNAL,
        Consultation.held_on <= on,
    )
    rows: Any = db.session.execute(query.with_only_columns(*columns).group_by(columns[0]))
    return {group_id: (count, day) for group_id, count, day in rows}


def _own(group: Group, on: date) -> Reached:
    """What follows from partners and contract: a group, all resolved, signed."""
    required = [one for one in group.partners if one.role in REQUIRED_ROLES]
    found: Reached = {}
    interest = [_interest(one, on) for one in required]
    known = sorted(day or date.min for is_in, day in interest if is_in)
    needed = min(2, len(required))
    if required and len(known) >= needed:
        found[GROUP] = None if date.min in known else known[needed - 1]
    inside = [one.at for one in required if one.at.rank >= 0]
    for link, step in ((RESOLUTIONS, Step.RESOLVED), (CONTRACT, Step.SIGNED)):
        if inside and all(one.rank >= step.rank for one in inside):
            there = [one.came_to(step) for one in inside]
            found[link] = None if None in there else max(day for day in there if day)
    if group.signed_on and group.signed_on <= on:
        found[CONTRACT] = group.signed_on
    return found


def _interest(one: Part, on: date) -> tuple[bool, date | None]:
    """Tell whether a partner was ever interested by a day, and since when; whoever left since was, too."""
    taken = [step for step in one.steps if step.step.rank >= Step.INTERESTED.rank]
    taken = [step for step in taken if step.reached_on is None or step.reached_on <= on]
    return bool(taken), min((step.reached_on for step in taken if step.reached_on), default=None)


def _grants(on: date) -> dict[int, Reached]:
    """Grant and review of every group; a grant may have no day."""
    dated = func.min(Application.granted_on)
    undated = func.count(Application.id).filter(
        Application.granted.is_not(None), Application.granted_on.is_(None)
    )
    query = select(Cooperation.id, Cooperation.evaluated_on, dated, undated)
    query = query.outerjoin(Application, Application.cooperation_id == Cooperation.id)
    found: dict[int, Reached] = defaultdict(dict)
    rows: Any = db.session.execute(query.group_by(Cooperation.id, Cooperation.evaluated_on))
    for group_id, evaluated, granted, others in rows:
        if granted and granted <= on:
            found[group_id][GRANT] = granted
        elif others:
            found[group_id][GRANT] = None
        if evaluated and evaluated <= on:
            found[group_id][REVIEW] = evaluated
    return found


def _visits(came: dict[int, set[int]], days: dict[int, date], on: date) -> dict[int, list[date]]:
    """The days of the events that each Kommune was at."""
    found: dict[int, list[date]] = defaultdict(list)
    for event_id, places in came.items():
        day = days.get(event_id)
        for one in places if day and day <= on else ():
            found[one].append(day)  # type: ignore[arg-type]
    return found


def _event_before(
    group: Group, reached: Reached, visits: dict[int, list[date]], land: Territory
) -> date | None:
    """The last event one of its Kommunen was at, in the six months before anything else is known of it."""
    begun = min((day for day in reached.values() if day), default=None)
    if begun is None or None in reached.values():
        return None
    required = [one.organisation_id for one in group.partners if one.role in REQUIRED_ROLES]
    units = {land.heirs.unit_on(one, begun) for one in required}
    places = {*units, *required, *land.heirs.after} & visits.keys()
    was = (day for one in places if land.heirs.unit_on(one, begun) in units for day in visits[one])
    return max((day for day in was if day < begun <= months_later(day, MONTHS)), default=None)


def step_names() -> dict[str, str]:
    """The steps between neighbouring links; their keys are the links they lead to."""
    names = link_names()
    return {after: f"{names[one]} → {names[after]}" for one, after in pairwise(LINKS)}


def step_book(found: Iterable[Chain], scope: Scope, land: Territory) -> Book:
    """Ask the steps whose both ends were reached."""
    facts = [
        fact
        for chain in found
        for place, (one, after) in enumerate(pairwise(LINKS))
        if one in chain.reached
        and after in chain.reached
        and (fact := _step(chain, place, one, after, scope)) is not None
    ]
    columns = (_("Cooperation"), _("Step of the chain"), _("from"), _("to"), _("Days"))
    dimension = Dimension("schritt", _("Step of the chain"), step_names(), always=True)
    return Book(tuple(facts), columns, _measures(), (dimension,), _title, scope, land, "steps")


def _step(chain: Chain, place: int, one: str, after: str, scope: Scope) -> Fact | None:
    first, last = chain.reached[one], chain.reached[after]
    days = (last - first).days if first and last else None
    if first and last and not scope.period.since <= max(first, last) <= scope.cutoff:
        return None
    state = UNDATED if days is None else REVERSED if days < 0 else STEPS
    cells = (around.link_to(chain.group), step_names()[after], first, last, Number(days, unit=DAYS))
    values = dict.fromkeys((HALF, SHORTEST, LONGEST), days) if state == STEPS else {}
    return Fact(chain.group.id * 10 + place, cells, {"schritt": (after,), "lage": (state,)}, values)


def _measures() -> tuple[Measure, ...]:
    done = _("in the period, in this order")
    return (
        Measure(STEPS, _("Steps"), where=stands("lage", STEPS), words=done),
        Measure(HALF, _("Days (median)"), MEDIAN, DAYS, words=done),
        Measure(SHORTEST, _("shortest"), LEAST, DAYS, words=done),
        Measure(LONGEST, _("longest"), MOST, DAYS, words=done),
        Measure(REVERSED, _("In reverse order"), where=stands("lage", REVERSED), words=_("in reverse order")),
        Measure(UNDATED, _("Without a day"), where=stands("lage", UNDATED), words=_("without a day")),
    )


def _title(count: int) -> str:
    return ngettext("%(shown)s step", "%(shown)s steps", count, shown=number(count))
