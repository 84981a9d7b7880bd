"""What the worker does for documents: draw pictures of their pages, each file once, whatever comes of it."""

from sqlalchemy import ColumnElement, select

from crm import jobs
from crm.db import db
from crm.documents import contents
from crm.documents.models import Document, PagePicture, Preview

DUTY, AT_ONCE, SECONDS = "document-pictures", 20, 30


@jobs.duty(DUTY)
def draw_pictures() -> None:
    """Draw what nobody has drawn yet, what came last first: somebody may be waiting for it."""
    db.session.rollback()
    db.session.connection(execution_options={"write": False})
    undrawn = select(Document.id).where(Document.media_type.in_(contents.WITH_PICTURES), _undrawn())
    ids = list(db.session.scalars(undrawn.order_by(Document.id.desc()).limit(AT_ONCE)))
    db.session.rollback()
    jobs.each(DUTY, ids, _draw, SECONDS)


def _undrawn() -> ColumnElement[bool]:
    return Document.id.not_in(select(Preview.document_id))


def _draw(document_id: int) -> None:
    """Draw one, unless another worker has; the database is let go of meanwhile."""
    db.session.connection(execution_options={"write": False})
    query = select(Document.content, Document.media_type).where(Document.id == document_id, _undrawn())
    row = db.session.execute(query).one_or_none()
    db.session.rollback()
    if row is None:
        return
    drawn = contents.pictures_of(row.content, row.media_type, f"document {document_id}")
    if db.session.scalar(select(Document.id).where(Document.id == document_id, _undrawn())):
        pictures = drawn.pictures
        db.session.add(Preview(document_id=document_id, pages=drawn.pages, drawn=len(pictures)))
        db.session.flush()
        db.session.add_all(
            PagePicture(
                document_id=document_id, number=number, width=one.width, height=one.height,
                content=one.content,
            )
            for number, one in enumerate(pictures, start=1)
        )  # fmt: skip
    db.session.commit()
