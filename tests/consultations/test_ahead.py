"""A talk later today is planned, as one of tomorrow is; one that began a little early is not."""

from datetime import date, datetime, time, timedelta

import pytest
import time_machine

from crm.consultations.ahead import lies_ahead
from crm.consultations.models import Consultation, ConsultationState
from crm.db import BERLIN, db, today
from tests.pages import CarefulClient

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=BERLIN)
DAY = NOON.date()


@pytest.mark.parametrize(
    ("day", "clock", "ahead"),
    [
        (DAY, None, False),
        (DAY, time(11), False),
        (DAY, time(12, 30), False),
        (DAY, time(12, 31), True),
        (DAY, time(23, 59), True),
        (DAY + timedelta(days=1), None, True),
        (DAY + timedelta(days=1), time(0, 0), True),
        (DAY - timedelta(days=1), time(23, 59), False),
    ],
)
def test_what_lies_ahead(day, clock, ahead):
    with time_machine.travel(NOON, tick=False):
        assert lies_ahead(day, clock) is ahead


def test_the_hour_that_comes_twice_is_no_trouble():
    with time_machine.travel(datetime(2026, 10, 25, 0, 15, tzinfo=BERLIN), tick=False):
        assert lies_ahead(date(2026, 10, 25), time(2, 30))


@pytest.mark.parametrize(
    ("line", "state"),
    [
        ("heute 14 Uhr Tel. Cölbe: Kasse", ConsultationState.PLANNED),
        ("heute 9 Uhr Tel. Cölbe: Kasse", ConsultationState.HELD),
        ("heute Tel. Cölbe: Kasse", ConsultationState.HELD),
    ],
)
def test_a_line_about_later_today_plans_a_talk(app, line, state):
    with time_machine.travel(datetime.combine(today() + timedelta(days=1), time(12), BERLIN)):
        anna = CarefulClient(app)
        anna.come_in("anna@kikz.test")
        page = anna.submit("/kurzzeile", line=line, follow=True)
        assert ("Geplant:" in page.main) is (state is ConsultationState.PLANNED)
    with app.app_context():
        assert db.session.query(Consultation).one().state is state
