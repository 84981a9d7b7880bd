"""Who reported a barrier is forgotten some time after the answer; its number and its days stay."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from crm.barriers import services
from crm.barriers.models import BarrierReport
from crm.db import BERLIN
from crm.retention.doing import DOINGS, Doing, Due


def _due(limit: datetime) -> Select[*tuple[Any, ...]]:
    answered = BarrierReport.answered_on < limit.astimezone(BERLIN).date()
    known = BarrierReport.forgotten_at.is_(None)
    return select(BarrierReport.id).where(answered, known).order_by(BarrierReport.id)


def _empty(due: Due) -> int:
    for number in due.numbers:
        services.forget(number)
    return len(due.numbers)


DOINGS["barriers"] = Doing(_empty, _due)
