"""Which corrections after closing somebody may know of: those of confidential talks only some."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select

from crm.access import Permission
from crm.closing.models import Correction, Span
from crm.closing.queries import between
from crm.consultations.models import Consultation
from crm.db import db


def seen_by(user: Any) -> Any:
    """The condition that a correction exists for this user; removed talks count as well."""
    if user.may(Permission.READ_CONFIDENTIAL):
        return Correction.id.is_not(None)
    open_ones = select(Consultation.id).where(Consultation.confidential.is_(False))
    return or_(Correction.consultation_id.is_(None), Correction.consultation_id.in_(open_ones))


def count(user: Any, first: date, last: date) -> int:
    """Count the corrections in the quarters that some days touch."""
    query = select(func.count(Correction.id)).where(between(first, last), seen_by(user))
    return db.session.scalar(query.execution_options(include_removed=True)) or 0


def numbers(user: Any) -> dict[Span, int]:
    """How many corrections each quarter has."""
    key = (Correction.year, Correction.number)
    query = select(*key, func.count()).where(seen_by(user)).group_by(*key)
    rows = db.session.execute(query.execution_options(include_removed=True))
    return {Span(year, number): found for year, number, found in rows}


def among(talks: Iterable[int], events: Iterable[int]) -> set[tuple[str, int]]:
    """Of some talks and events those that were corrected, by the endpoints of their pages."""
    wanted = Correction.consultation_id.in_(list(talks)) | Correction.event_id.in_(list(events))
    query = select(Correction.consultation_id, Correction.event_id).where(wanted).distinct()
    return {
        ("consultations.show", talk) if talk else ("events.show", event or 0)
        for talk, event in db.session.execute(query)
    }
