"""All groups as they were on a day, in plain values: four statements, however many groups there are.

Where a group and a partner stood is worked out by the same rules as today's stage, never read from a copy.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import select

from crm.cooperations.kinds import OVER, REQUIRED_ROLES, PartnerRole, Stage, Step
from crm.cooperations.models import Cooperation, CooperationTaskField, Partner, PartnerStep
from crm.cooperations.settling import NOTED, facts_from
from crm.cooperations.standing import At, stage_of, step_of
from crm.db import BERLIN, db

_OWN_DAYS = ("first_contact_on", "signed_on", "effective_on", "halted_on")


class Taken(NamedTuple):
    """A step as it is stored."""

    step: Step
    reached_on: date | None


@dataclass(slots=True)
class Part:
    """One partner of a group, and where it stood on the day."""

    id: int
    group_id: int
    organisation_id: int
    role: PartnerRole
    steps: list[Taken] = field(default_factory=list)
    at: At = At(Step.CANDIDATE)

    @property
    def is_in(self) -> bool:
        """Tell whether it took part: the group depends on it, and it was interested at least."""
        return self.role in REQUIRED_ROLES and self.at.rank >= Step.INTERESTED.rank

    @property
    def is_undated(self) -> bool:
        """Tell whether nobody knows since when it took part."""
        return self.at.came_to(Step.INTERESTED) is None


@dataclass(slots=True)
class Group:
    """A group with what its stage follows from, and where it stood on the day."""

    id: int
    title: str
    adviser_id: int | None
    halt: Stage | None
    halted_on: date | None
    first_contact_on: date | None
    created_at: datetime
    signed_on: date | None
    effective_on: date | None
    talked_on: date | None
    resolving_since: date | None
    study_since: date | None
    applied_on: date | None
    partners: list[Part] = field(default_factory=list)
    fields: list[int] = field(default_factory=list)
    stage: Stage = Stage.IDEA
    since: date | None = None

    @property
    def is_over(self) -> bool:
        """Tell whether it was ended or abandoned."""
        return self.stage in OVER

    @property
    def begun_on(self) -> date | None:
        """The first day anything is known of it; None where partners take part since nobody knows when."""
        if any(one.reached_on is None and one.step is not Step.CANDIDATE for one in self._steps()):
            return None
        days = [getattr(self, name) for name in (*NOTED, *_OWN_DAYS)]
        days += [one.reached_on for one in self._steps()]
        return min([day for day in days if day], default=self.entered_on)

    @property
    def entered_on(self) -> date:
        """The day it was entered."""
        return self.created_at.astimezone(BERLIN).date()

    def _steps(self) -> Iterator[Taken]:
        return (step for one in self.partners for step in one.steps)


def groups_on(day: date) -> list[Group]:
    """Every group that had begun by a day, with stage and partners as they were then; removed ones are not.

    Steps without a day count as taken always. A group counts from the first day that is known of it, at the
    latest from the day it was entered.
    """
    return standing(_load(), day)


def standing(groups: list[Group], day: date) -> list[Group]:
    """Of loaded groups those that had begun by a day, as they were then; each stands anew."""
    found = []
    for group in groups:
        begun = group.begun_on
        if begun is None or min(begun, group.entered_on) <= day:
            _stand(group, day)
            found.append(group)
    return found


def _stand(group: Group, day: date) -> None:
    """Work out where the partners and the group stood."""
    for one in group.partners:
        one.at = step_of(one.steps, day)
    required = [one.at for one in group.partners if one.role in REQUIRED_ROLES]
    standing = stage_of(facts_from(group, required, day))
    group.stage, group.since = standing.stage, standing.since


def _load() -> list[Group]:
    columns: Any = (
        Cooperation.id, Cooperation.title, Cooperation.adviser_id, Cooperation.halt, Cooperation.halted_on,
        Cooperation.first_contact_on, Cooperation.created_at, Cooperation.signed_on,
        Cooperation.effective_on, Cooperation.talked_on, Cooperation.resolving_since,
        Cooperation.study_since, Cooperation.applied_on,
    )  # fmt: skip
    rows = db.session.execute(select(*columns).order_by(Cooperation.sort_key, Cooperation.id))
    groups = {row.id: Group(*row) for row in rows}
    # The statements do not see the same moment: a group may be there only since the first of them.
    for part in _parts():
        if part.group_id in groups:
            groups[part.group_id].partners.append(part)
    links = select(CooperationTaskField.cooperation_id, CooperationTaskField.task_field_id)
    # Joined, so that groups in the trash are hidden here, too.
    mine = links.join(Cooperation, Cooperation.id == CooperationTaskField.cooperation_id)
    for group_id, field_id in db.session.execute(mine):
        if group_id in groups:
            groups[group_id].fields.append(field_id)
    return list(groups.values())


def _parts() -> list[Part]:
    columns = (Partner.id, Partner.cooperation_id, Partner.organisation_id, Partner.role)
    rows = db.session.execute(select(*columns).join(Partner.cooperation).order_by(Partner.id))
    steps: dict[int, list[Taken]] = defaultdict(list)
    taken = select(PartnerStep.partner_id, PartnerStep.step, PartnerStep.reached_on)
    taken = taken.join(PartnerStep.partner).join(Partner.cooperation).order_by(PartnerStep.id)
    for number, step, reached_on in db.session.execute(taken):
        steps[number].append(Taken(step, reached_on))
    return [Part(one.id, one.cooperation_id, one.organisation_id, one.role, steps[one.id]) for one in rows]
