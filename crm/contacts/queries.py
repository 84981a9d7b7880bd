"""Questions about people and the functions they hold."""

from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import Select, and_, exists, inspect, or_, select
from sqlalchemy.orm import joinedload, selectinload

from crm import folding
from crm.audit import AuditEvent
from crm.chips import Chip, ChipSource, Unknown
from crm.contacts.models import Function, FunctionRole, Person
from crm.contacts.names import read_name
from crm.db import db, today
from crm.organisations.models import Organisation

WHOLE = (selectinload(Person.functions).joinedload(Function.organisation),)
MOST_SUGGESTIONS = 12
MOST_CANDIDATES = 200
ROLES = {role: place for place, role in enumerate(FunctionRole)}


def one(person_id: int) -> Person | None:
    """Load a person with all functions."""
    return db.session.scalar(select(Person).where(Person.id == person_id).options(*WHOLE))


def removed(person_id: int) -> Person | None:
    """Find somebody in the trash."""
    query = select(Person).where(Person.id == person_id, Person.removed_at.is_not(None))
    return db.session.scalar(query.execution_options(include_removed=True))


def listing(text: str = "", organisation_id: int | None = None) -> Select[Person]:
    """Select people by name, title of a function or place, in the order of a register."""
    query = select(Person).options(*WHOLE)
    words = folding.search_words(text) if text else []
    if text and not words:
        query = query.where(False)  # type: ignore[arg-type]
    for word in words:
        query = query.where(or_(Person.search_text.contains(word, autoescape=True), _somewhere_called(word)))
    if organisation_id:
        query = query.where(Person.functions.any(Function.organisation_id == organisation_id))
    return query.order_by(Person.sort_key, Person.id)


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


def current_functions(organisation_id: int, on: date | None = None) -> list[Function]:
    """Functions held in an organisation on a day: the head first, then by role and name."""
    query = (
        select(Function)
        .join(Function.person)
        .where(Function.organisation_id == organisation_id, Function.on(on or today()))
        .options(joinedload(Function.person))
    )
    found = db.session.scalars(query.limit(500))
    return sorted(found, key=lambda one: (not one.is_head, ROLES[one.role], one.person.sort_key, one.id))


def functions_over_time(person: Person) -> list[Function]:
    """Functions of a person: what is held today first, then the newest."""
    first = date.min
    return sorted(
        person.functions,
        key=lambda one: (one.is_current, one.valid_to or date.max, one.valid_from or first, one.id),
        reverse=True,
    )


def function_on(person_id: int, organisation_id: int, day: date) -> Function | None:
    """The function a person held in an organisation on a day; of several the highest."""
    query = select(Function).where(
        Function.person_id == person_id, Function.organisation_id == organisation_id, Function.on(day)
    )
    found = sorted(db.session.scalars(query), key=lambda one: (not one.is_head, ROLES[one.role], one.id))
    return found[0] if found else None


def other_heads(organisation_id: int, but: int | None = None) -> list[Function]:
    """Functions that lead an organisation now or will, except one."""
    query = (
        select(Function)
        .where(
            Function.organisation_id == organisation_id,
            Function.is_head,
            Function.id != (but or 0),
            or_(Function.valid_to.is_(None), Function.valid_to >= today()),
        )
        .options(joinedload(Function.person))
    )
    return list(db.session.scalars(query))


def namesakes(name: str, organisation_id: int, but: int | None = None) -> list[Person]:
    """People with a function in an organisation whose name is the same however it is written."""
    wanted = folding.fold(name)
    people = [one for one in _people_of(organisation_id) if one.id != but]
    return [one for one in people if folding.fold(_plain(one)) == wanted]


def _people_of(organisation_id: int) -> list[Person]:
    query = select(Person).where(Person.functions.any(Function.organisation_id == organisation_id))
    return list(db.session.scalars(query.options(*WHOLE).order_by(Person.sort_key, Person.id).limit(1000)))


