"""How long pages take after many busy years, beside an empty page of the same application in the same run.

.venv/bin/python -m benchmarks.pages [--database sqlite|postgresql|both] [--tenfold] [--all-states]
PostgreSQL needs a server: tools/with-pg.sh .venv/bin/python -m benchmarks.pages --database both
"""

import argparse
import gc
import re
import secrets
import statistics
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from flask.testing import FlaskClient

from benchmarks.happenings import addresses as happenings
from benchmarks.register import store_all_states
from benchmarks.shelf import addresses as shelf
from benchmarks.stage import DATABASES, EMPTY, Stage, stage
from benchmarks.stress import NOTE, Landmarks, Size, fill
from crm.db import today
from crm.garbage import settle

Action = Callable[[FlaskClient], Any]
RECORD, SEARCH, OTHER = "list or record", "search", "other"
# What is aimed at: milliseconds in the middle; for lists and records also how often the empty page fits in.
AIMS = {RECORD: 10, SEARCH: 100, OTHER: None}
MOST_STATEMENTS, MOST_RATIO, MOST_GROWTH, MOST_BYTES = 20, 15, 1.2, 150_000
# A page that is shorter by more than this at a tenth of the data says nothing about growth.
SHORTER = 1.1
HEAD = f"{'':<26}{'ms':>8}{'p95':>8}{'busy':>8}{'× empty':>9}{'statements':>12}{'kB':>6}"


@dataclass(frozen=True)
class Entry:
    """Something to measure: what it is called, of which kind it is, and the request."""

    name: str
    kind: str
    action: Action
    saves: bool = False


@dataclass
class Times:
    """What was measured of one entry, in milliseconds, beside the empty page and a tenth of the data.

    `busy` is the time the program itself worked: what others do on the machine does not count.
    """

    entry: Entry
    statements: int
    kilobytes: float
    less_kilobytes: float = 0
    all: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)
    empty: list[float] = field(default_factory=list)
    less: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        """Give the middle."""
        return statistics.median(self.all)

    @property
    def ratio(self) -> float:
        """Say how often the middle of the empty page fits into what 95 of 100 requests stay below."""
        return self.late / statistics.median(self.empty)

    @property
    def growth(self) -> float:
        """Give the cost as a multiple of that at a tenth of the data."""
        return self.median / statistics.median(self.less)

    @property
    def grows(self) -> str:
        """Say so where the aim is missed, and where a tenth of the data makes a shorter page anyway."""
        if self.entry.kind != RECORD or self.growth <= MOST_GROWTH:
            return ""
        return " grows" if self.kilobytes <= SHORTER * self.less_kilobytes else " shows more"

    @property
    def late(self) -> float:
        """Give what 95 of 100 requests stay below."""
        return statistics.quantiles(self.all, n=20, method="inclusive")[-1]

    @property
    def misses(self) -> list[str]:
        """Name the aims that were missed."""
        aim = AIMS[self.entry.kind]
        checks = {
            f"over {aim} ms": aim is not None and self.median > aim,
            f"p95 over {MOST_RATIO} ×": self.entry.kind == RECORD and self.ratio > MOST_RATIO,
            f"over {MOST_STATEMENTS} statements": self.statements > MOST_STATEMENTS and not self.entry.saves,
        }
        return [name for name, missed in checks.items() if missed]

    def __str__(self) -> str:
        busy = statistics.median(self.busy)
        numbers = f"{self.median:>8.1f}{self.late:>8.1f}{busy:>8.1f}{self.ratio:>9.1f}"
        more = f"{self.statements:>12}{self.kilobytes:>6.0f}  {', '.join(self.misses)}"
        return f"{self.entry.name:<26}{numbers}{more}".rstrip()


