"""Questions about reported barriers."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from crm.barriers.models import BarrierReport
from crm.db import db, now, today

FOR_LISTS = (joinedload(BarrierReport.answered_by),)


def one(number: int) -> BarrierReport | None:
    """Find a report."""
    return db.session.get(BarrierReport, number)


def of_form(form_key: str) -> BarrierReport | None:
    """Find what a form was saved as before."""
    return db.session.scalar(select(BarrierReport).where(BarrierReport.form_key == form_key))


def listing() -> Select[Any]:
    """All reports: what waits by the day it is due, so that the overdue come first; then the answered."""
    done = BarrierReport.answered_on.is_not(None)
    return select(BarrierReport).order_by(
        done, BarrierReport.answered_on.desc(), BarrierReport.due_on, BarrierReport.id
    )


def waiting() -> Any:
    """How many reports wait for an answer, as a part of another question."""
    return _open().scalar_subquery()


def overdue() -> Any:
    """How many should have been answered before today, as a part of another question."""
    return _open().where(BarrierReport.due_on < today()).scalar_subquery()


def _open() -> Select[Any]:
    return select(func.count(BarrierReport.id)).where(BarrierReport.answered_on.is_(None))


def from_address(address_key: str, within: timedelta) -> int:
    """Count the reports that name an address, of a while."""
    since: datetime = now() - within
    query = select(func.count(BarrierReport.id))
    query = query.where(BarrierReport.address_key == address_key, BarrierReport.created_at > since)
    return db.session.scalar(query) or 0
