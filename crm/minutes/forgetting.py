"""Who was asked to check minutes and what they remarked goes some time after they were asked."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, select

from crm.db import db
from crm.minutes.kinds import MinutesState
from crm.minutes.models import Minutes, MinutesCheck, Remark
from crm.retention.doing import DOINGS, Doing, Due


def _due(limit: datetime) -> Select[*tuple[Any, ...]]:
    """What is being checked is not due; once that has ended it is, released or not, as people were told."""
    query = select(MinutesCheck.id).join(Minutes, Minutes.id == MinutesCheck.minutes_id)
    going_round = (Minutes.state == MinutesState.IN_CHECK) & Minutes.over_at.is_(None)
    running = going_round & (MinutesCheck.round == Minutes.round)
    return query.where(MinutesCheck.created_at < limit, ~running).order_by(MinutesCheck.id)


def _forget(due: Due) -> int:
    there = _due(due.limit).order_by(None).where(MinutesCheck.id.in_(due.numbers))
    numbers = list(db.session.scalars(there))
    quiet = {"synchronize_session": False}
    db.session.execute(delete(Remark).where(Remark.check_id.in_(numbers)).execution_options(**quiet))
    gone = delete(MinutesCheck).where(MinutesCheck.id.in_(numbers)).execution_options(**quiet)
    db.session.execute(gone)
    return len(numbers)


DOINGS["minutes-checks"] = Doing(_forget, _due)
