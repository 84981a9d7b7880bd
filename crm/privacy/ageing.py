"""What retention forgets must not lie sealed meanwhile: the same periods hold for values of open cases."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select

from crm.attendance.forgetting import ended
from crm.db import db
from crm.events.models import Event
from crm.invitations.models import Invitation
from crm.mail.models import OutgoingMail
from crm.privacy.models import Case, SealedValue
from crm.registrations.models import Registration, Seat
from crm.retention import queries as retention
from crm.retention.doing import BESIDE, Doing, Due
from crm.retention.rules import RULES

_ANSWERS = ("represented_by", "remark")


def forget_past(case: Case) -> None:
    """Let go of what is past its period in one case, before anything of it is put back."""
    for key, doings in BESIDE.items():
        if not retention.is_on(key):
            continue
        for one in doings:
            limit = retention.limit(key)
            mine = one.query(limit).where(SealedValue.case_id == case.id) if one.query else None
            numbers = tuple(db.session.scalars(mine)) if mine is not None else ()
            if numbers:
                one.forget(Due(RULES[key], numbers, None, limit))
    db.session.expire(case, ["values"])


def _sealed(model: Any) -> Select[Any]:
    """Select sealed values of a table, with their rows and, but for mails, their events."""
    mine = (SealedValue.row_id == model.id) & (SealedValue.table_name == model.__tablename__)
    query = select(SealedValue.id).join(model, mine).order_by(SealedValue.id)
    return query if model is OutgoingMail else query.join(Event, Event.id == model.event_id)


def _holds(*names: str) -> ColumnElement[bool]:
    return or_(*(SealedValue.sealed[name].as_string().is_not(None) for name in names))


def _needs(limit: datetime) -> Select[Any]:
    return _sealed(Registration).where(ended(limit, Registration.registered_at), _holds("needs"))


def _unconfirmed(limit: datetime) -> Select[Any]:
    lapsed = (Registration.seat == Seat.LAPSED) & Registration.confirmed_at.is_(None)
    old = Registration.came_at.is_(None) & (Registration.registered_at < limit)
    return _sealed(Registration).where(lapsed, old)


def _guests(limit: datetime) -> Select[Any]:
    gone = or_(Registration.forgotten_at.is_not(None), ended(limit, Registration.registered_at))
    return _sealed(Registration).where(gone)


def _answers(limit: datetime) -> Select[Any]:
    said = func.coalesce(Invitation.answered_at, Invitation.created_at)
    return _sealed(Invitation).where(ended(limit, said), _holds(*_ANSWERS))


def _mails(limit: datetime) -> Select[Any]:
    return _sealed(OutgoingMail).where(OutgoingMail.created_at < limit)


def _there(due: Due) -> list[SealedValue]:
    query = select(SealedValue).where(SealedValue.id.in_(due.numbers)).order_by(SealedValue.id)
    return list(db.session.scalars(query.with_for_update()))


def _without(*names: str) -> Callable[[Due], int]:
    """Take some values out of what lies sealed."""

    def forget(due: Due) -> int:
        there = [one for one in _there(due) if any(name in one.sealed for name in names)]
        for one in there:
            one.sealed = {name: value for name, value in one.sealed.items() if name not in names}
        db.session.flush()
        return len(there)

    return forget


def _drop(due: Due) -> int:
    there = _there(due)
    for one in there:
        db.session.delete(one)
    db.session.flush()
    return len(there)


def _drop_guests(due: Due) -> int:
    """Drop registrations and the mails of the same case about them and to the same event."""
    for one in _there(due):
        event = select(Registration.event_id).where(Registration.id == one.row_id).scalar_subquery()
        theirs = or_(OutgoingMail.registration_id == one.row_id, OutgoingMail.event_id == event)
        query = _sealed(OutgoingMail).where(SealedValue.case_id == one.case_id, theirs)
        _drop(Due(due.rule, tuple(db.session.scalars(query))))
    return _drop(due)


def _beside(key: str, query: Callable[[datetime], Select[Any]], forget: Callable[[Due], int]) -> None:
    BESIDE.setdefault(key, []).append(Doing(forget, query))


_beside("mails", _mails, _drop)
_beside("needs", _needs, _without("needs"))
_beside("unconfirmed", _unconfirmed, _drop_guests)
_beside("guests", _guests, _drop_guests)
_beside("answers", _answers, _without(*_ANSWERS))
