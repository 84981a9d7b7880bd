"""Which rows that hang on a record a user may know of: confidential talks exist only for their circle."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select, true

from crm.consultations import queries as consultations
from crm.consultations.models import Consultation, Participation, ParticipationPerson
from crm.db import db
from crm.duplicates.models import MergeMove
from crm.follow_ups import queries as follow_ups
from crm.follow_ups.models import FollowUp


def seen(table: str, user: Any) -> Any:
    """The condition that a user may know of a row of a table, for a selection from that table."""
    if table == "follow_ups":
        condition = follow_ups.visible_to(user).whereclause
        return true() if condition is None else condition
    talks = consultations.visible_to(user).with_only_columns(Consultation.id)
    of_row = talks.where(Consultation.id == Participation.consultation_id)
    if table == "participations":
        return of_row.correlate(Participation).exists()
    if table == "participation_people":
        of_row = of_row.where(Participation.id == ParticipationPerson.participation_id)
        return of_row.correlate(ParticipationPerson).exists()
    return true()


def hidden(moves: Iterable[MergeMove], user: Any) -> set[int]:
    """Numbers of the moves whose rows a user may not know of."""
    if consultations.visible_to(user).whereclause is None:
        return set()
    parties: dict[int, set[int]] = {}
    reminders: dict[int, set[int]] = {}
    for move in moves:
        if move.table_name == "follow_ups":
            reminders.setdefault(move.row_id, set()).add(move.id)
        elif number := _participation(move):
            parties.setdefault(number, set()).add(move.id)
    unknown = [
        *_unseen(Participation, "participations", parties, user),
        *_unseen(FollowUp, "follow_ups", reminders, user),
    ]
    return set().union(*unknown)


def _participation(move: MergeMove) -> int | None:
    """The participation a move is about, also of a row that is gone by now."""
    if move.table_name == "participations":
        return move.row_id
    if move.table_name == "participation_people":
        found = move.before.get("participation_id") or move.witness.get("participation_id")
        return found if isinstance(found, int) else None
    return None


def _unseen(model: Any, table: str, wanted: dict[int, set[int]], user: Any) -> list[set[int]]:
    if not wanted:
        return []
    query = select(model.id).where(model.id.in_(wanted), seen(table, user))
    known = set(db.session.scalars(query.execution_options(include_removed=True)))
    return [moves for number, moves in wanted.items() if number not in known]
