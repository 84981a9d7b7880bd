"""How long the program is away during an update from earlier states of its tables, after many busy years.

.venv/bin/python -m benchmarks.update [--database sqlite|postgresql|both] [--tenth]
PostgreSQL needs a server: tools/with-pg.sh .venv/bin/python -m benchmarks.update --database both

Each update is the command of the handbook in a process of its own: it saves a backup, brings the tables up
and completes what belongs to them. Then the program starts and answers. The yardstick is the same command
where nothing is to be done.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from argparse import RawDescriptionHelpFormatter
from pathlib import Path

from alembic.script import ScriptDirectory
from flask import Flask

from benchmarks.load import machine
from benchmarks.load.driving import filled
from benchmarks.load.server import Program, settings
from benchmarks.stage import DATABASES
from benchmarks.stress import Size
from config import ROOT
from crm.db import db
from crm.operations.migrating import downgrade

# The ends of the three big steps before today's tables, newest first; each update brings all later ones.
STATES = ("0022_duplicates", "0016_definitions", "0012_imports")
MOST_SECONDS = 120
COMMAND = [sys.executable, "-m", "flask", "--app", "wsgi", "setup", "--no-account"]
HEAD = f"{'':<24}{'migrations':>11}{'setup s':>9}{'busy s':>8}{'× nothing':>11}{'start s':>9}{'away s':>8}"


def main() -> None:
    """Measure on each database and print."""
    parser = argparse.ArgumentParser(
        prog="benchmarks.update", description=__doc__, formatter_class=RawDescriptionHelpFormatter
    )
    parser.add_argument("--database", choices=(*DATABASES, "both"), default="sqlite")
    parser.add_argument("--tenth", action="store_true", help="over a tenth of the data, to try it out")
    options = parser.parse_args()
    for name in DATABASES if options.database == "both" else (options.database,):
        size = Size().tenth if options.tenth else Size()
        with filled(name, size) as (app, url), tempfile.TemporaryDirectory() as folder:
            print(f"\n{name}, {size}, {machine.busy()}\n\n{HEAD}")
            nothing = _line("nothing to do", 0, url, Path(folder), None)
            for state in STATES:
                _line(state, _back_to(app, state), url, Path(folder), nothing)
            print(f"\n{machine.busy()}", flush=True)


def _back_to(app: Flask, state: str) -> int:
    """Take the tables back to an earlier state; give the number of migrations that were undone."""
    with app.app_context():
        downgrade(revision=state)
        db.session.remove()
        db.engine.dispose()
    names = [one.revision for one in ScriptDirectory(str(ROOT / "migrations")).walk_revisions()]
    return names.index(state)


def _line(name: str, migrations: int, url: str, folder: Path, nothing: float | None) -> float:
    """Update, start the program, and print what that took; give the seconds of the update."""
    begin, before = time.perf_counter(), _busy()
    environ = os.environ | settings(url, folder, 5000)
    done = subprocess.run(COMMAND, cwd=ROOT, env=environ, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert ("before-update" in done.stdout) is bool(migrations), done.stdout
    updated, busy = time.perf_counter(), _busy() - before
    with Program(url, folder, processes=2):
        started = time.perf_counter()
    took, away = updated - begin, started - begin
    aim = f"  over {MOST_SECONDS} s" if away > MOST_SECONDS else ""
    ratio = took / (nothing or took)
    seconds = f"{took:>9.1f}{busy:>8.1f}{ratio:>11.1f}{started - updated:>9.1f}{away:>8.1f}"
    print(f"{name:<24}{migrations:>11}{seconds}{aim}", flush=True)
    return took


def _busy() -> float:
    """Give the processor seconds of all commands that have ended: what others do does not count."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
