"""Events that concern an organisation: they take place there, or somebody of it is invited."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import load_only

from crm.calendars.days import DAY, midnight
from crm.db import db
from crm.events import queries as events
from crm.events.calendar_entry import EXACT
from crm.events.models import Event, EventState
from crm.invitations.models import Answer, Invitation

BRIEF = load_only(Event.title, Event.starts_at, Event.ends_at, Event.precision, Event.state, Event.place_id)


def concerning(
    organisation_ids: Iterable[int], first: date, last: date, limit: int
) -> list[tuple[Event, list[str]]]:
    """Give the events of some days and with whom of the organisations asked about, in two statements.

    Cancelled ones are left out, and invitations that were declined.
    """
    wanted = sorted(set(organisation_ids))
    invited = _invited(wanted)
    query = events.between(midnight(first), midnight(last + DAY)).where(
        Event.precision.in_(EXACT), Event.state != EventState.CANCELLED,
        or_(Event.place_id.in_(wanted), Event.id.in_(invited.with_only_columns(Invitation.event_id))),
    )  # fmt: skip
    found = list(db.session.scalars(query.options(BRIEF).limit(limit))) if wanted else []
    columns = Invitation.event_id, Invitation.organisation_name
    query = invited.where(Invitation.event_id.in_([one.id for one in found])).with_only_columns(*columns)
    names: dict[int, list[str]] = {one.id: _place(one, wanted) for one in found}
    for number, name in db.session.execute(query.distinct().order_by(*columns)) if found else ():
        names[number] += [name] if name not in names[number] else []
    return [(one, names[one.id]) for one in found]


def around(
    organisation_ids: Iterable[int], day: date, days: int, limit: int
) -> list[tuple[Event, list[str]]]:
    """Give the events within some days of a day that concern some organisations."""
    apart = timedelta(days=days)
    return concerning(organisation_ids, day - apart, day + apart, limit)


def _invited(organisation_ids: list[int]) -> Any:
    query = select(Invitation).where(Invitation.organisation_id.in_(organisation_ids))
    return query.where(Invitation.answer != Answer.DECLINED)


def _place(event: Event, wanted: list[int]) -> list[str]:
    return [event.place.name] if event.place is not None and event.place_id in wanted else []
