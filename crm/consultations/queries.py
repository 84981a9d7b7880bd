"""Questions about talks. All start at `visible_to`: a confidential talk exists only for its circle."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import selectinload

from crm.access import Permission
from crm.accounts.models import User
from crm.consultations.models import (
    COUNTED,
    Channel,
    Consultation,
    ConsultationKind,
    ConsultationStaff,
    ConsultationState,
    ConsultationTaskField,
    Participation,
    ParticipationPerson,
)
from crm.db import count, db, mentions
from crm.organisations.models import Membership, Organisation
from crm.task_fields.models import TaskField

_NAMED = (
    selectinload(Consultation.task_fields).load_only(TaskField.name),
    selectinload(Consultation.staff).load_only(User.name),
)
_PARTIES = selectinload(Consultation.participations)
_SHOWN = (
    Participation.organisation_id,
    Participation.organisation_name,
    Participation.position,
    Participation.presence,
)
FOR_LISTS = (_PARTIES.load_only(*_SHOWN), *_NAMED)
FOR_TIMELINES = (_PARTIES.load_only(*_SHOWN, Participation.private_note), *_NAMED)
COUNTABLE = (
    _PARTIES.joinedload(Participation.organisation),
    selectinload(Consultation.task_fields),
    selectinload(Consultation.staff),
)
WHOLE = (
    *COUNTABLE,
    _PARTIES.selectinload(Participation.people).joinedload(ParticipationPerson.person),
)


def visible_to(user: Any) -> Select[Consultation]:
    """Select the talks this user may see; every list, search, report and export builds on it."""
    query = select(Consultation)
    if not user.may(Permission.READ_CONTENT):
        return query.where(False)  # type: ignore[arg-type]
    if not user.may(Permission.READ_CONFIDENTIAL):
        query = query.where(Consultation.confidential.is_(False))
    return query


def one(user: Any, consultation_id: int) -> Consultation | None:
    """Load a whole talk, or nothing if it does not exist for this user."""
    return db.session.scalar(visible_to(user).where(Consultation.id == consultation_id).options(*WHOLE))


def brief(user: Any, consultation_id: int) -> Consultation | None:
    """Load of a talk what names it, or nothing if it does not exist for this user."""
    query = visible_to(user).where(Consultation.id == consultation_id)
    return db.session.scalar(query.options(_PARTIES.load_only(*_SHOWN), _NAMED[0]))


def sees(user: Any, consultation_id: int) -> bool:
    """Tell whether a talk exists for this user."""
    query = visible_to(user).where(Consultation.id == consultation_id).with_only_columns(Consultation.id)
    return db.session.scalar(query) is not None


def chain_before(consultation_id: int) -> set[int]:
    """Numbers of a talk and of all it follows, however far back."""
    first = select(Consultation.id, Consultation.follows_id).where(Consultation.id == consultation_id)
    chain = first.cte("chain", recursive=True)
    earlier = select(Consultation.id, Consultation.follows_id).where(Consultation.id == chain.c.follows_id)
    return set(db.session.scalars(select(chain.union(earlier).c.id)))


@dataclass(frozen=True)
class Filters:
    """What a list of talks is narrowed to; None and empty mean: all."""

    since: date | None = None
    until: date | None = None
    kind: ConsultationKind | None = None
    channel: Channel | None = None
    state: ConsultationState | None = None
    organisation_id: int | None = None
    county_id: int | None = None
    task_field_id: int | None = None
    staff_id: int | None = None
    text: str = ""
    needs_note: bool = False
    counted: bool = False


def listing(user: Any, filters: Filters) -> Select[Consultation]:
    """Select the talks of a list, newest first."""
    query = visible_to(user)
    for condition in _conditions(filters):
        query = query.where(condition)
    return query.order_by(Consultation.held_on.desc(), Consultation.id.desc())


def _conditions(filters: Filters) -> list[Any]:
    found: list[Any] = []
    if filters.since:
        found.append(Consultation.held_on >= filters.since)
    if filters.until:
        found.append(Consultation.held_on <= filters.until)
    for column, wanted in (
        (Consultation.kind, filters.kind),
        (Consultation.channel, filters.channel),
        (Consultation.state, filters.state),
    ):
        if wanted is not None:
            found.append(column == wanted)
    if filters.needs_note:
        found.append((Consultation.state == ConsultationState.HELD) & Consultation.note.is_(None))
    return found + _linked(filters) + ([_worded(filters.text)] if filters.text else [])


def _linked(filters: Filters) -> list[Any]:
    found: list[Any] = []
    if filters.organisation_id:
        part = Participation.organisation_id == filters.organisation_id
        found.append(
            _takes_part(part & Participation.presence.in_(COUNTED)) if filters.counted else _takes_part(part)
        )
    if filters.counted:
        found.append(Consultation.state == ConsultationState.HELD)
    if filters.county_id:
        inside = exists().where(
            Membership.organisation_id == Participation.organisation_id,
            Membership.parent_id == filters.county_id,
            Membership.on(Consultation.held_on),
        )
        inside = inside.correlate(Participation, Consultation)
        found.append(
            exists()
            .where(
                Participation.consultation_id == Consultation.id,
                or_(Participation.organisation_id == filters.county_id, inside),
            )
            .correlate(Consultation)
        )
    return found + _named(filters)


def _named(filters: Filters) -> list[Any]:
    found: list[Any] = []
    if filters.task_field_id:
        found.append(
            exists().where(
                ConsultationTaskField.consultation_id == Consultation.id,
                ConsultationTaskField.task_field_id == filters.task_field_id,
            )
        )
    if filters.staff_id:
        found.append(
            exists().where(
                ConsultationStaff.consultation_id == Consultation.id,
                ConsultationStaff.user_id == filters.staff_id,
            )
        )
    return found


def _takes_part(condition: Any) -> Any:
    return Consultation.id.in_(select(Participation.consultation_id).where(condition))


def _worded(text: str) -> Any:
    """Words of the shared text or the place, or names of organisations; private notes are not searched."""
    columns = (Consultation.note, Consultation.agreements, Consultation.next_step, Consultation.place)
    named = _takes_part(mentions(Participation.organisation_name, text))
    return or_(*(mentions(column, text) for column in columns), named)


def of_organisation(user: Any, organisation_id: int, limit: int, offset: int = 0) -> list[Consultation]:
    """Talks an organisation had to do with, newest first."""
    query = listing(user, Filters(organisation_id=organisation_id)).options(*FOR_TIMELINES)
    return list(db.session.scalars(query.limit(limit).offset(offset)))


def ids_of_organisation(user: Any, organisation_id: int) -> Select[Any]:
    """Select the numbers of all talks of an organisation that this user may see."""
    query = listing(user, Filters(organisation_id=organisation_id))
    return query.with_only_columns(Consultation.id).order_by(None)


def of_person(user: Any, person_id: int) -> list[Consultation]:
    """Talks a person was at, newest first."""
    was_there = _takes_part(
        Participation.id.in_(
            select(ParticipationPerson.participation_id).where(ParticipationPerson.person_id == person_id)
        )
    )
    query = visible_to(user).where(was_there).order_by(Consultation.held_on.desc()).options(*FOR_LISTS)
    return list(db.session.scalars(query.limit(100)))


def last_logged_by(user: Any, but: Channel | None = None) -> Consultation | None:
    """The talk this user logged last, on another channel than `but`."""
    query = visible_to(user).where(Consultation.created_by_id == user.id).order_by(Consultation.id.desc())
    if but is not None:
        query = query.where(Consultation.channel != but)
    return db.session.scalar(query.limit(1))


def same_day(user: Any, day: date, organisation_ids: list[int], but: int | None = None) -> list[Consultation]:
    """Other talks of that day with one of these organisations."""
    query = visible_to(user).where(
        Consultation.held_on == day,
        Consultation.state != ConsultationState.CANCELLED,
        _takes_part(Participation.organisation_id.in_(organisation_ids)),
    )
    if but:
        query = query.where(Consultation.id != but)
    return list(db.session.scalars(query.options(*FOR_LISTS).limit(5)))


def followed_by(user: Any, consultation_id: int) -> list[Consultation]:
    """Talks that follow this one."""
    query = visible_to(user).where(Consultation.follows_id == consultation_id).order_by(Consultation.held_on)
    return list(db.session.scalars(query.options(*FOR_LISTS).limit(20)))


def last_held_on(user: Any) -> Select[*tuple[Any, ...]]:
    """Select (organisation_id, day) of the last held talk of each organisation that this user may see."""
    seen = visible_to(user).where(Consultation.state == ConsultationState.HELD)
    return (
        seen.join(Consultation.participations)
        .where(Participation.presence.in_(COUNTED), Consultation.removed_at.is_(None))
        .with_only_columns(Participation.organisation_id, func.max(Consultation.held_on).label("day"))
        .group_by(Participation.organisation_id)
    )


def _counted_for(user: Any, organisation_id: int) -> Select[Consultation]:
    taking_part = _takes_part(
        (Participation.organisation_id == organisation_id) & Participation.presence.in_(COUNTED)
    )
    return visible_to(user).where(Consultation.state == ConsultationState.HELD, taking_part)


def counted_since(user: Any, organisation_id: int, day: date) -> int:
    """Count the held talks since a day that an organisation took part in."""
    return count(_counted_for(user, organisation_id).where(Consultation.held_on >= day))


def last_talk_of(user: Any, organisation_id: int) -> Consultation | None:
    """The last held talk an organisation took part in."""
    query = _counted_for(user, organisation_id)
    return db.session.scalar(query.order_by(Consultation.held_on.desc(), Consultation.id.desc()).limit(1))


def threads(user: Any, organisation_ids: list[int], limit: int = 30) -> list[tuple[int, str]]:
    """Earlier talks to choose from for „follows talk …“, newest first."""
    query = visible_to(user).where(Consultation.state != ConsultationState.CANCELLED)
    if organisation_ids:
        query = query.where(_takes_part(Participation.organisation_id.in_(organisation_ids)))
    found = db.session.scalars(
        query.order_by(Consultation.held_on.desc(), Consultation.id.desc()).options(*FOR_LISTS).limit(limit)
    )
    return [(talk.id, thread_label(talk)) for talk in found]


def thread_label(talk: Consultation) -> str:
    """Name a talk in a choice: day, places, heading."""
    return f"{talk.held_on:%d.%m.%Y} {', '.join(talk.places[:3])} – {talk.heading}"[:140]


def organisations_of(ids: list[int]) -> list[Organisation]:
    """Organisations by number with their names over time, in the order given."""
    query = select(Organisation).where(Organisation.id.in_(ids))
    rows = db.session.scalars(query.options(selectinload(Organisation.designations)))
    found = {one.id: one for one in rows}
    return [found[number] for number in ids if number in found]
