"""Which events were followed by a talk: for every event and every Kommune from which somebody came."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from crm.consultations.models import COUNTED, Consultation, ConsultationState, Participation
from crm.consultations.queries import visible_to
from crm.dates import months_later
from crm.db import db, today
from crm.events.models import OVER, Event, Precision
from crm.i18n import number
from crm.organisations.heirs import Heirs
from crm.reports import happenings, pages, titles
from crm.reports.facts import MEDIAN, Book, Dimension, Fact, Measure
from crm.reports.happenings import came
from crm.reports.scope import Scope
from crm.reports.sheet import DAYS, Number
from crm.reports.territory import Territory

MONTHS = 6
EXACT = (Precision.TIME, Precision.DAY)
EVENTS, FOLLOWED, WAITING, ALONE = "veranstaltungen", "gefolgt", "frist-laeuft", "ohne-gespraech"
NOBODY, VAGUE = "niemand", "ohne-tag"
CAME_FROM, TALKED, TALK_DAYS = "gekommen", "gespraech", "tage-bis-gespraech"
Days = dict[int, list[date]]


@dataclass(frozen=True)
class Pair:
    """Somebody came from a Kommune to an event; `talk` is the day of the first talk after it, in time."""

    event: Event
    kommune: int
    day: date
    talk: date | None

    @property
    def id(self) -> int:
        """A number that no other pair has."""
        return self.event.id * 1_000_000 + self.kommune

    @property
    def ends(self) -> date:
        """The last day of the six months."""
        return months_later(self.day, MONTHS)


def attended(land: Territory) -> dict[int, set[int]]:
    """The Kommunen from which somebody came, by event: one statement."""
    found: dict[int, set[int]] = defaultdict(set)
    for event_id, place in db.session.execute(came()):
        if place is not None and land.is_kommune(place):
            found[event_id].add(place)
    return found


def event_days() -> dict[int, date]:
    """The last day of every event that was held and whose day is known: one statement."""
    query = select(Event.id, Event.starts_at, Event.ends_at, Event.precision)
    query = query.where(Event.state.in_(OVER), Event.precision.in_(EXACT), Event.starts_at.is_not(None))
    rows: Any = db.session.execute(query)
    return {
        number: Event(starts_at=starts, ends_at=ends, precision=known).last_day or date.min
        for number, starts, ends, known in rows
    }


def pairs(
    user: Any, scope: Scope, land: Territory, came: dict[int, set[int]]
) -> tuple[list[Event], list[Pair]]:
    """The events of a period with the Kommunen that came, as far as it looks at them: two statements."""
    events = list(db.session.scalars(happenings.held_events(scope)))
    talks = _talk_days(user, [day for one in events if (day := one.last_day)])
    shown, found = [], []
    for one in events:
        mine = list(_pairs_of(one, came.get(one.id, set()), talks, land))
        if scope.narrows_places:
            mine = [pair for pair in mine if land.fits(pair.kommune, pair.day, scope)]
        if mine or _lies_in(one, scope, land):
            shown.append(one)
            found += mine
    return shown, found


def _lies_in(event: Event, scope: Scope, land: Territory) -> bool:
    where, on = event.place_id, event.day
    return not scope.narrows_places or bool(
        where and on and land.is_kommune(where) and land.fits(where, on, scope)
    )


def _pairs_of(event: Event, came: Iterable[int], talks: Days, land: Territory) -> Iterator[Pair]:
    day = event.last_day
    if day is None:
        return
    for one in sorted(came):
        exact = event.precision in EXACT
        yield Pair(event, one, day, _first_talk(one, day, talks, land.heirs) if exact else None)


def _first_talk(place: int, day: date, talks: Days, heirs: Heirs) -> date | None:
    """The first talk after a day within six months, be it with what the Kommune has become by then."""
    last, found = months_later(day, MONTHS), []
    for unit in {place, *_became(place, last, heirs)}:
        days = talks.get(unit, [])
        for one in days[bisect_right(days, day) :]:
            if one > last:
                break
            if heirs.unit_on(place, one) == unit:
                found.append(one)
                break
    return min(found, default=None)


def _became(place: int, last: date, heirs: Heirs) -> set[int]:
    return {heirs.unit_on(place, day) for day, _heir in heirs.after.get(place, ()) if day <= last} | {
        heirs.unit_on(place, last)
    }


def _talk_days(user: Any, days: list[date]) -> Days:
    """The days of held talks by Kommune that took part, as far as somebody may see them: one statement."""
    if not days:
        return {}
    query = (
        visible_to(user)
        .join(Consultation.participations)
        .where(
            Consultation.state == ConsultationState.HELD,
            Consultation.held_on > min(days),
            Consultation.held_on <= months_later(max(days), MONTHS),
            Participation.presence.in_(COUNTED),
        )
        .with_only_columns(Participation.organisation_id, Consultation.held_on)
        .distinct()
        .order_by(Consultation.held_on)
    )
    found: Days = defaultdict(list)
    rows: Any = db.session.execute(query)
    for place, day in rows:
        found[place].append(day)
    return found


def pair_book(events: list[Event], found: list[Pair], scope: Scope, land: Territory) -> Book:
    """Ask the pairs of event and Kommune."""
    titles = {str(one.id): one.title for one in events}
    columns = (_("Event"), _("Day"), _("Municipality"), _("First talk within six months"), _("Days"))
    measures = (
        Measure(CAME_FROM, _("Municipalities that came")),
        Measure(TALKED, _("Talk within six months"), where=_talked, words=_("talk within six months")),
        Measure(TALK_DAYS, _("Days to the talk (median)"), MEDIAN, DAYS, words=_("talk within six months")),
    )
    facts = tuple(_pair_fact(one, land) for one in found)
    dimensions = (Dimension("anlass", _("Event"), titles),)
    return Book(facts, columns, measures, dimensions, _pair_title, scope, land, "pairs")


def _talked(fact: Fact) -> bool:
    return TALK_DAYS in fact.values


def _pair_fact(one: Pair, land: Territory) -> Fact:
    days = (one.talk - one.day).days if one.talk else None
    cells = (
        pages.event(one.event.id, one.event.title), one.day,
        pages.organisation(one.kommune, land.bodies[one.kommune].name), one.talk,
        Number(days, unit=DAYS),
    )  # fmt: skip
    values = {} if days is None else {TALK_DAYS: days}
    return Fact(one.id, cells, {"anlass": (str(one.event.id),)}, values, frozenset({one.kommune}))


def _pair_title(count: int) -> str:
    return ngettext(
        "%(shown)s municipality at an event", "%(shown)s municipalities at events", count, shown=number(count)
    )


def event_book(events: list[Event], found: list[Pair], whole: Book, scope: Scope, land: Territory) -> Book:
    """Ask the events; the numbers of a line lead to the pairs in `whole`."""
    mine: dict[int, list[Pair]] = defaultdict(list)
    for one in found:
        mine[one.event.id].append(one)
    columns = (
        _("Event"), _("Day"), _("Municipalities that came"),
        _("Talk within six months"), _("Days to the first"),
        _("What followed"),
    )  # fmt: skip
    measures = tuple(
        Measure(key, name, where=_follows(key), words=name if key != EVENTS else "")
        for key, name in {EVENTS: _("Events"), **_words()}.items()
    )
    facts = tuple(_event_fact(one, mine.get(one.id, []), whole) for one in events)
    return Book(facts, columns, measures, (), titles.events, scope, land, "events")


def _follows(key: str) -> Callable[[Fact], bool]:
    return lambda fact: key == EVENTS or key in fact.keys["folge"]


def _words() -> dict[str, str]:
    return {
        FOLLOWED: _("a talk within six months"),
        WAITING: _("none yet, the six months are not over"),
        ALONE: _("no talk within six months"),
        NOBODY: _("no municipality known to have come"),
        VAGUE: _("day of the event not known"),
    }


def _event_fact(event: Event, mine: list[Pair], whole: Book) -> Fact:
    came, talked, _days = whole.measures
    what, chosen = _what_followed(event, mine), {"anlass": str(event.id)}
    first = min(((one.talk - one.day).days for one in mine if one.talk), default=None)
    cells = (
        pages.event(event.id, event.title), event.day if event.precision in EXACT else None,
        whole.number(came, chosen),
        whole.number(talked, chosen), Number(first, unit=DAYS), _words()[what],
    )  # fmt: skip
    return Fact(event.id, cells, {"folge": (what,)})


def _what_followed(event: Event, mine: list[Pair]) -> str:
    if event.precision not in EXACT:
        return VAGUE
    if not mine:
        return NOBODY
    if any(one.talk for one in mine):
        return FOLLOWED
    return WAITING if mine[0].ends >= today() else ALONE
