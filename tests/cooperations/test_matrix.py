"""What each cell of partner × step says."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from crm.cooperations.kinds import EXITS, FORWARD, PartnerRole, Step
from crm.cooperations.matrix import rows
from crm.cooperations.standing import step_of

C, I, R, S, A = FORWARD  # noqa: E741 the steps by their first letters
DAY = date(2026, 3, 1)


def partner(number, *steps, role=PartnerRole.MEMBER):
    """A partner that took some steps, one a day."""
    taken = [
        SimpleNamespace(id=place, step=step, reached_on=DAY + timedelta(days=place))
        for place, step in enumerate(steps, start=1)
    ]
    at = step_of(taken)
    return SimpleNamespace(
        id=number, steps=taken, step=at.step, step_on=at.since, role=role,
        has_gone=at.step in EXITS, is_required=at.step not in EXITS,
    )  # fmt: skip


def states(row):
    return [cell.state for cell in row.cells]


@pytest.mark.parametrize(
    ("steps", "waited", "expected"),
    [
        ([C], False, ["done", "open", "open", "open", "open"]),
        ([C], True, ["done", "waiting", "open", "open", "open"]),
        ([], True, ["passed", "waiting", "open", "open", "open"]),
        ([R], False, ["passed", "passed", "done", "open", "open"]),
        ([C, I, R, S, A], False, ["done"] * 5),
    ],
)
def test_a_cell_is_done_passed_waited_for_or_open(steps, waited, expected):
    one = partner(1, *steps)
    found = rows(SimpleNamespace(partners=[one]), [one] if waited else [], {})
    assert states(found[0]) == expected


def test_a_planned_session_stands_where_the_resolution_will_be():
    one, session = partner(1, C, I), object()
    group = SimpleNamespace(partners=[one])
    waiting = rows(group, [one], {1: session})[0].cells[2]
    assert (waiting.state, waiting.planned) == ("waiting", session)
    assert rows(group, [], {1: session})[0].cells[2].state == "planned"
    assert rows(SimpleNamespace(partners=[partner(1, C, I, R)]), [], {1: session})[0].cells[2].planned is None


@pytest.mark.parametrize(
    ("steps", "cells", "span", "before"),
    [
        ([C, Step.DECLINED], 1, 4, None),
        ([Step.DECLINED], 0, 5, None),
        ([C, I, Step.LEFT], 2, 3, None),
        ([C, I, R, S, A, Step.LEFT], 4, 1, A),
    ],
)
def test_who_has_gone_keeps_its_steps_and_the_rest_of_the_row(steps, cells, span, before):
    row = rows(SimpleNamespace(partners=[partner(1, *steps)]), [], {})[0]
    assert (len(row.cells), row.span) == (cells, span)
    assert len(row.cells) + row.span == len(FORWARD)
    assert row.out.step is steps[-1]
    assert (row.before.step if row.before else None) is before


def test_where_all_are_waited_for_nobody_stands_out():
    partners = [partner(1, C), partner(2, C)]
    found = rows(SimpleNamespace(partners=partners), partners, {})
    assert [states(row)[1] for row in found] == ["open", "open"]
    assert states(rows(SimpleNamespace(partners=partners), partners[:1], {})[0])[1] == "waiting"


def test_the_lead_stands_first_and_who_has_gone_last():
    partners = [partner(1, Step.LEFT), partner(2, C), partner(3, C, role=PartnerRole.LEAD)]
    assert [row.partner.id for row in rows(SimpleNamespace(partners=partners), [], {})] == [3, 2, 1]


def test_after_a_return_the_row_shows_where_the_partner_stands_now():
    row = rows(SimpleNamespace(partners=[partner(1, C, I, Step.LEFT, I)]), [], {})[0]
    assert (row.out, row.cells[1].state) == (None, "done")
