"""Let time do its work in a test."""

from datetime import datetime, time

from crm.db import BERLIN, db
from crm.retention import doing

GUESTS = ("needs", "unconfirmed", "guests", "answers", "opinions")


def at_noon(day):
    """A moment of a day in Hessen."""
    return datetime.combine(day, time(12), BERLIN)


def forget(*keys, on=None):
    """Do what is due under some rules, or all, today or on a day; give how many records went."""
    db.session.commit()
    done = doing.run(at_noon(on) if on else None, keys or None)
    db.session.expire_all()
    return sum(len(one.numbers) for one in done)


def due_guests(day=None):
    """What is due of guests on a day."""
    return doing.due(at_noon(day) if day else None, GUESTS)


def forget_guests(day=None):
    """Do what is due of guests on a day; give it."""
    return doing.run(at_noon(day) if day else None, GUESTS)
