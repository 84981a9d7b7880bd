"""Groups in short, as lists and the board show them: one statement, and no records made of its rows.

A list of fifty groups has three hundred partners; as records they cost three times as much.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select

from crm.accounts.models import User
from crm.cooperations.kinds import PartnerRole, Stage, Step
from crm.cooperations.models import Cooperation, GroupFacts, Partner, PartnerFacts
from crm.db import db


@dataclass(eq=False)
class Member(PartnerFacts):
    """A partner of a group in short."""

    id: int
    organisation_name: str
    role: PartnerRole
    step: Step
    step_on: date | None


@dataclass(eq=False)
class Group(GroupFacts):
    """A group in short."""

    id: int
    title: str
    stage: Stage
    stage_since: date | None
    adviser_name: str | None
    partners: list[Member] = field(default_factory=list)


def groups(ids: Sequence[int]) -> list[Group]:
    """Give some groups with their partners, in that order; those in the trash are left out."""
    found: dict[int, Group] = {}
    for row in db.session.execute(_GROUPS, {"ids": list(ids)}) if ids else ():
        group = found.get(row[0])
        if group is None:
            group = found[row[0]] = Group(*row[:5])
        if row[5] is not None:
            group.partners.append(Member(*row[5:]))
    return [found[number] for number in ids if number in found]


def _query() -> Any:
    columns = (
        Cooperation.id, Cooperation.title, Cooperation.stage, Cooperation.stage_since, User.name,
        Partner.id, Partner.organisation_name, Partner.role, Partner.step, Partner.step_on,
    )  # fmt: skip
    query = select(*columns).select_from(Cooperation).outerjoin(Cooperation.adviser)
    query = query.outerjoin(Cooperation.partners).where(Cooperation.id.in_(bindparam("ids", expanding=True)))
    return query.order_by(Partner.position, Partner.id)


# Made once: to put it together took longer than to read a page of it.
_GROUPS = _query()
