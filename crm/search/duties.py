"""What the worker does for the index: find what is out of step (after an upgrade all of it), read files."""

from sqlalchemy import ColumnElement, select

from crm import jobs
from crm.db import db
from crm.documents import contents
from crm.documents.models import Document
from crm.search import papers, services
from crm.search.models import DocumentText, EntryKind

AT_ONCE, SECONDS = 50, 30


@jobs.duty("search")
def catch_up() -> None:
    """Make entries anew that are missing, too old, or of records that are gone; in short transactions."""
    for kind in services.KINDS:
        # To look needs no lock that keeps others from writing.
        db.session.rollback()
        db.session.connection(execution_options={"write": False})
        ids = sorted(services.behind(kind))
        db.session.rollback()
        for start in range(0, len(ids), services.AT_ONCE):
            if jobs.stopping():
                return
            services.refresh(kind, ids[start : start + services.AT_ONCE])
            db.session.commit()


@jobs.duty("search-files")
def read_files() -> None:
    """Read the words of attachments nobody has read yet, each once, whatever comes of it."""
    db.session.rollback()
    db.session.connection(execution_options={"write": False})
    unread = select(Document.id).where(Document.media_type.in_(contents.WITH_TEXT), _unread())
    ids = list(db.session.scalars(unread.order_by(Document.id).limit(AT_ONCE)))
    db.session.rollback()
    jobs.each("search-files", ids, _read_file, SECONDS)


def _unread() -> ColumnElement[bool]:
    return Document.id.not_in(select(DocumentText.document_id))


def _read_file(document_id: int) -> None:
    """Read one, unless another worker has; the database is let go of meanwhile."""
    db.session.connection(execution_options={"write": False})
    query = select(Document.content, Document.media_type).where(Document.id == document_id, _unread())
    row = db.session.execute(query).one_or_none()
    db.session.rollback()
    if row is None:
        return
    plain = contents.text_of(row.content, row.media_type, f"document {document_id}")
    if db.session.scalar(select(Document.id).where(Document.id == document_id, _unread())):
        db.session.add(DocumentText(document_id=document_id, plain=plain))
        db.session.flush()
        services.refresh(EntryKind.DOCUMENT, [document_id])
        services.refresh(EntryKind.MATERIAL, papers.held_by(document_id))
    db.session.commit()
