"""What the worker does with files: each once, whatever comes of it, the database let go of meanwhile."""

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import ColumnElement, select

from crm import jobs
from crm.db import db
from crm.documents.models import Document

SECONDS = 30


def each_once(
    duty: str,
    kinds: Iterable[str],
    result: Any,
    make: Callable[[bytes, str, str], Any],
    keep: Callable[[int, Any], None],
    most: int,
    newest_first: bool = False,
) -> None:
    """Make something of files of some kinds that nobody has made it of yet.

    `result` is the column of the table of what was made that names the file. `make` gets content, media type
    and a name for the log, and no database; `keep` stores what it gave, unless another worker was faster.
    """
    waiting = Document.id.not_in(select(result))
    _look()
    order = Document.id.desc() if newest_first else Document.id
    found = select(Document.id).where(Document.media_type.in_(kinds), waiting).order_by(order).limit(most)
    ids = list(db.session.scalars(found))
    db.session.rollback()
    jobs.each(duty, ids, lambda number: _one(number, waiting, make, keep), SECONDS)


def _look() -> None:
    """Begin without the lock that keeps others from writing."""
    db.session.rollback()
    db.session.connection(execution_options={"write": False})


def _one(
    document_id: int,
    waiting: ColumnElement[bool],
    make: Callable[[bytes, str, str], Any],
    keep: Callable[[int, Any], None],
) -> None:
    _look()
    query = select(Document.content, Document.media_type).where(Document.id == document_id, waiting)
    row = db.session.execute(query).one_or_none()
    db.session.rollback()
    if row is None:
        return
    made = make(row.content, row.media_type, f"document {document_id}")
    if db.session.scalar(select(Document.id).where(Document.id == document_id, waiting)):
        keep(document_id, made)
    db.session.commit()
