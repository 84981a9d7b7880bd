"""A database to measure on: made, migrated, filled, taken away again; and a clock inside the server."""

import os
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask, render_template
from flask.testing import FlaskClient
from sqlalchemy import create_engine, event, make_url

from config import SuiteSettings
from crm import create_app
from crm.access import Permission, requires
from crm.accounts import passwords
from crm.accounts.models import User
from crm.db import db

DATABASES = ("sqlite", "postgresql")
EMAIL, PASSWORD = "probe@kikz.example", "Sieben-Zwerge-42"
EMPTY = "/leer"
# What is no question of the page: the frame of a transaction, and the row of the log of what was read.
FILLED = (
    "BEGIN", "PRAGMA", "ROLLBACK", "COMMIT", "SELECT pg_catalog", "show ", "SHOW ", "SET ",
    "INSERT INTO confidential_reads",
)  # fmt: skip


class NoServer(Exception):
    """There is no PostgreSQL; the message says how to get one."""


@dataclass
class Stopwatch:
    """Takes the time a request spends in the program, without the client around it."""

    inner: Callable[..., Iterable[bytes]]
    seconds: float = 0.0
    busy: float = 0.0

    def __call__(self, environ: Any, start_response: Any) -> list[bytes]:
        """Answer, and note the seconds until the last byte, and those of them in which this thread worked."""
        begin, begin_busy = time.perf_counter(), time.thread_time()
        answer = self.inner(environ, start_response)
        body = list(answer)
        if hasattr(answer, "close"):
            answer.close()
        self.seconds, self.busy = time.perf_counter() - begin, time.thread_time() - begin_busy
        return body


@dataclass
class Stage:
    """One application over one database, with somebody signed in."""

    app: Flask
    watch: Stopwatch
    client: FlaskClient
    token: str = ""
    statements: list[str] = field(default_factory=list)

    def milliseconds(self, action: Callable[[FlaskClient], Any]) -> tuple[float, float]:
        """Give the time of one request, and how much of it the program itself worked."""
        action(self.client)
        return self.watch.seconds * 1000, self.watch.busy * 1000

    def counted(self, action: Callable[[FlaskClient], Any]) -> tuple[Any, int]:
        """Give the answer to a request and the number of its statements."""
        self.statements.clear()
        answer = action(self.client)
        return answer, sum(1 for one in self.statements if not one.startswith(FILLED))

    def sign_in(self) -> None:
        """Come in by the door."""
        sent = {"email": EMAIL, "password": PASSWORD, "csrf_token": self._token("/anmelden")}
        assert self.client.post("/anmelden", data=sent).status_code == 303
        self.token = self._token(EMPTY)

    def _token(self, address: str) -> str:
        page = self.client.get(address).get_data(as_text=True)
        return page.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]


@contextmanager
def stage(database: str) -> Iterator[Stage]:
    """Make an application over a new database with the register and one account."""
    with ExitStack() as stack:
        app = create_app(SuiteSettings(stack.enter_context(place(database))))
        app.add_url_rule(EMPTY, "leer", requires(Permission.SIGNED_IN)(empty_page))
        watch = Stopwatch(app.wsgi_app)
        app.wsgi_app = watch  # type: ignore[method-assign]
        made = Stage(app, watch, app.test_client())
        stack.callback(_close, app)
        done = app.test_cli_runner().invoke(args=["setup", "--no-account"])
        assert done.exit_code == 0, done.output or repr(done.exception)
        with app.app_context():
            event.listen(db.engine, "before_cursor_execute", _noting(made.statements))
        yield made


def empty_page() -> str:
    """The yardstick: session, gate, navigation and frame, and nothing in it."""
    return render_template("base.html")


def _noting(seen: list[str]) -> Callable[..., None]:
    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    return note


def _close(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@contextmanager
def place(database: str) -> Iterator[str]:
    """Give the address of an empty database."""
    if database == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{Path(folder) / 'stress.sqlite3'}"
        return
    if not os.environ.get("TEST_PG_URL"):
        raise NoServer("no PostgreSQL: run this by tools/with-pg.sh or set TEST_PG_URL")
    url = make_url(os.environ["TEST_PG_URL"])
    name = f"kikz_stress_{time.time_ns()}"
    server = create_engine(url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
    try:
        yield url.set(database=name).render_as_string(hide_password=False)
    finally:
        with server.connect() as connection:
            connection.exec_driver_sql(f'DROP DATABASE "{name}" WITH (FORCE)')
        server.dispose()


def account(email: str, name: str, roles: Any) -> User:
    """Make somebody who can sign in."""
    made = User(email=email, name=name, roles=frozenset(roles), must_change_password=False)
    made.password_hash = passwords.hashed(PASSWORD)
    db.session.add(made)
    db.session.flush()
    return made
