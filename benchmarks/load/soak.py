"""Hours of even work: does anything grow that should not?"""

import statistics
import time
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.load import books, machine
from benchmarks.load.driving import Crowd, Run, drive
from benchmarks.load.figures import MEGABYTE, lines, megabytes
from crm.db import db

CLERKS, GUESTS, SHARE_OF_GUESTS = 5, 1, 0.1
# What is loaded and remembered at first is no leak: the first fifth of the looks does not count.
WARM_UP, LEAST_LOOKS = 5, 4
MOST_GROWTH, MOST_LOG, MOST_WAITING, MOST_MORE = 0.10, 64 * MEGABYTE, 50, 2
HEAD = (f"{'minutes':>8}{'program MB':>12}{'worker MB':>11}{'files':>7}{'connections':>13}{'log MB':>8}"
        f"{'mails waiting':>15}")  # fmt: skip


@dataclass(frozen=True)
class Look:
    """What was seen at one moment: bytes of memory and log, open files, connections, mails that wait."""

    minutes: float
    program: int
    worker: int
    files: int
    connections: int
    log: int
    waiting: int

    def __str__(self) -> str:
        sizes = f"{self.program / MEGABYTE:>12.1f}{self.worker / MEGABYTE:>11.1f}"
        return (f"{self.minutes:>8.1f}{sizes}{self.files:>7}{self.connections:>13}"
                f"{self.log / MEGABYTE:>8.1f}{self.waiting:>15}")  # fmt: skip


def soak(run: Run, hours: float, rate: float, every: float) -> bool:
    """Let clerks and guests work at an even pace and look at the processes; print, tell the verdict."""
    seconds, looks = hours * 3600, list[Look]()
    with run.app.app_context():
        event = books.open_event(books.ENOUGH)
        db.session.remove()
    drive(run, "daily", 2, 0, everything=True)
    guests = Crowd(run, "rush", GUESTS, seconds, rate * SHARE_OF_GUESTS, known=event)
    print(f"\n{hours} hours, {rate} requests a second, {machine.busy()}\n\n{HEAD}")

    def watch() -> None:
        guests.begin()
        begin = time.monotonic()
        while (gone := time.monotonic() - begin) < seconds:
            time.sleep(min(every, max(seconds - gone, 0)))
            looks.append(_look(run, (time.monotonic() - begin) / 60))
            print(looks[-1], flush=True)

    seen, use = drive(run, "daily", CLERKS, seconds, meanwhile=watch, rate=rate * (1 - SHARE_OF_GUESTS))
    came = guests.end()
    run.seen.add(came.as_plain())
    seen.add(came.as_plain())
    use = replace(use, requests=sum(len(one) for one in seen.seconds.values()))
    print(f"\n{use}; {machine.busy()}\n")
    print(*lines(seen, seen.seconds["empty page"]), sep="\n")
    # How much PostgreSQL keeps of its log is a setting of its server, and whole from the beginning.
    verdict = judge(looks) if run.is_sqlite else judge(looks, looks[0].log * (1 + MOST_GROWTH))
    print("", *verdict, sep="\n")
    return all(one.startswith("ok") for one in verdict)


def _look(run: Run, minutes: float) -> Look:
    web, worker = run.program.web_processes, run.program.worker_processes
    if run.is_sqlite:
        file = Path(run.url.removeprefix("sqlite:///"))
        log = Path(f"{file}-wal")
        size, connections = log.stat().st_size if log.exists() else 0, machine.uses_of(file, web + worker)
    else:
        size = int(run.ask("SELECT coalesce(sum(size), 0) FROM pg_ls_waldir()"))
        connections = int(run.ask("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"))
    return Look(
        minutes, sum(map(machine.memory, web)), sum(map(machine.memory, worker)),
        machine.open_files(web + worker), connections, size,
        int(run.ask("SELECT count(*) FROM outgoing_mails WHERE state IN ('waiting', 'sending')")),
    )  # fmt: skip


def judge(looks: list[Look], most_log: float = MOST_LOG) -> list[str]:
    """Give one line for each aim, beginning with "ok" or "MISSED"; growth counts after the warm-up."""
    warm = looks[len(looks) // WARM_UP :]
    if len(warm) < LEAST_LOOKS:
        return [f"MISSED: {len(warm)} looks after the warm-up are too few for a verdict"]
    first, last = warm[: len(warm) // 2], warm[len(warm) // 2 :]

    def middle(part: list[Look], name: str) -> float:
        return statistics.median(getattr(one, name) for one in part)

    verdict = []
    for name in ("program", "worker"):
        growth = middle(last, name) / max(middle(first, name), 1) - 1
        slope = f"{_slope(warm, name) / MEGABYTE:+.1f} MB an hour"
        words = f"memory of the {name}: {growth:+.1%} from the first to the second half, {slope}"
        verdict.append(_aim(growth < MOST_GROWTH, words))
    for name in ("files", "connections"):
        more = middle(last, name) - middle(first, name)
        verdict.append(_aim(more <= MOST_MORE, f"{name}: {more:+.0f}, {_slope(warm, name):+.1f} an hour"))
    log, waiting = max(one.log for one in looks), max(one.waiting for one in warm)
    verdict.append(_aim(log <= most_log, f"log of the database: at most {megabytes(log)}"))
    verdict.append(_aim(waiting <= MOST_WAITING, f"mails: at most {waiting} waiting"))
    return verdict


def _aim(is_met: bool, words: str) -> str:
    return f"{'ok' if is_met else 'MISSED'}: {words}"


def _slope(looks: list[Look], name: str) -> float:
    """Give by how much a figure grows in an hour, as a straight line through all looks."""
    hours = [one.minutes / 60 for one in looks]
    return statistics.linear_regression(hours, [getattr(one, name) for one in looks]).slope
