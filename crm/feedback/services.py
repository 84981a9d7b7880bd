"""What is done with feedback: it is taken without a trace of who gave it and when."""

import hashlib
import secrets
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from crm.db import BERLIN, db, today
from crm.events.models import Event, EventState
from crm.feedback.models import Feedback
from crm.registrations.models import PublicPost

DAYS = 60
LARGEST_NUMBER = 2_147_483_647


def first_day(event: Event) -> date | None:
    """The day from which feedback is taken."""
    return event.day


def last_day(event: Event) -> date | None:
    """The last day on which feedback is taken."""
    if event.over_at is None:
        return None
    return (event.over_at - timedelta(microseconds=1)).astimezone(BERLIN).date() + timedelta(days=DAYS)


def is_open(event: Event) -> bool:
    """Tell whether feedback is taken now: from the begin of an event until 60 days after its end."""
    last = last_day(event)
    return (
        event.has_begun and last is not None and today() <= last and event.state is not EventState.CANCELLED
    )


def new_key() -> str:
    """Make the mark of one opened form."""
    return secrets.token_urlsafe(24)


def give(event: Event, values: dict[str, Any], key: str) -> bool:
    """Keep an answer with its day; tell whether it was new and not a second press of the button.

    Its number is drawn by lot, so that no order of numbers says who wrote when.
    """
    mark = hashlib.sha256(b"feedback:" + key.encode()).hexdigest()
    if db.session.scalar(select(PublicPost.id).where(PublicPost.source == mark)) is not None:
        return False
    db.session.add(PublicPost(source=mark))
    number = secrets.randbelow(LARGEST_NUMBER) + 1
    db.session.add(Feedback(id=number, event_id=event.id, given_on=today(), **values))
    db.session.flush()
    return True
