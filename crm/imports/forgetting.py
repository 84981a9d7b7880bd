"""Old texts that imports overwrote: kept to set them back, and deleted after their time."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select

from crm.db import db
from crm.imports.models import ImportedRecord, ImportRun
from crm.imports.runs import FORGOTTEN, Kind, forget
from crm.imports.undoing import KINDS
from crm.retention.doing import DOINGS, Doing, Due


def _due(limit: datetime) -> Select[*tuple[Any, ...]]:
    holding = [_holds(name, kind) for name, kind in KINDS.items() if kind.texts]
    query = select(ImportedRecord.id).join(ImportRun, ImportRun.id == ImportedRecord.run_id)
    return query.where(ImportRun.at < limit, or_(*holding)).order_by(ImportedRecord.id)


def _holds(name: str, kind: Kind) -> ColumnElement[bool]:
    before = ImportedRecord.before
    return and_(ImportedRecord.kind == name, or_(*(before[key].as_string() != "" for key in kind.texts)))


def _forget(due: Due) -> int:
    found = list(db.session.scalars(select(ImportedRecord).where(ImportedRecord.id.in_(due.numbers))))
    return sum(forget([one for one in found if one.kind == name], kind) for name, kind in KINDS.items())


DOINGS["imports"] = Doing(_forget, _due)


def is_forgotten(run: ImportRun) -> bool:
    """Tell whether some of what a run changed can be set back no more."""
    if run.kind not in KINDS or not KINDS[run.kind].texts:
        return False
    gone = ImportedRecord.before[FORGOTTEN].as_boolean()
    query = select(ImportedRecord.id).where(ImportedRecord.run_id == run.id, gone)
    return db.session.scalars(query.limit(1)).first() is not None
