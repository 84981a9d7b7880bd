"""Everybody wants the last seat at once, over real HTTP: never oversold, never under-filled."""

import http.client
import os
import socket
import statistics
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from crm.db import db
from crm.registrations.models import Registration, Seat
from tests import factories
from tests.crowds import all_at_once
from tests.markup import parsed

ROOT = Path(__file__).resolve().parents[2]
WORKERS, THREADS = 2, 8


class Server:
    """The program as it runs for an office, in processes of its own."""

    def __init__(self, url, folder, module="wsgi"):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        settings = {
            "SECRET_KEY": "x" * 40, "DATABASE_URL": url, "KIKZ_INSTANCE": str(folder),
            "PORT": str(self.port), "PUBLIC_POSTS_PER_HOUR": "0", "PUBLIC_FORM_SECONDS": "0",
        }  # fmt: skip
        self.process = subprocess.Popen(
            [
                sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1",
                "--port", str(self.port), "--workers", str(WORKERS), "--blocking-threads", str(THREADS),
                "--no-ws", "--log-level", "error", "--workers-kill-timeout", "5", f"{module}:app",
            ],
            cwd=ROOT, env=os.environ | settings,
        )  # fmt: skip
        self._wait()

    def _wait(self):
        for _turn in range(300):
            try:
                with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)) as connection:
                    connection.request("GET", "/healthz")
                    assert connection.getresponse().read() == b"ok\n"
                return
            except OSError:
                time.sleep(0.1)
        raise AssertionError("the server did not start")

    def stop(self):
        """End it."""
        self.process.terminate()
        self.process.wait(timeout=30)


class Guest:
    """One client that sends registrations as fast as it can, each for another address."""

    def __init__(self, port, path, name, times, start):
        self.port, self.path, self.who, self.times, self.begin = port, path, name, times, start
        self.answers, self.seconds = [], []

    def run(self):
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as connection:
            self._work(connection)

    def _work(self, connection):
        connection.request("GET", self.path)
        answer = connection.getresponse()
        cookie = answer.headers["Set-Cookie"].partition(";")[0]
        soup = parsed(answer.read())
        fields = {one: soup.select_one(f"input[name={one}]")["value"] for one in ("csrf_token", "opened")}
        headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        self.begin.wait()
        for turn in range(self.times):
            email = f"{self.who}-{turn}@kommune.test"
            body = urlencode(fields | {"last_name": f"Gast {self.who} {turn}", "email": email})
            begun = time.perf_counter()
            connection.request("POST", self.path, body, headers)
            answer = connection.getresponse()
            answer.read()
            self.seconds.append(time.perf_counter() - begun)
            self.answers.append(answer.status)


def rush(app, stage, folder, seats, clients, times, module="wsgi"):
    """Let `clients` send `times` registrations each; give (registrations, answers, seconds)."""
    with app.app_context():
        event = factories.event(capacity=seats)
        path, event_id = f"/anmeldung/{event.secret}", event.id
        db.session.commit()
        db.session.remove()
    server = Server(stage.url, folder, module)
    try:
        start = threading.Barrier(clients)
        crowd = [Guest(server.port, path, f"g{number}", times, start) for number in range(clients)]
        all_at_once(*(one.run for one in crowd))
    finally:
        server.stop()
    with app.app_context():
        query = select(Registration).where(Registration.event_id == event_id).order_by(Registration.position)
        found = list(db.session.scalars(query))
        db.session.remove()
    answers = [answer for one in crowd for answer in one.answers]
    return found, answers, [second for one in crowd for second in one.seconds]


def seated(found):
    """How many have a seat."""
    return sum(one.seat is Seat.SEATED for one in found)


def check(found, answers, seats, everybody):
    """Exactly as many seats as there are, the rest in a row without gap or double, no fault page."""
    assert answers == [303] * everybody
    assert seated(found) == seats
    waiting = sorted(one.position for one in found if one.seat is Seat.WAITING)
    assert waiting == list(range(1, everybody - seats + 1))


def test_a_small_rush_gives_exactly_the_seats_there_are(app, stage, tmp_path):
    found, answers, _seconds = rush(app, stage, tmp_path, seats=20, clients=12, times=5)
    check(found, answers, 20, 60)


@pytest.mark.control
def test_without_the_hold_the_same_rush_oversells(app, stage, tmp_path):
    """The control: what the hold guards against really happens without it."""
    found, answers, _seconds = rush(
        app, stage, tmp_path, seats=20, clients=12, times=5, module="tests.registrations.loose"
    )
    assert seated(found) > 20, "the control did not oversell: the race proves nothing"
    assert 303 in answers


CONTROL = "tests/registrations/test_race.py::test_without_the_hold_the_same_rush_oversells"


@pytest.mark.stress
def test_fifty_clients_with_twenty_registrations_each(app, stage, tmp_path, promise):
    found, answers, seconds = rush(app, stage, tmp_path, seats=100, clients=50, times=20)
    check(found, answers, 100, 1000)
    late, middle, most = statistics.quantiles(seconds, n=20)[-1], statistics.median(seconds), max(seconds)
    times = f"p50 {middle * 1000:.0f} ms, p95 {late * 1000:.0f} ms, max {most * 1000:.0f} ms"
    promise("Nie überbucht, nie unterbelegt", f"100 Plätze, {seated(found)} belegt, {times}", CONTROL)
