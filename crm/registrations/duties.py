"""What the worker does for registrations: let lapse what ended, so that the next move up."""

from crm import jobs
from crm.db import db
from crm.mail import services as mail
from crm.registrations import queries, services

DUTY = "registrations"


@jobs.duty(DUTY)
def lapse() -> None:
    """Go through the events with something that ended, each in a transaction of its own."""
    due = queries.lapsing(services.confirm_by())
    db.session.rollback()
    jobs.each(DUTY, due, _lapse)
    if due:
        jobs.ring(mail.DUTY)


def _lapse(event_id: int) -> None:
    services.lapse(event_id)
    db.session.commit()
