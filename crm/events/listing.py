"""The list of events: what it is narrowed to, in which order, and how many there are of each kind of tab."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import defer, joinedload

from crm import folding
from crm.accounts import queries as accounts
from crm.accounts.models import User
from crm.db import BERLIN, db, now, today
from crm.events.models import AHEAD, Event, EventKind, EventState, EventTaskField, Precision
from crm.labels import by_label, in_order
from crm.organisations.models import Membership, Organisation
from crm.task_fields.models import TaskField

FOR_LISTS = (
    defer(Event.search_text), defer(Event.note), defer(Event.summary), defer(Event.handed_out),
    joinedload(Event.place), joinedload(Event.responsible).load_only(User.name),
)  # fmt: skip


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to; None and empty mean: all."""

    text: str = ""
    kind: EventKind | None = None
    year: int | None = None
    county_id: int | None = None
    responsible_id: int | None = None
    coming: bool | None = None


def listing(filters: Filters) -> Select[Event]:
    """Select the events of a list, without an order."""
    query = select(Event)
    for word in folding.search_words(filters.text) if filters.text else ():
        query = query.where(_says(word))
    for column, wanted in ((Event.kind, filters.kind), (Event.responsible_id, filters.responsible_id)):
        if wanted is not None:
            query = query.where(column == wanted)
    if filters.year:
        query = query.where(
            Event.starts_at >= _new_year(filters.year), Event.starts_at < _new_year(filters.year + 1)
        )
    if filters.county_id:
        query = query.where(_in_county(filters.county_id))
    if filters.coming is not None:
        query = query.where(_is_coming() if filters.coming else ~_is_coming())
    return query


def _says(word: str) -> Any:
    """The event itself, its place, or one of its task fields is called so."""
    place = select(Organisation.id).where(Organisation.search_text.contains(word, autoescape=True))
    field = (
        select(EventTaskField.event_id)
        .join(TaskField, TaskField.id == EventTaskField.task_field_id)
        .where(TaskField.search_text.contains(word, autoescape=True))
    )
    return or_(
        Event.search_text.contains(word, autoescape=True), Event.place_id.in_(place), Event.id.in_(field)
    )


def _in_county(county_id: int) -> Any:
    """The place is the county, or lies in it today."""
    inside = exists().where(
        Membership.organisation_id == Event.place_id,
        Membership.parent_id == county_id,
        Membership.on(today()),
    )
    return or_(Event.place_id == county_id, inside.correlate(Event))


def _is_coming() -> Any:
    """What lies ahead, and what has gone by but nobody said how: that is still to be settled."""
    dated = Event.starts_at.is_not(None)
    cancelled = (Event.state == EventState.CANCELLED) & dated & ~Event.over_before(now())
    return func.coalesce(Event.state.in_(AHEAD) | cancelled, False)


def _new_year(year: int) -> datetime:
    return datetime(year, 1, 1, tzinfo=BERLIN)


def ordered(query: Select[Event], key: str, descending: bool, taken: Any) -> Select[Event]:
    """Order a list by day, title, kind, state, responsible or seats; what has no day stands at the end.

    `taken` counts the seats taken of an event.
    """
    if key == "responsible":
        column = accounts.in_order_of_names(Event.responsible_id)
    else:
        columns: dict[str, Any] = {
            "day": Event.starts_at, "title": Event.sort_key, "kind": by_label(Event.kind, EventKind),
            "state": in_order(Event.state, EventState), "seats": taken,
        }  # fmt: skip
        column = columns[key]
    return query.order_by(
        column.is_(None), column.desc() if descending else column, Event.starts_at, Event.id
    )


def years() -> list[int]:
    """Years there are events of, the latest first."""
    first, last = db.session.execute(select(func.min(Event.starts_at), func.max(Event.starts_at))).one()
    if first is None:
        return []
    span = range(_year(first), _year(last) + 1)
    return list(reversed(span))


def _year(moment: Any) -> int:
    return int(moment.astimezone(BERLIN).year)


def counts(filters: Filters, narrowed: Callable[[Any], Any]) -> tuple[int, int]:
    """Count (coming, past) events of a list; `narrowed` adds what this area cannot ask for."""
    coming = func.sum(case((_is_coming(), 1), else_=0))
    query = narrowed(listing(filters)).with_only_columns(coming, func.count(Event.id)).order_by(None)
    found, total = db.session.execute(query).one()
    return int(found or 0), int(total) - int(found or 0)


def is_rough(event: Event) -> bool:
    """Tell whether no day of an event is known, as of those long ago."""
    return event.precision not in (Precision.TIME, Precision.DAY) or event.starts_at is None


def shown_as(state: EventState, taken: Any) -> Any:
    """Give the condition that people see an event in this state; `taken` counts the seats taken of it."""
    is_open = Event.state == EventState.OPEN
    takes = and_(
        or_(Event.register_until.is_(None), Event.register_until >= today()),
        Event.starts_at > now(),
        or_(Event.capacity.is_(None), Event.capacity > 0),
    )
    full = func.coalesce(taken >= Event.capacity, False)
    return {
        EventState.OPEN: is_open & takes & ~full,
        EventState.FULL: is_open & takes & full,
        EventState.CLOSED: (Event.state == EventState.CLOSED) | (is_open & ~takes),
    }.get(state, Event.state == state)
