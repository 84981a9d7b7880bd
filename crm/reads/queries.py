"""Questions about who read what."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from crm.db import db, now
from crm.reads.models import ConfidentialRead, Way

# A page of pictures asks for each of them: together they are one read.
ONE_READ = timedelta(minutes=10)


def read_lately(user_id: int, numbers: list[int], way: Way) -> set[int | None]:
    """Those of some documents that somebody looked at in the same way a moment ago."""
    query = select(ConfidentialRead.document_id).where(
        ConfidentialRead.user_id == user_id,
        ConfidentialRead.document_id.in_(numbers),
        ConfidentialRead.way == way,
        ConfidentialRead.at > now() - ONE_READ,
    )
    return set(db.session.scalars(query))


def listing(
    consultation_id: int | None = None, user_id: int | None = None, document_id: int | None = None
) -> Select[Any]:
    """Select reads, the newest first, of one talk, document or person if wished."""
    query = select(ConfidentialRead).options(joinedload(ConfidentialRead.user))
    if consultation_id:
        query = query.where(ConfidentialRead.consultation_id == consultation_id)
    if document_id:
        query = query.where(ConfidentialRead.document_id == document_id)
    if user_id:
        query = query.where(ConfidentialRead.user_id == user_id)
    return query.order_by(ConfidentialRead.at.desc(), ConfidentialRead.id.desc())
