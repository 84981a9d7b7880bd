"""What is done with requests of persons. A restriction or objection holds at once; lifting it answers it."""

from typing import Any

from flask_babel import gettext as _

from crm import audit, records
from crm.contacts.models import Person
from crm.dates import months_later
from crm.db import db, today
from crm.errors import RuleBroken
from crm.i18n import day as in_words
from crm.rights import queries
from crm.rights.models import LIMITING, RightsRequest

# The term of Article 12 GDPR, in months.
TERM = 1


def enter(person: Person, values: dict[str, Any], by: Any) -> RightsRequest:
    """Note what somebody asks for; `values` are kind, way, asked_on and reason.

    Raises RuleBroken where the day is still to come, or the same restriction or objection holds already.
    """
    kind, day = values["kind"], values["asked_on"] or today()
    if day > today():
        raise RuleBroken(_("This day is still to come. Enter the day of the request."), "asked_on")
    known = queries.open_of(person.id, kind)
    if known is not None:
        message = _("This was asked for on %(day)s already and is still open.", day=in_words(known.asked_on))
        raise RuleBroken(message, "kind")
    due = None if kind in LIMITING else months_later(day, TERM)
    columns = values | {"person_id": person.id, "asked_on": day, "due_on": due}
    made: RightsRequest = records.create(
        RightsRequest, columns | {"entered_by_id": getattr(by, "id", None)}, by, "right.entered"
    )
    if made.limits:
        _limit(person, {LIMITING[kind]: day}, "person.limited", by)
    return made


def answer(request: RightsRequest, values: dict[str, Any], by: Any) -> None:
    """Note what was done and when; a restriction or objection is lifted by it."""
    day = values["answered_on"] or today()
    if not request.is_open:
        raise RuleBroken(_("This request was answered already."))
    if not request.asked_on <= day <= today():
        raise RuleBroken(_("Enter a day between the request and today."), "answered_on")
    changed = {"answered_on": day, "answer": values["answer"], "answered_by_id": getattr(by, "id", None)}
    records.change(request, changed, by, "right.answered")
    if request.limits and queries.open_of(request.person_id, request.kind) is None:
        _limit(request.person, {LIMITING[request.kind]: None}, "person.unlimited", by)


def _limit(person: Person, values: dict[str, Any], event: str, by: Any) -> None:
    for name, value in values.items():
        setattr(person, name, value)
    if audit.difference(person):
        audit.record(event, person, by)
    db.session.flush()
