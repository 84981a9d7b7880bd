"""What the worker does for elections: the day starts the checklist."""

from crm import jobs
from crm.db import db
from crm.elections import queries, services

DUTY = "elections"


@jobs.duty(DUTY)
def begin() -> None:
    """Start every election whose day has come, each in a transaction of its own."""
    due = queries.to_start()
    db.session.rollback()
    jobs.each(DUTY, due, _start)


def _start(election_id: int) -> None:
    services.start(election_id)
    db.session.commit()
