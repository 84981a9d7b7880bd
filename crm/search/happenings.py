"""Events in the words of the index."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from crm.db import db
from crm.events.models import Event, EventState
from crm.events.times import when
from crm.folding import fold
from crm.organisations.models import Organisation
from crm.search.making import Made, said
from crm.search.models import EntryKind

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
