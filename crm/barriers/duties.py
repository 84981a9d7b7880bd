"""What the worker does for reported barriers: forget who wrote, a year after the answer."""

from crm import jobs
from crm.attendance.forgetting import is_on
from crm.barriers import queries, services
from crm.db import db, today

DUTY = "barriers"


@jobs.duty(DUTY)
def forget() -> None:
    """Empty what is past its time, each report in a transaction of its own; RETENTION=off stops that."""
    if not is_on():
        return
    due = queries.answered_before(today() - services.KEPT)
    db.session.rollback()
    jobs.each(DUTY, due, _forget)


def _forget(number: int) -> None:
    services.forget(number)
    db.session.commit()
