"""What guests wrote in their own words goes with their names; the ratings stay."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, or_

from crm.attendance import forgetting
from crm.events.models import Event
from crm.feedback.models import Feedback


def _due(day: date) -> ColumnElement[bool]:
    written: Any = or_(Feedback.liked.is_not(None), Feedback.missed.is_not(None))
    limit = forgetting.kept_until(day)
    undated = and_(Event.starts_at.is_(None), Feedback.given_on < limit.date())
    return written & or_(Event.over_before(limit), undated)


def _empty(_event_id: int, numbers: forgetting.Numbers) -> int:
    return forgetting.empty_texts(Feedback, numbers, "liked", "missed")


OPINIONS = forgetting.Rule("Texte aus Rückmeldungen", "Rückmeldung", "opinions", Feedback, _due, _empty)
forgetting.RULES.append(OPINIONS)
