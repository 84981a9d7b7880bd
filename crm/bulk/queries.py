"""Questions about actions on many records."""

from typing import Any

from sqlalchemy import func, or_, select

from crm.access import Permission
from crm.bulk.models import BulkAction
from crm.db import db, now
from crm.events.models import AHEAD, Event
from crm.i18n import day

SHOWN, EVENTS = 50, 200


def one(action_id: int) -> BulkAction | None:
    """Load an action that was done."""
    return db.session.get(BulkAction, action_id)


def coming_events() -> list[tuple[int, str]]:
    """The events people can still be invited to, as (number, day and title), the next first."""
    last = func.coalesce(Event.ends_at, Event.starts_at)
    query = select(Event).where(Event.state.in_(AHEAD), or_(last.is_(None), last >= now()))
    found = db.session.scalars(query.order_by(Event.starts_at.nulls_last(), Event.id).limit(EVENTS))
    return [(one.id, " ".join(part for part in (day(one.day), one.title) if part)) for one in found]


def latest(user: Any) -> list[BulkAction]:
    """The actions of the last weeks that this user did, the newest first; a manager sees those of all."""
    query = select(BulkAction).order_by(BulkAction.id.desc()).limit(SHOWN)
    if not user.may(Permission.READ_STAFF_FIGURES):
        query = query.where(BulkAction.user_id == user.id)
    return list(db.session.scalars(query))
