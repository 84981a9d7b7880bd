"""What is gathered about the funding of a group."""

from datetime import date

import pytest

from crm.cooperations.kinds import Stage, Step
from crm.cooperations.partners import add
from crm.cooperations.services import halt
from crm.db import today
from crm.funding import queries
from crm.funding.dossier import dossier
from tests import factories

pytestmark = pytest.mark.usefixtures("context")


@pytest.mark.parametrize(("kind", "runs"), [(None, True), (Stage.PAUSED, True), (Stage.ENDED, False)])
def test_a_group_runs_while_others_join_and_while_it_pauses(kind, runs):
    group = factories.cooperation("Cölbe", "Lahntal", step=Step.ACTIVE)
    add(group, {"organisations": [factories.place("Kirchhain").id]}, factories.member("anna"))
    if kind:
        halt(group, {"halt": kind, "halted_on": today(), "halt_reason": "x"}, factories.member("anna"))
    assert dossier(group, today()).facts.is_running is runs


@pytest.mark.parametrize(("refused", "expected"), [(False, "Regelwerk 2016"), (True, "Regelwerk 2021")])
def test_the_chosen_rules_count_from_the_day_of_submission(refused, expected):
    group = factories.cooperation()
    old = queries.rules_on(date(2019, 1, 1))
    over = {"refused_on": today(), "refusal_reason": "x"} if refused else {}
    factories.application(group, submitted_on=today(), rule_set_id=old.id, **over)
    assert dossier(group, today()).facts.rules.name == expected
