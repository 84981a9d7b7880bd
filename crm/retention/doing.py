"""See what is due under which rule, and do it. The list and the run are one: the run does what is listed.

What a day missed, the next does; a clock set back brings nothing forward.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, inspect, select

from crm import jobs
from crm.db import BERLIN, db, now
from crm.retention import queries
from crm.retention.models import RetentionRun
from crm.retention.rules import RULES, Rule

DUTY = "retention"
CHUNK = 500
BEGINNING = datetime.min.replace(tzinfo=UTC)
Numbers = tuple[Any, ...]


@dataclass(frozen=True)
class Due:
    """One piece of what is due under a rule: numbers, no names; `place` is number and title of an event."""

    rule: Rule
    numbers: Numbers
    place: tuple[int, str] | None = None
    # Asked once more when it goes: a session may have been used since the list was made.
    limit: datetime = field(default=BEGINNING, compare=False)

    @property
    def event_id(self) -> int:
        """Number of the event it belongs to; 0 for none."""
        return self.place[0] if self.place else 0


@dataclass(frozen=True)
class Doing:
    """How a rule is done.

    `query` selects what is due before a moment: its number, and number and title of its event where that
    matters. `names` gives it where it stands in no table. `forget` does one piece and gives how many it were.
    """

    forget: Callable[[Due], int]
    query: Callable[[datetime], Select[*tuple[Any, ...]]] | None = None
    names: Callable[[datetime], list[str]] | None = None


DOINGS: dict[str, Doing] = {}
# What follows from what went and has no period of its own.
AFTERWARDS: list[Callable[[], Any]] = []


def deletes(key: str, model: Any, moment: Any, *more: ColumnElement[bool]) -> None:
    """Let rows of a table go once a moment of theirs is past the limit."""

    number = inspect(model).primary_key[0]

    def query(limit: datetime) -> Select[*tuple[Any, ...]]:
        return select(number).where(moment < limit, *more).order_by(number)

    def forget(due: Due) -> int:
        there = number.in_(query(due.limit).where(number.in_(due.numbers)).scalar_subquery())
        gone = delete(model).where(there).execution_options(synchronize_session="fetch")
        return int(db.session.execute(gone).rowcount)  # type: ignore[attr-defined]

    DOINGS[key] = Doing(forget, query)


def acting() -> list[Rule]:
    """Rules that do something, in the order in which they do it."""
    return [rule for key, rule in RULES.items() if key in DOINGS]


def due(at: datetime | None = None, keys: Collection[str] | None = None) -> list[Due]:
    """What is due at a moment, in the order in which it goes; rules that are stopped have nothing due."""
    known, found = queries.settings(), []
    for rule in acting():
        if (keys is None or rule.key in keys) and queries.is_on(rule.key, known):
            found += _due_of(rule, queries.limit(rule.key, at, known))
    return found


def _due_of(rule: Rule, limit: datetime) -> list[Due]:
    doing = DOINGS[rule.key]
    by_place: dict[tuple[int, str] | None, list[Any]] = defaultdict(list)
    if doing.query is not None:
        rows = db.session.execute(doing.query(limit).execution_options(include_removed=True))
        for number, *place in rows:
            by_place[(place[0], place[1]) if place else None].append(number)
    else:
        by_place[None] = _names_of(rule, limit)
    return [Due(rule, part, place, limit) for place, numbers in by_place.items() for part in _parts(numbers)]


def _parts(numbers: list[Any]) -> Iterator[Numbers]:
    for start in range(0, len(numbers), CHUNK):
        yield tuple(numbers[start : start + CHUNK])


def counts(moments: list[datetime], keys: Collection[str] | None = None) -> dict[str, list[int]]:
    """How many are due at each of some moments, by rule, whether it is stopped or not: one statement."""
    known = queries.settings()
    found: dict[str, list[int]] = {}
    asked: dict[tuple[str, int], Any] = {}
    for rule in (one for one in acting() if keys is None or one.key in keys):
        limits, query = [queries.limit(rule.key, at, known) for at in moments], DOINGS[rule.key].query
        found[rule.key] = [len(_names_of(rule, limit)) for limit in limits]
        for place, limit in enumerate(limits if query else ()):
            due = query(limit).order_by(None).subquery()  # type: ignore[misc]
            asked[rule.key, place] = select(func.count()).select_from(due).scalar_subquery()
    if asked:
        row = db.session.execute(select(*asked.values()).execution_options(include_removed=True)).one()
        for (key, place), number in zip(asked, row, strict=True):
            found[key][place] = number
    return found


def _names_of(rule: Rule, limit: datetime) -> list[str]:
    names = DOINGS[rule.key].names
    return names(limit) if names else []


def run(at: datetime | None = None, keys: Collection[str] | None = None, by: Any = None) -> list[Due]:
    """Do all that is due, each piece in a transaction of its own; give what was done, and keep its counts."""
    if not queries.is_switched_on():
        return []
    moment, gone = at or now(), dict.fromkeys(DOINGS, 0)
    done = []
    listed = due(moment, keys)
    db.session.rollback()
    for one in listed:
        if jobs.stopping():
            break
        gone[one.rule.key] += DOINGS[one.rule.key].forget(one)
        db.session.commit()
        done.append(one)
    for follow in AFTERWARDS:
        follow()
    _note(moment, {key: number for key, number in gone.items() if number}, by)
    db.session.commit()
    return done


def _note(at: datetime, counts: dict[str, int], by: Any) -> None:
    """Keep the protocol; of runs in which nothing went only the last stays."""
    last = queries.last_run()
    if last is not None and not last.records:
        db.session.delete(last)
    day = at.astimezone(BERLIN).date()
    number = sum(counts.values())
    db.session.add(RetentionRun(day=day, records=number, counts=counts, by_id=getattr(by, "id", None)))


@jobs.duty(DUTY)
def look() -> None:
    """Run once an hour; whether it is time is read from the protocol, so a restart changes nothing."""
    last, hour = queries.last_run(), now().replace(minute=0, second=0, microsecond=0)
    if last is None or not hour <= last.at <= now():
        run()
