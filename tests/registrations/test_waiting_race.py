"""Many sign off at once while others wait: as many move up as went, in order, one mail each."""

import http.client
import threading
from contextlib import closing
from functools import partial
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from crm.db import db
from crm.mail.models import MailKind, OutgoingMail
from crm.registrations.letters import path_to
from crm.registrations.models import Registration, Seat
from tests import factories
from tests.crowds import all_at_once
from tests.markup import parsed
from tests.registrations.test_race import Server


def fill(app, going, waiting):
    """An event whose guests will go, and others wait; give their personal paths."""
    with app.app_context():
        event = factories.event(capacity=going)
        guests = [factories.registration(event, f"Geht{number}") for number in range(going)]
        for number in range(waiting):
            factories.registration(event, f"Wartet{number:02}", seat=Seat.WAITING, position=number + 1)
        paths = [path_to(one) for one in guests]
        db.session.commit()
        db.session.remove()
    return paths


def sign_off(port, path, begin, answers):
    """Open one's own page, wait for the others, sign off."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        cookie = answer.headers["Set-Cookie"].partition(";")[0]
        token = parsed(answer.read()).select_one("input[name=csrf_token]")["value"]
        begin.wait()
        headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", path, urlencode({"csrf_token": token, "antwort": "abmelden"}), headers)
        answer = connection.getresponse()
        answer.read()
        answers.append(answer.status)


def rush(app, stage, folder, going, waiting, module="wsgi"):
    """Let all guests sign off at once; give (answers, who got an offer, who got a mail)."""
    paths = fill(app, going, waiting)
    server, answers, begin = Server(stage.url, folder, module), [], threading.Barrier(going)
    try:
        all_at_once(*(partial(sign_off, server.port, path, begin, answers) for path in paths))
    finally:
        server.stop()
    with app.app_context():
        offered = select(Registration.last_name).where(Registration.seat == Seat.OFFERED)
        mails = select(OutgoingMail.recipient).where(OutgoingMail.kind == MailKind.OFFER)
        found = sorted(db.session.scalars(offered)), sorted(db.session.scalars(mails))
        db.session.remove()
    return answers, *found


def expected(going):
    """What must come out: the first of the list, each with one mail."""
    names = [f"Wartet{number:02}" for number in range(going)]
    return names, [f"petra.{name}@kommune.test".lower() for name in names]


def test_a_few_sign_off_at_once(app, stage, tmp_path):
    answers, offered, mails = rush(app, stage, tmp_path, going=6, waiting=9)
    assert answers == [303] * 6
    assert (offered, mails) == expected(6)


@pytest.mark.control
def test_without_the_hold_the_seats_are_not_passed_on_rightly(app, stage, tmp_path):
    """The control: what the hold guards against really happens without it."""
    answers, offered, mails = rush(
        app, stage, tmp_path, going=6, waiting=9, module="tests.registrations.loose_offers"
    )
    assert (answers, offered, mails) != ([303] * 6, *expected(6))


CONTROL = (
    "tests/registrations/test_waiting_race.py::test_without_the_hold_the_seats_are_not_passed_on_rightly"
)


@pytest.mark.stress
@pytest.mark.parametrize("_turn", range(10))
def test_twenty_sign_off_at_once_while_thirty_wait(app, stage, tmp_path, promise, _turn):
    answers, offered, mails = rush(app, stage, tmp_path, going=20, waiting=30)
    assert answers == [303] * 20
    assert (offered, mails) == expected(20)
    promise("Warteliste rückt der Reihe nach nach", "20 Abmeldungen, 20 Angebote, je eine Mail", CONTROL)
