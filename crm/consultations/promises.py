"""Open follow-ups by Kommune: its own, and the common ones of the talks it takes part in."""

from typing import Any

from sqlalchemy import Select, func, select, union

from crm.consultations.models import Consultation, Participation
from crm.consultations.queries import visible_to
from crm.follow_ups import queries as follow_ups
from crm.follow_ups.models import FollowUp, FollowUpState


def open_by_place(user: Any) -> Select[*tuple[Any, ...]]:
    """Select (number, how many open follow-ups) of organisations, counted as their pages list them."""
    there = follow_ups.visible_to(user).where(
        FollowUp.state == FollowUpState.OPEN, FollowUp.removed_at.is_(None)
    )
    own = there.where(FollowUp.organisation_id.is_not(None))
    seen = visible_to(user).where(Consultation.removed_at.is_(None)).with_only_columns(Consultation.id)
    common = there.join(Participation, Participation.consultation_id == FollowUp.consultation_id).where(
        FollowUp.organisation_id.is_(None), FollowUp.consultation_id.in_(seen)
    )
    found = union(
        own.with_only_columns(FollowUp.organisation_id.label("number"), FollowUp.id.label("follow_up_id")),
        common.with_only_columns(Participation.organisation_id, FollowUp.id),
    ).subquery()
    return select(found.c.number, func.count(found.c.follow_up_id).label("open")).group_by(found.c.number)
