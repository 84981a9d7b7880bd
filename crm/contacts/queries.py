"""Questions about people and the functions they hold."""

from datetime import date
from typing import Any

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import joinedload

from crm import folding
from crm.audit import AuditEvent
from crm.contacts.finding import (
    WHOLE,
    called,
    chips,
    functions_over_time,
    namesakes,
    people_source,
    suggestions,
    twins,
)
from crm.contacts.models import Function, FunctionRole, MailBasis, Person, unlimited
from crm.db import db, today
from crm.labels import by_label
from crm.organisations import queries as organisations
from crm.organisations.models import KOMMUNEN, Kind, Organisation

__all__ = ["chips", "functions_over_time", "namesakes", "people_source", "suggestions", "twins"]

ROLES = {role: place for place, role in enumerate(FunctionRole)}
# Cities whose head is a lord mayor; there the title of mayor is the deputy's.
OF_LORD_MAYORS = (Kind.COUNTY_FREE, Kind.SPECIAL_STATUS)


def one(person_id: int) -> Person | None:
    """Load a person with all functions."""
    return db.session.scalar(select(Person).where(Person.id == person_id).options(*WHOLE))


def holder(function_id: int) -> Person | None:
    """Load whose function it is, with all functions."""
    query = select(Person).join(Function, Function.person_id == Person.id).where(Function.id == function_id)
    return db.session.scalar(query.options(*WHOLE))


def removed(person_id: int) -> Person | None:
    """Find somebody in the trash."""
    query = select(Person).where(Person.id == person_id, Person.removed_at.is_not(None))
    return db.session.scalar(query.execution_options(include_removed=True))


def listing(
    text: str = "",
    organisation_id: int | None = None,
    ends_by: date | None = None,
    basis: MailBasis | None = None,
    limited: bool = False,
) -> Select[Person]:
    """Select people by name, title of a function, place or basis of mailings, in the order of a register.

    Whose data are only kept stands in no list but that of the `limited`.
    With `ends_by` those whose function of today ends by that day, the earliest end first.
    """
    query = select(Person).where(~unlimited() if limited else unlimited())
    words = folding.search_words(text) if text else []
    if text and not words:
        query = query.where(False)  # type: ignore[arg-type]
    for word in words:
        query = query.where(or_(called(word), _somewhere_called(word)))
    if organisation_id:
        query = query.where(Person.functions.any(Function.organisation_id == organisation_id))
    if basis:
        query = query.where(Person.mail_basis == basis)
    if ends_by:
        end = _next_end(ends_by)
        query = query.where(end.is_not(None)).order_by(end)
    return query.order_by(Person.sort_key, Person.id)


def limited_count() -> int:
    """Count people whose data are only kept."""
    return db.session.scalar(select(func.count(Person.id)).where(~unlimited())) or 0


def ordered(query: Select[Person], key: str, descending: bool, known: Any = None) -> Select[Person]:
    """Order a list of people by name, basis of mailings, end of a term, or `known`, a (number, value).

    Any other key keeps the order there is; what has nothing there stands last, however the list is turned.
    """
    column: Any = None
    if known is not None:
        number, column = known.subquery().c
        query = query.outerjoin(number.table, number == Person.id)
    elif key == "name":
        column = Person.sort_key
    elif key == "basis":
        column = by_label(Person.mail_basis, MailBasis)
    elif key == "ends":
        column = _next_end()
    if column is None:
        return query
    order = [column.desc() if descending else column, Person.sort_key, Person.id]
    if key == "name":
        return query.order_by(None).order_by(*(one.desc() if descending else one for one in order[1:]))
    return query.order_by(None).order_by(column.is_(None), *order)


def _next_end(day: date | None = None) -> Any:
    """The last day of what somebody holds today, if it is known and not after a day."""
    held = Function.on(today()) & Function.valid_to.is_not(None)
    if day is not None:
        held &= Function.valid_to <= day
    query = select(func.min(Function.valid_to)).where(Function.person_id == Person.id, held)
    return query.where(Function.removed_at.is_(None)).correlate(Person).scalar_subquery()


def with_functions(query: Select[Person]) -> list[Person]:
    """Load the selected people with their functions, in one statement however many they are."""
    whole = joinedload(Person.functions).joinedload(Function.organisation)
    return list(db.session.scalars(query.options(whole)).unique())


