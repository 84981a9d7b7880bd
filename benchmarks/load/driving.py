"""A filled database with a running program over it, and clients in processes of their own that drive it."""

import gc
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import text

from benchmarks.load import books, machine
from benchmarks.load.browsing import Diary
from benchmarks.load.figures import Use
from benchmarks.load.server import DOOR, Program
from benchmarks.register import store_all_states
from benchmarks.stage import place
from benchmarks.stress import Size, fill
from config import ROOT, SuiteSettings
from crm import create_app
from crm.db import db

CLIENTS_A_PROCESS = 8


@dataclass
class Run:
    """A program under load: where it is, its database, and everything its clients were told so far."""

    app: Flask
    url: str
    program: Program
    known: dict[str, Any]
    seen: Diary = field(default_factory=Diary)
    crowds: int = 0

    def accounts(self) -> list[books.Account]:
        """Compare what clients were told with what is stored."""
        with self.app.app_context():
            kept = books.found(self.known["run"])
            db.session.remove()
        return books.balance(self.seen, kept)

    def ask(self, statement: str) -> Any:
        """Ask the database something."""
        with self.app.app_context(), db.engine.connect() as connection:
            return connection.execution_options(write=False).execute(text(statement)).scalar()

    @property
    def is_sqlite(self) -> bool:
        """Tell whether the database is a file of the program."""
        return self.url.startswith("sqlite")

    def database_size(self) -> int:
        """Give the bytes of the database."""
        if self.is_sqlite:
            return Path(self.url.removeprefix("sqlite:///")).stat().st_size
        return int(self.ask("SELECT pg_database_size(current_database())"))

    def database_seconds(self) -> float | None:
        """Give the processor seconds of a PostgreSQL on this machine; SQLite works inside the program."""
        family = [] if self.is_sqlite else machine.family(self.ask("SELECT pg_backend_pid()"))
        return machine.seconds(family) if family else None


@contextmanager
def filled(database: str, size: Size, all_states: bool = False) -> Iterator[tuple[Flask, str]]:
    """Make a database and fill it; give the application over it and its address."""
    with place(database) as url:
        app = create_app(SuiteSettings(url))
        done = app.test_cli_runner().invoke(args=["setup", "--no-account"])
        assert done.exit_code == 0, done.output or repr(done.exception)
        with app.app_context():
            fill(size)
            if all_states:
                store_all_states()
        gc.collect()
        try:
            yield app, url
        finally:
            with app.app_context():
                db.session.remove()
                db.engine.dispose()


@contextmanager
def running(
    app: Flask, url: str, processes: int, server: str = "granian", module: str = DOOR
) -> Iterator[Run]:
    """Start the program over a filled database."""
    with app.app_context():
        known = books.known() | {"url": url}
        db.session.remove()
    with (
        tempfile.TemporaryDirectory() as folder,
        Program(url, Path(folder), processes, server, module) as made,
    ):
        yield Run(app, url, made, known)


class Crowd:
    """Clients of one kind, several to a process; `rate` is requests a second of all, 0 means no pauses."""

    def __init__(self, run: Run, kind: str, clients: int, seconds: float, rate: float = 0.0, **more: Any):
        run.crowds += 1
        known = run.known | {"run": f"{run.known['run']}n{run.crowds}", "crowd": run.crowds}
        task = {
            "port": run.program.port, "kind": kind, "seconds": seconds, "rate": rate / clients,
            "known": known | more.pop("known", {}),
        }  # fmt: skip
        self.parts = []
        for first in range(0, clients, CLIENTS_A_PROCESS):
            numbers = list(range(first, min(first + CLIENTS_A_PROCESS, clients)))
            self.parts.append(self._start(task | more | {"numbers": numbers}))
        for part in self.parts:
            self._line(part)

    @staticmethod
    def _start(task: dict[str, Any]) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "benchmarks.load.crowd"]
        part = subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert part.stdin
        print(json.dumps(task), file=part.stdin, flush=True)
        return part

    @staticmethod
    def _line(part: "subprocess.Popen[str]") -> str:
        assert part.stdout
        line = part.stdout.readline()
        assert line, "a process of clients has ended"
        return line

    def begin(self) -> None:
        """Let them work."""
        for part in self.parts:
            assert part.stdin
            print(file=part.stdin, flush=True)

    def end(self) -> Diary:
        """Wait until they are done; give what they have seen."""
        seen = Diary()
        for part in self.parts:
            seen.add(json.loads(self._line(part)))
            part.communicate()
        return seen


def drive(
    run: Run,
    kind: str,
    clients: int,
    seconds: float,
    meanwhile: Callable[[], None] | None = None,
    **more: Any,
) -> tuple[Diary, Use]:
    """Let clients work for some seconds; give what they have seen and what that took."""
    crowd, program = Crowd(run, kind, clients, seconds, **more), run.program

    def used() -> tuple[float, float, float | None]:
        web, worker = program.web_processes, program.worker_processes
        return machine.seconds(web), machine.seconds(worker), run.database_seconds()

    before, begin = used(), time.monotonic()
    crowd.begin()
    if meanwhile:
        meanwhile()
    seen = crowd.end()
    clock, after = time.monotonic() - begin, used()
    run.seen.add(seen.as_plain())
    number = sum(len(one) for one in seen.seconds.values())
    database = None if after[2] is None else after[2] - (before[2] or 0.0)
    return seen, Use(number, clock, after[0] - before[0], after[1] - before[1], database)