def _plain(person: Person) -> str:
    return " ".join(part for part in (person.first_name, person.last_name) if part)


def suggestions(text: str, organisation_id: int | None = None) -> list[Chip]:
    """People to pick: those of the organisation first; others only when first and last name are begun.

    A quick typist takes the first suggestion unseen, so only names count, and only from their beginning.
    """
    name = read_name(text).full if text.strip() else ""
    here = _people_of(organisation_id) if organisation_id else []
    found = [one for one in here if not name or _answers(one, name)]
    current = [one for one in found if _is_of(one, organisation_id)]
    found = current + [one for one in found if one not in current]
    if len(name.split()) > 1 or (name and not organisation_id):
        elsewhere = db.session.scalars(listing(name).limit(MOST_CANDIDATES))
        found += [one for one in elsewhere if one not in found and _answers(one, name)]
    return [Chip(str(one.id), one.name, _note(one, organisation_id)) for one in found[:MOST_SUGGESTIONS]]


def _is_of(person: Person, organisation_id: int | None) -> bool:
    return any(one.organisation_id == organisation_id and one.is_current for one in person.functions)


def _answers(person: Person, name: str) -> bool:
    names = [_plain(person), f"{person.last_name} {person.first_name or ''}", person.last_name]
    score = folding.rank(name, names)
    return score is not None and score.match <= folding.Match.WORDS


def _note(person: Person, organisation_id: int | None) -> str:
    held = [one for one in functions_over_time(person) if one.is_current]
    here = [one for one in held if one.organisation_id == organisation_id]
    if here:
        return here[0].called
    return f"{held[0].called} · {held[0].organisation.name}" if held else ""


def chips(ids: list[int]) -> list[Chip]:
    """Chips for numbers, in their order; people removed since stay recognisable as such."""
    return [Chip(str(one.id), _("Removed person") if one.removed_at else one.name) for one in _loaded(ids)]


def _loaded(ids: list[int]) -> list[Person]:
    """People by number, removed ones too; those a page has loaded already cost no query."""
    key = inspect(Person).identity_key_from_primary_key
    missing = [number for number in ids if key((number,)) not in db.session.identity_map]
    query = select(Person).where(Person.id.in_(missing)).execution_options(include_removed=True)
    fresh = {one.id: one for one in db.session.scalars(query)} if missing else {}
    found = [fresh.get(number) or db.session.identity_map.get(key((number,))) for number in ids]
    return [one for one in found if one is not None]


def people_source(organisation_id: int | None) -> ChipSource:
    """Where the people chips of one organisation come from."""

    def read(text: str) -> list[Chip] | Unknown:
        return _read(text, organisation_id)

    url = url_for("contacts.search", organisation=organisation_id)
    return ChipSource(url=url, chips=chips, read=read)


def _read(text: str, organisation_id: int | None) -> list[Chip] | Unknown:
    people = _people_of(organisation_id) if organisation_id else []
    wanted = folding.fold(read_name(text).full)
    same = [one for one in people if folding.fold(_plain(one)) == wanted]
    same = same or [one for one in people if folding.fold(one.last_name) == wanted]
    if len(same) == 1:
        return [Chip(str(same[0].id), same[0].name)]
    if same:
        names = ", ".join(one.name for one in same[:5])
        message = _(
            "“%(text)s” may be several people: %(names)s. Write the whole name.", text=text, names=names
        )
        return Unknown(message, may_be_new=False)
    return Unknown(_("“%(text)s” is not known here.", text=text))


def history(person: Person, limit: int = 50) -> list[AuditEvent]:
    """Events of a person and of the person's functions, newest first."""
    functions = select(Function.id).where(Function.person_id == person.id)
    query = select(AuditEvent).where(
        or_(
            and_(AuditEvent.record_type == "people", AuditEvent.record_id == person.id),
            and_(AuditEvent.record_type == "functions", AuditEvent.record_id.in_(functions)),
        )
    )
    return list(db.session.scalars(query.order_by(AuditEvent.id.desc()).limit(limit)))
