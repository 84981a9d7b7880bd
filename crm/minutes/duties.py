"""What the worker does for minutes: remind shortly before the deadline, end a check after it."""

from crm import jobs
from crm.db import db
from crm.mail import services as mail
from crm.minutes import checking, queries

DUTY = "minutes"


@jobs.duty(DUTY)
def look() -> None:
    """Remind and end, each in a transaction of its own."""
    late, waiting = queries.overdue(), queries.to_remind()
    db.session.rollback()
    jobs.each(DUTY, late, _end)
    jobs.each(DUTY, waiting, _remind)
    if waiting:
        jobs.ring(mail.DUTY)


def _end(minutes_id: int) -> None:
    checking.end_overdue(minutes_id)
    db.session.commit()


def _remind(check_id: int) -> None:
    checking.remind(check_id)
    db.session.commit()
