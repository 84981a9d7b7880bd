"""What is open with somebody in office goes on with who follows, and back when that is taken back."""

from typing import Any

from sqlalchemy import select

from crm import audit
from crm.audit import AuditEvent
from crm.contacts.models import Function
from crm.db import db, today
from crm.follow_ups import queries
from crm.follow_ups.models import FollowUp

# What the event notes beside the two people: the function that was handed over.
_PASSED, _OFFICE = "follow-up.passed-on", "in_office"


def left_open(user: Any, function: Function) -> list[FollowUp]:
    """The open follow-ups that go with an office: those of its organisation.

    Those of no place go too, unless who goes holds another office still.
    """
    stays = any(one.is_current for one in function.person.functions if one.id != function.id)
    found = queries.of_person(user, function.person_id, limit=None)
    places = (function.organisation_id,) if stays else (function.organisation_id, None)
    return [one for one in found if one.organisation_id in places]


def pass_on(function: Function, follows: Function, by: Any) -> None:
    """Let what goes with an office hang on who follows.

    What is due before a first day to come is done with who is still there.
    """
    first = follows.valid_from or today()
    for follow_up in left_open(by, function):
        if first <= today() or follow_up.due_on >= first:
            follow_up.person_id = follows.person_id
            audit.record(_PASSED, follow_up, by, **{_OFFICE: (None, function.id)})


def give_back(function: Function, follows: Function, by: Any) -> None:
    """Let what was passed on with an office hang on its holder again, whatever became of it since.

    Nothing is left behind: what `by` may not see and what lies in the trash goes back as well.
    """
    query = select(FollowUp).where(FollowUp.person_id == follows.person_id).order_by(FollowUp.id)
    found = {one.id: one for one in db.session.scalars(query.execution_options(include_removed=True))}
    for number, office in _passed(list(found)).items():
        if office == function.id:
            found[number].person_id = function.person_id
            audit.record("follow-up.given-back", found[number], by)


def _passed(numbers: list[int]) -> dict[int, int]:
    """With which office each of some follow-ups was passed on last."""
    events = select(AuditEvent).where(
        AuditEvent.record_type == FollowUp.__tablename__,
        AuditEvent.record_id.in_(numbers),
        AuditEvent.name == _PASSED,
    )
    found = db.session.scalars(events.order_by(AuditEvent.id)) if numbers else ()
    return {one.record_id: one.changes[_OFFICE][1] for one in found if _OFFICE in one.changes}
