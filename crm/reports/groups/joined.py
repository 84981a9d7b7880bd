"""The one place where cooperations, participations and cooperating Kommunen are counted, as at a day.

Counted are groups that had begun by the day, of these the participations of Kommunen: one for each partner
and group, while the group is neither ended nor abandoned. A Kommune that went up into another counts as what
it is on the day. Every number of the report and the list behind it come from the same narrowing.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from crm.cooperations.kinds import Stage
from crm.cooperations.on_day import Group, Part, groups_on
from crm.reports.scope import Scope
from crm.reports.territory import NONE, Territory
from crm.task_fields import queries as task_fields

GROUPS, PARTS, KOMMUNEN, UNDATED = "kooperationen", "teilnahmen", "kommunen", "ohne-tag"
BASE, WITHOUT = "grundgesamtheit", "ohne-kooperation"


class Participation(NamedTuple):
    """A partner that took part, the Kommune it is on the day, and where that lies."""

    id: int
    group_id: int
    unit: int
    area: str
    is_undated: bool


@dataclass(frozen=True)
class Selection:
    """What a number is about: a stage, a group of task fields, an area; empty means all."""

    stage: Stage | None = None
    field: str = ""
    area: str = ""

    @property
    def arguments(self) -> dict[str, Any]:
        """Say it in an address."""
        found = {"stand": self.stage.value if self.stage else "", "feld": self.field, "gebiet": self.area}
        return {name: value for name, value in found.items() if value}


ALL = Selection()


@dataclass(frozen=True)
class Joined:
    """Groups and participations, and by group the heads of the catalogue it works on."""

    groups: dict[int, Group]
    parts: tuple[Participation, ...]
    heads: dict[int, frozenset[str]] = field(default_factory=dict)

    @cached_property
    def kommunen(self) -> frozenset[int]:
        """The distinct Kommunen that take part."""
        return frozenset(part.unit for part in self.parts)

    @cached_property
    def undated(self) -> tuple[Participation, ...]:
        """The participations of which nobody knows since when."""
        return tuple(part for part in self.parts if part.is_undated)

    @cached_property
    def stages(self) -> dict[Stage, "Joined"]:
        """Split by stage."""
        return self._split(lambda group: [group.stage])

    @cached_property
    def fields(self) -> dict[str, "Joined"]:
        """Split by group of task fields; a group that works on several is in each, one without in NONE."""
        return self._split(lambda group: self.heads.get(group.id) or [NONE])

    @cached_property
    def areas(self) -> dict[str, "Joined"]:
        """Split by area; a group with Kommunen of two areas is in both, one without any in NONE."""
        parts: dict[str, list[Participation]] = defaultdict(list)
        for part in self.parts:
            parts[part.area].append(part)
        found = {area: self._of(inside) for area, inside in parts.items()}
        taken = {part.group_id for part in self.parts}
        alone = {number: group for number, group in self.groups.items() if number not in taken}
        return found | ({NONE: Joined(alone, (), self.heads)} if alone else {})

    def _split(self, keys: Callable[[Group], Iterable[Any]]) -> dict[Any, "Joined"]:
        groups: dict[Any, dict[int, Group]] = defaultdict(dict)
        for number, group in self.groups.items():
            for key in keys(group):
                groups[key][number] = group
        parts: dict[Any, list[Participation]] = defaultdict(list)
        for part in self.parts:
            for key in keys(self.groups[part.group_id]):
                parts[key].append(part)
        return {key: Joined(inside, tuple(parts[key]), self.heads) for key, inside in groups.items()}

    def _of(self, parts: list[Participation]) -> "Joined":
        groups = {part.group_id: self.groups[part.group_id] for part in parts}
        return Joined(groups, tuple(parts), self.heads)


EMPTY = Joined({}, ())


def load(scope: Scope, land: Territory) -> Joined:
    """Read what is counted on the cut-off day of a report: seven statements beside those of the territory."""
    return among(groups_on(scope.cutoff), heads(), scope, land)


def among(everything: Iterable[Group], head_of: dict[int, str], scope: Scope, land: Territory) -> Joined:
    """Count among groups as they were on the cut-off day; `head_of` as `heads` gives it."""
    day, known = scope.cutoff, land.heirs
    groups = [one for one in everything if fits(one, scope, head_of)]
    base = land.base(scope)
    parts = [
        _participation(part, unit, day, land)
        for group in groups
        if not group.is_over
        for part in group.partners
        if part.is_in and (unit := known.unit_on(part.organisation_id, day)) in base
    ]
    if scope.narrows_places:
        groups = [one for one in groups if lies_in(one, scope, land)]
    works_on = {group.id: frozenset(head_of[number] for number in group.fields) for group in groups}
    return Joined({group.id: group for group in groups}, tuple(parts), works_on)


def heads() -> dict[int, str]:
    """The group of every task field: one statement."""
    return {one.id: str(one.parent_id or one.id) for one in task_fields.everything()}


def fits(group: Group, scope: Scope, head_of: dict[int, str]) -> bool:
    """Tell whether a report asks about a group: itself, its adviser, its task fields."""
    if scope.cooperation_id not in (None, group.id) or scope.staff_id not in (None, group.adviser_id):
        return False
    wanted = scope.field_id
    return wanted is None or any(one == wanted or head_of[one] == str(wanted) for one in group.fields)


def lies_in(group: Group, scope: Scope, land: Territory) -> bool:
    """Tell whether one of a group's partners is a Kommune a report looks at; whoever left was one, too."""
    units = (land.heirs.unit_on(one.organisation_id, scope.cutoff) for one in group.partners)
    return any(land.is_kommune(one) and land.fits(one, scope.cutoff, scope) for one in units)


def _participation(part: Part, unit: int, day: date, land: Territory) -> Participation:
    return Participation(part.id, part.group_id, unit, land.area(unit, day), part.is_undated)


def narrowed(joined: Joined, selection: Selection) -> Joined:
    """Narrow to what a number is about."""
    if selection.stage is not None:
        joined = joined.stages.get(selection.stage, EMPTY)
    if selection.field:
        joined = joined.fields.get(selection.field, EMPTY)
    return joined.areas.get(selection.area, EMPTY) if selection.area else joined
