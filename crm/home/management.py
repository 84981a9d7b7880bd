"""What a manager looks at first: this year and the last, what is stuck, where nobody was, what is coming."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select

from crm.cooperations.kinds import IN_PROGRESS
from crm.cooperations.models import Cooperation
from crm.db import db, now, today
from crm.events.models import AHEAD, Event
from crm.funding import deadlines
from crm.funding.deadlines import Deadline
from crm.funding.kinds import DeadlineKind
from crm.i18n import number
from crm.registrations import queries as registrations
from crm.registrations.queries import Numbers
from crm.reports import territory
from crm.reports.hesse.touched import visits
from crm.reports.period import Period, this_year
from crm.reports.scope import Scope
from crm.reports.sheet import Number
from crm.reports.talks import counting, numbers, times
from crm.reports.talks.counting import Counted
from crm.reports.words import change

FEW = 5
YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Stuck:
    """A cooperation in progress and how many days it has been at its stage."""

    group: Cooperation
    days: int


@dataclass(frozen=True)
class White:
    """Kommunen without a talk, and from which nobody came to an event, since a day."""

    since: date
    kommunen: int
    of: int


def figures(user: Any) -> tuple[list[dict[str, Any]], White]:
    """Count the talks of this year and the last, for the large numbers and the white spots."""
    scope, land = Scope(this_year()), territory.load()
    first = date(scope.period.since.year - 1, 1, 1)
    whole = counting.load(user, Scope(Period(first, scope.period.until)), land)
    counted, before = (counting.within(whole, one) for one in (scope.period, scope.period.before))
    base, since = land.base(scope), Scope(Period(first, scope.cutoff))
    met = whole.kommunen | {one.unit for one in visits(since, land)}
    white = White(first, len(base - met), len(base))
    return [_figure(*one, scope) for one in _pairs(counted, before)], white


def _pairs(counted: Counted, before: Counted) -> list[tuple[str, Number, Number]]:
    labels = (_("Talks"), _("Participations"), _("Distinct municipalities"))
    three = zip(labels, numbers.three(counted), numbers.three(before), strict=True)
    hours = (times.number(one, times.DURATION) for one in (counted, before))
    return [*three, (_("Duration of the talks"), *hours)]


def _figure(label: str, now: Number, then: Number, scope: Scope) -> dict[str, Any]:
    url = url_for("reports.records", slug="taetigkeit", **scope.arguments, **now.link) if now.value else ""
    return {"label": label, "value": now.spoken, "url": url, "delta": change(now, then, scope)}


def stuck() -> list[Stuck]:
    """The cooperations in progress that have been at their stage longest."""
    known = Cooperation.stage_since.is_not(None)
    query = select(Cooperation).where(Cooperation.stage.in_(IN_PROGRESS), known)
    query = query.order_by(Cooperation.stage_since, Cooperation.id).limit(FEW)
    return [Stuck(one, (today() - (one.stage_since or today())).days) for one in db.session.scalars(query)]


def notices() -> list[Deadline]:
    """The next notices on contracts within a year."""
    found = deadlines.until(today(), today() + YEAR)
    return [one for one in found if one.kind is DeadlineKind.NOTICE][:FEW]


def events() -> list[tuple[Event, Numbers]]:
    """The next events with their guests."""
    query = select(Event).where(Event.state.in_(AHEAD), Event.starts_at >= now())
    found = list(db.session.scalars(query.order_by(Event.starts_at, Event.id).limit(FEW)))
    guests = registrations.numbers_of([one.id for one in found])
    return [(one, guests.get(one.id, Numbers())) for one in found]


def seats(event: Event, guests: Numbers) -> str:
    """How full an event is."""
    if event.capacity is None:
        return _("%(taken)s registered", taken=number(guests.taken))
    return _("%(taken)s of %(seats)s seats", taken=number(guests.taken), seats=number(event.capacity))
