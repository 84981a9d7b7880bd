"""Asked to stop, the program answers what it has begun; killed, it loses nothing it has said yes to."""

import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import requests
from sqlalchemy import create_engine, func, select, text, update
from sqlalchemy.exc import OperationalError

from config import engine_options
from crm.db import db, now
from crm.follow_ups.models import FollowUp
from crm.mail.models import MailState, OutgoingMail
from tests import factories
from tests.mail.outbox import SENDER, write_many
from tests.mail.test_kills import server, taken, until
from tests.operations.clusters import Balancer, Browser, Cluster, Process, Program

PATH = "/wiedervorlagen/neu"


def environ(url, folder, **more):
    """What a process needs to know."""
    known = {
        "SECRET_KEY": "x" * 40,
        "DATABASE_URL": url,
        "KIKZ_INSTANCE": str(folder),
        "PUBLIC_POSTS_PER_HOUR": "0",
    }
    return known | more


def stopped(stage, folder, kind, number, seconds):
    """Stop the program when so many requests are being answered; give (answers, seconds to the end)."""
    begun = folder / "begun"
    begun.mkdir()
    more = {"SLOW_SECONDS": str(seconds), "SLOW_BEGUN": str(begun)}
    program = Program(environ(stage.url, folder, **more), "tests.operations.slow", kind)

    def ask(_number):
        return requests.get(f"http://127.0.0.1:{program.port}/impressum", timeout=240).text

    with ThreadPoolExecutor(number) as pool:
        answers = [pool.submit(ask, one) for one in range(number)]
        try:
            until(lambda: len(list(begun.iterdir())) == number, 120)
            took = program.stop()
        finally:
            program.kill()
        return [one.result() for one in answers if one.exception() is None], took


@pytest.mark.parametrize("kind", ["granian", "gunicorn"])
def test_what_is_being_answered_is_answered_to_its_end(app, stage, engine_name, tmp_path, kind, promise):
    if engine_name != "sqlite":
        pytest.skip("no database is asked")
    answers, took = stopped(stage, tmp_path, kind, 2, 2)
    promise(
        f"Sanftes Beenden ({kind})",
        f"{answers.count('ok')} von 2 beantwortet, Ende nach {took:.1f} s",
        KILLED,
    )
    assert answers == ["ok"] * 2
    assert took < 30


KILLED = "tests/operations/test_stopping.py::test_killed_it_answers_nothing"


@pytest.mark.control
def test_killed_it_answers_nothing(app, stage, engine_name, tmp_path, monkeypatch):
    if engine_name != "sqlite":
        pytest.skip("no database is asked")
    monkeypatch.setattr(Program, "stop", lambda self: self.kill() or 0)
    # So slow that none is answered before; one, because two may have come to the same worker.
    answers, _took = stopped(stage, tmp_path, "granian", 1, 200)
    assert answers == []


@pytest.fixture(scope="module")
def cluster():
    """A PostgreSQL that may be stopped, filled; gives it with an application of the suite."""
    made = Cluster()
    app = made.fill()
    try:
        yield made, app
    finally:
        with app.app_context():
            db.engine.dispose()
        made.close()


class Clerk(threading.Thread):
    """Writes one follow-up after the other until told to stop, each again under the same mark until saved."""

    def __init__(self, port, name, place):
        super().__init__(daemon=True)
        self.browser, self.who, self.place = Browser(port, "anna"), name, place
        self.saved, self.answers, self.done = [], [], threading.Event()

    def run(self):
        """Work."""
        number = 0
        while not self.done.is_set():
            number += 1
            self._write(f"Auftrag {self.who}-{number}")

    def _write(self, text):
        fields = None
        while not self.done.is_set():
            try:
                if fields is None:
                    status, fields = self.browser.opened(PATH)
                if fields is not None:
                    sent = {"text": text, "organisation": self.place, "due_on": "1.12.2090"}
                    status = self.browser.post(PATH, fields | sent).status_code
            except requests.RequestException:
                status = 0
            self.answers.append((time.monotonic(), status))
            if status == 303:
                self.saved.append(text)
                return
            time.sleep(0.1)


def at_work(port, app, number):
    """Let so many clerks begin."""
    with app.app_context():
        place = str(factories.place("Lahntal").id)
        db.session.remove()
    clerks = [Clerk(port, f"{port}-{one}", place) for one in range(number)]
    for one in clerks:
        one.start()
    return clerks


def ended(clerks):
    """Let them finish; give what was acknowledged and all answers in their order."""
    for one in clerks:
        one.done.set()
    for one in clerks:
        one.join()
    return [text for one in clerks for text in one.saved], sorted(
        pair for one in clerks for pair in one.answers
    )


