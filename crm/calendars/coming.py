"""What comes next of Kommunen and groups: a planned talk, a session or an event, as far as one may see it."""

from collections.abc import Collection
from datetime import date, datetime, time
from typing import Any, NamedTuple

from sqlalchemy import Select, Subquery, func, literal, select, union_all

from crm.consultations import queries as consultations
from crm.consultations.models import Consultation, ConsultationState, Participation
from crm.cooperations.models import Cooperation, Partner
from crm.db import BERLIN, berlin_day, db, today
from crm.events.models import AHEAD, Event, Precision
from crm.resolutions.models import Resolution

# Kind of a record → where its page is, and the name of its number there.
_PAGES = {
    "talk": ("consultations.show", "consultation_id"),
    "session": ("cooperations.show", "cooperation_id"),
    "event": ("events.show", "event_id"),
}


class Coming(NamedTuple):
    """The next date of something, and where its page is."""

    day: date
    endpoint: str
    numbers: dict[str, int]


def day_of(coming: Coming | None) -> date | None:
    """The day of what comes next, if anything does."""
    return coming.day if coming else None


def next_of_groups(user: Any, cooperation_ids: Collection[int]) -> dict[int, Coming]:
    """The next date of each of some groups, in one statement."""
    return _first(_of_groups(user), cooperation_ids)


def next_of_places(user: Any, organisation_ids: Collection[int]) -> dict[int, Coming]:
    """The next date of each of some organisations, in one statement."""
    return _first(_of_places(user), organisation_ids)


def next_by_group(user: Any) -> Select[*tuple[Any, ...]]:
    """Select (number, day) of the next date of every group that has one, to order by."""
    return _days(_of_groups(user))


def next_by_place(user: Any) -> Select[*tuple[Any, ...]]:
    """Select (number, day) of the next date of every organisation that has one, to order by."""
    return _days(_of_places(user))


def _days(dates: Subquery) -> Select[*tuple[Any, ...]]:
    return select(dates.c.number, func.min(dates.c.day).label("day")).group_by(dates.c.number)


def _first(dates: Subquery, numbers: Collection[int]) -> dict[int, Coming]:
    columns = dates.c.number, dates.c.day, dates.c.kind, dates.c.record_id
    order = dates.c.day, dates.c.kind, dates.c.record_id
    place = func.row_number().over(partition_by=dates.c.number, order_by=order)
    placed = select(*columns, place.label("place")).where(dates.c.number.in_(numbers)).subquery()
    found: dict[int, Coming] = {}
    for number, day, kind, record_id, _place in (
        db.session.execute(select(placed).where(placed.c.place == 1)) if numbers else ()
    ):
        endpoint, name = _PAGES[kind]
        found[number] = Coming(day, endpoint, {name: record_id})
    return found


def _of_groups(user: Any) -> Subquery:
    """(number, day, kind, record_id) of all that lies ahead of groups."""
    talks = _talks(user).where(Consultation.cooperation_id.is_not(None))
    events = _events().where(Event.cooperation_id.is_not(None))
    return union_all(
        talks.with_only_columns(
            *_named(Consultation.cooperation_id, Consultation.held_on, "talk", Consultation.id)
        ),
        _sessions(Partner.cooperation_id),
        events.with_only_columns(
            *_named(Event.cooperation_id, berlin_day(Event.starts_at), "event", Event.id)
        ),
    ).subquery()


def _of_places(user: Any) -> Subquery:
    """The same of organisations: talks they take part in, sessions of theirs, events in their place."""
    talks = _talks(user).join(Participation, Participation.consultation_id == Consultation.id)
    events = _events().where(Event.place_id.is_not(None))
    named = _named(Participation.organisation_id, Consultation.held_on, "talk", Consultation.id)
    return union_all(
        talks.with_only_columns(*named),
        _sessions(Partner.organisation_id),
        events.with_only_columns(*_named(Event.place_id, berlin_day(Event.starts_at), "event", Event.id)),
    ).subquery()


def _named(number: Any, day: Any, kind: str, record_id: Any) -> tuple[Any, ...]:
    return number.label("number"), day.label("day"), literal(kind).label("kind"), record_id.label("record_id")


def _talks(user: Any) -> Select[Any]:
    return consultations.visible_to(user).where(
        Consultation.state == ConsultationState.PLANNED,
        Consultation.held_on >= today(),
        Consultation.removed_at.is_(None),
    )


def _sessions(number: Any) -> Select[Any]:
    columns = _named(number, Resolution.session_on, "session", Partner.cooperation_id)
    return (
        select(*columns)
        .select_from(Resolution)
        .join(Partner, Partner.id == Resolution.partner_id)
        .join(Cooperation, Cooperation.id == Partner.cooperation_id)
        .where(
            Resolution.session_on >= today(), Resolution.result.is_(None), Cooperation.removed_at.is_(None)
        )
    )


def _events() -> Select[Any]:
    """Events ahead whose day is known."""
    begin = datetime.combine(today(), time(0), BERLIN)
    return select(Event).where(
        Event.state.in_(AHEAD),
        Event.starts_at >= begin,
        Event.precision.in_((Precision.TIME, Precision.DAY)),
        Event.removed_at.is_(None),
    )
