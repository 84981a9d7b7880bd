"""R9, events with attendance: what was held, who had a seat, who came; three kinds of heads kept apart."""

from collections import defaultdict
from datetime import timedelta
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import Select, case, literal, select, union
from sqlalchemy.orm import joinedload

from crm.attendance.models import Certainty, HeadCount
from crm.attendance.queries import CAME, MISSED, summed
from crm.calendars.days import midnight
from crm.db import db
from crm.events.listing import is_rough
from crm.events.models import OVER, Event, EventKind, Precision
from crm.events.times import when
from crm.i18n import percent
from crm.registrations.models import TAKEN, UNREGISTERED, Registration
from crm.reports import pages, territory, titles, words
from crm.reports.facts import SUM, UNITS, Book, BookReading, Dimension, Fact, Measure
from crm.reports.scope import Scope
from crm.reports.sheet import Figure, Number, Sheet, Table
from crm.reports.territory import Territory
from crm.task_fields import queries as task_fields

KEYS = ("veranstaltungen", "plaetze", "gekommen", "nicht-gekommen", "gezaehlt", "geschaetzt", "herkunft")
EVENTS, SEATS, NAMED, MISSING, COUNTED, ESTIMATED, KOMMUNEN = KEYS
SUMS = (SEATS, NAMED, MISSING, COUNTED, ESTIMATED)


class Heads(NamedTuple):
    """Of one organisation at one event: seats, came by name, did not come, counted and estimated heads."""

    seats: int = 0
    named: int = 0
    missed: int = 0
    counted: int = 0
    estimated: int = 0

    @property
    def somebody_came(self) -> bool:
        """Tell whether somebody came from there."""
        return bool(self.named or self.counted or self.estimated)


def read(_user: Any, scope: Scope) -> BookReading:
    """Ask for the events of a period."""
    land = territory.load()
    return BookReading(book(scope, land), _sheet, lambda: book(scope.before, land))


def book(scope: Scope, land: Territory) -> Book:
    """Read the events that were held in a period, with their heads: three statements."""
    events = list(db.session.scalars(held_events(scope)))
    heads = _heads(scope)
    facts = [(one, _fact(one, heads.get(one.id, {}), scope, land)) for one in events]
    return Book(
        tuple(fact for one, fact in facts if _fits(one, fact, scope, land)), _columns(), measures(),
        _dimensions(land), titles.events, scope, land, "events",
    )  # fmt: skip


def held_events(scope: Scope) -> Select[Event]:
    """Select the events that were held in a period, narrowed to what is asked about."""
    first, after = midnight(scope.period.since), scope.period.until + timedelta(days=1)
    # Of what is known by month or year only all of it must lie in the period.
    limits = {Precision.MONTH: after.replace(day=1), Precision.YEAR: after.replace(day=1, month=1)}
    moment = Event.starts_at.type
    rough = ((Event.precision == known, literal(midnight(day), moment)) for known, day in limits.items())
    last = case(*rough, else_=literal(midnight(after), moment))
    query = select(Event).where(Event.state.in_(OVER), Event.starts_at >= first, Event.starts_at < last)
    if scope.cooperation_id is not None:
        query = query.where(Event.cooperation_id == scope.cooperation_id)
    if scope.staff_id is not None:
        query = query.where(Event.responsible_id == scope.staff_id)
    if scope.field_id is not None:
        query = query.where(Event.task_fields.any(task_fields.under(scope.field_id)))
    return query.options(joinedload(Event.place)).order_by(Event.starts_at, Event.id)


def _heads(scope: Scope) -> dict[int, dict[int | None, Heads]]:
    """Count heads by event and organisation, of which None is nobody's: two statements."""
    found: dict[int, dict[int | None, Heads]] = defaultdict(dict)
    held = held_events(scope).with_only_columns(Event.id).order_by(None)
    for event_id, place, *numbers in db.session.execute(_named(held)):
        found[event_id][place] = Heads(*map(int, numbers))
    for event_id, place, counted, estimated in db.session.execute(_unnamed(held)):
        known = found[event_id].get(place, Heads())
        found[event_id][place] = known._replace(counted=int(counted), estimated=int(estimated))
    return found


def came() -> Any:
    """Select (event, organisation) of everybody who came by name or was counted, each pair once."""
    named = select(Registration.event_id, Registration.organisation_id).where(CAME)
    return union(named, select(HeadCount.event_id, HeadCount.organisation_id))


def _named(held: Any) -> Any:
    party, registered = 1 + Registration.companions, Registration.origin.not_in(UNREGISTERED)
    had_seat = (Registration.seat.in_(TAKEN) | CAME) & registered
    sums = (summed(had_seat, party), summed(CAME, party), summed(MISSED, party))
    place = (Registration.event_id, Registration.organisation_id)
    return select(*place, *sums).where(Registration.event_id.in_(held)).group_by(*place)


