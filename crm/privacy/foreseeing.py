"""What a restriction takes away at once, to be said before it is done."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func, or_, select

from crm.db import db, now
from crm.events.models import Event, ProgrammeItem
from crm.follow_ups.models import FollowUp, FollowUpState
from crm.privacy.linking import Subject
from crm.registrations.models import GONE, Registration


def warnings(who: Subject) -> list[str]:
    """Say which open work a restriction leaves without a name; it forbids nothing."""
    found = []
    if number := _count(FollowUp, FollowUp.person_id.in_(who.ids), FollowUp.state == FollowUpState.OPEN):
        found.append(_("Open follow-ups about the person: %(number)s.", number=number))
    if number := _coming(who):
        found.append(
            _(
                "Events to come the person is a guest or speaker of: %(number)s. "
                "The name goes from their lists at once, and an erasure waits until they are over.",
                number=number,
            )
        )
    return found


def _coming(who: Subject) -> int:
    """Count events that are not over, or have no date yet: by number of the person or by address."""
    by_address = func.lower(Registration.email).in_(who.addresses) & Registration.person_id.is_(None)
    theirs = or_(Registration.person_id.in_(who.ids), by_address)
    guests = select(Registration.event_id).where(theirs, Registration.seat.not_in(GONE))
    speakers = select(ProgrammeItem.event_id).where(ProgrammeItem.person_id.in_(who.ids))
    ahead = or_(Event.starts_at.is_(None), func.coalesce(Event.ends_at, Event.starts_at) >= now())
    return _count(Event, ahead, or_(Event.id.in_(guests), Event.id.in_(speakers)))


def _count(model: Any, *conditions: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count(model.id)).where(*conditions)) or 0
