"""Where partners and groups stand: one table of cases for each, and what holds for any of them."""

from datetime import date
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.cooperations.kinds import EXITS, FORWARD, HALTS, IN_PROGRESS, PartnerRole, Stage, Step
from crm.cooperations.standing import At, Facts, Standing, lowest, stage_of, step_of

C, I, R, S, A = FORWARD  # noqa: E741 the steps by their first letters
LEFT, DECLINED = Step.LEFT, Step.DECLINED
JAN, FEB, MAR, APR, MAY = (date(2026, month, 10) for month in range(1, 6))


def took(*pairs):
    """Steps as (step, day)."""
    return [SimpleNamespace(step=step, reached_on=day) for step, day in pairs]


@pytest.mark.parametrize(
    ("steps", "at"),
    [
        ([], (C, None)),
        ([(C, JAN)], (C, JAN)),
        ([(C, JAN), (I, FEB)], (I, FEB)),
        ([(I, FEB), (C, JAN)], (I, FEB)),
        ([(C, JAN), (S, MAR), (R, FEB)], (S, MAR)),
        ([(I, None)], (I, None)),
        ([(I, None), (I, FEB)], (I, FEB)),
        ([(I, MAR), (I, FEB)], (I, FEB)),
        ([(I, JAN), (LEFT, FEB)], (LEFT, FEB)),
        ([(I, JAN), (DECLINED, None)], (DECLINED, None)),
        ([(A, JAN), (LEFT, FEB), (I, MAR)], (I, MAR)),
        ([(A, JAN), (LEFT, FEB), (I, FEB)], (LEFT, FEB)),
        ([(A, None), (LEFT, FEB)], (LEFT, FEB)),
        ([(A, JAN), (LEFT, FEB), (C, MAR)], (LEFT, FEB)),
        ([(A, JAN), (LEFT, FEB), (I, MAR), (LEFT, APR)], (LEFT, APR)),
        ([(DECLINED, JAN), (I, FEB), (R, MAR)], (R, MAR)),
    ],
)
def test_a_partner_is_at_its_highest_step_since_it_came_in(steps, at):
    found = step_of(took(*steps))
    assert (found.step, found.since) == at


@pytest.mark.parametrize(
    ("day", "step"),
    [(date(2026, 1, 9), C), (JAN, C), (FEB, I), (date(2026, 3, 9), I), (MAR, A), (APR, LEFT), (MAY, LEFT)],
)
def test_leaving_does_not_rewrite_where_a_partner_was(day, step):
    steps = took((C, JAN), (I, FEB), (A, MAR), (LEFT, APR))
    assert step_of(steps, day).step is step


def at(step, since=None, **days):
    return At(step, since, {Step(name): day for name, day in days.items()})


FOUR = (at(I, FEB), at(I, MAR), at(R, APR, interested=JAN))

