"""What board and list of groups ask for: filters, order, what each card says, when one waits long."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Select, exists, func, or_, select, union_all

from crm import folding
from crm.accounts import queries as accounts
from crm.cooperations import short
from crm.cooperations.kinds import EXITS, FORWARD, IN_PROGRESS, Stage, Step
from crm.cooperations.models import Cooperation, CooperationTaskField, Partner
from crm.cooperations.queries import visible_to
from crm.cooperations.standing import lowest
from crm.db import days_until, db, today
from crm.labels import in_order
from crm.organisations.models import Membership
from crm.task_fields import queries as task_fields
from crm.task_fields.models import TaskField

CARDS = 8
# From so many days on a card says that the group waits long.
LONG_DAYS = 60
# What most of the partners must reach for the group to leave a stage.
AIMS = {
    Stage.IDEA: Step.INTERESTED, Stage.SEARCH: Step.INTERESTED, Stage.STUDY: Step.INTERESTED,
    Stage.RESOLUTIONS: Step.RESOLVED, Stage.CONTRACT: Step.SIGNED, Stage.APPLICATION: Step.ACTIVE,
}  # fmt: skip


@dataclass(frozen=True)
class Filters:
    """What a list of groups is narrowed to; None and empty mean: all."""

    text: str = ""
    county_id: int | None = None
    task_field_id: int | None = None
    adviser_id: int | None = None
    stages: tuple[Stage, ...] = ()
    organisation_id: int | None = None


def listing(user: Any, filters: Filters) -> Select[Cooperation]:
    """Select the groups of a list, without an order."""
    query = visible_to(user)
    for word in folding.search_words(filters.text) if filters.text else ():
        query = query.where(Cooperation.search_text.contains(word, autoescape=True))
    if filters.stages:
        query = query.where(Cooperation.stage.in_(filters.stages))
    if filters.adviser_id:
        query = query.where(Cooperation.adviser_id == filters.adviser_id)
    for condition in (_in_county(filters), _in_field(filters), _with(filters.organisation_id)):
        if condition is not None:
            query = query.where(condition)
    return query


def _with(organisation_id: int | None) -> Any:
    """A partner is the organisation, and has neither left nor declined."""
    if not organisation_id:
        return None
    own = select(Partner.cooperation_id).where(
        Partner.organisation_id == organisation_id, Partner.step.not_in(EXITS)
    )
    return Cooperation.id.in_(own)


def _in_county(filters: Filters) -> Any:
    """A partner is the county, or lies in it today."""
    if not filters.county_id:
        return None
    inside = exists().where(
        Membership.organisation_id == Partner.organisation_id,
        Membership.parent_id == filters.county_id,
        Membership.on(today()),
    )
    inside = inside.correlate(Partner)
    found = select(Partner.cooperation_id).where(or_(Partner.organisation_id == filters.county_id, inside))
    return Cooperation.id.in_(found)


def _in_field(filters: Filters) -> Any:
    """The field itself, or for a group of fields one of its fields."""
    if not filters.task_field_id:
        return None
    wanted = select(TaskField.id).where(task_fields.under(filters.task_field_id))
    found = select(CooperationTaskField.cooperation_id).where(CooperationTaskField.task_field_id.in_(wanted))
    return Cooperation.id.in_(found)


class Dot(NamedTuple):
    """One partner on a card: whether it has done its part, is waited for, has gone, or comes later."""

    name: str
    state: str


@dataclass(frozen=True)
class Card:
    """A group on the board, with the partners it waits for and the step to report of them."""

    group: Any
    done: int
    total: int
    aim: Step
    waited_for: list[Any]
    next_step: Step | None

    @property
    def waiting(self) -> Any:
        """The partner it waits for in the first place; None where it waits for nobody."""
        return self.waited_for[0] if self.next_step else None

    @property
    def others(self) -> int:
        """How many it waits for besides."""
        return max(len(self.waited_for) - 1, 0)

    @property
    def dots(self) -> list[Dot]:
        """How far each partner is."""
        partners = self.group.partners
        return [Dot(one.organisation_name, _dot(one, self.aim, self.waited_for)) for one in partners]

    @property
    def days(self) -> int | None:
        """Days the partner has been at its step."""
        return self.waiting.days_at_step if self.waiting else None

    @property
    def is_long(self) -> bool:
        """Tell whether the group has waited long."""
        return (self.days or 0) >= LONG_DAYS


@dataclass
class Column:
    """One stage of the board: how many groups, how long on average, and the cards that waited longest."""

    stage: Stage
    total: int = 0
    mean_days: int | None = None
    cards: list[Card] = field(default_factory=list)

    @property
    def more(self) -> int:
        """How many groups are not on the board."""
        return self.total - len(self.cards)


def board(user: Any, filters: Filters) -> tuple[list[Column], dict[Stage, int]]:
    """Give the columns of the groups in progress, and how many groups there are of every stage."""
    days = days_until(today(), Cooperation.stage_since)
    query = listing(user, filters).with_only_columns(
        Cooperation.stage, func.count(Cooperation.id), func.count(Cooperation.stage_since), func.sum(days)
    )
    found = {row[0]: row[1:] for row in db.session.execute(query.group_by(Cooperation.stage))}
    columns = {stage: _column(stage, *found.get(stage, (0, 0, None))) for stage in IN_PROGRESS}
    for group in sorted(short.groups(_longest_there(user, filters)), key=_time_there):
        columns[group.stage].cards.append(card(group))
    return list(columns.values()), {stage: found[stage][0] if stage in found else 0 for stage in Stage}


def _column(stage: Stage, total: int, with_day: int, days: float | None) -> Column:
    return Column(stage, total, round(float(days) / with_day) if days is not None else None)


def _longest_there(user: Any, filters: Filters) -> list[int]:
    """Numbers of the groups that a board shows: of each stage those that have been there longest.

    One question for each stage: an index gives its first ones, where a window would rank all groups.
    """
    since, query = Cooperation.stage_since, listing(user, filters).with_only_columns(Cooperation.id)
    in_order = query.order_by(since.asc().nulls_last(), Cooperation.id).limit(CARDS)
    stages = (in_order.where(Cooperation.stage == stage).subquery() for stage in IN_PROGRESS)
    return list(db.session.scalars(union_all(*(select(stage.c.id) for stage in stages))))


def _time_there(group: Any) -> tuple[date, int]:
    return group.stage_since or date.max, group.id


def counts(user: Any, filters: Filters) -> dict[Stage, int]:
    """How many groups there are of every stage."""
    query = listing(user, filters).with_only_columns(Cooperation.stage, func.count(Cooperation.id))
    rows = db.session.execute(query.group_by(Cooperation.stage))
    found = {row[0]: row[1] for row in rows}
    return {stage: found.get(stage, 0) for stage in Stage}


def card(group: Any) -> Card:
    """Say a group in short; it may be a whole one, too."""
    aim, waited_for, required = AIMS.get(group.stage, Step.ACTIVE), lowest(group.partners), group.required
    done = sum(1 for one in required if one.step.rank >= aim.rank)
    ahead = FORWARD[waited_for[0].step.rank + 1] if waited_for and group.in_progress else None
    return Card(group, done, len(required), aim, waited_for, ahead)


def _dot(partner: Any, aim: Step, waiting: list[Any]) -> str:
    if partner.has_gone:
        return "gone"
    if partner.step.rank >= aim.rank:
        return "done"
    return "waiting" if partner in waiting else "open"


def ordered(query: Select[Cooperation], key: str, descending: bool, known: Any = None) -> Select[Cooperation]:
    """Order a list by title, stage, days in the stage, adviser, or by `known` (see `table.known_by`).

    What has nothing there stands last, whichever way the list is turned.
    """
    column: Any = {"title": Cooperation.sort_key, "stage": in_order(Cooperation.stage, Stage)}.get(
        key, Cooperation.stage_since
    )
    # The more days, the earlier it began.
    descending = descending != (key == "days")
    if key == "adviser":
        column = accounts.in_order_of_names(Cooperation.adviser_id)
    if isinstance(known, Select):
        number, column = known.subquery().c
        query = query.outerjoin(number.table, number == Cooperation.id)
    elif known is not None:
        column = known
    turned = column.desc() if descending else column.asc()
    return query.order_by(turned.nulls_last(), Cooperation.sort_key, Cooperation.id)
