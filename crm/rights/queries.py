"""Questions about requests of persons."""

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from crm.contacts.models import Person
from crm.db import db
from crm.events.models import Event
from crm.registrations.models import Registration
from crm.rights.models import Right, RightsRequest

MOST = 100


def one(person_id: int, request_id: int) -> RightsRequest | None:
    """Load a request of somebody."""
    mine = (RightsRequest.id == request_id, RightsRequest.person_id == person_id)
    return db.session.scalar(select(RightsRequest).where(*mine))


def of_person(person_id: int) -> list[RightsRequest]:
    """All requests of somebody: open ones first, the newest first."""
    query = select(RightsRequest).where(RightsRequest.person_id == person_id)
    query = query.options(joinedload(RightsRequest.entered_by), joinedload(RightsRequest.answered_by))
    newest = query.order_by(
        RightsRequest.answered_on.is_not(None), RightsRequest.asked_on.desc(), RightsRequest.id.desc()
    )
    return list(db.session.scalars(newest.limit(MOST)))


def open_of(person_id: int, kind: Right) -> RightsRequest | None:
    """The open request of a kind of somebody, the oldest if there are several."""
    query = select(RightsRequest).where(
        RightsRequest.person_id == person_id, RightsRequest.kind == kind,
        RightsRequest.answered_on.is_(None),
    )  # fmt: skip
    return db.session.scalars(query.order_by(RightsRequest.id).limit(1)).first()


def listing(done: bool) -> Select[RightsRequest]:
    """Select requests of people who are no case of data protection: open ones, or those answered."""
    query = select(RightsRequest).join(RightsRequest.person).where(Person.removed_at.is_(None))
    query = query.where(
        RightsRequest.answered_on.is_not(None) if done else RightsRequest.answered_on.is_(None)
    )
    order = RightsRequest.answered_on.desc() if done else RightsRequest.due_on.nulls_last()
    return query.order_by(order, RightsRequest.id).options(joinedload(RightsRequest.person))


def photos_of(person_id: int) -> list[tuple[Registration, Event]]:
    """Registrations of somebody with which photos were allowed, the newest first."""
    query = select(Registration, Event).join(Event, Event.id == Registration.event_id)
    query = query.where(Registration.person_id == person_id, Registration.photos_allowed)
    newest = query.order_by(Registration.registered_at.desc(), Registration.id.desc()).limit(MOST)
    return [(row[0], row[1]) for row in db.session.execute(newest)]