def _somewhere_called(word: str) -> Any:
    return (
        exists()
        .where(
            Function.person_id == Person.id,
            Function.removed_at.is_(None),
            Function.organisation_id == Organisation.id,
            Organisation.search_text.contains(word, autoescape=True),
        )
        .correlate(Person)
    )


def current_functions(organisation_id: int, on: date | None = None, coming: bool = False) -> list[Function]:
    """Functions held in an organisation on a day, and those to come if asked for: by rank, then by name."""
    day = on or today()
    wanted = or_(Function.on(day), Function.valid_from > day) if coming else Function.on(day)
    query = (
        select(Function)
        .join(Function.person)
        .where(Function.organisation_id == organisation_id, wanted)
        .options(joinedload(Function.person))
    )
    found = db.session.scalars(query.limit(500))
    return sorted(found, key=lambda one: (by_rank(one)[:2], one.is_ahead, one.person.sort_key, one.id))


def by_rank(function: Function) -> tuple[bool, int, int]:
    """What functions are ordered by: the head first, then the roles in their order."""
    return not function.is_head, ROLES[function.role], function.id


def function_on(person_id: int, organisation_id: int, day: date) -> Function | None:
    """The function a person held in an organisation on a day; of several the highest."""
    query = select(Function).where(
        Function.person_id == person_id, Function.organisation_id == organisation_id, Function.on(day)
    )
    found = sorted(db.session.scalars(query), key=by_rank)
    return found[0] if found else None


def places_among(person_ids: list[int], organisation_ids: list[int], day: date) -> dict[int, int]:
    """For which of some organisations each person speaks on a day; without a function for the first."""
    query = select(Function.person_id, Function.organisation_id).where(
        Function.person_id.in_(person_ids), Function.organisation_id.in_(organisation_ids), Function.on(day)
    )
    held: dict[int, set[int]] = {}
    for person, place in db.session.execute(query):
        held.setdefault(person, set()).add(place)
    return {
        person: next(
            (place for place in organisation_ids if place in held.get(person, ())), organisation_ids[0]
        )
        for person in person_ids
    }


def other_heads(organisation_id: int, but: int | None = None) -> list[Function]:
    """Functions that lead a Kommune now or will, except one; other bodies may have several heads."""
    query = (
        select(Function)
        .join(Function.organisation)
        .where(
            Function.organisation_id == organisation_id,
            Function.is_head,
            Function.id != (but or 0),
            or_(Function.valid_to.is_(None), Function.valid_to >= today()),
            Organisation.level.in_(KOMMUNEN),
        )
        .order_by(Function.valid_from.nulls_first(), Function.id)
        .options(joinedload(Function.person))
    )
    return list(db.session.scalars(query))


def led_by_lord_mayor(organisation_id: int | None, day: date | None = None) -> str | None:
    """Name the city if a lord mayor leads it on a day, so that its mayor is the deputy."""
    place = organisations.one(organisation_id) if organisation_id else None
    if place is None or not place.designations:
        return None
    named = organisations.designation_on(place, day or today())
    return named.name if named.kind in OF_LORD_MAYORS else None


def gone_function(person_id: int, function_id: int) -> Function | None:
    """Find a function in the trash whose person is not."""
    query = (
        select(Function)
        .join(Function.person)
        .where(
            Function.id == function_id,
            Function.person_id == person_id,
            Function.removed_at.is_not(None),
            Person.removed_at.is_(None),
        )
    )
    return db.session.scalar(query.execution_options(include_removed=True))


def history(person: Person, limit: int = 50) -> list[AuditEvent]:
    """Events of a person and of the person's functions, removed ones too, newest first."""
    functions = select(Function.id).where(Function.person_id == person.id)
    query = select(AuditEvent).where(
        or_(
            and_(AuditEvent.record_type == "people", AuditEvent.record_id == person.id),
            and_(AuditEvent.record_type == "functions", AuditEvent.record_id.in_(functions)),
        )
    )
    newest = query.order_by(AuditEvent.id.desc()).limit(limit)
    return list(db.session.scalars(newest.execution_options(include_removed=True)))


def subjects(person: Person) -> dict[tuple[str, int], str]:
    """What the events of a person's history are about, where it is one of several functions."""
    query = select(Function).where(Function.person_id == person.id).options(joinedload(Function.organisation))
    found = db.session.scalars(query.execution_options(include_removed=True))
    return {("functions", one.id): f"{one.called}, {one.organisation.name}" for one in found}
