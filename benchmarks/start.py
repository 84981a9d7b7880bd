"""How long the program takes to start and how much memory it holds, beside its libraries alone.

.venv/bin/python -m benchmarks.start [--rounds 5]
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from config import ROOT

MOST_SECONDS, MOST_BYTES = 1.0, 150_000_000
LIBRARIES = "flask_sqlalchemy, flask_login, flask_babel, flask_wtf, flask_migrate, psycopg, huey"
# What is run, by name: the yardstick, the program ready to answer, and a page answered by it.
RUNS = {
    "libraries": f"import {LIBRARIES}",
    "program": "import wsgi",
    "first page": "import wsgi; assert wsgi.app.test_client().get('/anmelden').status_code == 200",
}
SETTINGS = {"SECRET_KEY": "start-" * 7, "KIKZ_SETTINGS": ""}
SETUP = ["-m", "flask", "--app", "wsgi", "setup", "--no-account"]


@dataclass
class Measured:
    """Seconds of all rounds, and the most bytes a process held."""

    seconds: list[float] = field(default_factory=list)
    most_bytes: int = 0

    @property
    def middle(self) -> float:
        """Give the middle of the seconds."""
        return statistics.median(self.seconds)


def main() -> None:
    """Start each a few times in turns, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    found = {name: Measured() for name in RUNS}
    with tempfile.TemporaryDirectory() as folder:
        environ = _environ(Path(folder))
        subprocess.run([sys.executable, *SETUP], cwd=ROOT, env=environ, check=True, capture_output=True)
        for code in RUNS.values():
            # The first time Python translates the files; an office does that once, too.
            _start(code, environ)
        for _round in range(rounds):
            for name, code in RUNS.items():
                _note(found[name], *_start(code, environ))
    print(f"\n{'':<14}{'seconds':>9}{'× libraries':>13}{'MB':>8}")
    for name, one in found.items():
        ratio = one.middle / found["libraries"].middle
        numbers = f"{one.middle:>9.2f}{ratio:>13.1f}{one.most_bytes / 1e6:>8.0f}"
        print(f"{name:<14}{numbers}  {_misses(name, one)}".rstrip())


def _environ(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    places = {"KIKZ_INSTANCE": str(folder), "PYTHONPYCACHEPREFIX": str(folder / "translated")}
    return kept | SETTINGS | places | {"DATABASE_URL": f"sqlite:///{folder}/start.sqlite3"}


def _start(code: str, environ: dict[str, str]) -> tuple[float, int]:
    """Run some code in a process of its own; give its seconds and the most bytes it held."""
    begin = time.perf_counter()
    child = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=environ)
    _number, status, usage = os.wait4(child.pid, 0)
    assert status == 0, f"{code} ended with {status}"
    return time.perf_counter() - begin, usage.ru_maxrss * 1024


def _note(one: Measured, seconds: float, most_bytes: int) -> None:
    one.seconds.append(seconds)
    one.most_bytes = max(one.most_bytes, most_bytes)


def _misses(name: str, one: Measured) -> str:
    if name == "libraries":
        return ""
    checks = {
        f"over {MOST_SECONDS:.0f} s": one.middle > MOST_SECONDS,
        f"over {MOST_BYTES // 1_000_000} MB": one.most_bytes > MOST_BYTES,
    }
    return ", ".join(words for words, missed in checks.items() if missed)


if __name__ == "__main__":
    main()
