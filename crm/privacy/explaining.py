"""Numbers of other rows in words: which talk it was, which event, which municipality or body."""

from typing import Any

from sqlalchemy import Select, literal, null, select, union_all

from crm.consultations.models import Consultation, ConsultationTaskField, Participation
from crm.db import db
from crm.events.models import Event
from crm.examples.models import PracticeExample
from crm.i18n import day
from crm.invitations.models import Invitation
from crm.mailings.models import Mailing
from crm.minutes.models import Minutes, MinutesCheck
from crm.organisations.models import Organisation
from crm.registrations.models import Registration
from crm.task_fields.models import TaskField


class Said(str):
    """What a number says to people; it is told as it is."""


Rows = list[dict[str, Any]]
Words = dict[tuple[str, int], list[str]]

# Whose number it is, what is told of it, and how one leads to the other. Titles of minutes and subjects of
# mails are typed, or hold words in braces: the talk and the event stand for them.
_TALKS: dict[str, tuple[Any, ...]] = {
    "participation_id": (Participation.id, Participation.consultation_id),
    "minutes_id": (Minutes.id, Minutes.consultation_id),
    "check_id": (MinutesCheck.id, Minutes.consultation_id, MinutesCheck.minutes_id == Minutes.id),
}
_CALLED: dict[str, tuple[Any, ...]] = {
    "event_id": (Event.id, Event.title),
    "invitation_id": (Invitation.id, Event.title, Invitation.event_id == Event.id),
    "registration_id": (Registration.id, Event.title, Registration.event_id == Event.id),
    "mailing_id": (Mailing.id, Event.title, Mailing.event_id == Event.id),
    "organisation_id": (Organisation.id, Organisation.name),
    "example_id": (PracticeExample.id, PracticeExample.title),
}
# Talks first: what stands in their columns says of which kind those of all others are.
_NAMES = (*_TALKS, *_CALLED)


def explained(tables: dict[str, Rows]) -> dict[str, Rows]:
    """Give the rows of some tables with words in place of the numbers of other rows."""
    wanted: dict[str, set[int]] = {}
    for name in _NAMES:
        if numbers := {row[name] for rows in tables.values() for row in rows if row.get(name)}:
            wanted[name] = numbers
    words = _words(wanted) if wanted else {}
    return {table: [row | _said(row, words) for row in rows] for table, rows in tables.items()}


def _said(row: dict[str, Any], words: Words) -> dict[str, Said]:
    known = {name: words.get((name, row[name])) for name in _NAMES if name in row}
    return {name: Said(", ".join(said)) for name, said in known.items() if said}


def _words(wanted: dict[str, set[int]]) -> Words:
    """Day, kind and subjects of talks, titles and names of the others; one statement."""
    queries = [_talks(name, ids) if name in _TALKS else _called(name, ids) for name, ids in wanted.items()]
    query: Any = union_all(*queries).execution_options(include_removed=True)
    found: Words = {}
    for name, number, held_on, kind, called in db.session.execute(query):
        known = found.setdefault((name, number), [day(held_on), str(kind.label)] if held_on else [])
        known += [called] if called else []
    return found


def _talks(name: str, ids: set[int]) -> Select[Any]:
    number, talk, *leads = _TALKS[name]
    columns = literal(name), number, Consultation.held_on, Consultation.kind, TaskField.name
    query = select(*columns).select_from(Consultation)
    query = query.outerjoin(ConsultationTaskField, ConsultationTaskField.consultation_id == Consultation.id)
    query = query.outerjoin(TaskField, TaskField.id == ConsultationTaskField.task_field_id)
    return query.where(Consultation.id == talk, number.in_(ids), *leads)


def _called(name: str, ids: set[int]) -> Select[Any]:
    number, called, *leads = _CALLED[name]
    return select(literal(name), number, null(), null(), called).where(number.in_(ids), *leads)
