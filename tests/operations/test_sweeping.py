"""What has served its time goes by itself."""

from datetime import timedelta

import time_machine
from sqlalchemy import func, select

from crm import jobs
from crm.db import db, now
from crm.registrations.models import PublicPost


def test_the_worker_sweeps_once_an_hour(context):
    db.session.add(PublicPost(source="x" * 64, at=now() - timedelta(days=1)))
    db.session.commit()
    for minute, left in ((16, 1), (17, 0)):
        with time_machine.travel(now().replace(minute=minute)):
            jobs.run("sweep")
        assert db.session.scalar(select(func.count(PublicPost.id))) == left
