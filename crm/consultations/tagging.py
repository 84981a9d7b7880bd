"""Set the task fields of a talk, and nothing else of it."""

from typing import Any

from sqlalchemy import select

from crm import audit
from crm.consultations import counted as _counted  # noqa: F401 closed quarters watch over what counts
from crm.consultations.models import Consultation
from crm.db import db, now
from crm.task_fields.models import TaskField


def set_task_fields(consultation: Consultation, ids: list[int], by: Any) -> None:
    """Replace the task fields of a talk by those of some numbers; nothing is noted when they are the same."""
    before = [one.name for one in consultation.task_fields]
    query = select(TaskField).where(TaskField.id.in_(ids)).order_by(TaskField.name)
    consultation.task_fields = list(db.session.scalars(query))
    after = [one.name for one in consultation.task_fields]
    if before != after:
        consultation.updated_at = now()
        audit.record("consultation.changed", consultation, by, task_fields=(before, after))
