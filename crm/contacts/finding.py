"""Find people by what is typed: suggestions, chips, namesakes, and who is likely to be known already."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func, inspect, or_, select
from sqlalchemy.orm import selectinload

from crm import folding
from crm.addresses import spellings
from crm.chips import Chip, ChipSource, Unknown
from crm.contacts.models import Function, Person, unlimited
from crm.contacts.names import full_name, read_name
from crm.db import db
from crm.organisations.models import Organisation

WHOLE = (
    selectinload(Person.functions)
    .joinedload(Function.organisation)
    .load_only(Organisation.name, Organisation.level),
)
MOST_SUGGESTIONS = 12
MOST_CANDIDATES = 200


def functions_over_time(person: Person) -> list[Function]:
    """Functions of a person: what is held today first, then the newest."""
    first = date.min
    return sorted(
        person.functions,
        key=lambda one: (one.is_current, one.valid_to or date.max, one.valid_from or first, one.id),
        reverse=True,
    )


def called(word: str) -> ColumnElement[bool]:
    """The condition that a folded word stands in a name, a title or an address."""
    return Person.search_text.contains(word, autoescape=True)


def namesakes(name: str, organisation_id: int, but: int | None = None) -> list[Person]:
    """People with a function in an organisation whose name is the same however it is written."""
    wanted = folding.fold(name)
    people = [one for one in _people_of(organisation_id) if one.id != but]
    return [one for one in people if folding.fold(one.full_name) == wanted]


def twins(name: str, mails: Iterable[str | None] = ()) -> list[Person]:
    """People who may be meant: the same folded name in any order of its words, or the same address."""
    wanted = _words(name)
    plain = select(Person.id, Person.first_name, Person.last_name)
    same = db.session.execute(plain.where(*(called(word) for word in wanted))) if wanted else ()
    found = {one.id for one in same if _words(full_name(one.first_name, one.last_name)) == wanted}
    spelt = {spelling for mail in mails if mail for spelling in spellings(mail)}
    found |= set(db.session.scalars(select(Person.id).where(_reached_by(spelt)))) if spelt else set()
    if not found:
        return []
    query = select(Person).where(Person.id.in_(found)).options(*WHOLE)
    return list(db.session.scalars(query.order_by(Person.sort_key, Person.id).limit(MOST_SUGGESTIONS)))


def _words(name: str) -> list[str]:
    return sorted(folding.fold(name).split())


def _reached_by(spelt: set[str]) -> Any:
    official = Person.functions.any(func.lower(Function.email).in_(spelt) & Function.removed_at.is_(None))
    return or_(func.lower(Person.email).in_(spelt), official)


def _people_of(organisation_id: int, name: str = "") -> list[Person]:
    """People with a function in an organisation; with a name only those who may answer to it."""
    there = select(Function.person_id).where(Function.organisation_id == organisation_id)
    query = select(Person).where(Person.id.in_(there), *(called(word) for word in folding.search_words(name)))
    return list(db.session.scalars(query.options(*WHOLE).order_by(Person.sort_key, Person.id).limit(1000)))


def suggestions(text: str, organisation_id: int | None = None) -> list[Chip]:
    """People to pick: those of the organisation first, others by first and last name or the same name.

    Nobody whose data are only kept is suggested.
    A quick typist takes the first suggestion unseen, so only names count, and only from their beginning;
    who is elsewhere is marked, so that nobody is taken for a namesake unseen.
    """
    name = read_name(text).full if text.strip() else ""
    here = _people_of(organisation_id, name) if organisation_id else []
    found = [one for one in here if not one.is_limited and (not name or answers(one, name))]
    found.sort(key=lambda one: not _is_of(one, organisation_id))
    chips = [Chip(str(one.id), one.name, note(one, organisation_id)) for one in found]
    known = {one.id for one in here}
    others = [one for one in (_elsewhere(name, organisation_id) if name else []) if one.id not in known]
    chips += [Chip(str(one.id), one.name, note(one), bool(organisation_id)) for one in others]
    known |= {one.id for one in others}
    return (chips + _in_office(text, organisation_id, known))[:MOST_SUGGESTIONS]


def _in_office(text: str, organisation_id: int | None, known: set[int]) -> list[Chip]:
    """Those whose function here is called so: to be seen and chosen, never taken for a typed name."""
    words = folding.search_words(text)
    if not organisation_id or not words:
        return []
    found = [one for one in _people_of(organisation_id) if one.id not in known and not one.is_limited]
    called = [(one, note(one, organisation_id)) for one in found if _is_of(one, organisation_id)]
    return [
        Chip(str(one.id), one.name, title, guess=True)
        for one, title in called
        if all(word in folding.fold(title) for word in words)
    ]


def _elsewhere(name: str, organisation_id: int | None) -> list[Person]:
    if len(name.split()) == 1 and organisation_id:
        return [one for one in twins(name) if not one.is_limited]
    words = folding.search_words(name)
    query = select(Person).where(unlimited(), *(called(word) for word in words)).options(*WHOLE)
    query = query.order_by(Person.sort_key, Person.id).limit(MOST_CANDIDATES)
    return [one for one in db.session.scalars(query) if answers(one, name)] if words else []


def _is_of(person: Person, organisation_id: int | None) -> bool:
    return any(one.organisation_id == organisation_id and one.is_current for one in person.functions)


def answers(person: Person, name: str) -> bool:
    """Tell whether somebody may be meant by a name, or by the beginning of one."""
    names = [person.full_name, f"{person.last_name} {person.first_name or ''}", person.last_name]
    score = folding.rank(name, names)
    return score is not None and score.match <= folding.Match.WORDS


def note(person: Person, organisation_id: int | None = None) -> str:
    """What tells somebody from a namesake: the function here, else one elsewhere, else the last one."""
    over_time = functions_over_time(person)
    here = [one for one in over_time if one.is_current and one.organisation_id == organisation_id]
    if here:
        return here[0].called
    if not over_time:
        return ""
    where = f"{over_time[0].called} · {over_time[0].organisation.name}"
    return where if over_time[0].is_current else _("not current: %(function)s", function=where)


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

    def known(text: str) -> list[Chip]:
        return [Chip(str(one.id), one.name, note(one)) for one in twins(read_name(text).full)]

    url = url_for("contacts.search", organisation=organisation_id)
    return ChipSource(url=url, chips=chips, read=read, twins=known)


def _read(text: str, organisation_id: int | None) -> list[Chip] | Unknown:
    """Take the one who is meant here; of several with the very same name the form asks."""
    name = read_name(text).full
    people = _people_of(organisation_id) if organisation_id else _elsewhere(name, None)
    wanted = folding.fold(name)
    same = [one for one in people if folding.fold(one.full_name) == wanted]
    whole = bool(same)
    same = same or [one for one in people if folding.fold(one.last_name) == wanted]
    if len(same) == 1:
        return [Chip(str(same[0].id), same[0].name)]
    if same and not whole:
        names = ", ".join(one.name for one in same[:5])
        message = _(
            "“%(text)s” may be several people: %(names)s. Write the whole name.", text=text, names=names
        )
        return Unknown(message, may_be_new=False)
    return Unknown(_("“%(text)s” is not known here.", text=text))
