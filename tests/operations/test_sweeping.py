"""What has served its time goes by itself."""

from datetime import timedelta

import time_machine
from sqlalchemy import func, select

from crm import jobs
from crm.db import db, now
from crm.registrations.models import PublicPost


def test_the_worker_runs_once_an_hour_and_after_a_clock_set_back(context):
    begin, number = now().replace(minute=5), select(func.count(PublicPost.id))
    for minutes, left in ((0, 0), (54, 1), (55, 0), (115, 0), (60, 0), (3 * 1440, 0)):
        with time_machine.travel(begin + timedelta(minutes=minutes), tick=False):
            db.session.add(PublicPost(source="x" * 64, at=now() - timedelta(days=1)))
            db.session.commit()
            jobs.run("retention")
            assert (db.session.scalar(number) > 0) == left, minutes
