"""Talks that a list changes, and the way back: set to values, put into the trash, known as worked on."""

import secrets
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from crm import audit
from crm.accounts.models import User
from crm.audit import AuditEvent
from crm.consultations.groups import note_talks, tell_follow_ups
from crm.consultations.models import Channel, Consultation, ConsultationKind, Participation, Presence
from crm.cooperations.models import PartnerStep
from crm.db import chunks, db, now
from crm.documents.models import Document
from crm.follow_ups.models import FollowUp
from crm.imports import runs
from crm.imports.talks.states import COLUMNS, TABLE, State
from crm.task_fields.models import TaskField


def write(talk: Consultation, state: State) -> None:
    """Set what a state says; keys it does not have stay."""
    groups = {talk.cooperation_id}
    for name in COLUMNS:
        if name in state:
            setattr(talk, name, state[name])
    for name, kind in (("held_on", date.fromisoformat), ("kind", ConsultationKind), ("channel", Channel)):
        if name in state:
            setattr(talk, name, kind(state[name]))
    if "staff" in state:
        query = select(User).where(User.id.in_(state["staff"])).order_by(User.name)
        talk.staff = list(db.session.scalars(query))
    if "task_fields" in state:
        fields = select(TaskField).where(TaskField.id.in_(state["task_fields"])).order_by(TaskField.name)
        talk.task_fields = list(db.session.scalars(fields))
    if "parties" in state:
        _set_parties(talk, state["parties"])
    talk.updated_at = now()
    db.session.flush()
    tell_follow_ups(talk)
    note_talks(*groups | {talk.cooperation_id})


def _set_parties(talk: Consultation, parties: Iterable[Sequence[Any]]) -> None:
    """Bring the bodies of a talk to those of a state; what people wrote about one of them is never lost."""
    wanted = {place: (position, name) for position, (place, name) in enumerate(parties)}
    for row in list(talk.participations):
        if row.organisation_id not in wanted and not row.private_note and not row.people:
            talk.participations.remove(row)
    known = {row.organisation_id: row for row in talk.participations}
    for place, (position, name) in wanted.items():
        if place not in known:
            known[place] = Participation(organisation_id=place, presence=Presence.PRESENT)
            talk.participations.append(known[place])
        row = known[place]
        row.position, row.organisation_name = position, name


def set_back(talk: Consultation, before: State, _after: State, by: Any) -> None:
    """Give a talk the values it had before a run."""
    write(talk, before)
    audit.record("import.undone", talk, by)


def discard(talks: Sequence[Consultation], by: Any) -> None:
    """Put talks into the trash, each together with its follow-ups."""
    moment, marks = now(), {talk.id: secrets.token_urlsafe(16) for talk in talks}
    things: list[tuple[int, Any]] = [(talk.id, talk) for talk in talks]
    things += [(one.consultation_id or 0, one) for one in _follow_ups_of(marks)]
    for number, thing in things:
        thing.removed_at, thing.removed_by_id = moment, getattr(by, "id", None)
        thing.removal = marks[number]
    db.session.flush()
    gone: dict[int, dict[str, Any]] = {number: {} for number in marks}
    runs.note_events(TABLE, gone, by, "import.undone")
    note_talks(*{talk.cooperation_id for talk in talks})


def _follow_ups_of(talks: Iterable[int]) -> Iterator[FollowUp]:
    for chunk in chunks(sorted(set(talks))):
        yield from db.session.scalars(select(FollowUp).where(FollowUp.consultation_id.in_(chunk)))


def name(talk: Consultation) -> str:
    """Name a talk; of a confidential one nobody learns more than that there is one."""
    if talk.confidential:
        return _("Confidential talk %(number)s", number=talk.id)
    return f"{talk.held_on:%d.%m.%Y} {talk.about}"


def hanging(ids: Iterable[int]) -> set[int]:
    """Talks with a later talk, a reported step, a document, or a follow-up people made or worked on."""
    touched = (
        select(AuditEvent.id)
        .where(AuditEvent.record_type == FollowUp.__tablename__, AuditEvent.record_id == FollowUp.id)
        .where(AuditEvent.name.not_in(runs.OWN_EVENTS))
    )
    wanted = set(ids)
    columns = Consultation.follows_id, PartnerStep.consultation_id, Document.consultation_id
    found = runs.used_in(columns, wanted)
    for chunk in chunks(sorted(wanted)):
        query = select(FollowUp.consultation_id).where(FollowUp.consultation_id.in_(chunk), touched.exists())
        found.update(number for number in db.session.scalars(query) if number)
    return found
