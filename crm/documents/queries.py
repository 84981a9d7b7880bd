"""Questions about attachments of events."""

from sqlalchemy import select

from crm.db import db
from crm.documents.models import Document


def for_guests(event_id: int) -> list[Document]:
    """The papers of an event that its guests may have, without their bytes."""
    query = select(Document).where(Document.event_id == event_id, Document.for_guests)
    return list(db.session.scalars(query.order_by(Document.id).limit(50)))


def one_for_guests(event_id: int, document_id: int) -> Document | None:
    """One of them."""
    query = select(Document).where(
        Document.id == document_id, Document.event_id == event_id, Document.for_guests
    )
    return db.session.scalar(query)
