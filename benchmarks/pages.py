"""How long pages take over 20,000 talks, as a multiple of an empty page of the same run.

.venv/bin/python -m benchmarks.pages [talks]
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from sqlalchemy import event

from benchmarks import stress
from config import SuiteSettings
from crm import create_app
from crm.access import Permission, Role, requires
from crm.accounts import passwords
from crm.accounts.models import User
from crm.db import db, today

ROUNDS = 15
EMAIL, PASSWORD = "probe@kikz.example", "Sieben-Zwerge-42"


def main() -> None:
    """Build the database, measure, print a table."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else stress.TALKS
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(SuiteSettings(f"sqlite:///{Path(folder) / 'stress.sqlite3'}"))
        app.add_url_rule("/leer", "leer", requires(Permission.SIGNED_IN)(lambda: "leer"))
        busy, seconds = _fill(app, number)
        print(f"{number} talks stored in {seconds:.1f} s; median of {ROUNDS} rounds\n")
        _measure(app, busy)


def _fill(app: Flask, number: int) -> tuple[int, float]:
    app.test_cli_runner().invoke(args=["setup", "--no-account"])
    begin = time.perf_counter()
    with app.app_context():
        roles = frozenset({Role.MANAGER, Role.ADVISER})
        author = User(email=EMAIL, name="Pia Probe", roles=roles, must_change_password=False)
        author.password_hash = passwords.hashed(PASSWORD)
        db.session.add(author)
        db.session.flush()
        busy = stress.fill(author, number)
        db.session.commit()
        db.session.execute(db.text("ANALYZE"))
        db.session.commit()
        db.session.remove()
    return busy, time.perf_counter() - begin


def _pages(busy: int) -> list[tuple[str, str]]:
    year, long_ago = today().year, today().year - stress.YEARS
    return [
        ("start page", "/"),
        ("list of talks", "/beratungen"),
        ("list of talks, words", "/beratungen?q=Zeitplan"),
        ("list of Kommunen", "/kommunen"),
        ("busiest Kommune", f"/kommunen/{busy}"),
        ("new talk", "/beratungen/neu"),
        ("follow-ups", "/wiedervorlagen"),
        ("report, a year", f"/berichte/taetigkeit?von=01.01.{year}&bis=31.12.{year}"),
        ("report, ten years", f"/berichte/taetigkeit?von=01.01.{long_ago}&bis=31.12.{year}"),
        ("records, ten years", f"/berichte/taetigkeit/datensaetze?was=teilnahmen&von=01.01.{long_ago}"),
        ("report as XLSX", f"/berichte/taetigkeit.xlsx?von=01.01.{year}&bis=31.12.{year}"),
    ]


def _measure(app: Flask, busy: int) -> None:
    client = app.test_client()
    page = client.get("/anmelden").get_data(as_text=True)
    token = page.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]
    sent = {"email": EMAIL, "password": PASSWORD, "csrf_token": token}
    assert client.post("/anmelden", data=sent).status_code == 303
    yardstick, _none = _median(app, lambda: client.get("/leer"))
    print(f"{'page':<24}{'ms':>9}{'× empty':>10}{'statements':>12}{'kB':>8}")
    print(f"{'empty page':<24}{yardstick:>9.1f}{1:>10.1f}")
    for name, address in _pages(busy):
        answer = client.get(address)
        if answer.status_code != 200:
            print(f"{name:<24}  answered {answer.status_code}")
            continue
        taken, statements = _median(app, lambda address=address: client.get(address))  # type: ignore[misc]
        size = len(answer.get_data()) / 1000
        print(f"{name:<24}{taken:>9.1f}{taken / yardstick:>10.1f}{statements:>12}{size:>8.0f}")


def _median(app: Flask, action: Callable[[], object]) -> tuple[float, int]:
    """Give the median in milliseconds and the statements of one call."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    action()
    event.remove(engine, "before_cursor_execute", note)
    times = []
    for _round in range(ROUNDS):
        begin = time.perf_counter()
        action()
        times.append(1000 * (time.perf_counter() - begin))
    return statistics.median(times), sum(1 for one in seen if not one.startswith(("BEGIN", "PRAGMA")))


if __name__ == "__main__":
    main()
