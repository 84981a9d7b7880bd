"""Whoever holds several things holds the event first: nobody waits for somebody who waits for oneself."""

import threading
import time
from functools import partial

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from crm.db import db
from crm.events.models import Event
from crm.invitations.models import Invitation
from crm.mailings import recipients
from crm.mailings import services as mailings
from crm.mailings.models import Mailing
from crm.registrations import seats, services
from tests import factories
from tests.crowds import all_at_once

GUEST = {"first_name": "Sven", "last_name": "Roth", "email": "roth@kommune.test"}


@pytest.fixture
def numbers(app):
    """An event with an invited person and a mailing that was not sent."""
    with app.app_context():
        event = factories.event()
        invited = factories.invitation(event, factories.person("Roth", "Sven"), email=GUEST["email"])
        found = event.id, invited.id, factories.mailing(event).id
        db.session.commit()
    return found


def at_once(app, *works):
    """Do some work in threads of their own; give what went wrong."""
    faults = []

    def go(work):
        with app.test_request_context("/", method="POST"):
            try:
                work()
                db.session.commit()
            except DBAPIError as error:
                faults.append(type(error.orig).__name__)
            finally:
                db.session.remove()

    all_at_once(*(partial(go, work) for work in works))
    return faults


def sending_meets_registering(app, numbers, monkeypatch):
    """A mailing holds its invitations when an invited guest registers."""
    event_id, invitation_id, mailing_id = numbers
    holds, hold = threading.Event(), recipients.hold

    def hold_and_tell(number):
        hold(number)
        holds.set()
        time.sleep(0.5)

    def send():
        mailings.send(db.session.get(Mailing, mailing_id), factories.member("emil"))

    def register():
        holds.wait(5)
        services.register(event_id, GUEST, "2026-11", db.session.get(Invitation, invitation_id))

    monkeypatch.setattr(recipients, "hold", hold_and_tell)
    return at_once(app, send, register)


def test_sending_and_registering_wait_for_each_other(app, numbers, monkeypatch):
    assert sending_meets_registering(app, numbers, monkeypatch) == []
    with app.app_context():
        assert db.session.get(Mailing, numbers[2]).sent_at is not None


@pytest.mark.control
def test_without_the_order_they_block_each_other(app, engine_name, numbers, monkeypatch):
    """The control, with a hold that keeps back new rows of the event, too; SQLite has one writer anyway."""

    def hold_hard(event_id):
        return db.session.scalars(select(Event).where(Event.id == event_id).with_for_update(of=Event)).one()

    monkeypatch.setattr(mailings, "hold", lambda event_id: db.session.get(Event, event_id))
    monkeypatch.setattr(seats, "lock", hold_hard)
    faults = sending_meets_registering(app, numbers, monkeypatch)
    assert faults == ([] if engine_name == "sqlite" else ["DeadlockDetected"])
