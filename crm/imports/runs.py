"""What every import keeps of itself: its run, what came from which row, and the way back."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, insert, select, text

from crm.audit import AuditEvent
from crm.db import chunks, db, now
from crm.errors import RuleBroken
from crm.importing import Summary
from crm.imports.models import ImportedRecord, ImportRun

OWN_EVENTS = ("import.taken-over", "import.undone")
State = dict[str, Any]
# Stands in `before` once the texts there are gone.
FORGOTTEN = "_forgotten"


@dataclass(frozen=True)
class Kind:
    """How one kind of import finds its records, reads and sets their state, and puts them into the trash.

    `hanging` gives the numbers of those on which something hangs that no import made; `discard` gets all that
    go into the trash at once. `texts` are the keys of a state that hold texts about people.
    """

    record_type: str
    load: Callable[[Iterable[int]], dict[int, Any]]
    name: Callable[[Any], str]
    write: Callable[[Any, State, State, Any], None]
    discard: Callable[[list[Any], Any], None]
    hanging: Callable[[Iterable[int]], set[int]]
    texts: tuple[str, ...] = ()


@dataclass
class Undone:
    """What the undoing of a run did: records put away, set back, and left as they are."""

    removed: list[str] = field(default_factory=list)
    reset: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


class WorkedOn(RuleBroken):
    """Somebody worked on records of a run since; `names` are theirs."""

    def __init__(self, names: list[str]):
        super().__init__(_("Somebody has worked on these records since: %(names)s.", names=", ".join(names)))
        self.names = names


def lock() -> None:
    """Let only one import run at a time; SQLite lets only one write anyway."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("LOCK TABLE import_runs IN SHARE ROW EXCLUSIVE MODE"))


def begin(kind: str, file_name: str, by: Any) -> ImportRun:
    """Begin a run; the caller commits when all of it is done."""
    run = ImportRun(kind=kind, file_name=file_name[:200], by_id=getattr(by, "id", None), counts={})
    db.session.add(run)
    db.session.flush()
    return run


def finish(run: ImportRun, counts: Summary) -> None:
    """Keep the counts of a run."""
    run.counts = counts.as_json()


def noted(
    run: ImportRun,
    source_id: str,
    record_type: str,
    record_id: int,
    after: State,
    before: State | None = None,
) -> ImportedRecord:
    """Note that a run made a record (without `before`) or changed it."""
    made = ImportedRecord(
        run_id=run.id, kind=run.kind, source_id=source_id, record_type=record_type, record_id=record_id,
        before=before or {}, after=after,
    )  # fmt: skip
    db.session.add(made)
    return made


def note_made(run: ImportRun, record_type: str, made: Iterable[tuple[str, int, State]]) -> None:
    """Note many records that a run made, as (mark of the row, number, what it wrote): in one statement."""
    common = {"run_id": run.id, "kind": run.kind, "record_type": record_type, "before": {}}
    rows = [common | {"source_id": mark, "record_id": number, "after": after} for mark, number, after in made]
    if rows:
        db.session.execute(insert(ImportedRecord), rows)


def known(kind: str) -> dict[str, ImportedRecord]:
    """What is known of every row: the newest record of its mark whose run was not undone."""
    query = (
        select(ImportedRecord)
        .join(ImportRun, ImportRun.id == ImportedRecord.run_id)
        .where(ImportedRecord.kind == kind, ImportRun.undone_at.is_(None))
        .order_by(ImportedRecord.id)
    )
    return {one.source_id: one for one in db.session.scalars(query)}


def note_events(record_type: str, changes: dict[int, dict[str, Any]], by: Any, event: str) -> None:
    """Write into the history of each record what an import did to it."""
    db.session.flush()
    common = {"name": event, "user_id": getattr(by, "id", None), "record_type": record_type}
    rows = [common | {"record_id": number, "changes": change} for number, change in changes.items()]
    if rows:
        db.session.execute(insert(AuditEvent), rows)


def records_by_number(model: Any, ids: Iterable[int], *whole: Any) -> dict[int, Any]:
    """Records by number, those in the trash too, with all that `whole` loads."""
    found: dict[int, Any] = {}
    for chunk in chunks(sorted(set(ids))):
        query = select(model).where(model.id.in_(chunk)).options(*whole)
        found |= {one.id: one for one in db.session.scalars(query.execution_options(include_removed=True))}
    return found


