"""Questions about talks. All start at `visible_to`: a confidential talk exists only for its circle."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from crm.access import Permission
from crm.accounts.models import User
from crm.consultations.models import (
    COUNTED,
    Channel,
    Consultation,
    ConsultationState,
    Naming,
    Participation,
    ParticipationPerson,
)
from crm.consultations.narrowing import Filters, conditions, takes_part
from crm.cooperations.models import Cooperation
from crm.db import db
from crm.organisations.models import Organisation
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
# A group in the trash is as good as none: the talk then shows no group at all.
GROUP = joinedload(Consultation.cooperation).load_only(Cooperation.title, Cooperation.stage)
FOR_LISTS = (_PARTIES.load_only(*_SHOWN), *_NAMED)
_FOR_LABELS = (_PARTIES.load_only(*_SHOWN), _NAMED[0])
FOR_TIMELINES = (_PARTIES.load_only(*_SHOWN, Participation.private_note), *_NAMED, GROUP)
COUNTABLE = (
    _PARTIES.joinedload(Participation.organisation),
    selectinload(Consultation.task_fields),
    selectinload(Consultation.staff),
)
WHOLE = (
    *COUNTABLE,
    GROUP,
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


def listing(user: Any, filters: Filters) -> Select[Consultation]:
    """Select the talks of a list, newest first."""
    query = visible_to(user)
    for condition in conditions(filters):
        query = query.where(condition)
    return query.order_by(Consultation.held_on.desc(), Consultation.id.desc())


def of_organisation(user: Any, organisation_id: int, limit: int) -> list[Consultation]:
    """Talks an organisation had to do with, newest first."""
    query = listing(user, Filters(organisation_id=organisation_id)).options(*FOR_TIMELINES)
    return list(db.session.scalars(query.limit(limit)))


def for_timelines(user: Any, ids: Collection[int]) -> list[Consultation]:
    """Some talks with what a timeline shows of them, as far as this user may see them."""
    query = visible_to(user).where(Consultation.id.in_(ids)).options(*FOR_TIMELINES)
    return list(db.session.scalars(query))


def ids_of_organisation(user: Any, organisation_id: int) -> Select[Any]:
    """Select the numbers of all talks of an organisation that this user may see."""
    query = listing(user, Filters(organisation_id=organisation_id))
    return query.with_only_columns(Consultation.id).order_by(None)


def of_person(user: Any, person_id: int) -> list[Consultation]:
    """Talks a person was at, newest first."""
    was_there = takes_part(
        Participation.id.in_(
            select(ParticipationPerson.participation_id).where(ParticipationPerson.person_id == person_id)
        )
    )
    query = visible_to(user).where(was_there).order_by(Consultation.held_on.desc()).options(*FOR_LISTS)
    return list(db.session.scalars(query.limit(100)))


def ids_naming(person_ids: Collection[int]) -> Select[Any]:
    """Select the numbers of talks whose texts name one of some people, whoever may see them."""
    return select(Naming.consultation_id).where(Naming.person_id.in_(person_ids)).distinct()


def naming(user: Any, person_ids: Collection[int]) -> list[Consultation]:
    """Talks that name one of some people in their texts and that this user may see, newest first."""
    query = visible_to(user).where(Consultation.id.in_(ids_naming(person_ids))).options(*FOR_LISTS)
    return list(db.session.scalars(query.order_by(Consultation.held_on.desc(), Consultation.id).limit(100)))


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
        takes_part(Participation.organisation_id.in_(organisation_ids)),
    )
    if but:
        query = query.where(Consultation.id != but)
    return list(db.session.scalars(query.options(*FOR_LISTS).limit(5)))


def following(user: Any, consultation_id: int) -> Select[Consultation]:
    """Select the talks that follow one, as far as this user may see them."""
    return visible_to(user).where(Consultation.follows_id == consultation_id)


def followed_by(user: Any, consultation_id: int) -> list[Consultation]:
    """Talks that follow this one."""
    query = following(user, consultation_id).order_by(Consultation.held_on)
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


def last_held_with_person(user: Any) -> Select[*tuple[Any, ...]]:
    """Select (number, day) of the last held talk of each person that this user may see."""
    seen = visible_to(user).where(
        Consultation.state == ConsultationState.HELD, Consultation.removed_at.is_(None)
    )
    columns = ParticipationPerson.person_id.label("number"), func.max(Consultation.held_on).label("day")
    return (
        seen.join(Participation, Participation.consultation_id == Consultation.id)
        .join(ParticipationPerson, ParticipationPerson.participation_id == Participation.id)
        .with_only_columns(*columns)
        .group_by(ParticipationPerson.person_id)
    )


def _held_with_groups(user: Any) -> Select[Consultation]:
    return visible_to(user).where(
        Consultation.state == ConsultationState.HELD,
        Consultation.cooperation_id.is_not(None),
        Consultation.removed_at.is_(None),
    )


def last_held_by_group(user: Any) -> Select[*tuple[Any, ...]]:
    """Select (cooperation_id, day) of the last held talk of each group that this user may see."""
    columns = Consultation.cooperation_id, func.max(Consultation.held_on).label("day")
    return _held_with_groups(user).with_only_columns(*columns).group_by(Consultation.cooperation_id)


def last_held_with(user: Any, cooperation_id: Any) -> Any:
    """The same day of the group a column names: to order many groups by, it reads one talk of each."""
    held = _held_with_groups(user).where(Consultation.cooperation_id == cooperation_id)
    last = held.with_only_columns(Consultation.held_on).order_by(Consultation.held_on.desc()).limit(1)
    return last.correlate_except(Consultation).scalar_subquery()


def seen_by(user: Any, number: Any) -> Any:
    """The condition that the talk a column names exists for this user."""
    query = visible_to(user).where(Consultation.id == number, Consultation.removed_at.is_(None))
    return query.with_only_columns(Consultation.id).correlate_except(Consultation).exists()


def first_open_day(cooperation_id: int) -> date | None:
    """The day of the first held talk of a group that everybody may see; it moves the stage of the group."""
    query = select(func.min(Consultation.held_on)).where(
        Consultation.cooperation_id == cooperation_id,
        Consultation.state == ConsultationState.HELD,
        Consultation.confidential.is_(False),
        Consultation.removed_at.is_(None),
    )
    return db.session.scalar(query)


def _counted_for(user: Any, organisation_id: int) -> Select[Consultation]:
    taking_part = takes_part(
        (Participation.organisation_id == organisation_id) & Participation.presence.in_(COUNTED)
    )
    return visible_to(user).where(Consultation.state == ConsultationState.HELD, taking_part)


def counted_since(user: Any, organisation_id: int, day: date) -> Select[Any]:
    """Select the held talks since a day that an organisation took part in."""
    return _counted_for(user, organisation_id).where(Consultation.held_on >= day)


def last_talk_of(user: Any, organisation_id: int) -> Consultation | None:
    """The last held talk an organisation took part in."""
    query = _counted_for(user, organisation_id)
    return db.session.scalar(query.order_by(Consultation.held_on.desc(), Consultation.id.desc()).limit(1))


def threads(user: Any, organisation_ids: list[int], limit: int = 30) -> list[tuple[int, str]]:
    """Earlier talks to choose from for „follows talk …“, newest first."""
    query = visible_to(user).where(Consultation.state != ConsultationState.CANCELLED)
    if organisation_ids:
        query = query.where(takes_part(Participation.organisation_id.in_(organisation_ids)))
    found = db.session.scalars(
        query.order_by(Consultation.held_on.desc(), Consultation.id.desc()).options(*_FOR_LABELS).limit(limit)
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
