"""What an attachment hangs on: a resolution or a paper of an application, and through either the group."""

from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from crm.cooperations.models import Cooperation, Partner
from crm.db import db
from crm.documents.models import Document
from crm.funding.models import Application, Paper
from crm.resolutions.models import Resolution
from crm.resolutions.services import in_words


@dataclass(frozen=True)
class Place:
    """Where a file hangs: the group, what it belongs to in words, the page that lists it, and the column."""

    group: Cooperation
    words: str
    url: str
    column: dict[str, int]


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


def place_of(document: Document) -> Place | None:
    """Find what a file hangs on; None when its group lies in the trash."""
    if document.resolution_id:
        return resolution_place(document.resolution_id)
    return paper_place(document.paper_id) if document.paper_id else None


def document(document_id: int) -> tuple[Any, Place | None]:
    """Load a file without its bytes, and what it hangs on."""
    found = db.session.get(Document, document_id)
    return found, place_of(found) if found else None
