"""Which quarters are closed, and what was corrected in them afterwards."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import joinedload

from crm.closing.models import Correction, Quarter, Span, span_of
from crm.db import db, today

YEARS = 6


def of(spans: Iterable[Span]) -> list[Quarter]:
    """Those of some quarters that are closed, in their order."""
    query = select(Quarter).where(
        tuple_(Quarter.year, Quarter.number).in_(list(spans)), Quarter.closed_at.is_not(None)
    )
    query = query.options(joinedload(Quarter.closed_by))
    return list(db.session.scalars(query.order_by(Quarter.year, Quarter.number)))


def first_closed(days: Iterable[date | None]) -> Quarter | None:
    """The first closed quarter some days lie in; nobody waits for it."""
    return next(iter(of({span_of(day) for day in days if day})), None)


def one(span: Span) -> Quarter | None:
    """A quarter that was closed at least once."""
    return db.session.scalar(select(Quarter).where(Quarter.year == span.year, Quarter.number == span.number))


def past() -> list[tuple[Span, Quarter | None]]:
    """The quarters that are over, the newest first, each with what is known of it."""
    known = {
        row.span: row for row in db.session.scalars(select(Quarter).options(joinedload(Quarter.closed_by)))
    }
    first = min([Span(today().year - YEARS, 1), *known])
    spans, current = [], first
    while current < span_of(today()):
        spans.append(current)
        current = current.next
    return [(span, known.get(span)) for span in reversed(spans)]


def corrections() -> Select[Correction]:
    """Select all corrections, the newest first."""
    query = select(Correction).options(joinedload(Correction.by))
    return query.order_by(Correction.at.desc(), Correction.id.desc())


def in_quarter(span: Span) -> tuple[Any, Any]:
    """The conditions that a correction concerns one quarter."""
    return Correction.year == span.year, Correction.number == span.number


def between(first: date, last: date) -> Any:
    """The condition that a correction concerns a quarter that some days touch."""
    keys = Correction.year * 10 + Correction.number
    since, until = span_of(first), span_of(last)
    return keys.between(since.year * 10 + since.number, until.year * 10 + until.number)


def of_consultation(number: int) -> list[Correction]:
    """The corrections of a talk, the newest first."""
    return list(db.session.scalars(corrections().where(Correction.consultation_id == number).limit(50)))


def of_event(number: int) -> list[Correction]:
    """The corrections of an event, the newest first."""
    return list(db.session.scalars(corrections().where(Correction.event_id == number).limit(50)))
