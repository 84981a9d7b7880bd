"""Questions about cases of data protection."""

from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import joinedload

from crm.contacts.models import Person
from crm.db import BERLIN, db, now, today
from crm.documents.contents import WITH_TEXT
from crm.documents.models import Document
from crm.events.models import Event, ProgrammeItem
from crm.follow_ups.models import FollowUp, FollowUpState
from crm.imports.models import ImportJob, JobState
from crm.privacy.models import OPEN, Case, CaseState
from crm.privacy.needles import Needles
from crm.register.models import WaitingFile
from crm.registrations.models import GONE, Registration
from crm.search.models import DocumentText

MONTHS_OF_SILENCE, MOST_OFFERED, MOST_FILES = 6, 500, 200
_READ = select(DocumentText.document_id)


def cases(*states: CaseState) -> Select[Case]:
    """Select cases, all of them or of some states, the latest first."""
    query = select(Case)
    if states:
        query = query.where(Case.state.in_(states))
    return query.order_by(Case.id.desc())


def one(case_id: int) -> Case | None:
    """Load a case."""
    return db.session.get(Case, case_id)


def person(person_id: int) -> Person | None:
    """Load somebody, in the trash or not."""
    query = select(Person).where(Person.id == person_id)
    return db.session.scalar(query.execution_options(include_removed=True))


def case_of(person_id: int) -> Case | None:
    """Find the case somebody is out of sight for: an open one, or that of the erasure."""
    query = select(Case).where(Case.person_id == person_id, Case.state != CaseState.LIFTED)
    return db.session.scalar(query.order_by(Case.id.desc()).limit(1))


def out_of_sight() -> Select[Any]:
    """Select the numbers of people who are restricted or erased."""
    return select(Case.person_id).where(Case.state != CaseState.LIFTED)


def silent_until(case: Case) -> date | None:
    """The day on which the archive has been silent for six months; None before it was asked."""
    if case.offered_at is None:
        return None
    day = case.offered_at.astimezone(BERLIN).date()
    month = day.month - 1 + MONTHS_OF_SILENCE
    year, month = day.year + month // 12, month % 12 + 1
    last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month, min(day.day, last))


def may_be_erased(case: Case, day: date | None = None) -> bool:
    """Tell whether the archive has decided, or been silent for six months."""
    if case.state is not CaseState.OFFERED:
        return False
    silent = silent_until(case)
    return case.released_at is not None or (silent is not None and silent <= (day or today()))


def obstacles(ids: tuple[int, ...], naming: list[int]) -> list[str]:
    """Say what forbids an erasure, each with what to do; `naming` are the documents that name the person."""
    counted = zip(_obstacles(), [*_numbers_for(ids), len(naming)], strict=True)
    return [str(words) % {"number": number} for words, number in counted if number]


def _obstacles() -> list[str]:
    return [
        _("Open follow-ups about the person: %(number)s. Finish them or change the person."),
        _("Coming events with the person as guest or speaker: %(number)s. Cancel there first."),
        _("Documents not read yet: %(number)s. Wait until the program has read them."),
        _("Uploads not taken over yet: %(number)s. Take them over, or wait until they go after a day."),
        _("Lists being taken over: %(number)s. Wait until they are done."),
        _("Documents that name the person: %(number)s. Remove them or redact them first."),
    ]


def _numbers_for(ids: tuple[int, ...]) -> list[int]:
    """Count what forbids an erasure, in the order of the sentences, in one statement."""
    coming = _coming(ids)
    counts = [
        _count(FollowUp, FollowUp.person_id.in_(ids), FollowUp.state == FollowUpState.OPEN),
        _count(Event, Event.starts_at >= now(), coming),
        _count(Document, Document.media_type.in_(WITH_TEXT), Document.id.not_in(_READ)),
        _count(WaitingFile),
        _count(ImportJob, ImportJob.state.in_((JobState.WAITING, JobState.RUNNING))),
    ]
    return list(db.session.execute(select(*counts)).one())


def _count(model: Any, *conditions: ColumnElement[bool]) -> Any:
    return select(func.count(model.id)).where(*conditions).scalar_subquery()


def _coming(ids: tuple[int, ...]) -> ColumnElement[bool]:
    guests = select(Registration.event_id).where(
        Registration.person_id.in_(ids), Registration.seat.not_in(GONE)
    )
    speakers = select(ProgrammeItem.event_id).where(ProgrammeItem.person_id.in_(ids))
    return or_(Event.id.in_(guests), Event.id.in_(speakers))


def documents_naming(needles: Needles) -> list[int]:
    """Numbers of the documents of which the text names somebody."""
    if not needles:
        return []
    query = select(DocumentText.document_id, DocumentText.plain).order_by(DocumentText.document_id)
    texts = db.session.execute(query.where(needles.in_column(DocumentText.plain, False)))
    return [number for number, text in texts if needles.found_in(text)]


def documents(numbers: list[int]) -> list[Document]:
    """Load some documents, older versions among them, the latest first, so many at most."""
    wanted = sorted(numbers, reverse=True)[:MOST_FILES]
    query = select(Document).where(Document.id.in_(wanted))
    return list(db.session.scalars(query.order_by(Document.id.desc())))


def documents_without_text() -> list[Document]:
    """Load files in which the program reads no words, such as scans, the latest first, so many at most."""
    empty = select(DocumentText.document_id).where(DocumentText.plain == "")
    query = select(Document).where(or_(Document.id.in_(empty), Document.media_type.not_in(WITH_TEXT)))
    return list(db.session.scalars(query.order_by(Document.id.desc()).limit(MOST_FILES)))


def unjournaled() -> list[Case]:
    """Erasures that are not noted outside the database yet."""
    query = cases(CaseState.ERASED).where(Case.journaled_at.is_(None))
    return list(db.session.scalars(query.limit(500)))


def open_cases() -> Select[Case]:
    """Select who is restricted or offered."""
    return cases(*OPEN)


def with_staff(query: Select[Case]) -> Select[Case]:
    """Load who restricted and erased with the cases."""
    return query.options(joinedload(Case.restricted_by), joinedload(Case.erased_by))


def numbers() -> dict[CaseState, int]:
    """Count cases by state."""
    query = select(Case.state, func.count(Case.id)).group_by(Case.state)
    return dict.fromkeys(CaseState, 0) | {row[0]: row[1] for row in db.session.execute(query)}
