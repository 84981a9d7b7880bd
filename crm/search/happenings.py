"""Events and attachments in the words of the index."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import case, select
from sqlalchemy.orm import joinedload, selectinload

from crm.cooperations.models import Cooperation, Partner
from crm.db import BERLIN, db
from crm.documents.models import Document
from crm.events.models import Event, EventState
from crm.events.times import when
from crm.folding import fold
from crm.funding.models import Application, Paper
from crm.organisations.models import Organisation
from crm.resolutions.models import Resolution
from crm.search.making import Made, said
from crm.search.models import DocumentText, EntryKind

_EVENT = (
    joinedload(Event.place).load_only(Organisation.name),
    selectinload(Event.hosts),
    selectinload(Event.programme),
    selectinload(Event.task_fields),
)


def events(ids: Sequence[int]) -> list[Made]:
    """Describe events with programme and hosts."""
    query = select(Event).where(Event.id.in_(ids)).options(*_EVENT)
    return [_event(one) for one in db.session.scalars(query.execution_options(populate_existing=True))]


def _event(event: Event) -> Made:
    points = [part for one in event.programme for part in (one.title, one.speaker)]
    fields = " ".join(one.name for one in event.task_fields)
    note = " · ".join(part for part in (when(event), event.where, str(event.kind.label)) if part)
    return Made(
        EntryKind.EVENT, event.id, event.version, event.title, note, event.day,
        weight=int(event.state is EventState.CANCELLED),
        staff=[event.responsible_id] if event.responsible_id else [],
        task_fields=[one.id for one in event.task_fields], names=[event.title],
        context=fold(f"{fields} {event.where} {event.kind.label}"),
        text=said(
            event.summary, event.for_whom, event.note, event.handed_out, event.source,
            ", ".join(one.name for one in event.hosts), *points,
        ),
        sort_key=event.sort_key,
    )  # fmt: skip


def documents(ids: Sequence[int]) -> list[Made]:
    """Describe attachments of groups and events; those of what lies in the trash are left out."""
    query = (
        select(
            Document.id, Document.version, Document.file_name, Document.created_at,
            case((Document.event_id.is_(None), Cooperation.title), else_=Event.title).label("owner"),
            Partner.organisation_name.label("partner"), DocumentText.plain,
        )
        .outerjoin(Resolution, Resolution.id == Document.resolution_id)
        .outerjoin(Partner, Partner.id == Resolution.partner_id)
        .outerjoin(Paper, Paper.id == Document.paper_id)
        .outerjoin(Application, Application.id == Paper.application_id)
        .outerjoin(
            Cooperation,
            (Cooperation.id == Partner.cooperation_id) | (Cooperation.id == Application.cooperation_id),
        )
        .outerjoin(Event, Event.id == Document.event_id)
        .outerjoin(DocumentText, DocumentText.document_id == Document.id)
        .where(Document.id.in_(ids))
    )  # fmt: skip
    return [_document(row) for row in db.session.execute(query) if row.owner is not None]


def _document(row: Any) -> Made:
    where = ", ".join(part for part in (row.owner, row.partner) if part)
    return Made(
        EntryKind.DOCUMENT, row.id, row.version, row.file_name, where,
        row.created_at.astimezone(BERLIN).date(), names=[row.file_name, row.file_name.rpartition(".")[0]],
        context=fold(where), text=row.plain or "",
    )  # fmt: skip
