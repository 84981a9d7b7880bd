"""Who plans a talk sees what else happens around that day with the same organisations."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, select, union
from sqlalchemy.orm import joinedload

from crm.accounts.models import User
from crm.consultations.models import Consultation, ConsultationState, Participation
from crm.consultations.narrowing import takes_part
from crm.consultations.queries import visible_to
from crm.db import db, today
from crm.resolutions import queries as resolutions
from crm.resolutions.models import Resolution
from crm.resolutions.services import body_name
from crm.task_fields.models import TaskField

DAYS, MOST, MOST_SESSIONS = 14, 10, 100


@dataclass(frozen=True)
class Near:
    """A talk, a session or an event close to a day, and with whom of those asked about."""

    day: date
    apart: int
    places: list[str]
    talk: Consultation | None = None
    session: Resolution | None = None
    body: str = ""
    event: Any = None

    @property
    def is_open(self) -> bool:
        """Tell whether it is a talk still to come, that others can be added to."""
        return self.talk is not None and self.talk.state is ConsultationState.PLANNED and self.day >= today()


def around(user: Any, organisation_ids: Iterable[int], day: date, but: int | None = None) -> list[Near]:
    """What is planned or happened within 14 days of a day with some organisations, the nearest first.

    Talks that this user may see, without cancelled ones and the talk `but` itself, and sessions of councils.
    """
    wanted = sorted(set(organisation_ids))
    if not wanted:
        return []
    found = _talks(user, wanted, day, but) + _sessions(wanted, day)
    return nearest(found)


def nearest(found: Iterable[Near]) -> list[Near]:
    """Put what lies around a day in order, the nearest first; talks come before what else is on their day."""
    return sorted(found, key=lambda one: (abs(one.apart), one.day, one.talk is None))[:MOST]


def is_coming(consultation: Consultation) -> bool:
    """Tell whether a talk is still to come."""
    return consultation.state is ConsultationState.PLANNED and consultation.held_on > today()


def _talks(user: Any, wanted: list[int], day: date, but: int | None) -> list[Near]:
    """The nearest talks before and after a day with those asked about, in one statement."""
    query = (
        visible_to(user)
        .join(Consultation.participations)
        .where(
            Consultation.id.in_(_nearest(user, wanted, day, but)), Participation.organisation_id.in_(wanted)
        )
        .add_columns(Participation.organisation_name)
        .order_by(Consultation.held_on, Consultation.id, Participation.position)
        .options(
            joinedload(Consultation.task_fields).load_only(TaskField.name),
            joinedload(Consultation.staff).load_only(User.name),
        )
    )
    found: dict[Consultation, list[str]] = {}
    for talk, name in db.session.execute(query).unique():
        found.setdefault(talk, []).append(name)
    return [Near(talk.held_on, (talk.held_on - day).days, names, talk) for talk, names in found.items()]


def _nearest(user: Any, wanted: list[int], day: date, but: int | None) -> Any:
    query = visible_to(user).where(
        Consultation.state != ConsultationState.CANCELLED,
        Consultation.removed_at.is_(None),
        Consultation.id != (but or 0),
        takes_part(Participation.organisation_id.in_(wanted)),
    )
    held_on = Consultation.held_on
    before = query.where(held_on < day, held_on >= day - timedelta(days=DAYS)).order_by(held_on.desc())
    after = query.where(held_on >= day, held_on <= day + timedelta(days=DAYS)).order_by(held_on)
    return union(*(_ids(one.order_by(Consultation.id).limit(MOST)) for one in (before, after)))


def _ids(query: Select[Consultation]) -> Select[Any]:
    return select(query.with_only_columns(Consultation.id).subquery().c.id)


def _sessions(wanted: list[int], day: date) -> list[Near]:
    """The sessions around a day, in two statements."""
    query = resolutions.sessions(day - timedelta(days=DAYS), day + timedelta(days=DAYS), wanted)
    found = []
    for one in db.session.scalars(query.limit(MOST_SESSIONS)):
        held_on, places = one.session_on or day, [one.partner.organisation_name]
        found.append(Near(held_on, (held_on - day).days, places, session=one, body=body_name(one)))
    return found
