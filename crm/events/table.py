"""Columns of the list of events: which there are, and what other areas know about those of a page."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from crm.columns import Column
from crm.cooperations.models import Cooperation
from crm.events.models import Event
from crm.registrations import queries as registrations
from crm.registrations.models import TAKEN, Registration
from crm.registrations.queries import Numbers
from crm.task_fields.models import TaskField

COLUMNS = (
    Column("day", _l("When"), sort=True),
    Column("title", _l("Title"), sort=True, fixed=True),
    Column("kind", _l("Kind"), sort=True, shown=False, filed=True),
    Column("place", _l("Place")),
    Column("state", _l("State"), sort=True),
    Column("seats", _l("Seats"), sort=True),
    Column("responsible", _l("Responsible"), sort=True),
    Column("fields", _l("Task fields"), shown=False),
    Column("group", _l("Cooperation"), shown=False),
    Column("came", _l("Came"), number=True, shown=False),
    Column("kommunen", _l("Municipalities of guests"), number=True, shown=False),
)
SORTABLE = tuple(one.key for one in COLUMNS if one.sort)
# Heads with a seat of an event, to order by and to tell full ones.
TAKEN_OF_EVENT = (
    select(func.coalesce(func.sum(1 + Registration.companions), 0))
    .where(Registration.event_id == Event.id, Registration.seat.in_(TAKEN))
    .correlate(Event)
    .scalar_subquery()
)


@dataclass
class Computed:
    """What other areas know about some events, by number."""

    numbers: dict[int, Numbers] = field(default_factory=dict)
    # The kind stands under the title where it has no column of its own.
    names_kind: bool = False


def computed(wanted: Sequence[str], events: Sequence[Event]) -> Computed:
    """Count the guests of some events, in one statement; the state that is shown depends on them."""
    found = registrations.numbers_of([one.id for one in events]) if events else {}
    return Computed({one.id: found.get(one.id) or Numbers() for one in events}, "kind" in wanted)


def options_for(wanted: Sequence[str]) -> tuple[Any, ...]:
    """What has to be loaded besides."""
    found: tuple[Any, ...] = ()
    if "fields" in wanted:
        found += (selectinload(Event.task_fields).load_only(TaskField.name),)
    return (
        (*found, joinedload(Event.cooperation).load_only(Cooperation.title)) if "group" in wanted else found
    )
