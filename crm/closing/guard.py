"""Nothing that is counted changes in a closed quarter without a reason, whatever code changes it.

Areas say here which of their records are counted on which days. Before changes reach the database they are
compared with that: a change of what counts in a closed quarter needs a reason, and leaves a correction.
Statements that change rows past the session must call `touch` themselves.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import event, insert, inspect
from sqlalchemy.orm import Session

from crm.audit import AuditEvent
from crm.closing import queries
from crm.closing.models import Correction, Quarter, Span, span_of
from crm.db import Turn, db, now, take_turn
from crm.i18n import day

REASON, MOST = "correction_reason", 500


class ReasonNeeded(Exception):
    """A closed quarter accepts this change only with a reason; `field` of the form is where it is typed."""

    def __init__(self, message: str):
        super().__init__(message)
        self.message, self.field = message, REASON


@dataclass(frozen=True)
class Rule:
    """What counts of a kind of record: columns and relations; `root` gives the talk or event it counts in.

    `by_people` leaves alone what guests do and what time brings: nobody is there to give a reason.
    """

    fields: tuple[str, ...]
    root: Callable[[Any], Any]
    by_people: bool = False


@dataclass(frozen=True)
class Root:
    """A kind of record that is marked: its column among the corrections, and when it counts.

    `fields` have `active_history`, so that what was stored is known, whoever sets them. `day` tells from
    {name: value} of them on which day it counts, or None.
    """

    column: str
    event: str
    fields: tuple[str, ...]
    day: Callable[[dict[str, Any]], date | None]


RULES: dict[type, Rule] = {}
ROOTS: dict[type, Root] = {}


@dataclass
class _Open:
    """What one transaction knows: closed quarters asked for, and corrections to be noted."""

    given: tuple[str, int | None] | None = None
    known: dict[Span, Quarter | None] = field(default_factory=dict)
    pending: list[tuple[Any, Span]] = field(default_factory=list)
    noted: set[tuple[str, int, Span]] = field(default_factory=set)


def _state(session: Session) -> _Open:
    found: _Open = session.info.setdefault("closing", _Open())
    return found


# Where the reason and the number of who gives it come from: nowhere, until a request can be asked.
_ask: list[Callable[[], tuple[str | None, int | None]]] = [lambda: (None, None)]


def ask_by(source: Callable[[], tuple[str | None, int | None]]) -> None:
    """Say how to learn the reason of a correction and who makes it."""
    _ask[0] = source


def _given(session: Session) -> tuple[str | None, int | None]:
    reason, author = _state(session).given or _ask[0]()
    return (reason or "").strip()[:MOST] or None, author


@contextmanager
def correcting(reason: str, by: Any) -> Iterator[None]:
    """Correct what counts in closed quarters for a while, with a reason; `by` None is the command line."""
    state = _state(db.session())
    before, state.given = state.given, (reason, by.id if by else None)
    try:
        yield
        db.session.flush()
    finally:
        state.given = before


def closed_on(days: Iterable[date | None]) -> list[Quarter]:
    """The closed quarters some days lie in; who closes one waits until this transaction ends."""
    state, spans = _state(db.session()), {span_of(one) for one in days if one is not None}
    asked = sorted(spans - state.known.keys())
    if asked:
        take_turn(Turn.QUARTER, shared=True)
        found = {one.span: one for one in queries.of(asked)}
        state.known |= {span: found.get(span) for span in asked}
    return [one for span in sorted(spans) if (one := state.known[span]) is not None]


def refusal(quarter: Quarter) -> str:
    """Say that a quarter is closed and what it takes."""
    who = quarter.closed_by.sign if quarter.closed_by else "–"
    return _(
        "%(quarter)s is closed (%(who)s, %(day)s). Give a reason for the correction.",
        quarter=quarter.span.name,
        who=who,
        day=day(quarter.closed_at),
    )


def touch(thing: Any) -> None:
    """Check a change that the session does not see, of a talk, an event or what hangs on one, and note it."""
    session = db.session()
    _allow(session, RULES[type(thing)].root(thing))
    _note(session, None)


def _allow(session: Session, root: Any) -> None:
    state, kind = _state(session), ROOTS[type(root)]
    days = {kind.day(values) for values in (_values(root, kind.fields, 0), _values(root, kind.fields, 1))}
    closed = closed_on(days)
    if closed and not _given(session)[0]:
        raise ReasonNeeded(refusal(closed[0]))
    state.pending += [(root, one.span) for one in closed]


def _values(root: Any, names: tuple[str, ...], place: int) -> dict[str, Any]:
    """The stored (0) or the coming (1) values of a record; a new one has no stored ones."""
    state = inspect(root)
    if place == 0 and not state.persistent:
        return {}
    found = {}
    for name in names:
        history = state.attrs[name].history
        old = history.deleted[0] if history.deleted else getattr(root, name)
        found[name] = old if place == 0 else getattr(root, name)
    return found


@event.listens_for(Session, "before_flush")
def _check(session: Session, _context: Any, _instances: Any) -> None:
    roots: dict[int, Any] = {}
    for thing in (*session.new, *session.dirty, *session.deleted):
        if (root := _counted_root(session, thing)) is not None:
            roots[id(root)] = root
    for root in roots.values():
        _allow(session, root)


def _counted_root(session: Session, thing: Any) -> Any:
    """The talk or event whose figures a changed record changes; none for most records."""
    rule = RULES.get(type(thing))
    if rule is None or (rule.by_people and _given(session)[1] is None):
        return None
    if inspect(thing).persistent and thing not in session.deleted and not _changes(thing, rule):
        return None
    return rule.root(thing)


def _changes(thing: Any, rule: Rule) -> bool:
    """Tell whether something that counts changed: a field of it, or whether and on which day it counts."""
    attributes, kind = inspect(thing).attrs, ROOTS.get(type(thing))
    if any(attributes[name].history.has_changes() for name in rule.fields):
        return True
    if kind is None:
        return False
    before, after = (kind.day(_values(thing, kind.fields, place)) for place in (0, 1))
    return before != after


@event.listens_for(Session, "after_flush")
def _note(session: Session, _context: Any) -> None:
    state = _state(session)
    pending, state.pending = state.pending, []
    for root, span in pending:
        key = (type(root).__tablename__, root.id, span)
        if key not in state.noted:
            state.noted.add(key)
            _write(session, root, span)


def _write(session: Session, root: Any, span: Span) -> None:
    kind, (reason, author) = ROOTS[type(root)], _given(session)
    connection, moment = session.connection(), now()
    row = {"year": span.year, "number": span.number, "reason": reason, "at": moment, "by_id": author}
    connection.execute(insert(Correction).values(row | {kind.column: root.id}))
    told = {"closed_quarter": [None, f"{span.number}/{span.year}"]}
    noted = {"at": moment, "user_id": author, "name": kind.event, "changes": told}
    of = {"record_type": type(root).__tablename__, "record_id": root.id}
    connection.execute(insert(AuditEvent).values(noted | of))


def _forget(session: Session, *_rest: Any) -> None:
    """What a transaction knew holds no longer once it is over; a savepoint ends nothing."""
    if session.in_nested_transaction():
        return
    state = _state(session)
    state.known, state.pending, state.noted = {}, [], set()


event.listen(Session, "after_commit", _forget)
event.listen(Session, "after_rollback", _forget)
