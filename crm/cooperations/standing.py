"""Where a partner and a group stand: plain values in, step and stage with their day out.

Everything that says "stage" or "step" asks here; what is stored of it is a copy for lists.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from crm.cooperations.kinds import EXITS, Stage, Step


class Reached(Protocol):
    """A step that was reached on a day, or on a day nobody knows."""

    @property
    def step(self) -> Step:
        """Which step."""

    @property
    def reached_on(self) -> date | None:
        """When."""


@dataclass(frozen=True)
class At:
    """The step a partner is at, since when (None: nobody knows), and the days of the steps that led there."""

    step: Step
    since: date | None = None
    days: Mapping[Step, date] = field(default_factory=dict)

    @property
    def rank(self) -> int:
        """Order of the steps forward; -1 for a way out."""
        return self.step.rank

    def came_to(self, step: Step) -> date | None:
        """The first day it is known to have been at a step or beyond; None where nobody knows."""
        known = [
            day for one, day in (*self.days.items(), (self.step, self.since)) if one.rank >= step.rank and day
        ]
        return min(known, default=None)


def step_of(steps: Iterable[Reached], on: date | None = None) -> At:
    """Say where a partner is (or was on a day) by the steps it took.

    Without any step it is a candidate. A way out holds until a later interest (or more) leads in again; what
    lies after it then counts alone. Steps without a day count as always there, a way out without a day as the
    last thing known.
    """
    taken = [one for one in steps if on is None or one.reached_on is None or one.reached_on <= on]
    out = max((one for one in taken if one.step in EXITS), key=_last, default=None)
    forward = [one for one in taken if one.step not in EXITS]
    if out is not None:
        forward = _after(out.reached_on, forward)
        if not forward:
            return At(out.step, out.reached_on)
    if not forward:
        return At(Step.CANDIDATE)
    days: dict[Step, date] = {}
    for one in forward:
        if one.reached_on:
            days[one.step] = min(one.reached_on, days.get(one.step, one.reached_on))
    highest = max((one.step for one in forward), key=lambda step: step.rank)
    return At(highest, days.get(highest), days)


def present(steps: Iterable[Any]) -> list[Any]:
    """Give the steps since a partner came in again; all of them where it never left, or has not come back."""
    taken = list(steps)
    out = max((one for one in taken if one.step in EXITS), key=_last, default=None)
    again = _after(out.reached_on, [one for one in taken if one.step not in EXITS]) if out is not None else []
    return again or taken


def _after(day: date | None, forward: list[Reached]) -> list[Reached]:
    """What leads in again after a way out on a day."""
    later = [one for one in forward if day and one.reached_on and one.reached_on > day]
    return [one for one in later if one.step is not Step.CANDIDATE]


def _last(one: Reached) -> tuple[bool, date, int]:
    return one.reached_on is None, one.reached_on or date.min, EXITS.index(one.step)


@dataclass(frozen=True)
class Facts:
    """What the stage of a group follows from: its required partners, and what other records say.

    `halt` was set by hand; the days are None where there is no such thing, `begun_on` is when the group was
    noted first.
    """

    partners: Sequence[At]
    halt: Stage | None = None
    halted_on: date | None = None
    applied_on: date | None = None
    resolving_since: date | None = None
    study_since: date | None = None
    talked_on: date | None = None
    begun_on: date | None = None

    def every(self, step: Step) -> bool:
        """Tell whether there are required partners and every one of them is at least at a step."""
        return bool(self.partners) and all(one.rank >= step.rank for one in self.partners)


@dataclass(frozen=True)
class Standing:
    """The stage of a group and the day it was reached; None where nobody knows the day."""

    stage: Stage
    since: date | None


def stage_of(facts: Facts) -> Standing:
    """Say how far a group is: the first line of the table that holds."""
    if facts.halt is not None:
        return Standing(facts.halt, facts.halted_on)
    return next(Standing(stage, since(facts)) for stage, holds, since in _TABLE if holds(facts))


def _all_at(step: Step) -> Callable[[Facts], date | None]:
    """The day the last of the required partners came to a step; unknown if it is unknown of one of them."""

    def day(facts: Facts) -> date | None:
        there = [one.came_to(step) for one in facts.partners]
        return None if None in there else max(filter(None, there), default=None)

    return day


def _first_interest(facts: Facts) -> date | None:
    days = [one.came_to(Step.INTERESTED) for one in facts.partners]
    return min(filter(None, [*days, facts.talked_on]), default=None)


def _resolving_from(facts: Facts) -> date | None:
    """Both had to be there: everybody's interest and a first resolution."""
    interest = _all_at(Step.INTERESTED)(facts)
    return max(filter(None, (interest, facts.resolving_since)), default=None)


_TABLE: tuple[tuple[Stage, Callable[[Facts], Any], Callable[[Facts], date | None]], ...] = (
    (Stage.RUNNING, lambda facts: facts.every(Step.ACTIVE), _all_at(Step.ACTIVE)),
    (Stage.APPLICATION, lambda facts: facts.applied_on, lambda facts: facts.applied_on),
    (Stage.CONTRACT, lambda facts: facts.every(Step.RESOLVED), _all_at(Step.RESOLVED)),
    (
        Stage.RESOLUTIONS,
        lambda facts: facts.every(Step.INTERESTED) and facts.resolving_since,
        _resolving_from,
    ),
    (Stage.STUDY, lambda facts: facts.study_since, lambda facts: facts.study_since),
    (
        Stage.SEARCH,
        lambda facts: facts.talked_on or any(one.rank >= Step.INTERESTED.rank for one in facts.partners),
        _first_interest,
    ),
    (Stage.IDEA, lambda facts: True, lambda facts: facts.begun_on),
)


def lowest(partners: Iterable[Any]) -> list[Any]:
    """Give the required partners at the lowest step, the longest there first: for them the group waits."""
    required = [one for one in partners if one.is_required]
    rank = min((one.step.rank for one in required), default=0)
    if rank >= Step.ACTIVE.rank:
        return []
    found = [one for one in required if one.step.rank == rank]
    return sorted(
        found, key=lambda one: (one.step_on is None, one.step_on or date.min, one.organisation_name)
    )
