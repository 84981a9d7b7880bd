"""The index follows the records: what a transaction changed is described anew before its commit.

Statements that change rows past the session name no records; of their kinds, all that is out of step is made
anew. What goes round both is found by the worker.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from flask import has_app_context
from sqlalchemy import event, inspect, select
from sqlalchemy.orm import ORMExecuteState, Session

from crm.consultations.models import (
    Consultation,
    ConsultationTaskField,
    Naming,
    Participation,
    ParticipationPerson,
)
from crm.contacts.models import Function, Person
from crm.cooperations.models import Cooperation, CooperationTaskField, Partner
from crm.db import db
from crm.documents.models import Document
from crm.duplicates.queries import doubles_of
from crm.events.models import Event, EventHost, EventTaskField, ProgrammeItem
from crm.examples.models import PracticeExample
from crm.follow_ups.models import FollowUp
from crm.funding.models import Application, Paper
from crm.materials.models import Material, MaterialTaskField, MaterialVersion
from crm.organisations.models import Designation, Membership, Organisation, OrganisationKey, Succession
from crm.resolutions.models import Resolution
from crm.search import services
from crm.search.models import EntryKind
from crm.task_fields.models import TaskField

PLACE, PERSON, GROUP, EVENT = (
    EntryKind.ORGANISATION, EntryKind.PERSON, EntryKind.COOPERATION, EntryKind.EVENT,
)  # fmt: skip
TALK, PROMISE, FILE = EntryKind.CONSULTATION, EntryKind.FOLLOW_UP, EntryKind.DOCUMENT
MATERIAL = EntryKind.MATERIAL

# Of whose entry a record is a part: the kind, and the column that holds the number.
PART_OF: dict[type, tuple[EntryKind, str]] = {
    Organisation: (PLACE, "id"), Designation: (PLACE, "organisation_id"),
    OrganisationKey: (PLACE, "organisation_id"), Membership: (PLACE, "organisation_id"),
    Succession: (PLACE, "successor_id"),
    Person: (PERSON, "id"), Function: (PERSON, "person_id"),
    Consultation: (TALK, "id"), Participation: (TALK, "consultation_id"),
    ConsultationTaskField: (TALK, "consultation_id"),
    Cooperation: (GROUP, "id"), Partner: (GROUP, "cooperation_id"),
    CooperationTaskField: (GROUP, "cooperation_id"),
    PracticeExample: (GROUP, "cooperation_id"),
    Event: (EVENT, "id"), EventHost: (EVENT, "event_id"), ProgrammeItem: (EVENT, "event_id"),
    EventTaskField: (EVENT, "event_id"),
    FollowUp: (PROMISE, "id"), Document: (FILE, "id"),
    Material: (MATERIAL, "id"), MaterialVersion: (MATERIAL, "material_id"),
    MaterialTaskField: (MATERIAL, "material_id"),
}  # fmt: skip


@dataclass(frozen=True)
class Mention:
    """Entries that name a record, should one of these columns of it change (none: whatever happens to it).

    `column` holds the number that `of` looks for: it selects the numbers of the entries' records.
    """

    kind: EntryKind
    of: Callable[[Iterable[int]], Any]
    fields: tuple[str, ...] = ()
    column: str = "id"


def _where(query: Any, column: Any) -> Callable[[Iterable[int]], Any]:
    """Narrow a selection of numbers to what belongs to some records."""

    def of(ids: Iterable[int]) -> Any:
        return query.where(column.in_(ids))

    return of


_OF_RESOLUTIONS = (
    select(Document.id)
    .join(Resolution, Resolution.id == Document.resolution_id)
    .join(Partner, Partner.id == Resolution.partner_id)
)
_OF_PAPERS = (
    select(Document.id)
    .join(Paper, Paper.id == Document.paper_id)
    .join(Application, Application.id == Paper.application_id)
)
_FILES = select(Document.id)
_FILES_OF_TALKS = _where(_FILES, Document.consultation_id)
_NAME, _FULL_NAME = ("name",), ("first_name", "last_name", "removed_at")
_TITLE = ("title", "removed_at")
_TALKS_OF_PARTIES = _where(select(Participation.consultation_id), Participation.id)
_TALKS_OF_PEOPLE = select(Participation.consultation_id).join(
    ParticipationPerson, ParticipationPerson.participation_id == Participation.id
)


def _talks_naming(ids: Iterable[int]) -> Any:
    """Talks whose texts name some people, or who went up in them."""
    return select(Naming.consultation_id).where(Naming.person_id.in_([*ids, *doubles_of(ids)]))


MENTIONS: dict[type, tuple[Mention, ...]] = {
    Organisation: (
        Mention(PERSON, _where(select(Function.person_id), Function.organisation_id), _NAME),
        Mention(PROMISE, _where(select(FollowUp.id), FollowUp.organisation_id), _NAME),
        Mention(EVENT, _where(select(Event.id), Event.place_id), _NAME),
        Mention(PLACE, _where(select(Succession.successor_id), Succession.predecessor_id), _NAME),
        Mention(FILE, _where(_FILES, Document.organisation_id), ("name", "removed_at")),
    ),
    Person: (
        Mention(TALK, _where(_TALKS_OF_PEOPLE, ParticipationPerson.person_id), _FULL_NAME),
        Mention(TALK, _talks_naming, ("academic_title", *_FULL_NAME)),
        Mention(PROMISE, _where(select(FollowUp.id), FollowUp.person_id), _FULL_NAME),
    ),
    ParticipationPerson: (Mention(TALK, _TALKS_OF_PARTIES, column="participation_id"),),
    TaskField: (
        Mention(
            TALK,
            _where(select(ConsultationTaskField.consultation_id), ConsultationTaskField.task_field_id),
            _NAME,
        ),
        Mention(
            GROUP,
            _where(select(CooperationTaskField.cooperation_id), CooperationTaskField.task_field_id),
            _NAME,
        ),
        Mention(EVENT, _where(select(EventTaskField.event_id), EventTaskField.task_field_id), _NAME),
        Mention(
            MATERIAL, _where(select(MaterialTaskField.material_id), MaterialTaskField.task_field_id), _NAME
        ),
    ),
    Cooperation: (
        Mention(FILE, _where(_OF_RESOLUTIONS, Partner.cooperation_id), _TITLE),
        Mention(FILE, _where(_OF_PAPERS, Application.cooperation_id), _TITLE),
        Mention(FILE, _where(_FILES, Document.cooperation_id), _TITLE),
    ),
    Event: (Mention(FILE, _where(_FILES, Document.event_id), _TITLE),),
    Consultation: (Mention(FILE, _FILES_OF_TALKS, ("held_on", "kind", "confidential", "removed_at")),),
    Participation: (Mention(FILE, _FILES_OF_TALKS, column="consultation_id"),),
    Document: (
        Mention(
            MATERIAL,
            _where(select(MaterialVersion.material_id), MaterialVersion.id),
            column="material_version_id",
        ),
    ),
}


# Which entries are asked for, and by what: of several mentions that ask the same, one is asked.
Mentioning = tuple[EntryKind, Callable[[Iterable[int]], Any]]


@dataclass
class _Touched:
    """What a transaction changed: records, records that others mention, kinds of rows it wrote in bulk."""

    records: dict[EntryKind, set[int]] = field(default_factory=dict)
    mentioned: dict[Mentioning, set[int]] = field(default_factory=dict)
    kinds: set[EntryKind] = field(default_factory=set)


def _touched(session: Session) -> _Touched:
    found: _Touched = session.info.setdefault("search", _Touched())
    return found


@event.listens_for(Session, "after_flush")
def _collect(session: Session, _context: Any) -> None:
    for thing in (*session.new, *session.dirty, *session.deleted):
        if type(thing) in PART_OF:
            kind, column = PART_OF[type(thing)]
            _touched(session).records.setdefault(kind, set()).add(getattr(thing, column))
        for mention in MENTIONS.get(type(thing), ()):
            if not mention.fields or _changed(thing, mention.fields):
                known = _touched(session).mentioned.setdefault((mention.kind, mention.of), set())
                known.add(getattr(thing, mention.column))
    # With a partner its extracts go, past the session.
    if any(isinstance(thing, Partner) for thing in session.deleted):
        _touched(session).kinds.add(FILE)


def _changed(thing: Any, fields: tuple[str, ...]) -> bool:
    state = inspect(thing)
    return any(state.attrs[name].history.has_changes() for name in fields)


@event.listens_for(Session, "do_orm_execute")
def _notice(state: ORMExecuteState) -> None:
    if not (state.is_insert or state.is_update or state.is_delete) or state.bind_mapper is None:
        return
    model = state.bind_mapper.class_
    if model in PART_OF:
        _touched(state.session).kinds.add(PART_OF[model][0])


@event.listens_for(Session, "before_commit")
def _follow(session: Session) -> None:
    """Describe what was touched, in the same transaction."""
    if not has_app_context() or session is not db.session():
        return
    session.flush()
    touched: _Touched | None = session.info.pop("search", None)
    if touched is None:
        return
    wanted = touched.records
    for kind in touched.kinds:
        wanted.setdefault(kind, set()).update(services.behind(kind))
    for (kind, of), ids in touched.mentioned.items():
        found = db.session.scalars(of(ids).execution_options(include_removed=True))
        wanted.setdefault(kind, set()).update(found)
    # Always in the same order, so that two transactions never wait for each other.
    for kind in EntryKind:
        services.refresh(kind, wanted.get(kind, set()) - {None})


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop("search", None)
