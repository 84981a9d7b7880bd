"""What held talks were about, as far as a user may see: by organisation, and of one organisation."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import func

from crm.consultations.models import (
    COUNTED,
    Consultation,
    ConsultationState,
    ConsultationTaskField,
    Participation,
)
from crm.consultations.queries import visible_to
from crm.db import db


def _held(user: Any, since: date) -> Any:
    """Held talks since a day with those that took part and the fields talked about."""
    return (
        visible_to(user)
        .join(Participation, Participation.consultation_id == Consultation.id)
        .join(ConsultationTaskField, ConsultationTaskField.consultation_id == Consultation.id)
        .where(
            Consultation.state == ConsultationState.HELD,
            Consultation.held_on >= since,
            Participation.presence.in_(COUNTED),
        )
    )


def last_about(user: Any, fields: Mapping[int, str], since: date) -> dict[int, tuple[date, str]]:
    """The newest talk of each organisation about one of some fields: its day, and the name of the field."""
    columns = Participation.organisation_id, ConsultationTaskField.task_field_id
    query = _held(user, since).where(ConsultationTaskField.task_field_id.in_(fields))
    query = query.with_only_columns(*columns, func.max(Consultation.held_on)).group_by(*columns)
    found: dict[int, tuple[date, str]] = {}
    for number, field_id, held_on in db.session.execute(query) if fields else ():
        talk = held_on, fields[field_id]
        found[number] = max(talk, found.get(number, talk))
    return found


def fields_of(user: Any, organisation_ids: Iterable[int], since: date) -> dict[int, date]:
    """The fields some organisations talked about, with the day of the newest talk; the newest first."""
    query = _held(user, since).where(Participation.organisation_id.in_(list(organisation_ids)))
    day = func.max(Consultation.held_on)
    query = query.with_only_columns(ConsultationTaskField.task_field_id, day)
    order = (day.desc(), ConsultationTaskField.task_field_id)
    return dict(
        db.session.execute(query.group_by(ConsultationTaskField.task_field_id).order_by(*order)).all()
    )