def _unnamed(held: Any) -> Any:
    sums = [
        summed(HeadCount.certainty == one, HeadCount.heads)
        for one in (Certainty.COUNTED, Certainty.ESTIMATED)
    ]
    place = (HeadCount.event_id, HeadCount.organisation_id)
    return select(*place, *sums).where(HeadCount.event_id.in_(held)).group_by(*place)


def _fact(event: Event, places: dict[int | None, Heads], scope: Scope, land: Territory) -> Fact:
    sums = Heads(*(sum(one) for one in zip(*places.values(), strict=True))) if places else Heads()
    where, on = event.place_id, event.day
    units = (land.heirs.unit_on(one, scope.cutoff) if scope.rolled_up else one
             for one, heads in places.items() if one and heads.somebody_came)  # fmt: skip
    day = scope.cutoff if scope.rolled_up or on is None else on
    came = frozenset(one for one in units if land.is_kommune(one) and land.fits(one, day, scope))
    area = land.area(where, on) if where and on and land.is_kommune(where) else ""
    cells = (
        pages.event(event.id, event.title),
        when(event) if is_rough(event) else on, str(event.kind.label),
        event.place.name if event.place else "", Number(sums.seats), Number(sums.named), _rate(sums),
        Number(sums.counted), Number(sums.estimated),
    )  # fmt: skip
    keys = {"typ": (event.kind.value,), "ort": (area,) if area else ()}
    return Fact(event.id, cells, keys, dict(zip(SUMS, sums, strict=True)), came)


def _rate(sums: Heads) -> str:
    """Of those who had a seat, how many came; nothing where nobody ticked who came."""
    return percent((sums.seats - sums.missed) / sums.seats, 0) if sums.seats and sums.named else "–"


def _fits(event: Event, fact: Fact, scope: Scope, land: Territory) -> bool:
    """Tell whether it took place where the report looks, or somebody came from there."""
    if not scope.narrows_places:
        return True
    on = event.day or scope.cutoff
    places = fact.units | {int(one) for one in fact.keys["ort"]}
    return any(land.fits(one, on, scope) for one in places)


def _columns() -> tuple[str, ...]:
    return (
        _("Event"), _("Day"), _("Kind"), _("Place"), _("Seats taken"), _("Came by name"),
        _("Rate"), _("Counted"), _("Estimated"),
    )  # fmt: skip


def measures() -> tuple[Measure, ...]:
    """What is counted and added up."""
    return (
        Measure(EVENTS, _("Events")),
        Measure(SEATS, _("Seats taken"), SUM),
        Measure(NAMED, _("Came by name"), SUM),
        Measure(MISSING, _("Did not come"), SUM),
        Measure(COUNTED, _("Counted"), SUM, words=_("heads counted")),
        Measure(ESTIMATED, _("Estimated"), SUM, words=_("heads estimated")),
        Measure(KOMMUNEN, _("Municipalities"), UNITS),
    )


def _dimensions(land: Territory) -> tuple[Dimension, ...]:
    kinds = {one.value: str(one.label) for one in EventKind}
    return Dimension("typ", _("Kind"), kinds), Dimension("ort", _("Place in"), land.area_names)


def figure(book: Book) -> Figure:
    """The large number of events, with the three kinds of heads."""
    events, _seats, named, _missing, counted, estimated, _kommunen = book.measures
    heads = _(
        "%(named)s came by name, %(counted)s counted, %(estimated)s estimated",
        named=book.number(named).text,
        counted=book.number(counted).text,
        estimated=book.number(estimated).text,
    )
    return Figure(_("Events"), book.number(events), heads)


def summary(book: Book) -> Table:
    """The events by kind, for a report that is about more."""
    return book.by(book.dimensions[0], _("Events by kind"), book.measures)


def _sheet(book: Book) -> Sheet:
    kinds, places = book.dimensions
    _events, seats, named, _missing, counted, estimated, kommunen = book.measures
    figures = (
        figure(book),
        Figure(_("Seats taken"), book.number(seats), _("companions included")),
        Figure(_("Came by name"), book.number(named), _("companions included")),
        Figure(_("Distinct municipalities"), book.number(kommunen), _("from which somebody came")),
    )
    whole = (_("Sum"), None, "", "", book.number(seats), book.number(named), "")
    tables = (
        book.by(kinds, _("By kind"), book.measures),
        book.by(places, _("By county of the place"), book.measures),
        book.listing("liste", _("All events"), (*whole, book.number(counted), book.number(estimated))),
    )
    return Sheet(_definition(book.scope), figures, None, tables)


def _definition(scope: Scope) -> words.Definition:
    unit = _("Events that were held and documented; cancelled and planned ones are not among them.")
    rule = _(
        "Heads are counted three times apart and never added up: who was ticked by name with companions, "
        "heads counted, heads estimated. Attendance compares those who had a seat with those of them who "
        "came. An event counts where it took place; narrowed to places it counts where it took place or "
        "somebody came from there: then its heads are those of the whole event, its municipalities only "
        "those asked about. Of an event known by month or year all of that must lie in the period."
    )
    return words.definition(scope, unit, rule)
