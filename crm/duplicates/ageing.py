"""What merges remember goes with what it was taken from, and all of it once it is too late to undo them."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from crm.db import db
from crm.duplicates.models import Merge, MergeMove
from crm.duplicates.rows import unpacked
from crm.events.models import Event
from crm.invitations.models import Invitation
from crm.mail.models import OutgoingMail
from crm.registrations.models import Registration
from crm.retention import doing
from crm.retention import queries as retention

# Whom invited people named, and what they remarked.
_ANSWER = ("represented_by", "remark")


def follow() -> int:
    """Let merges forget what was forgotten where they took it from; give the number of rows."""
    if not retention.is_on("merges"):
        return 0
    done = _forget_guests() + _forget_addresses()
    return done + (_forget_answers() if retention.is_on("answers") else 0)


_MERGED_AT = select(Merge.created_at).where(Merge.id == MergeMove.merge_id).scalar_subquery()
doing.deletes("merges", MergeMove, _MERGED_AT)
doing.AFTERWARDS.append(follow)


def _forget_guests() -> int:
    """Nobody learns from a merge who a forgotten guest was."""
    forgotten = select(Registration.id).where(Registration.forgotten_at.is_not(None))
    gone = delete(MergeMove).where(MergeMove.table_name == "registrations", MergeMove.row_id.in_(forgotten))
    found: Any = db.session.execute(gone.execution_options(synchronize_session="fetch"))
    return int(found.rowcount)


def _of_table(table: str) -> Iterator[MergeMove]:
    yield from db.session.scalars(
        select(MergeMove).where(MergeMove.table_name == table).order_by(MergeMove.id)
    )


def _forget_addresses() -> int:
    """Addresses of mails whose text and address were emptied, or that are gone."""
    moves = [move for move in _of_table("outgoing_mails") if "recipient" in move.before]
    full = select(OutgoingMail.id).where(
        OutgoingMail.id.in_({move.row_id for move in moves}), OutgoingMail.recipient != ""
    )
    there = set(db.session.scalars(full))
    return sum(_empty(move, ("recipient",)) for move in moves if move.row_id not in there)


def _forget_answers() -> int:
    """Names and remarks in answers to invitations, when those of the guests of that event go."""
    moves = [move for move in _of_table("invitations") if _answers(move)]
    rows = db.session.execute(
        select(Invitation.id, Invitation.event_id, Invitation.answered_at, Invitation.created_at).where(
            Invitation.id.in_({move.row_id for move in moves if move.after})
        )
    )
    said = {row[0]: (row[1], row[2] or row[3]) for row in rows}
    found = [(move, _dropped(move) if not move.after else said.get(move.row_id)) for move in moves]
    due = _due({one[0] for _move, one in found if one})
    limit = retention.limit("answers")
    return sum(
        _empty(move, _ANSWER)
        for move, one in found
        if one is None or due.get(one[0]) or (one[0] not in due and one[1] < limit)
    )


def _answers(move: MergeMove) -> bool:
    return any(values.get(name) for values in (move.before, move.after) for name in _ANSWER)


def _dropped(move: MergeMove) -> tuple[int, datetime]:
    """The event of an answer that a merge dropped, and when it was given."""
    values = unpacked(Invitation, move.before)
    return values["event_id"], values["answered_at"] or values["created_at"]


def _due(events: set[int]) -> dict[int, bool]:
    """Tell of dated events whether their guests are forgotten by now; undated ones are left out."""
    over = Event.over_before(retention.limit("answers"))
    query = select(Event.id, over).where(Event.id.in_(events), Event.starts_at.is_not(None))
    rows = db.session.execute(query.execution_options(include_removed=True))
    return {row[0]: bool(row[1]) for row in rows}


def _empty(move: MergeMove, names: Iterable[str]) -> int:
    """Forget some columns; a change of nothing else is forgotten whole."""
    if not move.after:
        move.before = move.before | {name: None for name in names if name in move.before}
        return 1
    before, after = (
        {name: value for name, value in values.items() if name not in names}
        for values in (move.before, move.after)
    )
    if after:
        move.before, move.after = before, after
    else:
        db.session.delete(move)
    return 1
