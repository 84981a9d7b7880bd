"""Moves rows from one record to another and notes every one, so that it can be moved back."""

from collections import defaultdict
from datetime import UTC, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from crm.contacts.models import Function
from crm.db import db
from crm.duplicates.models import Merge, MergeMove
from crm.duplicates.queries import equal
from crm.duplicates.references import Reference, Rule, columns_to, model_of, moving
from crm.duplicates.rows import pack, packed, witness
from crm.errors import RuleBroken
from crm.invitations.models import Answer, Invitation

_NEVER = datetime.min.replace(tzinfo=UTC)
# Which of two rows stays where there may be one only; of equal ones the kept record's own. Of two answers
# to one invitation the later one holds.
_WORTH: dict[str, Any] = {
    "invitations": lambda row: (
        row.answer is not Answer.NONE, row.answered_at or _NEVER, row.mailed_at is not None,
    ),
    "participation_people": lambda row: bool(row.function_called),
    # Both say the same: somebody stands in this file.
    "output_people": lambda _row: 0,
}  # fmt: skip
_LONGEST_REMARK = 300


class Journal:
    """What one merge does to rows."""

    def __init__(self, merge: Merge):
        self.merge = merge

    def change(self, thing: Any, values: dict[str, Any]) -> None:
        """Set columns of a record; what stays the same is not noted."""
        names = [name for name, value in values.items() if getattr(thing, name) != value]
        if names:
            self.note(
                thing, {name: getattr(thing, name) for name in names}, {name: values[name] for name in names}
            )
        for name in names:
            setattr(thing, name, values[name])

    def note(self, thing: Any, before: dict[str, Any], after: dict[str, Any]) -> None:
        """Write down a change that somebody else makes or made."""
        plain = [{name: pack(value) for name, value in values.items()} for values in (before, after)]
        values = {"before": plain[0], "after": plain[1], "witness": witness(thing, before)}
        self.merge.moves.append(MergeMove(table_name=thing.__tablename__, row_id=thing.id, **values))

    def drop(self, thing: Any) -> None:
        """Delete a row and keep what it held."""
        self.merge.moves.append(
            MergeMove(table_name=thing.__tablename__, row_id=thing.id, before=packed(thing), after={})
        )
        db.session.delete(thing)
        db.session.flush()

    def move_all(self, references: tuple[Reference, ...], kept: int, lost: int, but: set[Any]) -> None:
        """Let everything that hangs on the lost record hang on the kept one, but for some rows."""
        for one in moving(references):
            if one.rule is Rule.ONE:
                self._make_one(one, kept, lost)
            for row in rows_of(one, lost):
                if row not in but:
                    self.change(row, {one.column: kept})
            db.session.flush()
        tables = {one.table for one in moving(references)}
        self.merge.highest = {table: _highest(table) for table in sorted(tables)}

    def _make_one(self, reference: Reference, kept: int, lost: int) -> None:
        groups: dict[Any, list[Any]] = defaultdict(list)
        for owner in (kept, lost):
            for row in rows_of(reference, owner):
                groups[tuple(getattr(row, name) for name in reference.per)].append(row)
        worth = _WORTH[reference.table]
        for group in groups.values():
            if len(group) > 1:
                better = max(group, key=lambda row: (worth(row), getattr(row, reference.column) == kept))
                for row in group:
                    if row is not better:
                        self._replace(reference.table, row, better)

    def _replace(self, table: str, row: Any, better: Any) -> None:
        """Let what hangs on a row hang on the better one, which also takes what it lacks; drop the row."""
        for child, column in sorted(columns_to(table)):
            model = model_of(child)
            query = select(model).where(getattr(model, column) == row.id)
            for one in db.session.scalars(query.execution_options(include_removed=True)).all():
                self.change(one, {column: better.id})
        if table == "invitations":
            self.change(better, _said_in_both(better, row))
        db.session.flush()
        self.drop(row)


def _said_in_both(better: Invitation, row: Invitation) -> dict[str, Any]:
    """What an answer takes over from another one to the same invitation, so that nothing said is lost.

    A name without a representation would mean nothing; it then stands among the remarks.
    """
    by, said = row.represented_by, [better.remark, row.remark]
    values: dict[str, Any] = {}
    if by and better.answer is Answer.REPRESENTED and not better.represented_by:
        values["represented_by"] = by
    elif by and by != better.represented_by:
        said.insert(1, _("Represented by %(name)s", name=by))
    remark = "; ".join(dict.fromkeys(text for text in said if text))
    return values | ({"remark": remark} if remark and len(remark) <= _LONGEST_REMARK else {})


def rows_of(reference: Reference, number: int) -> list[Any]:
    """All rows that hang on a record by one column, removed ones too."""
    query = select(reference.model).where(reference.attribute == number).order_by(reference.model.id)
    return list(db.session.scalars(query.execution_options(include_removed=True)))


def _highest(table: str) -> int:
    return db.session.scalar(select(func.max(model_of(table).id))) or 0


class Outdated(RuleBroken):
    """One of both was changed, or is `gone`, since the page was opened."""

    def __init__(self, gone: bool):
        super().__init__(
            _("One of both was merged or removed meanwhile. Nothing was changed.")
            if gone
            else _("A colleague changed one of both meanwhile. Compare again, then merge.")
        )
        self.gone = gone


def locked(model: Any, ids: tuple[int, int], versions: dict[int, str]) -> list[Any]:
    """Load two records that nobody else may change until the transaction ends.

    `versions` says by number what the person at the screen had seen; raises RuleBroken where one went
    meanwhile, Outdated where one was changed.
    """
    query = select(model).where(model.id.in_(ids)).order_by(model.id).with_for_update(of=model)
    found = {one.id: one for one in db.session.scalars(query.execution_options(populate_existing=True))}
    if len(found) < 2:
        raise Outdated(gone=True)
    if any(str(one.version) != versions.get(one.id) for one in found.values()):
        raise Outdated(gone=False)
    return [found[number] for number in ids]


def same_functions(kept: int, lost: int) -> list[Function]:
    """Functions of the lost person that the kept one holds just so: they say nothing more."""
    query = select(Function).where(Function.person_id.in_((kept, lost))).order_by(Function.id)
    held = list(db.session.scalars(query))
    own = [one for one in held if one.person_id == kept]
    return [one for one in held if one.person_id == lost and any(equal(other, one) for other in own)]
