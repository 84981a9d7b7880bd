"""How long reports take after many busy years, beside one hand-written statement for the same table.

.venv/bin/python -m benchmarks.reports [--database sqlite|postgresql|both] [--tenfold]
PostgreSQL needs a server: tools/with-pg.sh .venv/bin/python -m benchmarks.reports --database both
"""

import argparse
import gc
import gzip
import statistics
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date
from typing import Any

from flask_login import login_user
from sqlalchemy import select, text

from benchmarks.stage import DATABASES, EMAIL, EMPTY, Stage, stage
from benchmarks.stress import Size, fill
from crm.accounts.models import User
from crm.db import db, today
from crm.garbage import settle
from crm.reports import REPORTS
from crm.reports.period import Period
from crm.reports.scope import Scope
from crm.reports.sheet import plain
from crm.reports.talks.activity import areas, counting, territory
from crm.reports.talks.activity import read as activity

MOST_STATEMENTS, MOST_SECONDS, MOST_TIMES, MOST_GROWTH, MOST_BYTES = 20, 1.0, 3, 12, 250_000
# The table by county: talks, participations and distinct Kommunen where each lay on the day of the talk.
BY_COUNTY = text("""
    SELECT COALESCE(county.id, place.id) AS area, COUNT(DISTINCT talk.id), COUNT(part.id),
           COUNT(DISTINCT part.organisation_id)
    FROM consultations AS talk
    JOIN participations AS part
        ON part.consultation_id = talk.id AND part.presence IN ('present', 'represented')
    JOIN organisations AS place
        ON place.id = part.organisation_id AND place.level IN ('municipality', 'county')
    LEFT JOIN memberships AS inside ON inside.organisation_id = place.id
        AND (inside.valid_from IS NULL OR inside.valid_from <= talk.held_on)
        AND (inside.valid_to IS NULL OR inside.valid_to >= talk.held_on)
        AND inside.parent_id IN (SELECT id FROM organisations WHERE level = 'county')
    LEFT JOIN organisations AS county ON county.id = inside.parent_id
    WHERE talk.state = 'held' AND talk.removed_at IS NULL AND talk.held_on BETWEEN :since AND :until
    GROUP BY COALESCE(county.id, place.id)
""")


def main() -> None:
    """Measure on each database and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=(*DATABASES, "both"), default="sqlite")
    parser.add_argument("--tenfold", action="store_true", help="also over a tenth of the data")
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    for name in DATABASES if options.database == "both" else (options.database,):
        with ExitStack() as stack:
            whole = _filled(stack.enter_context(stage(name)), Size())
            few = _filled(stack.enter_context(stage(name)), Size().tenth) if options.tenfold else None
            print(f"\n{name}, {Size()}, {options.rounds} rounds")
            for title, period in _periods():
                _against_sql(whole, few, title, period, options.rounds)
            _pages(whole, options.rounds)


def _periods() -> list[tuple[str, Period]]:
    year = today().year - 1
    return [
        ("last year", Period(date(year, 1, 1), date(year, 12, 31))),
        ("ten years", Period(date(year - 9, 1, 1), today())),
    ]


def _filled(made: Stage, size: Size) -> Stage:
    with made.app.app_context():
        fill(size)
    made.sign_in()
    gc.collect()
    settle()
    return made


def _against_sql(whole: Stage, few: Stage | None, title: str, period: Period, rounds: int) -> None:
    """Compare the table by county and the whole sheet with one statement, and with a tenth of the data."""
    found = {}
    for name, made in (("whole", whole), ("few", few)):
        if made is not None:
            with made.app.test_request_context():
                user = db.session.scalar(select(User).where(User.email == EMAIL))
                login_user(user)
                _same(user, period)
                found[name] = _medians(_steps(user, period), rounds)
    sql, table, sheet = found["whole"]
    print(f"\n{title}: one statement {sql:.0f} ms")
    print(f"the table {table:.0f} ms, {table / sql:.1f} × the statement (aim {MOST_TIMES})")
    print(
        f"the whole report {sheet:.0f} ms (aim {MOST_SECONDS * 1000:.0f}), {sheet / sql:.1f} × the statement"
    )
    if "few" in found:
        print(f"ten times the data: {sheet / found['few'][2]:.1f} × (aim {MOST_GROWTH})")


def _steps(user: Any, period: Period) -> tuple[Callable[[], Any], ...]:
    scope = Scope(period)
    return (lambda: _statement(period), lambda: _table(user, scope), lambda: activity(user, scope).sheet)


def _statement(period: Period) -> dict[str, list[Any]]:
    rows = db.session.execute(BY_COUNTY, {"since": period.since, "until": period.until})
    return {str(row[0]): list(row[1:]) for row in rows}


def _table(user: Any, scope: Scope) -> Any:
    land = territory.load()
    return areas.table(counting.load(user, scope, land), scope, land)


def _same(user: Any, period: Period) -> None:
    """Both count the same, else the comparison says nothing."""
    table = _table(user, Scope(period))
    shown = {row[1].link["gebiet"]: [plain(cell) for cell in row[1:4]] for row in table.rows if row[2].value}
    assert shown == _statement(period), "the statement and the report differ"


def _medians(steps: tuple[Callable[[], Any], ...], rounds: int) -> list[float]:
    """Let them take turns, so that all see the same machine; milliseconds."""
    seen: list[list[float]] = [[] for _step in steps]
    for _round in range(rounds):
        for step, times in zip(steps, seen, strict=True):
            begin = time.perf_counter()
            step()
            times.append((time.perf_counter() - begin) * 1000)
            db.session.rollback()
    return [statistics.median(one) for one in seen]


def _pages(made: Stage, rounds: int) -> None:
    """Open every report, and the map, as a browser does."""
    since = f"01.01.{today().year - 1}"
    addresses = {slug: f"/berichte/{slug}?von={since}&bis=31.12.{today().year - 1}" for slug in REPORTS}
    addresses |= {"karte": f"/berichte/karte?von={since}"}
    print(f"\n{'page':<20}{'ms':>8}{'× empty':>9}{'statements':>12}{'kB':>8}{'kB gzip':>9}")
    for name, address in addresses.items():
        answer, statements = made.counted(lambda client, here=address: client.get(here))  # type: ignore[misc]
        assert answer.status_code == 200, f"{name} answered {answer.status_code}"
        times, empty = [], []
        for _round in range(rounds):
            empty.append(made.milliseconds(lambda client: client.get(EMPTY))[0])
            times.append(made.milliseconds(lambda client, here=address: client.get(here))[0])  # type: ignore[misc]
        body, middle = answer.get_data(), statistics.median(times)
        packed = len(gzip.compress(body)) / 1000
        missed = " over the limit" if statements > MOST_STATEMENTS or packed > MOST_BYTES / 1000 else ""
        print(
            f"{name:<20}{middle:>8.0f}{middle / statistics.median(empty):>9.1f}{statements:>12}"
            f"{len(body) / 1000:>8.0f}{packed:>9.0f}{missed}"
        )


if __name__ == "__main__":
    main()
