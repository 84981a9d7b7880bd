"""Talks of a group in short, as its course shows them: two statements, and no records made of their rows."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import bindparam, literal, select, union_all

from crm.consultations.models import (
    Consultation,
    ConsultationKind,
    ConsultationState,
    ConsultationTaskField,
    Participation,
    TalkFacts,
)
from crm.consultations.queries import visible_to
from crm.db import db
from crm.task_fields.models import TaskField


@dataclass(eq=False)
class Work:
    """A task field a talk was about."""

    name: str


@dataclass(eq=False)
class Talk(TalkFacts):
    """A talk in short."""

    id: int
    held_on: date
    kind: ConsultationKind
    state: ConsultationState
    confidential: bool
    note: str | None
    places: list[str] = field(default_factory=list)
    task_fields: list[Work] = field(default_factory=list)


def for_cooperation(user: Any, cooperation_id: int, limit: int) -> list[Talk]:
    """Talks of a group that this user may see, newest first, with their places and task fields."""
    columns = (
        Consultation.id, Consultation.held_on, Consultation.kind, Consultation.state,
        Consultation.confidential, Consultation.note,
    )  # fmt: skip
    query = visible_to(user).where(Consultation.cooperation_id == cooperation_id).with_only_columns(*columns)
    order = (Consultation.held_on.desc(), Consultation.id.desc())
    found = {row[0]: Talk(*row) for row in db.session.execute(query.order_by(*order).limit(limit))}
    for number, name, is_field in db.session.execute(_NAMES, {"ids": list(found)}) if found else ():
        if is_field:
            found[number].task_fields.append(Work(name))
        else:
            found[number].places.append(name)
    return list(found.values())


def _names() -> Any:
    """Select (consultation_id, name, is it a task field) of all places and task fields of some talks."""
    ids: Any = bindparam("ids", expanding=True)
    places = select(
        Participation.consultation_id, Participation.organisation_name.label("name"),
        literal(False).label("is_field"), Participation.position.label("place"),
    ).where(Participation.consultation_id.in_(ids))  # fmt: skip
    fields = (
        select(ConsultationTaskField.consultation_id, TaskField.name, literal(True), literal(0))
        .join(TaskField, TaskField.id == ConsultationTaskField.task_field_id)
        .where(ConsultationTaskField.consultation_id.in_(ids))
    )
    both = union_all(places, fields).subquery()
    return select(both.c.consultation_id, both.c.name, both.c.is_field).order_by(both.c.place, both.c.name)


# Made once: to put it together took longer than to answer it.
_NAMES = _names()
