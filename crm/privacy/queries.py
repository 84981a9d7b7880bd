"""Questions about cases of data protection."""

from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import joinedload

from crm.contacts.models import Person
from crm.db import BERLIN, db, now, today
from crm.documents.models import Document
from crm.events.models import Event, ProgrammeItem
from crm.follow_ups.models import FollowUp, FollowUpState
from crm.imports.models import ImportJob, JobState
from crm.privacy.models import OPEN, Case, CaseState
from crm.privacy.needles import Needles
from crm.registrations.models import GONE, Registration
from crm.search.models import DocumentText

MONTHS_OF_SILENCE, MOST_OFFERED = 6, 500


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


def namesakes(last_name: str, but: tuple[int, ...]) -> int:
    """Count other contacts and guests of a last name."""
    same = func.lower(Person.last_name) == last_name.lower()
    contacts = select(func.count(Person.id)).where(same, Person.id.not_in(but))
    guests = select(func.count(Registration.id)).where(
        func.lower(Registration.last_name) == last_name.lower(),
        or_(Registration.person_id.is_(None), Registration.person_id.not_in(but)),
    )
    return (db.session.scalar(contacts) or 0) + (db.session.scalar(guests) or 0)


def obstacles(ids: tuple[int, ...], needles: Needles) -> list[str]:
    """Say what forbids an erasure, each with what to do about it."""
    found = []
    if number := _count(FollowUp, FollowUp.person_id.in_(ids), FollowUp.state == FollowUpState.OPEN):
        found.append(
            _(
                "Open follow-ups about the person: %(number)s. Finish them or change the person.",
                number=number,
            )
        )
    if number := _coming(ids):
        found.append(
            _(
                "Events to come the person is a guest or speaker of: %(number)s. Sign the person off first.",
                number=number,
            )
        )
    if number := _documents(needles):
        found.append(
            _("Documents that name the person: %(number)s. Remove them or blacken them first.", number=number)
        )
    if number := _count(ImportJob, ImportJob.state.in_((JobState.WAITING, JobState.RUNNING))):
        found.append(_("Lists being taken over: %(number)s. Wait until they are done.", number=number))
    return found


def _count(model: Any, *conditions: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count(model.id)).where(*conditions)) or 0


def _coming(ids: tuple[int, ...]) -> int:
    guests = select(Registration.event_id).where(
        Registration.person_id.in_(ids), Registration.seat.not_in(GONE)
    )
    speakers = select(ProgrammeItem.event_id).where(ProgrammeItem.person_id.in_(ids))
    return _count(Event, Event.starts_at >= now(), or_(Event.id.in_(guests), Event.id.in_(speakers)))


def _documents(needles: Needles) -> int:
    query = select(DocumentText.plain).join(Document, Document.id == DocumentText.document_id)
    texts = db.session.scalars(query.where(needles.in_column(DocumentText.plain, False)))
    return sum(needles.found_in(one) for one in texts)


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


def registrations_of(address: str) -> list[Registration]:
    """Registrations under a mail address."""
    mine = func.lower(Registration.email) == address.strip().lower()
    return list(db.session.scalars(select(Registration).where(mine).order_by(Registration.id).limit(500)))
