"""How many requests the running program answers, and how fast: daily work of clerks, and a rush of guests.

.venv/bin/python -m benchmarks.load [--database sqlite|postgresql|both] [--clients 1 8] [--tenfold]
.venv/bin/python -m benchmarks.load --soak 8 [--rate 5]
PostgreSQL needs a server: tools/with-pg.sh .venv/bin/python -m benchmarks.load --database both

The program is started as an office runs it (processes of a web server, the worker for mails), over ten
busy years, and asked by real HTTP from processes of their own. Every answer is checked, and at the end
everything the program said is saved is looked for in the database: nothing lost, nothing double. Beside
each kind of request stands the empty page of the same program in the same run. The end is 1 where an
answer was wrong or a saving was lost.
"""

import argparse
import sys
from argparse import RawDescriptionHelpFormatter
from typing import Any

from benchmarks.load import books, machine
from benchmarks.load.daily import YARDSTICK
from benchmarks.load.driving import Run, drive, filled, running
from benchmarks.load.figures import HEAD, lines, megabytes
from benchmarks.load.server import SERVERS
from benchmarks.load.soak import soak
from benchmarks.stage import DATABASES
from benchmarks.stress import Size
from crm.db import db

DAILY, RUSH = "daily", "rush"
Ratios = dict[tuple[str, int, str], float]


def main() -> int:
    """Measure on each database and print; give 1 where something was wrong."""
    options = _options()
    right = True
    for name in DATABASES if options.database == "both" else (options.database,):
        size, before = (Size().tenth if options.tenth else Size()), Ratios()
        right = _measure(name, size, options, before, {}) and right
        if options.tenfold and not options.soak:
            more = argparse.Namespace(**vars(options) | {"already": 10 * options.already})
            right = _measure(name, size.tenfold, more, Ratios(), before) and right
    return 0 if right else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="benchmarks.load", description=__doc__, formatter_class=RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--database", choices=(*DATABASES, "both"), default="sqlite")
    add("--server", choices=SERVERS, default=SERVERS[0], help="granian: make run; gunicorn: the service kikz")
    add("--processes", type=int, default=2, help="processes of the program (2)")
    add("--clients", type=int, nargs="+", default=[1, 8], help="how many at once, one after the other (1 8)")
    add("--seconds", type=float, default=30, help="of each measuring (30)")
    add("--rate", type=float, default=0, help="requests a second of all clients; 0: as fast as answers come")
    add("--only", choices=(DAILY, RUSH), help="only the work of the clerks, or only that of the guests")
    add(
        "--already",
        type=int,
        default=1000,
        help="guests who are registered before the rush begins (1000, tenfold 10000)",
    )
    add("--tenfold", action="store_true", help="also over ten times the data; takes minutes and memory")
    add("--tenth", action="store_true", help="begin with a tenth of the data, to try it out")
    add("--all-states", action="store_true", help="with all of Germany in the register")
    add("--soak", type=float, default=0, metavar="HOURS", help="for hours, at 5 requests a second or --rate")
    add("--every", type=float, default=60, metavar="SECONDS", help="between two looks of a soak (60)")
    return parser.parse_args()


def _measure(name: str, size: Size, options: argparse.Namespace, ratios: Ratios, before: Ratios) -> bool:
    """Measure over one database; note the ratios, and print those of a tenth of the data beside them."""
    with (
        filled(name, size, options.all_states) as (app, url),
        running(app, url, options.processes, options.server) as run,
    ):
        print(f"\n{name}, {size}")
        print(f"{options.processes} processes of {options.server}, database {megabytes(run.database_size())}")
        right = True
        if options.soak:
            right = soak(run, options.soak, options.rate or 5, options.every)
        else:
            # What a process does for the first time takes longer.
            drive(run, DAILY, 2 * options.processes, 0, everything=True)
            for clients in options.clients:
                _section(run, options, clients, ratios, before)
            _memory(run)
        return _said(run) and right


def _section(run: Run, options: argparse.Namespace, clients: int, ratios: Ratios, before: Ratios) -> None:
    """Measure with so many clients: the yardstick alone, daily work, the rush."""
    seen, use = drive(run, DAILY, clients, min(options.seconds, 10), only="look_at_nothing")
    empty = seen.seconds[YARDSTICK]
    print(f"\n{YARDSTICK} alone, {clients} clients: {use}")
    for kind in (DAILY, RUSH):
        if options.only in (None, kind):
            more: dict[str, Any] = {} if kind == DAILY else {"known": _event(run, options.already)}
            print(f"\n{kind}, {clients} clients, {machine.busy()}\n\n{HEAD}{'  × a tenth' if before else ''}")
            seen, use = drive(run, kind, clients, options.seconds, rate=options.rate, **more)
            for line in lines(seen, seen.seconds.get(YARDSTICK) or empty):
                ratios[kind, clients, line.name] = line.ratio
                less = before.get((kind, clients, line.name))
                print(f"{line}{f'{line.ratio / less:>11.2f}' if less else ''}")
            print(f"\n{use}\n{machine.busy()}", flush=True)


def _event(run: Run, already: int) -> dict[str, str]:
    with run.app.app_context():
        made = books.open_event(books.ENOUGH, already)
        db.session.remove()
        db.engine.dispose()
    return made


def _memory(run: Run) -> None:
    web, worker = ([machine.memory(one) for one in numbers]
                   for numbers in (run.program.web_processes, run.program.worker_processes))  # fmt: skip
    print(f"\nmemory (PSS): program {megabytes(sum(web))} in {len(web)} processes, the largest "
          f"{megabytes(max(web))}; worker {megabytes(sum(worker))}")  # fmt: skip


def _said(run: Run) -> bool:
    """Say what was wrong and whether all savings are there; tell whether all is right."""
    accounts, faults = run.accounts(), sum(run.seen.faults.values())
    print(f"\n{faults} wrong answers", *run.seen.said, sep="\n    ")
    print(*accounts, sep="\n", flush=True)
    return not faults and all(one.is_right for one in accounts)


if __name__ == "__main__":
    sys.exit(main())
