"""Two colleagues invite the same people at the same moment."""

import threading
from contextlib import suppress

import pytest
from sqlalchemy import select

from crm.db import db
from crm.errors import RuleBroken
from crm.events import queries as events
from crm.events.models import Event
from crm.invitations import audience, services
from crm.invitations.models import Invitation
from crm.invitations.narrowing import Wanted
from tests import factories
from tests.crowds import at_once


@pytest.fixture
def crowd(app):
    """Numbers of an event and of three people."""
    with app.app_context():
        event = factories.event()
        people = [factories.person(name, email=f"{name}@rat.test") for name in ("Arndt", "Busch", "Conrad")]
        db.session.commit()
        return event.id, [one.id for one in people]


def inviting(event_id, numbers):
    """The work of one colleague."""
    wanted = Wanted(people=tuple(numbers))
    return lambda: services.invite(db.session.get(Event, event_id), wanted, "", factories.member("emil"))


def slow(monkeypatch):
    """Let both have looked, where nothing keeps them apart, before either writes."""
    barrier, find = threading.Barrier(2), audience.find

    def look(wanted, event_id):
        found = find(wanted, event_id)
        with suppress(threading.BrokenBarrierError):
            barrier.wait(0.5)
        return found

    monkeypatch.setattr(services.audience, "find", look)


def invited(app):
    """Whom there are invitations for."""
    with app.app_context():
        return sorted(db.session.scalars(select(Invitation.person_id)))


def test_who_is_invited_by_then_is_passed_over(app, crowd, monkeypatch):
    event, people = crowd
    slow(monkeypatch)
    said = at_once(app, inviting(event, people[:2]), inviting(event, people))
    assert sorted(said, key=str) in ([1, 2], [3, RuleBroken])
    assert invited(app) == people


def test_without_the_hold_one_of_the_two_fails(app, engine_name, crowd, monkeypatch):
    """A control: it must go wrong on PostgreSQL; SQLite has one writer at a time."""
    if engine_name == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    event, people = crowd
    slow(monkeypatch)
    monkeypatch.setattr(events, "hold", lambda number: db.session.get(Event, number))
    said = at_once(app, inviting(event, people[:2]), inviting(event, people))
    assert "IntegrityError" in [getattr(one, "__name__", "") for one in said]
