"""What is done with practice examples: released word by word, changed, confirmed, taken back."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from crm import audit, records
from crm.cooperations.kinds import REQUIRED_ROLES
from crm.cooperations.models import Cooperation
from crm.db import db, now, today
from crm.errors import RuleBroken
from crm.examples import inquiries, queries
from crm.examples.cases import AGREED, WITH_EXPERIENCE
from crm.examples.models import ExamplePlace, PracticeExample

PLAIN = ("title", "summary", "legal_form", "saving_euros", "saving_note", "person_id")


def may_be_released(group: Cooperation) -> bool:
    """Tell whether a group has something to tell: it runs or ran, or works by its contract already."""
    return group.stage in WITH_EXPERIENCE or group.in_force


def release(group: Cooperation, values: dict[str, Any], by: Any) -> PracticeExample:
    """Release what was typed of a group; task fields and partners are copied as they are now.

    Raises RuleBroken where the group neither runs nor ran, the contact has not agreed, or a file may not be
    passed on.
    """
    if not may_be_released(group):
        raise RuleBroken(_("Only a cooperation that runs, pauses or has ended can be an example."))
    _check(group, values)
    copied = {name: values[name] for name in PLAIN}
    moment = {"released_at": now(), "released_by_id": by.id, "confirmed_on": today()}
    made = PracticeExample(cooperation_id=group.id, **copied, **moment)
    _copy(made, group, values)
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:
        raise RuleBroken(
            _("A colleague has released this cooperation already. Open it and change it.")
        ) from None
    audit.record("example.released", made, by)
    return made


def change(example: PracticeExample, values: dict[str, Any], by: Any) -> None:
    """Change what is released; task fields and partners are copied anew."""
    group = example.cooperation
    _check(group, values)
    before = _beside(example)
    if values["person_id"] != example.person_id:
        inquiries.end_links(example)
    _copy(example, group, values)
    for name in PLAIN:
        setattr(example, name, values[name])
    after = {name: (before[name], text) for name, text in _beside(example).items() if before[name] != text}
    if audit.difference(example) or after:
        example.updated_at = now()
        audit.record("example.changed", example, by, **after)


def _beside(example: PracticeExample) -> dict[str, str]:
    return {
        "task_fields": ", ".join(sorted(one.name for one in example.task_fields)),
        "partners": ", ".join(one.name for one in example.places),
        "documents": ", ".join(sorted(one.file_name for one in example.documents)),
    }


def _check(group: Cooperation, values: dict[str, Any]) -> None:
    person = values["person_id"]
    if person and not queries.has_agreed(person):
        message = _(
            "This contact has not agreed to be named. Enter the consent on the page of the contact first, or "
            "release the example without a contact."
        )
        raise RuleBroken(message, "person_id")
    allowed = {one.id for one in queries.files_of(group.id)}
    if set(values["documents"]) - allowed:
        raise RuleBroken(_("One of the documents cannot be passed on any more. Choose again."), "documents")


def _copy(example: PracticeExample, group: Cooperation, values: dict[str, Any]) -> None:
    files = {one.id: one for one in queries.files_of(group.id)}
    partners = [one for one in group.partners if one.role in REQUIRED_ROLES and one.step in AGREED]
    wanted = [(one.organisation_id, one.organisation_name) for one in partners]
    with db.session.no_autoflush:
        example.task_fields = list(group.task_fields)
        example.documents = [files[number] for number in values["documents"]]
        if [(one.organisation_id, one.name) for one in example.places] != wanted:
            example.places = [
                ExamplePlace(organisation_id=number, name=name, position=place)
                for place, (number, name) in enumerate(wanted)
            ]


def withdraw(example: PracticeExample, by: Any) -> None:
    """Take an example back; it is gone from the public page at once."""
    if example.is_withdrawn:
        raise RuleBroken(_("This example was taken back already."))
    records.change(example, {"withdrawn_at": now()}, by, "example.withdrawn")
    inquiries.end_links(example)


def release_again(example: PracticeExample, by: Any) -> None:
    """Release an example once more that was taken back."""
    if not example.is_withdrawn:
        raise RuleBroken(_("This example is released already."))
    if example.person_id and not queries.has_agreed(example.person_id):
        raise RuleBroken(_("The contact has not agreed to be named. Choose another one, or none, first."))
    values = {"released_at": now(), "released_by_id": by.id, "withdrawn_at": None, "confirmed_on": today()}
    records.change(example, values, by, "example.released")


def confirm(example: PracticeExample, by: Any) -> None:
    """Note that the office has asked and all of it still holds."""
    if example.is_withdrawn:
        raise RuleBroken(_("This example was taken back. Release it again first."))
    records.change(example, {"confirmed_on": today()}, by, "example.confirmed")
