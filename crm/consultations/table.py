"""Columns of the list of talks: which there are, how they order the list, what is computed for a page."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select

from crm.calendars import coming
from crm.calendars.coming import Coming
from crm.columns import Chosen, Column
from crm.consultations.models import Consultation, ConsultationKind, ConsultationState
from crm.consultations.queries import COUNTABLE, GROUP
from crm.db import values_of
from crm.filters import Sort
from crm.follow_ups import queries as follow_ups
from crm.follow_ups.models import FollowUp
from crm.labels import by_label, in_order

COLUMNS = (
    Column("day", _l("Day"), sort=True),
    Column("places", _l("Municipalities"), fixed=True),
    Column("kind", _l("Kind, channel"), sort=True),
    Column("fields", _l("Task fields")),
    Column("minutes", _l("Minutes"), sort=True, number=True),
    Column("state", _l("State"), sort=True),
    Column("staff", _l("Advised by")),
    Column("participations", _l("Participations"), number=True, shown=False, filed=True),
    Column("group", _l("Cooperation"), shown=False, filed=True),
    Column("follow-ups", _l("Open follow-ups"), sort=True, number=True, shown=False),
    Column("next", _l("Next date of the group"), sort=True, shown=False),
    Column("reference", _l("File reference"), shown=False),
)
SORTABLE = tuple(one.key for one in COLUMNS if one.sort)
NEWEST_FIRST = "-day"


@dataclass
class Computed:
    """What the records themselves do not hold, by number of the talk or of its group."""

    follow_ups: dict[int, int] = field(default_factory=dict)
    coming: dict[int, Coming] = field(default_factory=dict)


def computed(user: Any, columns: Chosen, talks: Sequence[Consultation]) -> Computed:
    """Compute what the chosen columns need for some talks, each in one statement."""
    found = Computed()
    if "follow-ups" in columns:
        found.follow_ups = values_of(_open(user), [one.id for one in talks])
    if "next" in columns:
        groups = {one.cooperation_id for one in talks if one.cooperation_id}
        found.coming = coming.next_of_groups(user, groups)
    return found


def options_for(columns: Chosen) -> tuple[Any, ...]:
    """What has to be loaded besides."""
    found = (GROUP,) if "group" in columns else ()
    return (*found, COUNTABLE[0]) if "participations" in columns else found


def _open(user: Any) -> Select[Any]:
    return follow_ups.open_by(user, FollowUp.consultation_id)


def ordered(user: Any, query: Select[Any], sort: Sort) -> Select[Any]:
    """Order a list of talks by a column; what has nothing there stands last, whichever way it is turned."""
    query = query.order_by(None)
    if sort.key == "day":
        turned = [Consultation.held_on, Consultation.id]
        return query.order_by(*(one.desc() if sort.descending else one for one in turned))
    column: Any = {
        "minutes": Consultation.duration_minutes,
        "kind": by_label(Consultation.kind, ConsultationKind),
        "state": in_order(Consultation.state, ConsultationState),
    }.get(sort.key)
    if sort.key == "follow-ups":
        found = _open(user).subquery()
        query, column = query.outerjoin(found, found.c.number == Consultation.id), found.c.open
    if sort.key == "next":
        days = coming.next_by_group(user).subquery()
        query = query.outerjoin(days, days.c.number == Consultation.cooperation_id)
        column = days.c.day
    turned = column.desc() if sort.descending else column
    return query.order_by(column.is_(None), turned, Consultation.held_on.desc(), Consultation.id.desc())
