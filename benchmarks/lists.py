"""How long old lists take: five thousand talks checked, taken over, checked again and taken back.

.venv/bin/python -m benchmarks.lists [--database sqlite|postgresql|both] [--rows 5000]
"""

import argparse
import csv
import io
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from benchmarks.stage import DATABASES, place
from config import SuiteSettings
from crm import create_app
from crm.db import db
from crm.imports import services
from crm.imports.kinds import TALKS
from crm.imports.models import ImportRun

HEAD = ("Datum", "Art", "Kommunen", "Teilnehmer", "Thema", "Dauer", "Ergebnis", "WV", "Bearb.")
# Every fifth row is doubtful, as in lists of offices; every seventh names eleven places.
CELLS = (
    "Cölbe, Lahntal u. Wetter", "Homberg/Efze\nKnüllwald", "Bad Homburg v.d.H. + Oberursel",
    "MKK, Stadt Hanau",
    "Krichheim, Oberaula", "Mörfelden-W., Kelsterbach, Raunheim",
    "Lich, Laubach, Hungen, Grünberg, Buseck, Reiskirchen, Linden, Pohlheim, Lollar, Staufenberg, Rabenau",
)  # fmt: skip
WAYS, LENGTHS = ("Tel.", "Ortstermin", "Gruppe", "E-Mail", "VA"), ("1,5 h", "120'", "3:00", "1 1/2 Std.", "")
MOST_SECONDS = 10


def old_list(rows: int) -> bytes:
    """Make an old list of talks, one for each day."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(HEAD)
    for number in range(rows):
        day = f"{date(2008, 1, 1) + timedelta(days=number):%d.%m.%Y}"
        cell, way = CELLS[number % len(CELLS)], WAYS[number % len(WAYS)]
        length, topic = LENGTHS[number % len(LENGTHS)], f"Bauhof {number}"
        writer.writerow((day, way, cell, "2 Bgm., 1 AL", topic, length, "melden sich", "erl.", "KH"))
    return out.getvalue().encode("cp1252")


def main() -> None:
    """Measure on each database and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=(*DATABASES, "both"), default="sqlite")
    parser.add_argument("--rows", type=int, default=5000)
    options = parser.parse_args()
    for name in DATABASES if options.database == "both" else (options.database,):
        with place(name) as url:
            app = create_app(SuiteSettings(url))
            app.test_cli_runner().invoke(args=["setup", "--no-account"])
            with app.test_request_context("/"):
                print(f"\n{name}, {options.rows} rows of talks")
                _measure(old_list(options.rows))
                db.session.remove()
                db.engine.dispose()


def _measure(content: bytes) -> None:
    plan = _timed("check", lambda: _plan(content), MOST_SECONDS)
    run = _timed("take over", lambda: _taken(plan))
    again = _timed("check again", lambda: _plan(content), MOST_SECONDS)
    assert again.changes_nothing
    _timed("take back", lambda: _undone(run))
    print(plan.summary.as_json())


def _timed(what: str, work: Callable[[], Any], most: float | None = None) -> Any:
    begin = time.perf_counter()
    found = work()
    seconds = time.perf_counter() - begin
    over = "  over the aim" if most is not None and seconds > most else ""
    print(f"{what:<16}{seconds:>8.2f} s{over}", flush=True)
    return found


def _plan(content: bytes) -> Any:
    table = services.table_of(content, "alt.csv")
    return services.plan_of(table, services.mapping_of(table, None, TALKS)[0], kind=TALKS)


def _taken(plan: Any) -> ImportRun | None:
    run = services.take_over(plan, "alt.csv", None, TALKS)
    db.session.commit()
    return run


def _undone(run: ImportRun) -> None:
    services.undo(run, None)
    db.session.commit()


if __name__ == "__main__":
    main()
