"""Questions about actions on many records."""

from typing import Any

from sqlalchemy import select

from crm.access import Permission
from crm.bulk.models import BulkAction
from crm.db import db

SHOWN = 50


def one(action_id: int) -> BulkAction | None:
    """Load an action that was done."""
    return db.session.get(BulkAction, action_id)


def latest(user: Any) -> list[BulkAction]:
    """The actions of the last weeks that this user did, the newest first; a manager sees those of all."""
    query = select(BulkAction).order_by(BulkAction.id.desc()).limit(SHOWN)
    if not user.may(Permission.READ_STAFF_FIGURES):
        query = query.where(BulkAction.user_id == user.id)
    return list(db.session.scalars(query))
