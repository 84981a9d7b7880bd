"""Tables of what was measured, each line beside the empty page of the same run."""

import math
import statistics
from dataclasses import dataclass

from benchmarks.load.browsing import Diary
from benchmarks.load.daily import YARDSTICK

HEAD = f"{'':<26}{'requests':>9}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}{'faults':>8}{'× empty':>9}"
MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Line:
    """One kind of request: milliseconds that 50, 95 and 99 of 100 stay below."""

    name: str
    requests: int
    middle: float
    late: float
    latest: float
    faults: int
    ratio: float

    def __str__(self) -> str:
        times = f"{self.middle:>9.1f}{self.late:>9.1f}{self.latest:>9.1f}"
        return f"{self.name:<26}{self.requests:>9}{times}{self.faults:>8}{self.ratio:>9.1f}"


def below(seconds: list[float], share: int) -> float:
    """Give the milliseconds that so many of 100 requests stay below."""
    if len(seconds) < 2:
        return sum(seconds) * 1000 or math.nan
    return statistics.quantiles(seconds, n=100, method="inclusive")[share - 1] * 1000


def lines(diary: Diary, yardstick: list[float]) -> list[Line]:
    """Give one line for each kind of request, the yardstick first; `ratio` compares the middles."""
    empty = below(yardstick, 50)
    names = sorted(diary.seconds, key=lambda name: (name != YARDSTICK, name))
    found = []
    for name in names:
        middle, late, latest = (below(diary.seconds[name], share) for share in (50, 95, 99))
        number = len(diary.seconds[name])
        found.append(Line(name, number, middle, late, latest, diary.faults.get(name, 0), middle / empty))
    return found


@dataclass(frozen=True)
class Use:
    """What a phase took: requests, seconds by the clock, processor seconds of program, worker, database."""

    requests: int
    clock: float
    web: float
    worker: float
    database: float | None

    @property
    def per_core(self) -> float:
        """Give the requests a second that one core of the program would answer."""
        return self.requests / self.web if self.web else 0.0

    def __str__(self) -> str:
        database = "" if self.database is None else f", database {self.database:.1f} s"
        return (
            f"{self.requests} requests in {self.clock:.0f} s: {self.requests / self.clock:.1f} a second, "
            f"{self.per_core:.1f} a second and core of the program "
            f"(processor: program {self.web:.1f} s, worker {self.worker:.1f} s{database})"
        )


def megabytes(number: float) -> str:
    """Write bytes as megabytes."""
    return f"{number / MEGABYTE:.0f} MB"
