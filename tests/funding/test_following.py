"""What a mistaken station takes back."""

from datetime import timedelta

import pytest

from crm.audit import history_of
from crm.cooperations.kinds import Stage
from crm.db import today
from crm.funding.applying import record_application
from crm.funding.following import remove_station, report_station
from crm.funding.kinds import StationKind
from tests import factories

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def group():
    """Three municipalities, Cölbe leads."""
    return factories.cooperation(lead="Cölbe")


def reported(group, one, day=None):
    """A station an application arrived at."""
    values = {"kind": StationKind.COUNTY, "arrived_on": day or today()}
    return report_station(group, one, values, factories.member("anna"))


@pytest.mark.parametrize("left", [False, True])
def test_a_mistaken_station_takes_back_that_it_was_submitted(group, left):
    one = record_application(group, {}, factories.member("anna"))
    last = [reported(group, one) for _ in range(1 + left)][-1]
    assert group.stage is Stage.APPLICATION
    remove_station(group, one, last, factories.member("anna"))
    assert one.submitted_on == (today() if left else None)
    assert group.stage is (Stage.APPLICATION if left else Stage.IDEA)
    assert history_of(group)[0].changes["funding"][1] == (None if left else "nicht eingereicht")


@pytest.mark.parametrize("over", [{"submitted_on": today() - timedelta(days=3)}, {"granted_on": today()}])
def test_a_submission_that_was_entered_or_decided_outlives_a_mistaken_station(group, over):
    one = record_application(group, over, factories.member("anna"))
    station = reported(group, one)
    submitted = one.submitted_on
    remove_station(group, one, station, factories.member("anna"))
    assert one.submitted_on == submitted is not None
