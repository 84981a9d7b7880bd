"""How long the official register of all Germany takes, and how much memory: checked, then taken over.

.venv/bin/python -m benchmarks.register [--database sqlite|postgresql|both]
Every step runs in a process of its own, beside one that only builds the program and reads the file.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.germany import germany
from benchmarks.stage import DATABASES, place
from config import SuiteSettings
from crm import create_app
from crm.db import db
from crm.register import services

YARDSTICK, CHECK, CHECK_ALL, TAKE_OVER = "yardstick", "check", "check, all states", "take over, all states"
MOST_SECONDS, MOST_MEGABYTES, ROUNDS = 10, 150, 3
SHARE = 1024 if sys.platform == "linux" else 1024 * 1024


def main() -> None:
    """Measure each step on each database and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=(*DATABASES, "both"), default="sqlite")
    parser.add_argument("--step", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        print(json.dumps(_step(*options.step)))
        return
    for name in DATABASES if options.database == "both" else (options.database,):
        with tempfile.TemporaryDirectory() as folder, place(name) as url:
            file = Path(folder) / "germany.txt"
            file.write_bytes(germany())
            app = create_app(SuiteSettings(url))
            app.test_cli_runner().invoke(args=["setup", "--no-account"])
            with app.app_context():
                db.engine.dispose()
            _compare(name, file, url)


def _compare(name: str, file: Path, url: str) -> None:
    lines = file.read_bytes().count(b"\n")
    print(f"\n{name}, {lines} lines, best of {ROUNDS}\n")
    print(f"{'':<24}{'s':>8}{'×':>8}{'MB':>8}{'×':>8}")
    yardstick = None
    for step in (YARDSTICK, CHECK, CHECK_ALL, TAKE_OVER):
        seconds, peak = _best(step, file, url)
        yardstick = yardstick or (seconds, peak)
        ratios = f"{seconds / yardstick[0]:>8.1f}{peak:>8.0f}{peak / yardstick[1]:>8.1f}"
        misses = step in (CHECK, CHECK_ALL) and (seconds > MOST_SECONDS or peak > MOST_MEGABYTES)
        print(f"{step:<24}{seconds:>8.2f}{ratios}{'  over the aim' if misses else ''}", flush=True)


def _best(step: str, file: Path, url: str) -> tuple[float, float]:
    """Run a step in processes of its own; one that writes only once."""
    command = [sys.executable, "-m", "benchmarks.register", "--step", step, str(file), url]
    rounds = 1 if step == TAKE_OVER else ROUNDS
    found = [
        json.loads(subprocess.run(command, check=True, capture_output=True).stdout) for _ in range(rounds)
    ]
    return min(one[0] for one in found), min(one[1] for one in found)


def _step(step: str, file: str, url: str) -> tuple[float, float]:
    """Do one step; give its seconds and the largest memory of this process in megabytes."""
    begin = time.perf_counter()
    app = create_app(SuiteSettings(url))
    content = Path(file).read_bytes()
    with app.app_context():
        if step in (CHECK, CHECK_ALL):
            services.plan_of(content, all_states=step == CHECK_ALL)
        if step == TAKE_OVER:
            store_all_states(content)
        db.session.remove()
        db.engine.dispose()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / SHARE
    return time.perf_counter() - begin, peak


def store_all_states(content: bytes | None = None) -> None:
    """Take over the register of all Germany and commit."""
    plan = services.locked_plan_of(content or germany(), all_states=True)
    services.take_over(plan, "germany.txt", None)
    db.session.commit()


if __name__ == "__main__":
    main()
