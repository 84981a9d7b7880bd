"""Questions about contacts nobody has heard of for a long time."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import joinedload

from crm.consultations.models import Consultation, Naming, Participation, ParticipationPerson
from crm.contacts.finding import WHOLE
from crm.contacts.models import Function, Person, unlimited
from crm.db import BERLIN, db, today
from crm.events.models import Event, ProgrammeItem
from crm.follow_ups.models import FollowUp, FollowUpState
from crm.invitations.models import Invitation
from crm.registrations.models import Registration
from crm.retention.queries import limit
from crm.reviews.models import ContactReview

RULE = "silent-contacts"
_OPEN = ContactReview.decided_on.is_(None)


def put_forward(before: datetime) -> Select[Any]:
    """Select the numbers of people silent since a moment who are not put forward yet."""
    waiting = exists().where(ContactReview.person_id == Person.id, _OPEN).correlate(Person)
    return select(Person.id).where(*_silent(before), ~waiting).order_by(Person.id)


def _silent(before: datetime) -> list[ColumnElement[bool]]:
    """Nothing was heard of somebody since a moment, and nothing is to come; heads in office are needed.

    A day counts as having happened at its end, as everywhere in the rules.
    """
    day = before.astimezone(BERLIN).date()
    signs = (*_said(day), *_at_events(before), *_in_office(day), _reviewed(day))
    known = Person.removed_at.is_(None), unlimited(), Person.created_at < before
    return [*known, *(~exists().where(*one).correlate(Person) for one in signs)]


def _said(day: date) -> Iterable[tuple[Any, ...]]:
    """Talks with or about the person, held or planned, and promises that are open."""
    yield (
        ParticipationPerson.person_id == Person.id, Participation.id == ParticipationPerson.participation_id,
        Consultation.id == Participation.consultation_id, Consultation.held_on >= day,
    )  # fmt: skip
    yield (
        Naming.person_id == Person.id, Consultation.id == Naming.consultation_id, Consultation.held_on >= day,
    )  # fmt: skip
    yield FollowUp.person_id == Person.id, FollowUp.state == FollowUpState.OPEN, FollowUp.removed_at.is_(None)


def _at_events(before: datetime) -> Iterable[tuple[Any, ...]]:
    """Registrations, answers to invitations, and parts in programmes."""
    yield Registration.person_id == Person.id, Registration.registered_at >= before
    yield Invitation.person_id == Person.id, Invitation.answered_at >= before
    yield (
        ProgrammeItem.person_id == Person.id, Event.id == ProgrammeItem.event_id, Event.starts_at >= before,
    )  # fmt: skip


def _in_office(day: date) -> Iterable[tuple[Any, ...]]:
    """Somebody leads a municipality now, or has begun a function since."""
    mine = Function.person_id == Person.id, Function.removed_at.is_(None)
    yield *mine, Function.is_head, Function.on(today())
    yield *mine, Function.valid_from >= day


def _reviewed(day: date) -> tuple[Any, ...]:
    return ContactReview.person_id == Person.id, ContactReview.decided_on >= day


def listing() -> Select[ContactReview]:
    """Select what waits for a decision: put forward, and silent to this day."""
    query = select(ContactReview).join(ContactReview.person).where(_OPEN, *_silent(limit(RULE)))
    return query.order_by(ContactReview.put_on, Person.sort_key, ContactReview.id)


def waiting() -> int:
    """Count what waits for a decision."""
    query = listing().order_by(None).with_only_columns(func.count(ContactReview.id))
    return db.session.scalar(query) or 0


FOR_LIST = (joinedload(ContactReview.person).options(*WHOLE),)


def open_ones(numbers: Iterable[int]) -> list[ContactReview]:
    """Load those of some that still wait for a decision, in order, for deciding."""
    query = listing().where(ContactReview.id.in_(list(numbers))).with_for_update(of=ContactReview)
    return list(db.session.scalars(query))


def last_talks(person_ids: list[int]) -> dict[int, date]:
    """The last day somebody was named in a talk, by number."""
    query = (
        select(ParticipationPerson.person_id, func.max(Consultation.held_on))
        .join(Participation, Participation.id == ParticipationPerson.participation_id)
        .join(Consultation, Consultation.id == Participation.consultation_id)
        .where(ParticipationPerson.person_id.in_(person_ids), Consultation.removed_at.is_(None))
        .group_by(ParticipationPerson.person_id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}
