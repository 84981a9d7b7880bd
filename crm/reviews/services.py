"""What is done with silent contacts: put forward by the rule, decided by a person."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _

from crm import audit
from crm.consents.models import Way
from crm.db import db, today
from crm.errors import RuleBroken
from crm.mailings.following import follow
from crm.privacy import services as privacy
from crm.privacy.queries import case_of
from crm.reviews import queries
from crm.reviews.models import ContactReview, Decision
from crm.rights import services as rights
from crm.rights.models import Right
from crm.rights.queries import open_of


def put_forward(person_ids: Iterable[int]) -> int:
    """Put some people forward for review; give how many they were."""
    made = [ContactReview(person_id=number, put_on=today()) for number in person_ids]
    db.session.add_all(made)
    db.session.flush()
    return len(made)


def decide(numbers: list[int], decision: Decision, by: Any) -> int:
    """Decide about some contacts; give how many still waited for it.

    Raises RuleBroken where none is named.
    """
    if not numbers:
        raise RuleBroken(_("Tick at least one contact."))
    waiting = queries.open_ones(numbers)
    for one in waiting:
        one.decision, one.decided_on, one.decided_by_id = decision, today(), getattr(by, "id", None)
        audit.record("contact.reviewed", one, by)
    for person in [one.person for one in waiting]:
        if decision is Decision.RESTRICT and open_of(person.id, Right.RESTRICTION) is None:
            asked = {"kind": Right.RESTRICTION, "way": Way.OFFICE, "asked_on": None, "reason": _why()}
            rights.enter(person, asked, by)
            follow(person)
        if decision is Decision.ERASE and case_of(person.id) is None:
            privacy.restrict(person, _why(), by)
    return len(waiting)


def _why() -> str:
    return _("No contact for a long time; decided at the review of silent contacts.")
