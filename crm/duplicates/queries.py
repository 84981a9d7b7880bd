"""Questions about pairs, merges and what hangs on a record."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import func, literal, or_, select, union_all
from sqlalchemy.orm import aliased, joinedload

from crm.contacts.finding import WHOLE
from crm.contacts.models import Function, Person
from crm.dates import overlap
from crm.db import db
from crm.duplicates import reading, scanning
from crm.duplicates.kinds import PEOPLE, Kind, kind_of
from crm.duplicates.models import DistinctPair, Merge
from crm.duplicates.references import OF_PEOPLE, Reference, moving
from crm.duplicates.scanning import Pair
from crm.duplicates.scoring import Verdict, score
from crm.duplicates.seeing import seen
from crm.events.models import Event
from crm.folding import fold
from crm.invitations.models import Answer, Invitation
from crm.mail.models import OutgoingMail

LONGEST_CHAIN, MOST_ANSWERS = 20, 20
SAME, OVERLAPPING = "same", "overlapping"


def record(model: Any, number: int) -> Any:
    """Load a record by number, one in the trash, too."""
    query = select(model).where(model.id == number).execution_options(include_removed=True)
    return db.session.scalar(query)


def records(model: Any, ids: set[int]) -> dict[int, Any]:
    """Load records by number, those in the trash, too."""
    query = select(model).where(model.id.in_(ids)).execution_options(include_removed=True)
    return {one.id: one for one in db.session.scalars(query)}


def both_locked(merge: Merge) -> tuple[Any, Any]:
    """Load what a merge made one, held against others until the transaction ends."""
    ids, model = (merge.kept_id, merge.lost_id), kind_of(merge).model
    query = select(model).where(model.id.in_(ids)).order_by(model.id).with_for_update(of=model)
    options = {"include_removed": True, "populate_existing": True}
    found = {one.id: one for one in db.session.scalars(query.execution_options(**options))}
    return found[merge.kept_id], found[merge.lost_id]


def merge(merge_id: int, kind: Kind = PEOPLE) -> Merge | None:
    """Load a merge of a kind."""
    query = select(Merge).where(Merge.id == merge_id, kind.of(Merge, "kept").is_not(None))
    return db.session.scalar(query.options(joinedload(Merge.by), joinedload(Merge.undone_by)))


def merges(kind: Kind = PEOPLE) -> Any:
    """Select the merges of a kind, the newest first."""
    query = select(Merge).where(kind.of(Merge, "kept").is_not(None)).order_by(Merge.id.desc())
    return query.options(joinedload(Merge.by), joinedload(Merge.undone_by))


def decisions(kind: Kind = PEOPLE) -> Any:
    """Select the pairs of a kind said to be two, the newest first."""
    query = select(DistinctPair).where(kind.of(DistinctPair, "low").is_not(None))
    return query.order_by(DistinctPair.id.desc()).options(joinedload(DistinctPair.by))


def numbers() -> dict[str, int]:
    """How many pairs were said to be two, and how many people merged."""
    decided = select(func.count(DistinctPair.id)).where(DistinctPair.low_person_id.is_not(None))
    merged = select(func.count(Merge.id)).where(Merge.kept_person_id.is_not(None))
    row = db.session.execute(select(decided.scalar_subquery(), merged.scalar_subquery())).one()
    return {"entschieden": row[0], "zusammengefuehrt": row[1]}


def ids_of(rows: list[Any], kind: Kind = PEOPLE) -> set[int]:
    """Numbers of the records of a kind that pairs, decisions or merges are about."""
    found: set[int] = set()
    for row in rows:
        if isinstance(row, Pair):
            found |= {row.low, row.high}
        elif isinstance(row, Merge):
            found |= {row.kept_id, row.lost_id}
        else:
            found |= {kind.of(row, "low"), kind.of(row, "high")}
    return found


def decision(pair_id: int, kind: Kind = PEOPLE) -> DistinctPair | None:
    """Load what was said of a pair of a kind."""
    query = select(DistinctPair).where(DistinctPair.id == pair_id, kind.of(DistinctPair, "low").is_not(None))
    return db.session.scalar(query)


def merged_later(merge: Merge) -> bool:
    """Tell whether what stayed was part of another merge since, which still holds."""
    kept, kind = merge.kept_id, kind_of(merge)
    mine = or_(kind.of(Merge, "kept") == kept, kind.of(Merge, "lost") == kept)
    query = select(Merge.id).where(mine, Merge.id > merge.id, Merge.undone_at.is_(None))
    return db.session.scalar(query.limit(1)) is not None


def merge_of(lost_id: int, kind: Kind = PEOPLE) -> Merge | None:
    """The merge in which a record went, if it still holds."""
    return db.session.scalar(
        select(Merge).where(kind.of(Merge, "lost") == lost_id, Merge.undone_at.is_(None))
    )


def successor(lost_id: int, kind: Kind = PEOPLE) -> Any:
    """What stands for a record that went in a merge, at the end of the chain."""
    number = lost_id
    for _step in range(LONGEST_CHAIN):
        found = merge_of(number, kind)
        if found is None:
            break
        number = found.kept_id
    return db.session.get(kind.model, number) if number != lost_id else None


def standing_for(numbers: Collection[int]) -> dict[int, int]:
    """Give {number: number} of the people who stand for those that went in merges, ends of chains."""
    found: dict[int, int] = {}
    for _step in range(LONGEST_CHAIN):
        ends = {found.get(number, number) for number in numbers}
        query = select(Merge.lost_person_id, Merge.kept_person_id).where(
            Merge.lost_person_id.in_(ends), Merge.undone_at.is_(None)
        )
        after: dict[Any, Any] = {row[0]: row[1] for row in db.session.execute(query)}
        if not after:
            break
        found |= {one: after[end] for one in numbers if (end := found.get(one, one)) in after}
    return found


def doubles_of(person_ids: Iterable[int]) -> list[int]:
    """Numbers of the doubles that went up in some people, and of theirs."""
    found: list[int] = []
    wanted = list(person_ids)
    while wanted:
        query = select(Merge.lost_person_id).where(
            Merge.kept_person_id.in_(wanted), Merge.undone_at.is_(None)
        )
        wanted = [one for one in db.session.scalars(query) if one and one not in found]
        found += wanted
    return found


def people(ids: Any) -> dict[int, Person]:
    """Load people with their functions, those in the trash, too."""
    query = select(Person).where(Person.id.in_(set(ids))).options(*WHOLE)
    return {one.id: one for one in db.session.scalars(query.execution_options(include_removed=True))}


def names_of(kind: Kind, ids: set[int]) -> dict[int, str]:
    """Names of records of a kind, those that went, too."""
    return {number: one.name for number, one in records(kind.model, ids).items()}


def pairs() -> list[Pair]:
    """Find all people likely to be entered twice, but for those said to be two."""
    decided = db.session.execute(select(DistinctPair.low_person_id, DistinctPair.high_person_id))
    apart = {(row[0], row[1]) for row in decided}
    return [one for one in scanning.of_people(reading.people()) if (one.low, one.high) not in apart]


def verdict(low: int, high: int) -> Verdict | None:
    """Judge one pair."""
    found = reading.people((low, high))
    return score(*found) if len(found) == 2 else None


def hold_mails(merge: Merge) -> None:
    """Hold the mails a merge touched, so that none of them goes out until the transaction ends."""
    ids = {move.row_id for move in merge.moves if move.table_name == "outgoing_mails"}
    query = select(OutgoingMail).where(OutgoingMail.id.in_(ids)).order_by(OutgoingMail.id)
    query = query.with_for_update().execution_options(populate_existing=True)
    list(db.session.scalars(query))


def hanging(number: int, user: Any, references: tuple[Reference, ...] = OF_PEOPLE) -> dict[str, int]:
    """How many rows hang on a record, by table, in one statement; only those that a user may know of."""
    return _counted([(one, one.attribute == number) for one in moving(references)], user)


def since_merge(merge: Merge, user: Any) -> dict[str, int]:
    """How many rows that a user may know of came to what stayed after a merge, by table."""
    found = [
        (one, (one.attribute == merge.kept_id) & (one.model.id > merge.highest.get(one.table, 0)))
        for one in moving(kind_of(merge).references)
    ]
    return _counted(found, user)


def _counted(conditions: list[tuple[Reference, Any]], user: Any) -> dict[str, int]:
    parts = [
        select(literal(one.table), func.count())
        .select_from(one.model)
        .where(condition, seen(one.table, user))
        for one, condition in conditions
    ]
    counted: dict[str, int] = {}
    rows = db.session.execute(union_all(*parts).execution_options(include_removed=True))
    for table, number in rows:
        counted[table] = counted.get(table, 0) + number
    return counted


def two_answers(one: Person, other: Person) -> list[tuple[str, Invitation, Invitation]]:
    """Answers of both to one invitation that differ, as (title of the event, of the one, of the other)."""
    left, right = aliased(Invitation), aliased(Invitation)
    query = (
        select(Event.title, left, right)
        .join(left, left.event_id == Event.id)
        .join(right, right.event_id == Event.id)
        .where(left.person_id == one.id, right.person_id == other.id)
        .where(left.answer != Answer.NONE, right.answer != Answer.NONE)
        .where(or_(left.answer != right.answer, left.represented_by != right.represented_by))
    )
    rows = db.session.execute(query.order_by(Event.id).limit(MOST_ANSWERS))
    return [(title, first, second) for title, first, second in rows]


def function_pairs(one: Person, other: Person) -> dict[int, str]:
    """Say of functions of two people whether the other holds the same, or one at the same place and time."""
    found: dict[int, str] = {}
    for left in one.functions:
        for right in other.functions:
            if left.organisation_id != right.organisation_id or not overlap(left, right):
                continue
            said = SAME if equal(left, right) or equal(right, left) else OVERLAPPING
            for held in (left, right):
                found[held.id] = SAME if SAME in (said, found.get(held.id)) else OVERLAPPING
    return found


def equal(one: Function, other: Function) -> bool:
    """Tell whether the other function says nothing that the one does not."""
    names = ("organisation_id", "role", "is_head", "valid_from", "valid_to")
    same = all(getattr(one, name) == getattr(other, name) for name in names)
    same = same and fold(one.title or "") == fold(other.title or "")
    return same and other.email in (None, one.email) and other.phone in (None, one.phone)
