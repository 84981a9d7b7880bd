"""How long it takes to find doubles among 10,000 people, and how many of the planted ones are found.

.venv/bin/python -m benchmarks.duplicates [--database sqlite|postgresql|both] [--people 10000]
Beside every figure stands a yardstick of the same run: all people and functions read, nothing compared.
The control counts planted doubles that were found (recall) and how much of what is called sure or likely
was planted (precision).
"""

import argparse
import random
import statistics
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import insert, select

from benchmarks.stage import DATABASES, EMAIL, EMPTY, NoServer, account, stage
from crm import folding
from crm.access import Role
from crm.contacts.models import Function, FunctionRole, MailBasis, Person
from crm.db import db, now
from crm.duplicates import queries, reading
from crm.duplicates.scoring import Level
from crm.organisations.models import KOMMUNEN, Organisation

MOST_SCAN, MOST_TYPING, MOST_STATEMENTS, ROUNDS = 5.0, 100.0, 6, 7
PLANTED = 300
FIRST = (
    "Thomas", "Petra", "Michael", "Sabine", "Andreas", "Susanne", "Stefan", "Claudia", "Peter",
    "Monika", "Klaus", "Andrea", "Martin", "Birgit", "Jürgen", "Karin", "Frank", "Heike", "Wolfgang",
    "Ute", "Uwe", "Silke", "Bernd", "Anja", "Dirk", "Kerstin", "Jens", "Katja", "Ralf", "Nicole",
    "Markus", "Julia", "Christian", "Anna", "Daniel", "Laura", "Jan", "Lena", "Tim", "Sarah", "Karl",
    "Helga", "Horst", "Ingrid", "Günter", "Renate", "Werner", "Gisela",
)  # fmt: skip
LAST = (
    "Müller", "Schmidt", "Schneider", "Fischer", "Weber", "Meyer", "Wagner", "Becker", "Schulz",
    "Hoffmann", "Schäfer", "Koch", "Bauer", "Richter", "Klein", "Wolf", "Schröder", "Neumann",
    "Schwarz", "Zimmermann", "Braun", "Krüger", "Hofmann", "Hartmann", "Lange", "Schmitt", "Krause",
    "Meier", "Lehmann", "Schmid", "Schulze", "Maier", "Köhler", "Herrmann", "König", "Walter", "Mayer",
    "Huber", "Kaiser", "Fuchs", "Peters", "Lang", "Scholz", "Möller", "Weiß", "Jung", "Hahn",
    "Schubert", "Vogel", "Friedrich", "Keller", "Günther", "Frank", "Berger", "Winkler", "Roth", "Beck",
    "Lorenz", "Baumann", "Franke",
)  # fmt: skip
ENDS = ("", "", "", "feld", "bach", "rath", "hausen", "dorfer", "stein", "brink", "kamp", "loh", "reuter")


