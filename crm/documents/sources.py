"""What an attachment hangs on: a resolution or a paper of an application, and so the group, or an event."""

from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from crm.cooperations.models import Cooperation, Partner
from crm.db import db
from crm.documents.models import Document
from crm.events.models import Event
from crm.funding.models import Application, Paper
from crm.resolutions.models import Resolution
from crm.resolutions.services import in_words


@dataclass(frozen=True)
class Place:
    """Where a file hangs: the group or event, what it belongs to in words, its page, and the column.

    `crumb` leads to the list of all groups or all events.
    """

    owner: Any
    words: str
    url: str
    column: dict[str, int]

    @property
    def of_event(self) -> bool:
        """Tell whether it hangs on an event."""
        return "event_id" in self.column

    @property
    def crumb(self) -> tuple[str, str]:
        """Name and address of the list above."""
        if self.of_event:
            return _("Events"), url_for("events.index")
        return _("Cooperations"), url_for("cooperations.index")


def resolution_place(resolution_id: int) -> Place | None:
    """Find a resolution of a group that is not removed."""
    query = (
        select(Resolution)
        .join(Resolution.partner)
        .join(Partner.cooperation)
        .where(Resolution.id == resolution_id, Cooperation.removed_at.is_(None))
        .options(joinedload(Resolution.partner).joinedload(Partner.cooperation))
    )
    found = db.session.scalar(query)
    if found is None:
        return None
    group = found.partner.cooperation
    url = url_for("cooperations.show", cooperation_id=group.id)
    return Place(group, in_words(found), url, {"resolution_id": found.id})


def paper_place(paper_id: int) -> Place | None:
    """Find a paper of an application of a group that is not removed."""
    query = (
        select(Paper, Cooperation)
        .join(Application, Application.id == Paper.application_id)
        .join(Cooperation, Cooperation.id == Application.cooperation_id)
        .where(Paper.id == paper_id, Cooperation.removed_at.is_(None))
    )
    row = db.session.execute(query).first()
    if row is None:
        return None
    paper, group = row
    url = url_for("funding.show", cooperation_id=group.id)
    return Place(group, str(paper.kind.label), url, {"paper_id": paper.id})


def event_place(event_id: int) -> Place | None:
    """Find an event that is not removed."""
    found = db.session.get(Event, event_id)
    if found is None or found.removed_at is not None:
        return None
    url = url_for("events.show", event_id=found.id)
    return Place(found, str(found.kind.label), url, {"event_id": found.id})


def of_event(event_id: int) -> list[Document]:
    """The files of an event, by name."""
    query = select(Document).where(Document.event_id == event_id)
    return list(db.session.scalars(query.order_by(Document.file_name, Document.id).limit(200)))


def place_of(document: Document) -> Place | None:
    """Find what a file hangs on; None when its group lies in the trash."""
    if document.resolution_id:
        return resolution_place(document.resolution_id)
    if document.event_id:
        return event_place(document.event_id)
    return paper_place(document.paper_id) if document.paper_id else None


def document(document_id: int) -> tuple[Any, Place | None]:
    """Load a file without its bytes, and what it hangs on."""
    found = db.session.get(Document, document_id)
    return found, place_of(found) if found else None
