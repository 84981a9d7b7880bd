"""The program without the hold on the event, for the control that must oversell."""

import time

from flask import g

from crm import create_app
from crm.db import db
from crm.events.models import Event
from crm.registrations import seats

_count = seats.taken
PAUSE = 0.002


def _count_and_let_go(event_id):
    """Count in a transaction of its own; what is written follows in another."""
    event = db.session.get(Event, event_id)
    g.counted = _count(event_id)
    db.session.commit()
    time.sleep(PAUSE)
    return event


seats.lock = _count_and_let_go
seats.taken = lambda _event_id: g.counted
seats.next_waiting = lambda _event_id, _left: None
app = create_app()
