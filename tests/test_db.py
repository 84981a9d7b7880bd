"""SQLite set up right on every connection, writers that wait instead of failing, and moments with a zone."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest
import time_machine
from sqlalchemy import create_engine, event, func, insert, select, text, update
from sqlalchemy.exc import OperationalError, StatementError
from sqlalchemy.pool import NullPool

from config import SuiteSettings
from crm import create_app
from crm.accounts.models import SignInAttempt, User
from crm.consultations.models import Consultation
from crm.db import BERLIN, _Transaction, db, now, short_write, today
from tests import factories
from tests.pages import Page

PRAGMAS = {
    "journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 30_000, "synchronous": 1,
    "recursive_triggers": 1,
}  # fmt: skip
SEATS = 50


@pytest.fixture
def url(tmp_path):
    """An empty SQLite database with all tables."""
    address = f"sqlite:///{tmp_path / 'own.sqlite3'}"
    app = create_app(SuiteSettings(address))
    with app.app_context():
        db.create_all()
        db.session.remove()
        db.engine.dispose()
    return address


@pytest.fixture
def engine(url):
    """Connections of one's own, each a fresh one."""
    made = create_engine(url, poolclass=NullPool)
    yield made
    made.dispose()


def attempts(connection):
    """Count rows of a simple table."""
    return connection.scalar(select(func.count(SignInAttempt.id)))


def add(connection):
    """Write one row."""
    connection.execute(insert(SignInAttempt).values(account="x", source="y", at=now(), ok=False))


def test_a_hundred_fresh_connections_are_set_up_right(engine):
    for _ in range(100):
        with engine.connect() as connection:
            found = {name: connection.scalar(text(f"PRAGMA {name}")) for name in PRAGMAS}
        assert found == PRAGMAS


def interleave(engine, **options):
    """Read, let another one commit, write."""
    with engine.connect().execution_options(**options) as first, first.begin():
        attempts(first)
        blocked = threading.Thread(target=write_once, args=(engine,))
        blocked.start()
        blocked.join(0.5)
        add(first)
    blocked.join()


def write_once(engine):
    """Commit one row."""
    with engine.begin() as connection:
        add(connection)


def test_reading_then_writing_never_finds_the_database_busy(engine):
    for _ in range(10):
        interleave(engine, write=True)
    with engine.connect() as connection:
        assert attempts(connection) == 20


@pytest.mark.control
def test_without_taking_the_lock_first_it_would(engine):
    with pytest.raises(OperationalError, match="locked"):
        interleave(engine, write=False)


def take_a_seat(engine):
    """Count, then insert while there is room."""
    with engine.begin() as connection:
        if attempts(connection) < SEATS:
            time.sleep(0.0005)
            add(connection)


def rush(engine):
    """Let twenty threads take 200 seats; give the errors and the number of seats taken."""
    with ThreadPoolExecutor(20) as pool:
        errors = [job.exception() for job in [pool.submit(take_a_seat, engine) for _ in range(200)]]
    with engine.connect() as connection:
        return [error for error in errors if error], attempts(connection)


def test_fact_02_counting_and_inserting_is_exact(engine):
    assert rush(engine) == ([], SEATS)


@pytest.mark.control
def test_fact_02_without_the_lock_it_fails(engine, monkeypatch):
    monkeypatch.setattr(_Transaction, "immediate", "BEGIN")
    errors, taken = rush(engine)
    assert errors or taken != SEATS


