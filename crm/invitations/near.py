"""Who plans an event sees which Kommunen have a talk or another event close to its day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import or_, select

from crm.consultations.collisions import DAYS
from crm.consultations.models import Consultation, ConsultationState, Participation
from crm.consultations.queries import visible_to
from crm.db import BERLIN, db
from crm.events.calendar_entry import EXACT
from crm.events.models import Event, EventState
from crm.invitations.models import Invitation
from crm.organisations.models import Organisation

MOST = 500


@dataclass(frozen=True)
class Near:
    """A Kommune with a talk or an event close to a day; one of both numbers is set."""

    name: str
    day: date
    consultation_id: int | None = None
    event_id: int | None = None
    title: str = ""


def around(user: Any, event: Event, organisation_ids: Iterable[int]) -> list[Near]:
    """What these Kommunen have within 14 days of an event: talks this user may see and other events."""
    wanted, day = sorted(set(organisation_ids)), event.day
    if not wanted or day is None:
        return []
    first, last = day - timedelta(days=DAYS), day + timedelta(days=DAYS)
    found = _talks(user, wanted, first, last) + _events(event, wanted, first, last)
    return sorted(found, key=lambda one: (one.name.casefold(), one.day))


def _talks(user: Any, wanted: list[int], first: date, last: date) -> list[Near]:
    query = (
        visible_to(user)
        .join(Consultation.participations)
        .where(
            Consultation.state != ConsultationState.CANCELLED,
            Consultation.removed_at.is_(None),
            Consultation.held_on.between(first, last),
            Participation.organisation_id.in_(wanted),
        )
        .with_only_columns(Participation.organisation_name, Consultation.held_on, Consultation.id)
        .order_by(Consultation.held_on, Consultation.id)
    )
    return [Near(name, day, number) for name, day, number in db.session.execute(query.limit(MOST))]


def _events(event: Event, wanted: list[int], first: date, last: date) -> list[Near]:
    """Other events that a Kommune was invited to, or that take place there."""
    begin = datetime.combine(first, time.min, BERLIN)
    end = datetime.combine(last + timedelta(days=1), time.min, BERLIN)
    invited = select(Invitation.event_id).where(Invitation.organisation_id == Organisation.id)
    query = (
        select(Organisation.name, Event)
        .join(Event, or_(Event.place_id == Organisation.id, Event.id.in_(invited)))
        .where(
            Organisation.id.in_(wanted),
            Event.id != event.id,
            Event.removed_at.is_(None),
            Event.state != EventState.CANCELLED,
            Event.precision.in_(EXACT),
            Event.starts_at.between(begin, end),
        )
        .order_by(Event.starts_at, Event.id)
    )
    return [
        Near(name, other.day, event_id=other.id, title=other.title)
        for name, other in db.session.execute(query.limit(MOST))
        if other.day is not None
    ]
