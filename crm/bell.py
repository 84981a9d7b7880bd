"""The bell by huey: a queue in a file of its own, or in tables of PostgreSQL; it may be lost at any time.

The worker does what is rung for at once, and once a minute everything, whether the queue works or not.
"""

import signal
import sqlite3
import time
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask
from huey.api import Huey, PostgresHuey, SqliteHuey
from huey.consumer import Consumer, Worker
from huey.serializer import SignedSerializer
from huey.storage import PostgresStorage, SqliteStorage
from sqlalchemy import URL, make_url

from crm import jobs
from crm.db import Turn

EVERY = 60
# What is in hand when the worker is to stop has this long; then it counts as not done.
PATIENCE = 25


class _Storage(SqliteStorage):
    """A file that is made anew when somebody deletes it."""

    inode: int | None = None
    _conn: sqlite3.Connection | None

    def _create_connection(self) -> sqlite3.Connection:
        made: sqlite3.Connection = super()._create_connection()
        for statement in self.ddl:
            made.execute(statement)
        self.inode = self._inode()
        return made

    def _inode(self) -> int | None:
        with suppress(FileNotFoundError):
            return Path(self.filename).stat().st_ino
        return None

    @property
    def conn(self) -> sqlite3.Connection:
        """Give the connection, a new one where its file is gone."""
        if self._conn is not None and self._inode() != self.inode:
            self._conn.close()
            self._conn = None
        found: sqlite3.Connection = super().conn
        return found


class _Bell(SqliteHuey):
    storage_class = _Storage


class _Tables(PostgresStorage):
    """Tables that are made by who may; the daily role may not, and finds them there."""

    def initialize_schema(self) -> None:
        """Make them where that is allowed."""
        if self.sql("SELECT has_schema_privilege(current_schema(), 'CREATE')", results=True)[0][0]:
            # “if not exists” alone fails when two do it at the same moment.
            with self.db(commit=True, close=True) as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", (int(Turn.QUEUE),))
                for statement in self.ddl:
                    cursor.execute(statement)


class _BellInTables(PostgresHuey):
    storage_class = _Tables


class Bell:
    """A queue whose only task is to do a duty."""

    def __init__(self, app: Flask):
        self.app, self.queue = app, _queue(app)

        @self.queue.task(name="duty")
        def duty(name: str) -> None:
            with app.app_context():
                jobs.attempt(name)

        self.ring = duty


def _queue(app: Flask) -> Huey:
    url = make_url(app.config["SQLALCHEMY_DATABASE_URI"])
    common = {"results": False, "serializer": SignedSerializer(secret=app.config["SECRET_KEY"])}
    if url.get_backend_name() == "sqlite":
        # Without a log beside it the file can be deleted alone; what is lost with it is rung for again.
        file = Path(app.config["INSTANCE"]) / "jobs.sqlite"
        return _Bell("kikz", filename=str(file), fsync=False, journal_mode="delete", timeout=1, **common)
    return _BellInTables("kikz", dsn=_dsn(url), **common)


def _dsn(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def make_tables(address: str) -> None:
    """Make the tables of the queue with the role that may; SQLite's file is made when it is first rung."""
    url = make_url(address)
    if url.get_backend_name() == "postgresql":
        _Tables("kikz", dsn=_dsn(url)).close()


class _Worker(Worker):
    """Does what is rung for, and all duties once a minute; for these it needs no queue."""

    app: Flask
    next_round = 0.0

    def loop(self, now: Any = None) -> None:
        """Take one turn."""
        if time.monotonic() >= self.next_round:
            self.next_round = time.monotonic() + EVERY
            with self.app.app_context():
                jobs.run_all()
        super().loop(now)

    def shutdown(self) -> None:
        """Close what this thread opened."""
        super().shutdown()
        self.huey.storage.close()


class _Consumer(Consumer):
    """Both signals stop it gently."""

    def __init__(self, bell: Bell):
        self.worker_class = type("_OurWorker", (_Worker,), {"app": bell.app})
        super().__init__(bell.queue, max_delay=1.0, periodic=False, shutdown_timeout=PATIENCE)
        self._signal_actions = dict.fromkeys((signal.SIGINT, signal.SIGTERM), (False, True))

    def stop(self, graceful: bool = False) -> None:
        """Tell the duties first."""
        jobs.STOPPING.set()
        super().stop(graceful)


def work(app: Flask) -> None:
    """Do duties until a signal says to stop."""
    jobs.STOPPING.clear()
    _Consumer(app.extensions["bell"]()).run()


def init_app(app: Flask) -> None:
    """Hang the bell up; its queue is made when it is first rung."""
    app.extensions["bell"] = cache(lambda: Bell(app))
