"""See what is due under which rule, and do it. The list and the run are one: the run does what is listed.

What a day missed, the next does; a clock set back brings nothing forward.
"""

import logging
import secrets
from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, inspect, select

from crm import jobs
from crm.db import BERLIN, chunks, db, now
from crm.retention import queries
from crm.retention.models import RetentionRun
from crm.retention.rules import RULES, Rule

log = logging.getLogger("kikz")
DUTY = "retention"
CHUNK = 500
BEGINNING = datetime.min.replace(tzinfo=UTC)
Numbers = tuple[Any, ...]
Query = Callable[[datetime], Select[*tuple[Any, ...]]]


@dataclass(frozen=True)
class Due:
    """One piece of what is due under a rule: numbers, no names; `place` is number and title of an event."""

    rule: Rule
    numbers: Numbers
    place: tuple[int, str] | None = None
    # Asked once more when it goes: a session may have been used since the list was made.
    limit: datetime = field(default=BEGINNING, compare=False)
    # None for what the area of the rule does, else one of those beside it.
    doing: "Doing | None" = field(default=None, compare=False, repr=False)

    @property
    def event_id(self) -> int:
        """Number of the event it belongs to; 0 for none."""
        return self.place[0] if self.place else 0


@dataclass(frozen=True)
class Doing:
    """How a rule is done.

    `query` selects what is due before a moment: its number, and number and title of its event where that
    matters; `asking` makes it first where it rests on what the database says, once for any number of moments.
    `names` gives what stands in no table. `forget` does one piece and gives how many it were.
    """

    forget: Callable[[Due], int]
    query: Query | None = None
    names: Callable[[datetime], list[str]] | None = None
    asking: Callable[[], Query] | None = None

    def ready(self) -> Query | None:
        """Give the query, ready to be asked for moments."""
        return self.asking() if self.asking else self.query


DOINGS: dict[str, Doing] = {}
# What goes under a rule as well, because copies of the same values lie there: by the key of the rule.
BESIDE: dict[str, list[Doing]] = {}
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
    beside = BESIDE.get(rule.key, [])
    return [
        one for doing in (DOINGS[rule.key], *beside) for one in _due_by(doing, rule, limit, doing in beside)
    ]


def _due_by(doing: Doing, rule: Rule, limit: datetime, is_beside: bool) -> list[Due]:
    by_place: dict[tuple[int, str] | None, list[Any]] = defaultdict(list)
    query = doing.ready()
    if query is not None:
        rows = db.session.execute(query(limit).execution_options(include_removed=True))
        for number, *place in rows:
            by_place[(place[0], place[1]) if place else None].append(number)
    else:
        by_place[None] = _names_of(rule, limit)
    by = doing if is_beside else None
    return [
        Due(rule, tuple(part), place, limit, by)
        for place, numbers in by_place.items()
        for part in chunks(numbers, CHUNK)
    ]


def counts(moments: list[datetime], keys: Collection[str] | None = None) -> dict[str, list[int]]:
    """How many are due at each of some moments, by rule, whether it is stopped or not: one statement."""
    known = queries.settings()
    found: dict[str, list[int]] = {}
    asked: list[tuple[str, int]] = []
    numbers: list[Any] = []
    for rule in (one for one in acting() if keys is None or one.key in keys):
        limits = [queries.limit(rule.key, at, known) for at in moments]
        found[rule.key] = [len(_names_of(rule, limit)) for limit in limits]
        for query in _queries_of(rule):
            asked += [(rule.key, place) for place in range(len(limits))]
            numbers += [_counted(query(limit)) for limit in limits]
    if asked:
        row = db.session.execute(select(*numbers).execution_options(include_removed=True)).one()
        for (key, place), number in zip(asked, row, strict=True):
            found[key][place] += number
    return found


def _queries_of(rule: Rule) -> list[Query]:
    doings = (DOINGS[rule.key], *BESIDE.get(rule.key, []))
    return [query for one in doings if (query := one.ready()) is not None]


def _counted(query: Select[*tuple[Any, ...]]) -> Any:
    return select(func.count()).select_from(query.order_by(None).subquery()).scalar_subquery()


def _names_of(rule: Rule, limit: datetime) -> list[str]:
    names = DOINGS[rule.key].names
    return names(limit) if names else []


def run(at: datetime | None = None, keys: Collection[str] | None = None, by: Any = None) -> list[Due]:
    """Do all that is due, each piece with its counts in a transaction of its own; give what was done.

    A piece that fails is logged, and the next ones are done; the next run tries it again.
    """
    if not queries.is_switched_on():
        return []
    protocol = _Protocol(at or now(), by)
    listed = due(protocol.at, keys)
    db.session.rollback()
    done = []
    for one in listed:
        if jobs.stopping():
            break
        if _attempt(f"retention {one.rule.key}", partial(protocol.do, one)):
            done.append(one)
    for follow in AFTERWARDS:
        _attempt("what follows retention", follow)
    protocol.close()
    db.session.commit()
    return done


def _attempt(what: str, work: Callable[[], Any]) -> bool:
    """Do a piece of work and commit it; log what goes wrong, and tell whether nothing did."""
    try:
        work()
        db.session.commit()
    except Exception as error:
        db.session.rollback()
        log.error("fault %s in %s", secrets.token_hex(4), what, exc_info=error)
        return False
    return True


class _Protocol:
    """The row of one run: it grows with every piece, in the transaction in which the piece goes."""

    def __init__(self, at: datetime, by: Any):
        self.at, self.by_id = at, getattr(by, "id", None)
        self.known: datetime | None = None

    def do(self, piece: Due) -> None:
        """Let a piece go and count it."""
        number = (piece.doing or DOINGS[piece.rule.key]).forget(piece)
        if number:
            run, key = self._row(), piece.rule.key
            run.counts = {**run.counts, key: run.counts.get(key, 0) + number}
            run.records += number

    def close(self) -> None:
        """Leave a row of a run in which nothing went, too; of those only the last stays."""
        self._row()

    def _row(self) -> RetentionRun:
        # Of a piece that failed nothing is left, not even the row it began.
        mine = select(RetentionRun).where(RetentionRun.at == self.known)
        found = db.session.scalars(mine).first() if self.known else None
        return found or self._begun()

    def _begun(self) -> RetentionRun:
        last = queries.last_run()
        if last is not None and not last.records:
            db.session.delete(last)
        self.known = now()
        day = self.at.astimezone(BERLIN).date()
        made = RetentionRun(at=self.known, day=day, records=0, counts={}, by_id=self.by_id)
        db.session.add(made)
        db.session.flush()
        return made


@jobs.duty(DUTY)
def look() -> None:
    """Run once an hour; whether it is time is read from the protocol, so a restart changes nothing."""
    last, hour = queries.last_run(), now().replace(minute=0, second=0, microsecond=0)
    if last is None or not hour <= last.at <= now():
        run()
