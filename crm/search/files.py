"""Documents in the words of the index: of each the newest version."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

from crm.consultations.models import Consultation, Participation
from crm.cooperations.models import Cooperation, Partner
from crm.db import BERLIN, db
from crm.documents.models import Document
from crm.documents.queries import newest
from crm.events.models import Event
from crm.folding import fold
from crm.funding.models import Application, Paper
from crm.i18n import day as in_words
from crm.organisations.models import Organisation
from crm.resolutions.models import Resolution
from crm.search.making import Made
from crm.search.models import DocumentText, EntryKind

_ROW = (
    Document.id, Document.version, Document.file_name, Document.created_at, Document.consultation_id,
    Document.confidential,
    func.coalesce(Cooperation.title, Event.title, Organisation.name).label("owner"),
    Partner.organisation_name.label("partner"),
    Consultation.held_on, Consultation.kind, Consultation.confidential.label("in_confidence"),
    DocumentText.plain,
)  # fmt: skip


def documents(ids: Sequence[int]) -> list[Made]:
    """Describe documents; older versions are left out, and those of what lies in the trash."""
    group = Partner.cooperation_id, Application.cooperation_id, Document.cooperation_id
    query = (
        select(*_ROW)
        .outerjoin(Resolution, Resolution.id == Document.resolution_id)
        .outerjoin(Partner, Partner.id == Resolution.partner_id)
        .outerjoin(Paper, Paper.id == Document.paper_id)
        .outerjoin(Application, Application.id == Paper.application_id)
        .outerjoin(Cooperation, Cooperation.id == func.coalesce(*group))
        .outerjoin(Event, Event.id == Document.event_id)
        .outerjoin(Organisation, Organisation.id == Document.organisation_id)
        .outerjoin(Consultation, Consultation.id == Document.consultation_id)
        .outerjoin(DocumentText, DocumentText.document_id == Document.id)
        .where(Document.id.in_(ids), newest())
    )
    rows = [row for row in db.session.execute(query) if row.owner is not None or row.held_on is not None]
    parties = _parties({row.consultation_id for row in rows if row.held_on is not None})
    return [_document(row, parties) for row in rows]


def _parties(talks: set[int]) -> dict[int, list[str]]:
    """Who was at some talks, as called that day."""
    query = select(Participation.consultation_id, Participation.organisation_name)
    query = query.where(Participation.consultation_id.in_(talks))
    found: dict[int, list[str]] = {}
    if talks:
        for number, name in db.session.execute(query.order_by(Participation.position, Participation.id)):
            found.setdefault(number, []).append(name)
    return found


def _document(row: Any, parties: dict[int, list[str]]) -> Made:
    places = parties.get(row.consultation_id, [])
    talk = f"{row.kind.label} {in_words(row.held_on)}" if row.held_on is not None else None
    where = ", ".join(part for part in (talk, *places[:3], row.owner, row.partner) if part)
    return Made(
        EntryKind.DOCUMENT, row.id, row.version, row.file_name, where,
        row.created_at.astimezone(BERLIN).date(), names=[row.file_name, row.file_name.rpartition(".")[0]],
        confidential=bool(row.confidential or row.in_confidence),
        context=fold(", ".join([where, *places])), text=row.plain or "",
    )  # fmt: skip
