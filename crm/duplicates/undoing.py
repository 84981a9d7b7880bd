"""Take a merge back: exactly, or not at all, and then with the reasons."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import insert, select

from crm import audit, records
from crm.contacts import queries as contacts
from crm.contacts.models import Function
from crm.db import db, now
from crm.duplicates import queries, seeing
from crm.duplicates.kinds import kind_of
from crm.duplicates.models import UNDO_DAYS, Merge, MergeMove
from crm.duplicates.references import model_of
from crm.duplicates.rows import is_the_one, unpacked
from crm.duplicates.staying import staying
from crm.duplicates.wording import column_in_words, rows_in_words
from crm.errors import RuleBroken
from crm.mail.models import OutgoingMail
from crm.mailings.following import renew_link


class _Rows:
    """The rows some moves are about, and those that dropped rows hung on: one statement for each table."""

    def __init__(self, moves: Iterable[MergeMove]):
        wanted: dict[str, set[int]] = defaultdict(set)
        for move in moves:
            wanted[move.table_name].add(move.row_id)
            for table, number in [] if move.after else _parents(move):
                wanted[table].add(number)
        self.found = {table: queries.records(model_of(table), ids) for table, ids in wanted.items()}

    def get(self, table: str, number: int) -> Any:
        """Give a row by its number; None where it is gone."""
        return self.found[table].get(number)

    def of(self, move: MergeMove) -> Any:
        """Give the row a move is about; None where it is gone, even if another one has its number."""
        row = self.get(move.table_name, move.row_id)
        return row if row is not None and is_the_one(row, move.witness) else None


def _parents(move: MergeMove) -> Iterator[tuple[str, int]]:
    """What a dropped row hung on, as (table, number)."""
    for column in model_of(move.table_name).__table__.columns:
        for link in column.foreign_keys:
            if move.before.get(column.key) is not None:
                yield link.column.table.name, move.before[column.key]


@dataclass
class Way:
    """What undoing a merge would do; with `against` it is not done.

    `back` and `fresh` hold numbers of rows by table: what goes back, and what came after and stays.
    `stay` names fields changed since the merge, which keep their present value. Rows that a user may not
    know of are in no number.
    """

    against: list[str] = field(default_factory=list)
    back: Counter[str] = field(default_factory=Counter)
    fresh: dict[str, int] = field(default_factory=dict)
    stay: list[str] = field(default_factory=list)
    stopped: int = 0


def way_back(merge: Merge, user: Any) -> Way:
    """Find out what undoing would do and what contradicts, in words for a user."""
    way = Way()
    if merge.undone_at:
        way.against.append(_("This merge was undone already."))
        return way
    if merge.is_settled:
        way.against.append(_("It is too late: merges can be undone for %(num)s days.", num=UNDO_DAYS))
        return way
    _look_at_records(merge, way)
    moved, gone, unseen = Counter[str](), Counter[str](), Counter[str]()
    rows, hidden = _Rows(merge.moves), seeing.hidden(merge.moves, user)
    for move in merge.moves:
        if move.id in hidden:
            _look_at(move, merge, rows, Way(), unseen, unseen)
        else:
            _look_at(move, merge, rows, way, moved, gone)
    way.against += [_("now belongs to somebody else: %(what)s", what=text) for text in rows_in_words(moved)]
    way.against += [_("no longer there: %(what)s", what=text) for text in rows_in_words(gone)]
    if unseen:
        way.against.append(
            _("Something you may not see contradicts. Ask whoever may read confidential talks.")
        )
    way.fresh = {table: number for table, number in queries.since_merge(merge, user).items() if number}
    return way


def _look_at_records(merge: Merge, way: Way) -> None:
    kept, lost = (queries.record(kind_of(merge).model, one) for one in (merge.kept_id, merge.lost_id))
    if lost is None or lost.removed_at is None:
        way.against.append(_("The record that went was taken back in another way."))
    else:
        way.against += [
            _("%(name)s leads %(place)s by now.", name=head.person.name, place=head.organisation.name)
            for head in _heads_instead(merge, lost)
        ]
    if kept is None or kept.removed_at is not None:
        way.against.append(_("The record that stayed was removed or merged itself. Take that back first."))
    elif queries.merged_later(merge):
        way.against.append(_("The record that stayed was merged once more since. Undo that merge first."))


def _look_at(
    move: MergeMove, merge: Merge, rows: _Rows, way: Way, moved: Counter[str], gone: Counter[str]
) -> None:
    row = rows.of(move)
    if not move.after:
        there = all(rows.get(*parent) is not None for parent in _parents(move))
        (way.back if there else gone)[move.table_name] += 1
        return
    stay = staying(move, row, merge) if row is not None else set()
    way.stopped += "state" in move.after
    for column in move.after:
        if column.endswith("_id"):
            tally = gone if row is None else moved if column in stay else way.back
            tally[move.table_name] += 1
        elif column in stay and move.table_name != "outgoing_mails":
            way.stay.append(column_in_words(move.table_name, column))


def undo(merge: Merge, by: Any) -> None:
    """Make two of one again, as they were; raises RuleBroken with everything that contradicts."""
    kept, lost = queries.both_locked(merge)
    db.session.refresh(merge)
    queries.hold_mails(merge)
    way = way_back(merge, by)
    if way.against:
        raise RuleBroken(_("Cannot be undone: %(reasons)s", reasons="; ".join(way.against)))
    kind = kind_of(merge)
    records.restore([lost, *_gone_with(lost)], by, f"{kind.noun}.unmerged")
    rows, numbers = _Rows(merge.moves), {}  # type: ignore[var-annotated]
    readdressed = [_take_back(move, merge, rows, numbers) for move in reversed(merge.moves)]
    db.session.flush()
    for mail in readdressed:
        if isinstance(mail, OutgoingMail):
            renew_link(mail)
    merge.moves.clear()
    for thing in (kept, lost):
        db.session.expire(thing)
        kind.compute(thing)
    audit.record(f"{kind.noun}.unmerged", kept, by, merge=(lost.id, None))
    merge.undone_at, merge.undone_by_id = now(), getattr(by, "id", None)
    db.session.flush()


def _gone_with(lost: Any) -> list[Function]:
    """Functions that went into the trash together with somebody: those the kept person held just so."""
    same = select(Function).where(Function.removal == lost.removal)
    return list(db.session.scalars(same.execution_options(include_removed=True)))


def _heads_instead(merge: Merge, lost: Any) -> list[Function]:
    """Who leads by now where the lost one led together with the kept one."""
    led = [one for one in _gone_with(lost) if one.is_head]
    others = [other for one in led for other in contacts.other_heads(one.organisation_id, one.id)]
    return [one for one in others if one.person_id != merge.kept_id]


def _take_back(move: MergeMove, merge: Merge, rows: _Rows, numbers: dict[tuple[str, int], int]) -> Any:
    """Take back one change; give the row where it has its former address again."""
    model, row = model_of(move.table_name), rows.of(move)
    if not move.after:
        _put_back(model, move, taken=row is not None, numbers=numbers)
        return None
    if row is None:
        return None
    stay = staying(move, row, merge)
    values = {name: one for name, one in unpacked(model, move.before).items() if name not in stay}
    for column, value in values.items():
        setattr(row, column, _renumbered(model, column, value, numbers))
    db.session.flush()
    return row if "recipient" in values else None


def _renumbered(model: Any, column: str, value: Any, numbers: dict[tuple[str, int], int]) -> Any:
    """The number of a row put back; a database may have given its old one to another row."""
    for link in model.__table__.columns[column].foreign_keys:
        return numbers.get((link.column.table.name, value), value)
    return value


def _put_back(model: Any, move: MergeMove, taken: bool, numbers: dict[tuple[str, int], int]) -> None:
    values = unpacked(model, move.before)
    if taken:
        del values["id"]
    made: Any = db.session.execute(insert(model.__table__).values(**values))
    numbers[move.table_name, move.row_id] = made.inserted_primary_key[0]
