"""What follows from the records of a group: where it stands, and what it is found by. Copies for lists."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import select

from crm.cooperations.kinds import REQUIRED_ROLES
from crm.cooperations.models import Cooperation, CooperationTaskField
from crm.cooperations.standing import At, Facts, stage_of, step_of
from crm.db import BERLIN, db, now
from crm.folding import search_text, sort_key

# What other areas note about a group because its stage follows from it.
NOTED = ("talked_on", "resolving_since", "study_since", "applied_on")


def describe(group: Cooperation) -> None:
    """Keep what a group is found and sorted by: title, partners, task fields, file reference."""
    texts = [group.title, *(one.organisation_name for one in group.partners)]
    texts += [*(one.name for one in group.task_fields), group.file_reference or ""]
    for name, value in (("sort_key", sort_key(group.title)[:200]), ("search_text", search_text(*texts))):
        if getattr(group, name) != value:
            setattr(group, name, value)


def describe_those_with(task_field_id: int) -> None:
    """Keep the same anew for every group with a task field, whose name may have changed."""
    query = (
        select(Cooperation)
        .join(CooperationTaskField)
        .where(CooperationTaskField.task_field_id == task_field_id)
    )
    for group in db.session.scalars(query.execution_options(include_removed=True)):
        describe(group)


def facts_of(group: Cooperation, on: date | None = None) -> Facts:
    """Collect what the stage of a group follows from, now or as it was on a day."""
    at = [step_of(one.steps, on) for one in group.partners if one.role in REQUIRED_ROLES]
    return facts_from(group, at, on)


def facts_from(group: Any, at: Iterable[At], on: date | None = None) -> Facts:
    """Collect the same of a group, or of plain values like it, whose lead and members were at some steps."""
    noted = {name: _by(getattr(group, name), on) for name in NOTED}
    halted = group.halt is not None and (on is None or (group.halted_on or date.min) <= on)
    return Facts(
        partners=[one for one in at if one.rank >= 0],
        halt=group.halt if halted else None,
        halted_on=group.halted_on,
        begun_on=group.first_contact_on or (group.created_at or now()).astimezone(BERLIN).date(),
        **noted,
    )


def _by(day: date | None, on: date | None) -> date | None:
    return day if day is None or on is None or day <= on else None


def settle(group: Cooperation) -> None:
    """Work out anew where every partner and the group stand, after each change of what that follows from."""
    for one in group.partners:
        at = step_of(one.steps)
        if (one.step, one.step_on) != (at.step, at.since):
            one.step, one.step_on = at.step, at.since
    standing = stage_of(facts_of(group))
    if (group.stage, group.stage_since) != (standing.stage, standing.since):
        group.stage, group.stage_since = standing.stage, standing.since


def note(group: Cooperation, **days: date | None) -> None:
    """Take down what another area knows about a group (one of NOTED), and settle it."""
    for name, day in days.items():
        if name not in NOTED:
            raise KeyError(name)
        if getattr(group, name) != day:
            setattr(group, name, day)
    settle(group)
