"""Old texts that imports overwrote: kept to set them back, and deleted after 90 days."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Select, or_, select

from crm.db import db, now
from crm.imports.models import ImportedRecord, ImportRun
from crm.imports.runs import CHUNK, FORGOTTEN, Kind, forget
from crm.imports.undoing import KINDS

KEPT = timedelta(days=90)


def forget_old() -> int:
    """Delete the texts that old runs of talks and people found; give the number of records."""
    return sum(_forget_of(name, kind) for name, kind in KINDS.items() if kind.texts)


def _forget_of(name: str, kind: Kind) -> int:
    done = 0
    while found := list(db.session.scalars(_old(name, kind))):
        done += forget(found, kind)
        db.session.flush()
    return done


def _old(name: str, kind: Kind) -> Select[Any]:
    before = ImportedRecord.before
    holds = or_(*(before[key].as_string() != "" for key in kind.texts))
    query = select(ImportedRecord).join(ImportRun, ImportRun.id == ImportedRecord.run_id)
    query = query.where(ImportedRecord.kind == name, ImportRun.at <= now() - KEPT, holds)
    return query.order_by(ImportedRecord.id).limit(CHUNK)


def is_forgotten(run: ImportRun) -> bool:
    """Tell whether some of what a run changed can be set back no more."""
    if run.kind not in KINDS or not KINDS[run.kind].texts:
        return False
    gone = ImportedRecord.before[FORGOTTEN].as_boolean()
    query = select(ImportedRecord.id).where(ImportedRecord.run_id == run.id, gone)
    return db.session.scalars(query.limit(1)).first() is not None
