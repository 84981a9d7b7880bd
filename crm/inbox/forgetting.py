"""Mails in the inbox that are done with are emptied; a talk keeps what was taken over into it."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from crm.db import db
from crm.inbox import queries, services
from crm.inbox.models import InboxItem, MailItemState
from crm.retention.doing import DOINGS, Doing, Due


def _due(limit: datetime) -> Select[*tuple[Any, ...]]:
    """One whose talk lies in the trash is open again and waits."""
    settled = (
        InboxItem.emptied_at.is_(None),
        InboxItem.settled_at < limit,
        ~queries.in_state(MailItemState.OPEN),
    )
    return select(InboxItem.id).where(*settled).order_by(InboxItem.id)


def _empty(due: Due) -> int:
    query = select(InboxItem).where(InboxItem.id.in_(due.numbers), InboxItem.emptied_at.is_(None))
    there = [one for one in db.session.scalars(query.options(*queries.WHOLE)) if not one.is_open]
    for item in there:
        services.empty(item, None)
    return len(there)


DOINGS["inbox"] = Doing(_empty, _due)
