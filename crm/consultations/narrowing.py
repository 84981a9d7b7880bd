"""What a list of talks is narrowed to, as conditions of its query."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import exists, or_, select

from crm.consultations.models import (
    COUNTED,
    Channel,
    Consultation,
    ConsultationKind,
    ConsultationStaff,
    ConsultationState,
    ConsultationTaskField,
    Naming,
    Participation,
)
from crm.contacts.models import Person
from crm.db import mentions
from crm.folding import fold
from crm.organisations.models import Membership


@dataclass(frozen=True)
class Filters:
    """What a list of talks is narrowed to; None and empty mean: all."""

    since: date | None = None
    until: date | None = None
    kind: ConsultationKind | None = None
    channel: Channel | None = None
    state: ConsultationState | None = None
    organisation_id: int | None = None
    county_id: int | None = None
    task_field_id: int | None = None
    staff_id: int | None = None
    cooperation_id: int | None = None
    text: str = ""
    needs_note: bool = False
    counted: bool = False


def conditions(filters: Filters) -> list[Any]:
    """Say what the talks of a list have to fulfil."""
    found: list[Any] = []
    if filters.since:
        found.append(Consultation.held_on >= filters.since)
    if filters.until:
        found.append(Consultation.held_on <= filters.until)
    for column, wanted in (
        (Consultation.kind, filters.kind),
        (Consultation.channel, filters.channel),
        (Consultation.state, filters.state),
        (Consultation.cooperation_id, filters.cooperation_id),
    ):
        if wanted is not None:
            found.append(column == wanted)
    if filters.needs_note:
        found.append((Consultation.state == ConsultationState.HELD) & Consultation.note.is_(None))
    return found + _linked(filters) + ([_worded(filters.text)] if filters.text else [])


def _linked(filters: Filters) -> list[Any]:
    found: list[Any] = []
    if filters.organisation_id:
        part = Participation.organisation_id == filters.organisation_id
        found.append(
            takes_part(part & Participation.presence.in_(COUNTED)) if filters.counted else takes_part(part)
        )
    if filters.counted:
        found.append(Consultation.state == ConsultationState.HELD)
    if filters.county_id:
        inside = exists().where(
            Membership.organisation_id == Participation.organisation_id,
            Membership.parent_id == filters.county_id,
            Membership.on(Consultation.held_on),
        )
        inside = inside.correlate(Participation, Consultation)
        found.append(
            exists()
            .where(
                Participation.consultation_id == Consultation.id,
                or_(Participation.organisation_id == filters.county_id, inside),
            )
            .correlate(Consultation)
        )
    return found + _named(filters)


def _named(filters: Filters) -> list[Any]:
    found: list[Any] = []
    if filters.task_field_id:
        found.append(
            exists().where(
                ConsultationTaskField.consultation_id == Consultation.id,
                ConsultationTaskField.task_field_id == filters.task_field_id,
            )
        )
    if filters.staff_id:
        found.append(
            exists().where(
                ConsultationStaff.consultation_id == Consultation.id,
                ConsultationStaff.user_id == filters.staff_id,
            )
        )
    return found


def takes_part(condition: Any) -> Any:
    """Give the condition that a talk has a participation of some kind."""
    return Consultation.id.in_(select(Participation.consultation_id).where(condition))


def _worded(text: str) -> Any:
    """Words of the shared text or the place, names of organisations or of people named in the text.

    Private notes are not searched.
    """
    columns = (Consultation.note, Consultation.agreements, Consultation.next_step, Consultation.place)
    named = takes_part(mentions(Participation.organisation_name, text))
    called = select(Naming.consultation_id).join(Person, Person.id == Naming.person_id)
    called = called.where(
        Person.search_text.contains(fold(text), autoescape=True), Person.removed_at.is_(None)
    )
    people = Consultation.id.in_(called)
    return or_(*(mentions(column, text) for column in columns), named, people)