CASES = [
    # what is known, the stage, the day it was reached
    (Facts([]), Stage.IDEA, None),
    (Facts([], begun_on=JAN), Stage.IDEA, JAN),
    (Facts([at(C), at(C)], begun_on=JAN), Stage.IDEA, JAN),
    (Facts([at(C)], talked_on=FEB), Stage.SEARCH, FEB),
    (Facts([at(C), at(I, MAR)]), Stage.SEARCH, MAR),
    (Facts([at(C), at(I, MAR)], talked_on=FEB), Stage.SEARCH, FEB),
    (Facts([at(C), at(I)]), Stage.SEARCH, None),
    (Facts([at(C), at(I, MAR)], study_since=APR), Stage.STUDY, APR),
    (Facts(FOUR, study_since=APR), Stage.STUDY, APR),
    (Facts(FOUR, resolving_since=FEB), Stage.RESOLUTIONS, MAR),
    (Facts(FOUR, resolving_since=MAY), Stage.RESOLUTIONS, MAY),
    (Facts(FOUR, resolving_since=MAY, study_since=APR), Stage.RESOLUTIONS, MAY),
    (Facts([at(C), *FOUR], resolving_since=FEB), Stage.SEARCH, JAN),
    (Facts([at(C), *FOUR], resolving_since=FEB, study_since=MAR), Stage.STUDY, MAR),
    (Facts([at(R, FEB), at(R, MAR)]), Stage.CONTRACT, MAR),
    (Facts([at(R, FEB), at(S, APR, resolved=MAR)]), Stage.CONTRACT, MAR),
    (Facts([at(S, FEB), at(S, APR)]), Stage.CONTRACT, APR),
    (Facts([at(R, FEB), at(R)]), Stage.CONTRACT, None),
    (Facts([at(R, FEB), at(R, MAR)], applied_on=MAY), Stage.APPLICATION, MAY),
    (Facts([at(C)], applied_on=MAY), Stage.APPLICATION, MAY),
    (Facts([at(A, FEB), at(S, MAR)]), Stage.CONTRACT, MAR),
    (Facts([at(A, FEB), at(A, MAR)]), Stage.RUNNING, MAR),
    (Facts([at(A, FEB), at(A, MAR)], applied_on=MAY), Stage.RUNNING, MAR),
    (Facts([at(A), at(A, MAR)]), Stage.RUNNING, None),
    (Facts([at(A, FEB)], halt=Stage.PAUSED, halted_on=MAY), Stage.PAUSED, MAY),
    (Facts([at(A, FEB)], halt=Stage.ENDED, halted_on=None), Stage.ENDED, None),
    (Facts([at(C)], halt=Stage.ABANDONED, halted_on=MAY, applied_on=APR), Stage.ABANDONED, MAY),
]


@pytest.mark.parametrize(("facts", "stage", "since"), CASES)
def test_the_stage_of_a_group_is_the_first_that_holds(facts, stage, since):
    assert stage_of(facts) == Standing(stage, since)


def test_the_table_of_cases_knows_every_stage():
    assert {stage for _facts, stage, _since in CASES} == set(Stage)


DAYS = st.none() | st.dates(date(2010, 1, 1), date(2026, 1, 1))
STEPS = st.lists(st.tuples(st.sampled_from(list(Step)), DAYS), max_size=8)


@given(STEPS)
def test_the_order_in_which_steps_were_noted_does_not_matter(steps):
    assert step_of(took(*steps)) == step_of(took(*reversed(steps)))


@given(STEPS, st.dates(date(2010, 1, 1), date(2026, 1, 1)))
def test_what_is_noted_later_changes_nothing_about_an_earlier_day(steps, day):
    later = [(Step.LEFT, date(2026, 6, 1)), (Step.ACTIVE, date(2026, 5, 1))]
    assert step_of(took(*steps, *later), day) == step_of(took(*steps), day)


@given(st.lists(st.sampled_from(FORWARD), min_size=1, max_size=6), st.sampled_from(FORWARD))
def test_a_partner_that_gets_further_never_throws_the_group_back(steps, further):
    order = [*IN_PROGRESS, Stage.RUNNING]
    before = stage_of(Facts([At(step) for step in steps], resolving_since=JAN))
    better = max(steps[0], further, key=lambda step: step.rank)
    after = stage_of(Facts([At(step) for step in [better, *steps[1:]]], resolving_since=JAN))
    assert order.index(after.stage) >= order.index(before.stage)


def partner(name, step, since=None, role=PartnerRole.MEMBER):
    """A partner as the stage sees it."""
    required = role in (PartnerRole.LEAD, PartnerRole.MEMBER) and step not in EXITS
    return SimpleNamespace(organisation_name=name, step=step, step_on=since, is_required=required)


def test_the_group_waits_for_the_required_partners_at_the_lowest_step():
    partners = [
        partner("Cölbe", R, FEB), partner("Lahntal", I, MAR), partner("Wetter", I, JAN),
        partner("Amöneburg", I),
        partner("Rauschenberg", LEFT, APR), partner("ekom21", C, role=PartnerRole.OBSERVER),
    ]  # fmt: skip
    assert [one.organisation_name for one in lowest(partners)] == ["Wetter", "Lahntal", "Amöneburg"]


def test_nobody_is_waited_for_when_all_are_active():
    assert lowest([partner("Cölbe", A), partner("Lahntal", A)]) == []
    assert lowest([]) == []


def test_halts_are_no_stages_on_the_way():
    assert not set(HALTS) & set(IN_PROGRESS)
