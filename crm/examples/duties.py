"""What the worker does for examples: once a year their contacts are asked whether all of it still holds."""

from crm import jobs
from crm.db import db
from crm.errors import RuleBroken
from crm.examples import inquiries
from crm.mail import services as mail

DUTY = "examples"


@jobs.duty(DUTY)
def ask() -> None:
    """Ask about every example that is due, each in a transaction of its own."""
    due = inquiries.due()
    db.session.rollback()
    jobs.each(DUTY, due, _ask)
    if due:
        jobs.ring(mail.DUTY)


def _ask(example_id: int) -> None:
    example = inquiries.whole(example_id)
    try:
        if example is not None:
            inquiries.ask(example, None)
    except RuleBroken:
        # Without an official address the office asks by telephone; the list says that it is due.
        db.session.rollback()
        return
    db.session.commit()
