"""The partners of a group against their steps: what each cell of the matrix says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from crm.cooperations.kinds import EXITS, FORWARD, Step
from crm.cooperations.standing import present


@dataclass(frozen=True)
class Cell:
    """One step of one partner: done, passed (a later step is known), waiting, planned or open."""

    step: Step
    state: str
    taken: Any = None
    planned: Any = None


@dataclass(frozen=True)
class Row:
    """One partner; `out` is the step by which it went, which then stands over the steps it never took.

    Who had been active before leaves no column free for that: `before` is that step, said beside `out`.
    """

    partner: Any
    cells: list[Cell] = field(default_factory=list)
    out: Any = None
    span: int = 0
    before: Any = None


def rows(group: Any, waiting: Iterable[Any], planned: Mapping[int, Any]) -> list[Row]:
    """Lay out a group, those that went below; `planned` gives the next session by partner's number."""
    waited = {one.id for one in waiting}
    if len(waited) > 1 and len(waited) == sum(1 for one in group.partners if one.is_required):
        # Where all are waited for, nobody stands out.
        waited = set()
    order = sorted(group.partners, key=lambda one: (one.has_gone, one.role.value != "lead"))
    return [_row(one, one.id in waited, planned.get(one.id)) for one in order]


def _row(partner: Any, is_waited_for: bool, planned: Any) -> Row:
    taken: dict[Step, Any] = {}
    for one in sorted(present(partner.steps), key=lambda one: one.id or 0):
        taken[one.step] = one
    if partner.has_gone:
        reached = max((step.rank for step in taken if step not in EXITS), default=-1)
        shown = FORWARD[: min(reached + 1, len(FORWARD) - 1)]
        cells = [_cell(step, taken, reached, False, None) for step in shown]
        return Row(partner, cells, taken.get(partner.step), len(FORWARD) - len(cells), taken.get(Step.ACTIVE))
    cells = [_cell(step, taken, partner.step.rank, is_waited_for, planned) for step in FORWARD]
    return Row(partner, cells)


def _cell(step: Step, taken: Mapping[Step, Any], reached: int, waited_for: bool, planned: Any) -> Cell:
    if step in taken and step.rank <= reached:
        return Cell(step, "done", taken[step])
    if step.rank <= reached:
        return Cell(step, "passed")
    coming = planned if step is Step.RESOLVED else None
    if waited_for and step.rank == reached + 1:
        return Cell(step, "waiting", planned=coming)
    return Cell(step, "planned" if coming else "open", planned=coming)
