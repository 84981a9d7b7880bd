"""What stands beside the overview of a group, and what it costs."""

from datetime import date
from decimal import Decimal

import pytest

from crm.cooperations.kinds import Stage
from crm.cooperations.queries import one
from crm.db import db
from crm.funding.models import Application
from crm.proceedings import panel
from crm.proceedings.models import ApprovalKind, StudyState
from tests import factories
from tests.statements import asked

pytestmark = pytest.mark.usefixtures("context")


def test_a_panel_asks_once_whatever_there_is():
    group = factories.cooperation("Cölbe", "Lahntal")
    for number in range(5):
        factories.study(group, title=f"Studie {number}", state=StudyState.FINISHED, grant=Decimal(1))
        factories.approval(group, kind=ApprovalKind.NOTICE, sent_on=date(2026, 1, 1 + number))
    group.halt, group.halt_reason = Stage.ENDED, "Zu teuer"
    db.session.commit()
    group = one(group.id)
    with asked() as seen:
        found = panel.of(None, group)
    assert len(seen) == 1
    assert [study.title for study in found["studies"]] == [f"Studie {number}" for number in (4, 3, 2, 1, 0)]
    assert [approval.sent_on.day for approval in found["approvals"]] == [5, 4, 3, 2, 1]
    assert found["owed"] == {study.id for study in found["studies"]}


def test_a_panel_knows_term_and_notice():
    term = {"term_until": date(2014, 12, 31), "renewal_months": 36, "notice_months": 6}
    group = factories.cooperation("Cölbe", "Lahntal", **term)
    found = panel.of(None, group)
    assert found["term"].startswith("bis 31.12.2014, verlängert sich um 36 Monate, Kündigung bis 30.06.")
    assert (found["notice"].due_on.month, found["notice"].due_on.day) == (6, 30)
    group.halt, group.halt_reason = Stage.ENDED, "Ziele verfehlt"
    found = panel.of(None, group)
    assert (found["term"], found["notice"]) == ("bis 31.12.2014, verlängert sich um 36 Monate", None)
    bare = panel.of(None, factories.cooperation("Cölbe", "Lahntal", title="Anders"))
    assert bare == {"approvals": [], "studies": [], "owed": set(), "term": "", "notice": None, "begun": False}


@pytest.mark.parametrize(
    ("known", "owed"),
    [({"granted": Decimal(1)}, False), ({"granted_on": date(2026, 1, 1)}, False), ({}, True)],
)
def test_a_granted_application_settles_the_grant_of_a_study(known, owed):
    group = factories.cooperation("Cölbe", "Lahntal")
    factories.study(group, state=StudyState.FINISHED, grant=Decimal(1))
    other = factories.cooperation("Lich", title="Anders")
    db.session.add(Application(cooperation_id=other.id, granted=Decimal(1)))
    db.session.add(Application(cooperation_id=group.id, **known))
    group.halt, group.halt_reason = Stage.ABANDONED, "Zu teuer"
    db.session.flush()
    assert bool(panel.of(None, group)["owed"]) is owed
