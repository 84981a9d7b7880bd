"""Columns of the list of groups: which there are, and what other areas know about those of a page."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select

from crm.calendars import coming
from crm.calendars.coming import Coming
from crm.columns import Column
from crm.consultations import queries as consultations
from crm.cooperations import queries
from crm.cooperations.models import Cooperation
from crm.db import today, values_of
from crm.follow_ups import queries as follow_ups
from crm.follow_ups.models import FollowUp
from crm.resolutions import queries as resolutions

COLUMNS = (
    Column("title", _l("Cooperation"), sort=True, fixed=True),
    Column("stage", _l("Stage"), sort=True),
    Column("days", _l("Days in the stage"), sort=True, number=True),
    Column("waits", _l("Waits for")),
    Column("talk", _l("Last talk"), sort=True),
    Column("session", _l("Next session"), sort=True),
    Column("adviser", _l("Responsible"), sort=True),
    Column("partners", _l("Partners"), shown=False, filed=True),
    Column("fields", _l("Task fields"), shown=False, filed=True),
    Column("next", _l("Next date"), sort=True, shown=False),
    Column("follow-ups", _l("Open follow-ups"), sort=True, number=True, shown=False),
)
SORTABLE = tuple(one.key for one in COLUMNS if one.sort)


@dataclass
class Computed:
    """What other areas know about some groups, by number."""

    talks: dict[int, date] = field(default_factory=dict)
    sessions: dict[int, date] = field(default_factory=dict)
    coming: dict[int, Coming] = field(default_factory=dict)
    follow_ups: dict[int, int] = field(default_factory=dict)
    fields: dict[int, list[str]] = field(default_factory=dict)
    # The partners stand under the title where they have no column of their own.
    names_partners: bool = False


def computed(user: Any, wanted: Sequence[str], numbers: list[int]) -> Computed:
    """Compute what the columns in `wanted` need for some groups, each in one statement."""
    found = Computed(names_partners="partners" in wanted)
    if "talk" in wanted:
        found.talks = values_of(consultations.last_held_by_group(user), numbers)
    if "session" in wanted:
        found.sessions = values_of(resolutions.next_by_group(today()), numbers)
    if "next" in wanted:
        found.coming = coming.next_of_groups(user, numbers)
    if "follow-ups" in wanted:
        found.follow_ups = values_of(_open(user), numbers)
    if "fields" in wanted:
        found.fields = queries.names_of_fields(numbers)
    return found


def _open(user: Any) -> Select[Any]:
    return follow_ups.open_by(user, FollowUp.cooperation_id)


def known_by(user: Any, key: str) -> Any:
    """What another area knows, to order by: the value of a group, or a select of (number, value)."""
    if key == "talk":
        return consultations.last_held_with(user, Cooperation.id)
    if key == "session":
        return resolutions.next_by_group(today())
    if key == "next":
        return coming.next_by_group(user)
    return _open(user) if key == "follow-ups" else None
