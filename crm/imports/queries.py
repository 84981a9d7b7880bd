"""Questions about imports: which runs there were, and what one of them did."""

from typing import Any

from sqlalchemy import Select, select

from crm.accounts.models import User
from crm.cooperations.models import Cooperation
from crm.db import db
from crm.events.models import Event
from crm.imports.models import ImportedRecord, ImportRun


def runs() -> Select[ImportRun]:
    """Select all runs, the newest first."""
    return select(ImportRun).order_by(ImportRun.id.desc())


def names_of_users(found: list[ImportRun]) -> dict[int, str]:
    """Who made some runs and who undid them."""
    ids = {number for run in found for number in (run.by_id, run.undone_by_id) if number}
    query = select(User.id, User.name).where(User.id.in_(ids))
    return {number: name for number, name in db.session.execute(query)} if ids else {}  # noqa: C416 mypy


def records(run: ImportRun) -> Select[ImportedRecord]:
    """Select what a run made or changed, in the order of the file."""
    return select(ImportedRecord).where(ImportedRecord.run_id == run.id).order_by(ImportedRecord.id)


def things_of(found: list[ImportedRecord]) -> dict[int, Any]:
    """The groups or events of the records of a run, those in the trash too."""
    if not found:
        return {}
    model: Any = Event if found[0].record_type == Event.__tablename__ else Cooperation
    query = select(model).where(model.id.in_([one.record_id for one in found]))
    loaded = db.session.scalars(query.execution_options(include_removed=True))
    return {thing.id: thing for thing in loaded}
