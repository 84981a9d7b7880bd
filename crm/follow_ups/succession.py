"""What is open with somebody in office goes on with who follows, and back when that is taken back."""

from typing import Any

from crm import records
from crm.audit import history_of
from crm.contacts.models import Function
from crm.db import db
from crm.follow_ups import queries
from crm.follow_ups.models import FollowUp

_PASSED = "follow-up.passed-on"


def left_open(user: Any, function: Function) -> list[FollowUp]:
    """The open follow-ups with who holds an office, as far as they concern its organisation or none."""
    places = (None, function.organisation_id)
    return [one for one in queries.of_person(user, function.person_id) if one.organisation_id in places]


def pass_on(function: Function, to_id: int, by: Any) -> int:
    """Let what is left open with who goes hang on who follows; give the number."""
    left = left_open(by, function)
    for follow_up in left:
        records.change(follow_up, {"person_id": to_id}, by, _PASSED)
    db.session.flush()
    return len(left)


def give_back(function: Function, from_id: int, by: Any) -> None:
    """Let what was passed on, and nobody touched since, hang on who held the office before."""
    for follow_up in queries.of_person(by, from_id):
        newest = history_of(follow_up, 1)
        if newest and newest[0].name == _PASSED and newest[0].changes["person_id"][0] == function.person_id:
            records.change(follow_up, {"person_id": function.person_id}, by, "follow-up.given-back")
    db.session.flush()
