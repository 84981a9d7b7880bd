"""Questions about imports: which runs there were, and what one of them did."""

from sqlalchemy import Select, select

from crm.accounts.models import User
from crm.cooperations.models import Cooperation
from crm.db import db
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


def groups_of(found: list[ImportedRecord]) -> dict[int, Cooperation]:
    """The groups of some records, those in the trash too."""
    query = select(Cooperation).where(Cooperation.id.in_([one.record_id for one in found]))
    loaded = db.session.scalars(query.execution_options(include_removed=True))
    return {group.id: group for group in loaded} if found else {}