def stored_once(app, saved):
    """Every acknowledged saving is there, once."""
    with app.app_context():
        query = select(FollowUp.text, func.count()).where(FollowUp.text.in_(saved)).group_by(FollowUp.text)
        found = dict(db.session.execute(query).all())
        db.session.remove()
    return [text for text in saved if found.get(text) != 1]


def restarted(cluster, app, folder, module, away):
    """Stop PostgreSQL under work, start it after so many seconds; give (saved, failures, next hundred)."""
    program = Program(environ(cluster.url, folder), module)
    try:
        clerks = at_work(program.port, app, 4)
        until(lambda: sum(len(one.saved) for one in clerks) >= 20, 120)
        cluster.stop()
        time.sleep(away)
        cluster.start()
        back = time.monotonic()
        # A request that began before the start may still be answered after it.
        until(lambda: sum(at > back + 1 for one in clerks for at, _status in list(one.answers)) >= 100, 120)
        saved, answers = ended(clerks)
    finally:
        program.kill()
        with app.app_context():
            db.engine.dispose()
    failed = [status for _at, status in answers if status != 303]
    later = [status for at, status in answers if at > back + 1][:100]
    return saved, failed, later


UNPINGED = "tests/operations/test_stopping.py::test_without_trying_connections_later_requests_fail"


@pytest.mark.stress
@pytest.mark.parametrize("away", [0, 10])
def test_after_a_restart_of_postgresql_everything_goes_on(cluster, tmp_path, promise, away):
    made, app = cluster
    saved, failed, later = restarted(made, app, tmp_path, "wsgi", away)
    lost = stored_once(app, saved)
    done = f"{len(saved)} gespeichert, {len(lost)} verloren, {len(failed)} mal 503"
    figure = f"{done}, danach {later.count(303)} von 100"
    promise(f"PostgreSQL startet neu ({away} s fort)", figure, UNPINGED)
    assert lost == []
    assert set(failed) <= {503}
    assert later == [303] * 100


@pytest.mark.control
def test_without_trying_connections_later_requests_fail(cluster):
    """The control: a connection that was there before the restart breaks at its first use."""
    made, _app = cluster
    good, bad = create_engine(made.url, **engine_options(made.url)), create_engine(made.url)
    for one in (good, bad):
        with one.connect() as connection:
            connection.execute(text("SELECT 1"))
    made.stop()
    made.start()
    with good.connect() as connection:
        assert connection.scalar(text("SELECT 1")) == 1
    with pytest.raises(OperationalError), bad.connect() as connection:
        connection.execute(text("SELECT 1"))
    good.dispose()
    bad.dispose()


def mailer(url, folder, port):
    """A worker."""
    more = {"MAIL_SERVER": "127.0.0.1", "MAIL_PORT": str(port), "MAIL_SECURITY": "none", "MAIL_FROM": SENDER}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
    return Process(command, environ(url, folder, **more))


def let_claims_lapse(app):
    """Ten minutes go by: what a killed worker had in hand is anybody's again."""
    with app.app_context():
        held = update(OutgoingMail).where(OutgoingMail.state == MailState.SENDING)
        db.session.execute(held.values(claimed_at=now() - OLD))
        db.session.commit()


OLD = timedelta(minutes=11)
MAILS = 120


@pytest.mark.stress
def test_two_programs_and_two_workers_lose_nothing_when_one_of_each_is_killed(cluster, tmp_path, promise):
    made, app = cluster
    write_many(app, MAILS)
    programs = [Program(environ(made.url, tmp_path), workers=1) for _turn in range(2)]
    balancer = Balancer([one.port for one in programs])
    with server(tmp_path, 0.1) as (port, file):
        workers = [mailer(made.url, tmp_path, port) for _turn in range(2)]
        try:
            clerks = at_work(balancer.port, app, 4)
            until(lambda: len(taken(file)) > 10 and sum(len(one.saved) for one in clerks) >= 20, 180)
            programs[0].kill()
            workers[0].kill()
            until(lambda: sum(len(one.saved) for one in clerks) >= 100, 180)
            saved, _answers = ended(clerks)
            let_claims_lapse(app)
            until(lambda: len(taken(file)) == MAILS, 180)
        finally:
            balancer.close()
            for one in [*programs, *workers]:
                one.kill()
        found, lost = taken(file), stored_once(app, saved)
    twice = sum(number - 1 for number in found.values())
    figure = f"{len(saved)} gespeichert, {len(lost)} verloren; {MAILS} Mails, {twice} doppelt"
    promise("Zwei Programme, zwei Helfer, je eines getötet", figure, KILLS)
    assert lost == []
    assert twice <= 1


KILLS = "tests/mail/test_kills.py::test_control_noting_before_sending_loses_the_one_in_hand"