def main() -> None:
    """Measure on each database and print."""
    options = _options()
    for name in DATABASES if options.database == "both" else (options.database,):
        with ExitStack() as stack:
            whole = stack.enter_context(stage(name))
            small = stack.enter_context(stage(name)) if options.tenfold else None
            known = _filled(whole, Size(), options.all_states)
            few = _filled(small, Size().tenth, options.all_states) if small else None
            print(f"\n{name}, {Size()}, {options.rounds} rounds\n\n{HEAD}{'  × a tenth' if small else ''}")
            _measure(whole, known, small, few, options)
            print(f"\n{'first load':<26}{_first_load(whole) / 1000:>8.1f} kB, aim {MOST_BYTES / 1000:.0f}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=(*DATABASES, "both"), default="sqlite")
    parser.add_argument("--tenfold", action="store_true", help="also over a tenth of the data")
    parser.add_argument("--all-states", action="store_true", help="with all of Germany in the register")
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--only", default="", help="only what has this word in its name")
    return parser.parse_args()


def _filled(made: Stage, size: Size, all_states: bool) -> Landmarks:
    with made.app.app_context():
        known = fill(size)
        if all_states:
            store_all_states()
    made.sign_in()
    gc.collect()
    # As wsgi.py does before the first page.
    settle()
    return known


def _measure(
    whole: Stage, known: Landmarks, small: Stage | None, few: Landmarks | None, options: argparse.Namespace
) -> None:
    """Measure the entries one after the other."""
    others = entries(few, small.token) if small and few else None
    for entry in entries(known, whole.token):
        beside = (small, next(others).action) if small and others else None
        if options.only not in entry.name:
            continue
        times = timed(whole, entry, options.rounds, beside)
        growth = f"{times.growth:>11.2f}{times.grows}" if beside else ""
        print(f"{times}{growth}", flush=True)


def timed(made: Stage, entry: Entry, rounds: int, beside: tuple[Stage, Action] | None = None) -> Times:
    """Send a request many times, in turns with the yardstick and with `beside`: all see the same machine."""
    answer, statements = made.counted(entry.action)
    wanted = 303 if entry.saves else 200
    assert answer.status_code == wanted, f"{entry.name} answered {answer.status_code}"
    times = Times(entry, statements, len(answer.get_data()) / 1000)
    if beside:
        times.less_kilobytes = len(beside[0].counted(beside[1])[0].get_data()) / 1000
    for _round in range(rounds):
        times.empty.append(made.milliseconds(_empty)[0])
        whole, busy = made.milliseconds(entry.action)
        times.all.append(whole)
        times.busy.append(busy)
        if beside:
            times.less.append(beside[0].milliseconds(beside[1])[0])
    return times


def _empty(client: FlaskClient) -> Any:
    return client.get(EMPTY)


def _page(name: str, address: str, kind: str = RECORD) -> Entry:
    return Entry(name, kind, lambda client: client.get(address))


def entries(known: Landmarks, token: str) -> Iterator[Entry]:
    """Everything that is measured, lists first."""
    year = f"01.01.{today().year}"
    yield _page("empty page", EMPTY)
    yield _page("start page", "/")
    yield _page("list of talks", "/beratungen")
    yield _page("list of talks, page 200", "/beratungen?seite=200", OTHER)
    yield _page("list of talks, words", "/beratungen?q=Zeitplan", SEARCH)
    yield _page("list of Kommunen", "/kommunen")
    yield _page("list of Kommunen, words", "/kommunen?q=bad", SEARCH)
    yield _page("list of people", "/kontakte")
    yield _page("list of people, words", "/kontakte?q=henkel", SEARCH)
    yield from _columns()
    yield _page("follow-ups", "/wiedervorlagen")
    yield _page("task fields", "/aufgabenfelder")
    yield _page("keys", "/tastatur", OTHER)
    yield _page("talk beside the list", f"/beratungen/{known.six}/vorschau")
    yield from _records(known)
    yield from _groups(known)
    yield from (_page(name, address) for name, address in happenings(known.congress).items())
    for name, address in shelf(known.group_six).items():
        yield _page(name, address, SEARCH if "finder" in name else RECORD)
    yield from _typing(known)
    yield from _searching()
    yield from _forms(known, token)
    yield _page("report, a year", f"/berichte/taetigkeit?von={year}", OTHER)
    yield Entry("500 talks, preview", OTHER, lambda client: _look(client, token))
    yield Entry("500 talks, follow-ups", OTHER, lambda client: _promise(client, token), saves=True)


def _searching() -> Iterator[Entry]:
    """The palette after three letters, a slip, words of notes, filters; and the page of hits."""
    for name, question in (
        ("3 letters", "mar"), ("2 letters", "ma"), ("name", "henkel"), ("misspelt", "Marbrug"),
        ("nothing like it", "Qxyzwvut"), ("words of notes", "Zeitplan angepasst"),
        ("common words", "Kosten Bauhof"), ("phrase", '"Satzung. Die Gremien"'),
        ("filters", "bauhof von:pia art:beratung letztes Jahr"), ("days", "letzten Monat"),
        ("key", "06534014"),
    ):  # fmt: skip
        asked = urlencode({"q": question})
        yield _page(f"such: {name}", f"/suche/treffer?{asked}", SEARCH)
    yield _page("such: nothing typed", "/suche/treffer", SEARCH)
    yield _page("such page, 3 letters", "/suche?q=mar", SEARCH)
    yield _page("such page, words", "/suche?q=Zeitplan", SEARCH)
    yield _page("such page, all talks", "/suche?q=Bauhof&art=beratung", SEARCH)


def _columns() -> Iterator[Entry]:
    """Lists with every column that is computed, and ordered by one of them."""
    groups, events = "/kooperationen/liste?stand=alle", "/veranstaltungen?zeit=alle"
    addresses = {
        "talks, computed": "/beratungen?spalten=day,group,participations,follow-ups,next",
        "talks, next date": "/beratungen?sortierung=next&spalten=places,next",
        "talks, minutes": "/beratungen?sortierung=-minutes",
        "Kommunen, computed": "/kommunen?spalten=last,days,follow-ups,next,groups",
        "Kommunen, last talk": "/kommunen?sortierung=-last",
        "Kommunen, open": "/kommunen?sortierung=-follow-ups&spalten=follow-ups",
        "people, computed": "/kontakte?spalten=function,last,follow-ups,ends",
        "people, last talk": "/kontakte?sortierung=-last&spalten=function,last",
        "groups, computed": f"{groups}&spalten=stage,talk,next,follow-ups,fields",
        "events, computed": f"{events}&spalten=day,seats,fields,group,came,kommunen",
    }
    yield from (_page(f"list of {name}", address, OTHER) for name, address in addresses.items())


def _records(known: Landmarks) -> Iterator[Entry]:
    yield _page("busiest Kommune", f"/kommunen/{known.busiest}")
    yield _page("average Kommune", f"/kommunen/{known.average}")
    yield _page("talk, 6 and long history", f"/beratungen/{known.six}")
    yield _page("talk, 50", f"/beratungen/{known.fifty}")
    yield _page("person", f"/kontakte/{known.person}")


def _groups(known: Landmarks) -> Iterator[Entry]:
    six, twenty = (f"/kooperationen/{number}" for number in (known.group_six, known.group_twenty))
    yield _page("board of groups", "/kooperationen")
    yield _page("list of groups", "/kooperationen/liste")
    yield _page("list of all groups", "/kooperationen/liste?stand=alle")
    yield _page("list of groups, last talk", "/kooperationen/liste?stand=alle&sortierung=-talk")
    yield _page("list of groups, session", "/kooperationen/liste?stand=alle&sortierung=session")
    yield _page("list of groups, words", "/kooperationen/liste?stand=alle&q=bauhof", SEARCH)
    yield _page("group, 6 partners", six)
    yield _page("group, 20 partners", twenty)
    yield _page("its funding, 6", f"{six}/foerderung")
    yield _page("its funding, 20", f"{twenty}/foerderung")
    yield _page("its contract, 20", f"{twenty}/verfahren")
    yield _page("its partner search, 6", f"{six}/partnersuche")
    yield _page("its partner search, 20", f"{twenty}/partnersuche")
    yield _page("its history, 20", f"{twenty}/aenderungen", OTHER)
    yield _page("calendar of sessions", "/kooperationen/sitzungen")
    yield _page("deadlines", "/fristen")


def _typing(known: Landmarks) -> Iterator[Entry]:
    yield _page("typing a Kommune", "/kommunen/suche?q=mar", SEARCH)
    yield _page("typing one letter", "/kommunen/suche?q=b", SEARCH)
    yield _page("typing a misspelt name", "/kommunen?q=Marbrug", SEARCH)
    yield _page("typing a person", "/kontakte/suche?q=henkel", SEARCH)
    yield _page("typing one of a Kommune", f"/kontakte/suche?q=he&organisation={known.busiest}", SEARCH)
    yield _page("typing a task field", "/aufgabenfelder/suche?q=bau", SEARCH)
    yield _page("typing a group", "/kooperationen/suche?q=bauhof", SEARCH)
    yield _page("typing a group, one letter", "/kooperationen/suche?q=b", SEARCH)


def _forms(known: Landmarks, token: str) -> Iterator[Entry]:
    yield _page("talk form, new", "/beratungen/neu", OTHER)
    yield _page("talk form, edit 6", f"/beratungen/{known.six}/bearbeiten", OTHER)
    yield _page("talk form, edit 50", f"/beratungen/{known.fifty}/bearbeiten", OTHER)
    yield Entry("save a talk with 6", OTHER, lambda client: _save(client, known, token), saves=True)
    yield Entry("reading a quick line", SEARCH, lambda client: _quick(client, token, "/kurzzeile/lesen"))
    yield Entry("saving a quick line", OTHER, lambda client: _quick(client, token, "/kurzzeile"), saves=True)


def _look(client: FlaskClient, token: str, **more: str) -> Any:
    """Look at what a follow-up for each of 500 talks would be."""
    picked = "&".join(f"nummer={number}" for number in range(1, 501))
    sent = {"csrf_token": token, "text": NOTE[:80], "due_on": "1.12.2090", "owner_id": "1"}
    return client.post(f"/auswahl/beratungen/wiedervorlage?{picked}", data=sent | more)


def _promise(client: FlaskClient, token: str) -> Any:
    """Look at it and say yes."""
    mark = re.search(r'name="mark"[^>]*value="([^"]+)"', _look(client, token).get_data(as_text=True))
    return _look(client, token, mark=mark[1] if mark else "", once=secrets.token_urlsafe(32))


def _save(client: FlaskClient, known: Landmarks, token: str) -> Any:
    """Send the form of a new talk, as a browser does."""
    sent: dict[str, Any] = {
        "csrf_token": token, "once": secrets.token_urlsafe(32), "organisations": known.parties,
        "held_on": f"{today():%d.%m.%Y}", "kind": "group", "channel": "on-site", "note": NOTE,
        "duration_minutes": "60", "staff": "1", "task_fields": "2", "anyway": "1",
    }  # fmt: skip
    for number, place in enumerate(known.parties):
        sent |= {f"parties-{number}-organisation": place, f"parties-{number}-presence": "present"}
    return client.post("/beratungen/neu", data=sent)


def _quick(client: FlaskClient, token: str, address: str) -> Any:
    """Send a line as the first page does while one types, or when Enter is pressed."""
    line = "gestern Tel. Cölbe, Lahntal, Homberg (Efze): Bauhof, 30 min, WV 15.12. Satzung prüfen"
    sent = {"csrf_token": token, "once": secrets.token_urlsafe(32), "line": line, "anyway": "1"}
    return client.post(address, data=sent)


def _first_load(made: Stage) -> int:
    """Add up what a browser that has nothing yet fetches for the start page."""
    zipped = {"Accept-Encoding": "gzip"}
    page = made.client.get("/", headers=zipped)
    addresses = {one.partition("#")[0] for one in re.findall(r'"(/static/[^"]+)"', made.client.get("/").text)}
    files = [made.client.get(one, headers=zipped) for one in addresses]
    return sum(len(one.get_data()) for one in (page, *files))


if __name__ == "__main__":
    main()