def used_in(columns: Iterable[Any], ids: Iterable[int]) -> set[int]:
    """Which of some numbers stand in one of the columns: something hangs on those records."""
    wanted, found = sorted(set(ids)), set[int]()
    for column in columns:
        for chunk in chunks(wanted):
            found.update(db.session.scalars(select(column).where(column.in_(chunk)).distinct()))
    return found


def mark(text: str) -> str:
    """A mark that tells whether a text is the same one."""
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()[:32]}"


def touched_since(record_type: str, ids: Iterable[int]) -> set[int]:
    """Numbers of records with an event of people after the last one of an import."""
    found: set[int] = set()
    for chunk in chunks(sorted(set(ids))):
        mine = (AuditEvent.record_type == record_type) & AuditEvent.record_id.in_(chunk)
        imported = (
            select(AuditEvent.record_id, func.max(AuditEvent.id).label("last"))
            .where(mine, AuditEvent.name.in_(OWN_EVENTS))
            .group_by(AuditEvent.record_id)
            .subquery()
        )
        later = (AuditEvent.record_id == imported.c.record_id) & (AuditEvent.id > imported.c.last)
        query = select(AuditEvent.record_id).join(imported, later).where(mine)
        found.update(db.session.scalars(query.distinct()))
    return found


def records_of(run: ImportRun) -> list[ImportedRecord]:
    """Everything a run made or changed, in the order of the file."""
    query = select(ImportedRecord).where(ImportedRecord.run_id == run.id).order_by(ImportedRecord.id)
    return list(db.session.scalars(query))


def taken_again(run: ImportRun) -> set[int]:
    """Numbers of records of a run that a later run, not undone, changed again."""
    own = select(ImportedRecord.record_id).where(ImportedRecord.run_id == run.id)
    query = (
        select(ImportedRecord.record_id)
        .join(ImportRun, ImportRun.id == ImportedRecord.run_id)
        .where(ImportedRecord.kind == run.kind, ImportedRecord.run_id > run.id)
        .where(ImportRun.undone_at.is_(None), ImportedRecord.record_id.in_(own))
    )
    return set(db.session.scalars(query))


def worked_on(run: ImportRun, kind: Kind) -> dict[int, str]:
    """Names of the records of a run that somebody or a later run has worked on, by number."""
    ids = [one.record_id for one in records_of(run)]
    since = touched_since(kind.record_type, ids) | kind.hanging(ids) | taken_again(run)
    found = kind.load(since)
    return {
        number: kind.name(record)
        for number, record in found.items()
        if getattr(record, "removed_at", None) is None
    }


def undo(run: ImportRun, kind: Kind, by: Any, leave_worked_on: bool = False) -> Undone:
    """Take a run back: what it made goes into the trash, what it changed is as before.

    What it changed stays where old texts are forgotten. Raises WorkedOn for records that somebody has worked
    on since, unless those may stay, too.
    """
    lock()
    db.session.refresh(run)
    if run.undone_at is not None:
        raise RuleBroken(_("This import has been undone already."))
    kept = worked_on(run, kind)
    if kept and not leave_worked_on:
        raise WorkedOn(sorted(kept.values()))
    done, records = Undone(left=sorted(kept.values())), records_of(run)
    things, gone = kind.load(one.record_id for one in records), []
    for one, thing in ((one, things.get(one.record_id)) for one in reversed(records)):
        if thing is None or one.record_id in kept or getattr(thing, "removed_at", None) is not None:
            continue
        if FORGOTTEN in one.before:
            done.left.append(kind.name(thing))
        elif one.before:
            kind.write(thing, one.before, one.after, by)
            done.reset.append(kind.name(thing))
        else:
            gone.append(thing)
            done.removed.append(kind.name(thing))
    kind.discard(gone, by)
    forget(records, kind)
    run.undone_at, run.undone_by_id = now(), getattr(by, "id", None)
    db.session.flush()
    return done


def forget(records: Iterable[ImportedRecord], kind: Kind) -> int:
    """Empty the old texts that a run found; give the number of records that had some."""
    emptied = [one for one in records if any(one.before.get(key) for key in kind.texts)]
    for one in emptied:
        rest = {key: value for key, value in one.before.items() if key not in kind.texts}
        one.before = rest | {FORGOTTEN: True}
    return len(emptied)
