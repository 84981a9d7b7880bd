"""Which frozen reports there are, and what of their records still exists for somebody."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import undefer

from crm.access import Permission
from crm.consultations import queries as consultations
from crm.consultations.models import Consultation
from crm.cooperations.models import Cooperation
from crm.db import db
from crm.events.models import Event
from crm.follow_ups import queries as follow_ups
from crm.follow_ups.models import FollowUp
from crm.organisations.models import Organisation
from crm.releases.models import FrozenReport
from crm.reports.sheet import Linked

# The pages that lines of reports lead to, and whose record stands in their first number.
RECORDS: dict[str, Any] = {
    "consultations.show": Consultation, "cooperations.show": Cooperation, "events.show": Event,
    "organisations.show": Organisation, "follow_ups.show": FollowUp, "funding.show": Cooperation,
}  # fmt: skip
_SEEN = {Consultation: consultations.visible_to, FollowUp: follow_ups.visible_to}


def visible_to(user: Any) -> Select[FrozenReport]:
    """Select the frozen reports somebody may see: those about one colleague only managers."""
    query = select(FrozenReport)
    if not user.may(Permission.READ_STAFF_FIGURES):
        query = query.where(FrozenReport.staff.is_(False))
    return query


def newest(user: Any) -> Select[FrozenReport]:
    """Select them, the newest first."""
    return visible_to(user).order_by(FrozenReport.released_at.desc(), FrozenReport.id.desc())


def one(user: Any, frozen_id: int) -> FrozenReport | None:
    """Load one with all it holds."""
    whole = (undefer(FrozenReport.sheet), undefer(FrozenReport.lists))
    return db.session.scalar(visible_to(user).where(FrozenReport.id == frozen_id).options(*whole))


def target_of(cell: Linked) -> tuple[Any, int] | None:
    """The record a cell leads to."""
    model = RECORDS.get(cell.endpoint)
    return None if model is None else (model, cell.numbers[0][1])


def existing(user: Any, cells: Iterable[Any]) -> set[tuple[Any, int]]:
    """Of the records some cells lead to those still there for this user: one statement for each kind."""
    wanted: dict[Any, set[int]] = defaultdict(set)
    for cell in cells:
        target = target_of(cell) if isinstance(cell, Linked) else None
        if target is not None:
            wanted[target[0]].add(target[1])
    found = set()
    for model, ids in wanted.items():
        query = _SEEN[model](user) if model in _SEEN else select(model)
        there = db.session.scalars(query.where(model.id.in_(ids)).with_only_columns(model.id))
        found |= {(model, number) for number in there}
    return found
