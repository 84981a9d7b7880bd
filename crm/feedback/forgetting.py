"""What guests wrote in their own words goes with their names; the ratings stay."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_

from crm.attendance import forgetting
from crm.db import BERLIN
from crm.events.models import Event
from crm.feedback.models import Feedback
from crm.retention.doing import Numbers


def _due(limit: datetime) -> ColumnElement[bool]:
    written: Any = or_(Feedback.liked.is_not(None), Feedback.missed.is_not(None))
    undated = and_(Event.starts_at.is_(None), Feedback.given_on < limit.astimezone(BERLIN).date())
    return written & or_(Event.over_before(limit), undated)


def _empty(_event_id: int, numbers: Numbers) -> int:
    return forgetting.empty_texts(Feedback, numbers, "liked", "missed")


forgetting.of_event("opinions", "opinions", Feedback, _due, _empty)
