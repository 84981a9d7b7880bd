"""A group as its page shows it: three statements, and no records made of what is only shown.

A group of twenty partners has eighty steps; as records they cost five times as much.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import aliased

from crm.accounts.models import User
from crm.cooperations.kinds import LegalForm, PartnerRole, Stage, Step, StepSource
from crm.cooperations.models import (
    Cooperation,
    CooperationTaskField,
    GroupFacts,
    Partner,
    PartnerFacts,
    PartnerStep,
)
from crm.db import db
from crm.organisations.short import Place, places
from crm.task_fields.models import TaskField


@dataclass(eq=False)
class Taken:
    """A step a partner took; `is_seen` tells whether the talk behind it exists for whoever asks."""

    id: int
    step: Step
    reached_on: date | None
    source: StepSource
    note: str | None
    consultation_id: int | None
    is_seen: bool


@dataclass(eq=False)
class Member(PartnerFacts):
    """A partner with its steps; its place comes after it."""

    id: int
    cooperation_id: int
    organisation_id: int
    organisation_name: str
    role: PartnerRole
    step: Step
    step_on: date | None
    organisation: Place
    steps: list[Taken] = field(default_factory=list)


@dataclass(eq=False)
class Titled:
    """A group of which only the title is said."""

    id: int
    title: str


@dataclass(eq=False)
class Work:
    """A task field of the group."""

    name: str
    fundable_from: date | None
    fundable_until: date | None


@dataclass(eq=False)
class Overview(GroupFacts):
    """A group; `has_below` tells whether others are part of it."""

    id: int
    title: str
    legal_form: LegalForm | None
    legal_form_note: str | None
    planned_start: date | None
    signed_on: date | None
    effective_on: date | None
    term_until: date | None
    term_unlimited: bool
    renewal_months: int | None
    notice_months: int | None
    termination: str | None
    halt: Stage | None
    halted_on: date | None
    halt_reason: str | None
    note: str | None
    source_url: str | None
    stage: Stage
    stage_since: date | None
    adviser_name: str | None
    has_below: bool
    parent: Titled | None
    task_fields: list[Work]
    partners: list[Member]


def overview(cooperation_id: int, seen: Any, day: date) -> Overview | None:
    """Give a group; `seen` is the condition under which somebody sees the talk of a step."""
    rows: list[Any] = list(db.session.execute(_GROUP, {"number": cooperation_id}))
    if not rows:
        return None
    *own, parent_id, title = rows[0][:-3]
    fields = [Work(*row[-3:]) for row in rows if row[-3] is not None]
    above = Titled(parent_id, title) if parent_id is not None else None
    return Overview(*(*own, above, fields, _members(cooperation_id, seen, day)))


def _members(cooperation_id: int, seen: Any, day: date) -> list[Member]:
    """Give the partners of a group with their steps and their places, as these are on a day."""
    query = _MEMBERS.add_columns(seen)
    rows: list[Any] = list(db.session.execute(query, {"number": cooperation_id}))
    known = places({row[2] for row in rows}, day)
    found: dict[int, Member] = {}
    for row in rows:
        member = found.get(row[0])
        if member is None:
            member = found[row[0]] = Member(*(*row[:7], known[row[2]]))
        if row[7] is not None:
            member.steps.append(Taken(*row[7:]))
    return list(found.values())


def _group_query() -> Any:
    """Select the fields of Overview in their order, then programme and task fields."""
    parent, part, one = aliased(Cooperation), aliased(Cooperation), Cooperation
    below = exists().where(part.parent_id == one.id, part.removed_at.is_(None)).correlate(one)
    query = select(
        one.id, one.title, one.legal_form, one.legal_form_note, one.planned_start, one.signed_on,
        one.effective_on, one.term_until, one.term_unlimited, one.renewal_months, one.notice_months,
        one.termination, one.halt, one.halted_on, one.halt_reason, one.note, one.source_url, one.stage,
        one.stage_since, User.name, below, parent.id, parent.title,
        TaskField.name, TaskField.fundable_from, TaskField.fundable_until,
    )  # fmt: skip
    # Two plain joins: of a nested one SQLite first builds the whole table of all groups.
    link = CooperationTaskField
    query = query.select_from(one).outerjoin(one.adviser).outerjoin(link, link.cooperation_id == one.id)
    query = query.outerjoin(TaskField, TaskField.id == link.task_field_id)
    query = query.outerjoin(parent, (parent.id == one.parent_id) & parent.removed_at.is_(None))
    return query.where(one.id == bindparam("number")).order_by(TaskField.name)


def _member_query() -> Any:
    query = select(
        Partner.id, Partner.cooperation_id, Partner.organisation_id, Partner.organisation_name,
        Partner.role, Partner.step, Partner.step_on,
        PartnerStep.id, PartnerStep.step, PartnerStep.reached_on, PartnerStep.source, PartnerStep.note,
        PartnerStep.consultation_id,
    )  # fmt: skip
    query = query.select_from(Partner).outerjoin(Partner.steps)
    query = query.where(Partner.cooperation_id == bindparam("number"))
    return query.order_by(Partner.position, Partner.id, PartnerStep.id)


# Made once: to put them together took longer than to answer them.
_GROUP, _MEMBERS = _group_query(), _member_query()
