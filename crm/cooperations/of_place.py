"""The groups an organisation is or was in, for its page: two statements, however many there are.

A successor has those of all its predecessors, too, over every generation; each says by whom.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select

from crm.cooperations.kinds import EXITS, IN_PROGRESS, OVER, REQUIRED_ROLES, PartnerRole, Stage, Step
from crm.cooperations.models import Cooperation, CooperationTaskField, Partner
from crm.cooperations.queries import visible_to
from crm.cooperations.standing import lowest
from crm.db import db, today
from crm.task_fields.models import TaskField

MOST = 5000


class Part(NamedTuple):
    """A partner of a group in which the organisation is."""

    id: int
    organisation_id: int
    organisation_name: str
    role: PartnerRole
    step: Step
    step_on: date | None
    group_id: int
    title: str
    stage: Stage

    @property
    def is_required(self) -> bool:
        """Tell whether the group depends on it."""
        return self.role in REQUIRED_ROLES and self.step not in EXITS


@dataclass(frozen=True)
class Line:
    """One group with the organisation's own part in it; `via` names predecessors that are partners."""

    part: Part
    fields: list[str]
    via: str = ""
    is_waited_for: bool = False

    @property
    def days(self) -> int | None:
        """Days the organisation has been at its step."""
        return (today() - self.part.step_on).days if self.part.step_on else None

    @property
    def is_past(self) -> bool:
        """Tell whether it is over: for the group, or for this partner."""
        return self.part.stage in OVER or self.part.step in EXITS


@dataclass(frozen=True)
class Lines:
    """What the section of a page shows: groups that go on, those waiting first, and what is over."""

    current: list[Line] = field(default_factory=list)
    past: list[Line] = field(default_factory=list)

    @property
    def number(self) -> int:
        """How many there are."""
        return len(self.current) + len(self.past)


def running_by_place(user: Any) -> Select[*tuple[Any, ...]]:
    """Select (number, how many running groups) of organisations that are partners and have not left."""
    there = visible_to(user).where(Cooperation.stage == Stage.RUNNING, Cooperation.removed_at.is_(None))
    partners = there.join(Partner, Partner.cooperation_id == Cooperation.id)
    columns = Partner.organisation_id.label("number"), func.count(Cooperation.id).label("groups")
    return (
        partners.where(Partner.step.not_in(EXITS))
        .with_only_columns(*columns)
        .group_by(Partner.organisation_id)
    )


def of_place(user: Any, organisation_id: int, former: Mapping[int, str] | None = None) -> Lines:
    """Give the groups of an organisation; `former` names its predecessors of all generations."""
    names = {organisation_id: "", **(former or {})}
    groups = _parts(user, list(names))
    if not groups:
        return Lines()
    fields, lines = _fields(list(groups)), []
    for number, parts in groups.items():
        waited = {one.id for one in lowest(parts)} if parts[0].stage in IN_PROGRESS else set()
        own = [one for one in parts if one.organisation_id in names]
        part = min(
            own, key=lambda one: (bool(names[one.organisation_id]), one.id not in waited, -one.step.rank)
        )
        via = ", ".join(names[one.organisation_id] for one in own if names[one.organisation_id])
        lines.append(Line(part, fields[number], via, part.id in waited))
    ahead = [line for line in lines if not line.is_past]
    ahead.sort(key=lambda line: (not line.is_waited_for, -(line.days or 0) if line.is_waited_for else 0))
    return Lines(ahead, [line for line in lines if line.is_past])


def _parts(user: Any, ids: list[int]) -> dict[int, list[Part]]:
    """All partners of the groups of some organisations, by group; the group that moved last first."""
    mine = select(Partner.cooperation_id).where(Partner.organisation_id.in_(ids))
    columns = (
        Partner.id, Partner.organisation_id, Partner.organisation_name, Partner.role, Partner.step,
        Partner.step_on, Cooperation.id, Cooperation.title, Cooperation.stage,
    )  # fmt: skip
    query = visible_to(user).join(Partner, Partner.cooperation_id == Cooperation.id)
    query = query.where(Cooperation.id.in_(mine))
    order = (Cooperation.stage_since.desc().nulls_last(), Cooperation.id.desc(), Partner.position, Partner.id)
    found: dict[int, list[Part]] = defaultdict(list)
    for row in db.session.execute(query.with_only_columns(*columns).order_by(*order).limit(MOST)):
        part = Part(*row)
        found[part.group_id].append(part)
    return found


def _fields(group_ids: list[int]) -> dict[int, list[str]]:
    query = select(CooperationTaskField.cooperation_id, TaskField.name).join(
        TaskField, TaskField.id == CooperationTaskField.task_field_id
    )
    found: dict[int, list[str]] = defaultdict(list)
    rows = query.where(CooperationTaskField.cooperation_id.in_(group_ids)).order_by(TaskField.name)
    for number, name in db.session.execute(rows):
        found[number].append(name)
    return found
