"""Numbers of other rows in words: which talk it was, which event, which municipality or body."""

from typing import Any

from sqlalchemy import literal, null, select, union_all

from crm.consultations.models import Consultation, ConsultationTaskField, Participation
from crm.db import db
from crm.events.models import Event
from crm.i18n import day
from crm.organisations.models import Organisation
from crm.task_fields.models import TaskField


class Said(str):
    """What a number says to people; it is told as it is."""


Rows = list[dict[str, Any]]
_LINKS = ("participation_id", "event_id", "organisation_id")


def explained(tables: dict[str, Rows]) -> dict[str, Rows]:
    """Give the rows of some tables with words in place of the number of a talk, an event, a body."""
    numbers = {
        name: {row[name] for rows in tables.values() for row in rows if row.get(name)} for name in _LINKS
    }
    words = _words(*numbers.values()) if any(numbers.values()) else {}
    return {table: [row | _said(row, words) for row in rows] for table, rows in tables.items()}


def _said(row: dict[str, Any], words: dict[tuple[str, int], list[str]]) -> dict[str, Said]:
    return {
        name: Said(", ".join(words[name, row[name]])) for name in _LINKS if (name, row.get(name)) in words
    }


def _words(talks: set[int], events: set[int], bodies: set[int]) -> dict[tuple[str, int], list[str]]:
    """Day, kind and subjects of talks, by participation, titles of events, names of bodies; one statement."""
    of_talks = (
        select(literal(_LINKS[0]), Participation.id, Consultation.held_on, Consultation.kind, TaskField.name)
        .join(Consultation, Consultation.id == Participation.consultation_id)
        .outerjoin(ConsultationTaskField, ConsultationTaskField.consultation_id == Consultation.id)
        .outerjoin(TaskField, TaskField.id == ConsultationTaskField.task_field_id)
        .where(Participation.id.in_(talks))
    )
    of_events = select(literal(_LINKS[1]), Event.id, null(), null(), Event.title).where(Event.id.in_(events))
    of_bodies = select(literal(_LINKS[2]), Organisation.id, null(), null(), Organisation.name)
    of_bodies = of_bodies.where(Organisation.id.in_(bodies))
    query: Any = union_all(of_talks, of_events, of_bodies).execution_options(include_removed=True)
    found: dict[tuple[str, int], list[str]] = {}
    for name, number, held_on, kind, called in db.session.execute(query):
        known = found.setdefault((name, number), [day(held_on), str(kind.label)] if held_on else [])
        known += [called] if called else []
    return found