def begins(app, request):
    """How the transactions of a request begin; PostgreSQL's begin without a statement."""
    seen = []

    def note(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        request()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return {one for one in seen if one.startswith("BEGIN")}


def test_reading_requests_take_no_lock_and_writing_ones_do(app, anna, engine_name):
    reading = begins(app, lambda: anna.browser.get("/beratungen"))
    writing = begins(app, lambda: anna.browser.post("/abmelden", data={}))
    on_sqlite = engine_name == "sqlite"
    assert reading == ({"BEGIN"} if on_sqlite else set())
    assert writing == ({"BEGIN IMMEDIATE"} if on_sqlite else set())


def hold_the_writers_lock(app, seconds, held):
    """Keep all others from writing for a while."""
    with (
        app.app_context(),
        db.engine.connect().execution_options(write=True) as connection,
        connection.begin(),
    ):
        if connection.dialect.name == "postgresql":
            connection.execute(text("LOCK TABLE consultations, submissions IN EXCLUSIVE MODE"))
        held.set()
        time.sleep(seconds)


def log(app, cookie, fields):
    """Send a talk form in a browser of one's own."""
    browser = app.test_client()
    browser.set_cookie("kikz", cookie)
    return browser.post("/beratungen/neu", data=fields)


def prepared(app, anna, number):
    """Several opened talk forms and the cookie to send them with."""
    with app.app_context():
        place = str(factories.place("Lahntal").id)
    sent = {"organisations": [place], "held_on": f"{today():%d.%m.%Y}", "kind": "single", "channel": "phone"}
    forms = [anna.get("/beratungen/neu").fields() | sent | {"anyway": "1"} for _ in range(number)]
    return anna.browser.get_cookie("kikz").value, forms


def talks(app):
    """How many talks are saved."""
    with app.app_context():
        return db.session.scalar(select(func.count(Consultation.id)))


def as_list(value):
    """A field as a page shows it."""
    return value if isinstance(value, list) else [value]


def through_the_lock(app, anna, number):
    """Save several talks while somebody holds the lock for three seconds; give the answers."""
    cookie, forms = prepared(app, anna, number)
    held = threading.Event()
    blocker = threading.Thread(target=hold_the_writers_lock, args=(app, 3, held))
    blocker.start()
    held.wait()
    begin = time.monotonic()
    with ThreadPoolExecutor(number) as pool:
        answers = list(pool.map(lambda form: log(app, cookie, form).status_code, forms))
    blocker.join()
    assert time.monotonic() - begin > 2
    return answers


def test_writers_wait_three_seconds_and_then_succeed(app, anna):
    assert through_the_lock(app, anna, 8) == [303] * 8
    assert talks(app) == 8


@pytest.mark.stress
def test_twenty_writers_wait_three_seconds_and_then_succeed(app, anna, promise):
    answers = through_the_lock(app, anna, 20)
    figure = f"{answers.count(303)} von 20 gespeichert bei 3 s Sperre"
    promise("Gesperrte Datenbank: erst warten, dann Bescheid sagen", figure, IMPATIENT)
    assert answers == [303] * 20
    assert talks(app) == 20


IMPATIENT = "tests/test_db.py::test_without_patience_writers_are_turned_away"


@pytest.mark.control
def test_without_patience_writers_are_turned_away(app, anna):
    """The control: whoever does not wait for the lock saves nothing."""
    patient = impatient(app)
    try:
        answers = through_the_lock(app, anna, 4)
    finally:
        patient()
    assert 503 in answers
    assert talks(app) == answers.count(303)


def impatient(app):
    """Let connections wait for a fifth of a second only; gives the function that ends it."""

    def hurry(connection, _record):
        sqlite = type(connection).__module__.startswith("sqlite3")
        connection.cursor().execute("PRAGMA busy_timeout=200" if sqlite else "SET lock_timeout = 200")
        if not sqlite:
            connection.commit()

    with app.app_context():
        engine = db.engine
        engine.dispose()
    event.listen(engine, "connect", hurry)
    return lambda: event.remove(engine, "connect", hurry)


def test_after_that_the_page_says_so_and_nothing_is_half_written(app, anna):
    cookie, forms = prepared(app, anna, 1)
    held, patient = threading.Event(), impatient(app)
    blocker = threading.Thread(target=hold_the_writers_lock, args=(app, 1.5, held))
    try:
        blocker.start()
        held.wait()
        answer = log(app, cookie, forms[0])
    finally:
        blocker.join()
        patient()
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "nichts gespeichert" in answer.get_data(as_text=True)
    kept = Page(answer, []).fields()
    assert {name: kept[name] for name in forms[0]} == {name: as_list(one) for name, one in forms[0].items()}
    assert talks(app) == 0
    assert log(app, cookie, forms[0]).status_code == 303, "the same form works a moment later"


def test_reading_goes_on_while_somebody_writes(app, anna):
    held, patient = threading.Event(), impatient(app)
    blocker = threading.Thread(target=hold_the_writers_lock, args=(app, 1.5, held))
    try:
        blocker.start()
        held.wait()
        with time_machine.travel(now() + timedelta(minutes=5)):
            assert anna.get("/kommunen").status == 200
    finally:
        blocker.join()
        patient()


def test_nobody_waits_for_ever(app):
    with app.app_context():
        if db.engine.dialect.name == "postgresql":
            assert db.session.scalar(text("SHOW lock_timeout")) == "30s"
        else:
            assert db.session.scalar(text("PRAGMA busy_timeout")) == 30_000


def test_a_short_write_beside_a_reading_request_is_kept(app):
    with app.test_request_context("/", base_url="http://localhost"):
        user = factories.member("anna")
        with short_write() as connection:
            connection.execute(update(User).where(User.id == user.id).values(theme="dark"))
        db.session.rollback()
        assert factories.member("anna").theme == "dark"


def test_a_moment_without_a_zone_is_refused(app):
    with app.app_context():
        naive = datetime(2026, 3, 29, 2, 30)  # noqa: DTZ001 this is what must not pass
        db.session.add(SignInAttempt(account="x", source="y", at=naive))
        with pytest.raises(StatementError, match="time zone"):
            db.session.flush()
        db.session.rollback()


@pytest.mark.parametrize("zone", [UTC, BERLIN, timezone(timedelta(hours=-3, minutes=-30))], ids=str)
def test_a_moment_comes_back_as_the_same_moment(app, zone):
    for moment in (
        datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 0, 30, 0, 123456, tzinfo=UTC),
    ):
        with app.app_context():
            db.session.add(SignInAttempt(account="x", source="y", at=moment.astimezone(zone)))
            db.session.commit()
            db.session.expire_all()
            found = db.session.scalars(select(SignInAttempt).order_by(SignInAttempt.id.desc())).first().at
            assert found == moment
            assert found.utcoffset() == timedelta(0)