def main() -> None:
    """Measure on each database and print; what is slower than promised fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=(*DATABASES, "both"), default="sqlite")
    parser.add_argument("--people", type=int, default=10_000)
    options = parser.parse_args()
    good = True
    for name in DATABASES if options.database == "both" else (options.database,):
        try:
            with stage(name) as house:
                good &= _measure(name, house, options.people)
        except NoServer as missing:
            print(f"{name}: {missing}")
    raise SystemExit(not good)


def _measure(name: str, house: Any, people: int) -> bool:
    with house.app.app_context():
        account(EMAIL, "Probe", {Role.ADVISER})
        planted = _fill(people)
        yardstick = _seconds(reading.people)
        scan, found = _seconds(queries.pairs), queries.pairs()
    house.sign_in()
    called = {(one.low, one.high) for one in found if one.verdict.level is not Level.POSSIBLE}
    recall, precision = len(planted & called) / len(planted), len(planted & called) / max(len(called), 1)
    address = (
        "/doppelte/bekannt?first_name=Petra&last_name=Schmidt&email=petra.schmidt@x.de&phone=01711234567"
    )
    typing, page, empty = (_milliseconds(house, one) for one in (address, "/doppelte", EMPTY))
    _answer, statements = house.counted(lambda client: client.get(address))
    print(
        f"{name}, {people} people: read {yardstick:.2f} s (yardstick), scan {scan:.2f} s "
        f"(at most {MOST_SCAN}), page {page:.0f} ms, an empty page {empty:.0f} ms (yardstick), "
        f"while typing {typing:.0f} ms (at most {MOST_TYPING:.0f}) in {statements} statements "
        f"(at most {MOST_STATEMENTS}), {len(found)} pairs, recall {recall:.1%}, precision {precision:.1%}"
    )
    return scan <= MOST_SCAN and typing <= MOST_TYPING and statements <= MOST_STATEMENTS and recall > 0.95


def _seconds(work: Callable[[], Any]) -> float:
    times = []
    for _round in range(ROUNDS):
        db.session.expunge_all()
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return statistics.median(times)


def _milliseconds(house: Any, address: str) -> float:
    """The median of several requests; the first one only warms up."""
    times = [house.milliseconds(lambda client: client.get(address))[0] for _round in range(ROUNDS + 1)]
    return statistics.median(times[1:])


def _fill(people: int) -> set[tuple[int, int]]:
    """Store people in office; give the numbers of planted doubles."""
    dice, places = random.Random(7), list(_places())
    rows = [_row(number, dice, places) for number in range(1, people - PLANTED + 1)]
    planted = set()
    for number in range(people - PLANTED + 1, people + 1):
        original = dice.choice(rows[: people - PLANTED])
        rows.append(_double(number, original, dice))
        planted.add((original[0]["id"], number))
    db.session.execute(insert(Person), [person for person, _function in rows])
    db.session.execute(insert(Function), [function for _person, function in rows])
    db.session.commit()
    return planted


def _places() -> Any:
    return db.session.scalars(select(Organisation.id).where(Organisation.level.in_(KOMMUNEN)))


def _row(number: int, dice: random.Random, places: list[int]) -> tuple[dict[str, Any], dict[str, Any]]:
    first, last, place = dice.choice(FIRST), dice.choice(LAST) + dice.choice(ENDS), dice.choice(places)
    mail = f"{first}.{last}{number}@ort{place}.example".lower() if dice.random() < 0.8 else None
    return _person(number, first, last), _function(number, place, mail)


def _double(number: int, original: Any, dice: random.Random) -> tuple[dict[str, Any], dict[str, Any]]:
    """The same person once more: with a slip, an initial, turned round, with umlauts written out."""
    person, function = original
    first, last = person["first_name"], person["last_name"]
    ways = (
        (first, last),
        (last, first),
        (first, last.replace("ü", "ue").replace("ö", "oe").replace("ä", "ae")),
        (first, last[:2] + last[3:] if len(last) > 5 else last),
        (f"{first} Maria", last),
        (first, f"{last}-Schmidtke"),
    )
    first, last = dice.choice(ways)
    mail = function["email"] if dice.random() < 0.5 else None
    return _person(number, first, last), _function(number, function["organisation_id"], mail)


def _person(number: int, first: str, last: str) -> dict[str, Any]:
    return {
        "id": number, "version": 1, "created_at": now(), "updated_at": now(), "first_name": first,
        "last_name": last, "mail_basis": MailBasis.OFFICE, "sort_key": folding.name_key(last, first),
        "search_text": folding.search_text(f"{first} {last}"),
    }  # fmt: skip


def _function(number: int, place: int, mail: str | None) -> dict[str, Any]:
    return {
        "person_id": number, "organisation_id": place, "role": FunctionRole.OTHER, "email": mail,
        "is_head": False, "version": 1, "created_at": now(), "updated_at": now(), "title": "Büroleitung",
    }  # fmt: skip


if __name__ == "__main__":
    main()
