"""What is done with follow-ups."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from crm import audit, records
from crm.accounts.models import User
from crm.dates import months_later
from crm.db import db, now, today
from crm.errors import RuleBroken
from crm.follow_ups.models import FollowUp, FollowUpState

PLACES = ("consultation_id", "organisation_id", "person_id", "cooperation_id", "election_id")


def create(values: dict[str, Any], by: Any) -> FollowUp:
    """Make a follow-up; it must hang on a talk, a cooperation, an organisation or a person."""
    _check_place(values.get(name) for name in PLACES)
    _check_owner(values["owner_id"])
    found: FollowUp = records.create(FollowUp, values, by, "follow-up.created")
    return found


def _check_place(numbers: Iterable[int | None]) -> None:
    if not any(numbers):
        raise RuleBroken(_("Choose a municipality that this follow-up concerns."), "organisation")


def _check_owner(owner_id: int) -> None:
    owner = db.session.get(User, owner_id)
    if owner is None or not owner.is_active:
        raise RuleBroken(_("This account is locked. Choose somebody else."), "owner_id")


def change(follow_up: FollowUp, values: dict[str, Any], by: Any) -> None:
    """Change text, day or owner."""
    _check_place(values.get(name, getattr(follow_up, name)) for name in PLACES)
    if values["owner_id"] != follow_up.owner_id:
        _check_owner(values["owner_id"])
    records.change(follow_up, values, by, "follow-up.changed")


def finish(follow_up: FollowUp, by: Any) -> None:
    """Mark as done; a second time changes nothing."""
    if not follow_up.is_open:
        return
    follow_up.state, follow_up.done_at, follow_up.done_by_id = FollowUpState.DONE, now(), by.id
    audit.record("follow-up.done", follow_up, by)


def reopen(follow_up: FollowUp, by: Any) -> None:
    """Take a tick back."""
    if follow_up.is_open:
        return
    follow_up.state, follow_up.done_at, follow_up.done_by_id = FollowUpState.OPEN, None, None
    audit.record("follow-up.reopened", follow_up, by)


def postpone(follow_up: FollowUp, day: date, by: Any) -> None:
    """Move to a later day."""
    if day < today():
        raise RuleBroken(_("Choose today or a later day."), "due_on")
    if day == follow_up.due_on:
        return
    follow_up.due_on = day
    audit.record("follow-up.postponed", follow_up, by)


def steps(follow_up: FollowUp) -> dict[str, date]:
    """Days to move a follow-up to: a day, a week or a month after it is due, if overdue after today."""
    start = max(follow_up.due_on, today())
    return {
        "day": start + timedelta(days=1),
        "week": start + timedelta(days=7),
        "month": months_later(start, 1),
    }


def hand_over(follow_up: FollowUp, owner_id: int, by: Any) -> None:
    """Give to a colleague."""
    if owner_id == follow_up.owner_id:
        return
    _check_owner(owner_id)
    follow_up.owner_id = owner_id
    audit.record("follow-up.handed-over", follow_up, by)


def hand_over_all(owner: User, successor: User, by: Any) -> int:
    """Give all open follow-ups of an owner to a successor; give their number."""
    if successor.id == owner.id or not successor.is_active:
        raise RuleBroken(_("This account cannot take over. Choose somebody else."), "successor_id")
    query = select(FollowUp).where(FollowUp.owner_id == owner.id, FollowUp.state == FollowUpState.OPEN)
    found = list(db.session.scalars(query.execution_options(include_removed=True)))
    for follow_up in found:
        hand_over(follow_up, successor.id, by)
    return len(found)


def remove(follow_up: FollowUp, by: Any) -> None:
    """Put a follow-up noted by mistake into the trash."""
    records.remove([follow_up], by, "follow-up.removed")


def restore(follow_up: FollowUp, by: Any) -> None:
    """Take a follow-up back."""
    records.restore([follow_up], by, "follow-up.restored")


def follow_talk(consultation_id: int, columns: dict[str, Any]) -> None:
    """Keep the follow-ups of a talk as confidential as the talk, named after its places, and at its group."""
    query = select(FollowUp).where(FollowUp.consultation_id == consultation_id)
    for follow_up in db.session.scalars(query.execution_options(include_removed=True)):
        for name, value in columns.items():
            setattr(follow_up, name, value)
