"""Questions about who read what."""

from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from crm.reads.models import ConfidentialRead


def listing(consultation_id: int | None = None, user_id: int | None = None) -> Select[Any]:
    """Select reads, the newest first, of one talk or one person if wished."""
    query = select(ConfidentialRead).options(joinedload(ConfidentialRead.user))
    if consultation_id:
        query = query.where(ConfidentialRead.consultation_id == consultation_id)
    if user_id:
        query = query.where(ConfidentialRead.user_id == user_id)
    return query.order_by(ConfidentialRead.at.desc(), ConfidentialRead.id.desc())
