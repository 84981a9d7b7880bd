"""People who are known already and may be meant by a row: asked for the whole list at once."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from crm.addresses import comparable
from crm.contacts.models import Function, Person
from crm.db import chunks, db
from crm.folding import fold
from crm.imports.people.entries import PersonEntry
from crm.imports.people.states import State, plain

_CHUNK = 400


@dataclass
class Known:
    """People by folded name and by address."""

    by_name: dict[str, list[Person]] = field(default_factory=dict)
    by_mail: dict[str, list[Person]] = field(default_factory=dict)

    def like(self, entry: PersonEntry) -> list[Person]:
        """Those of the same name or the same address, each once."""
        found = [*self.by_name.get(fold(entry.full), [])]
        if entry.mail:
            found += self.by_mail.get(comparable(entry.mail), [])
        return list({one.id: one for one in found}.values())[:5]


def load(entries: Sequence[PersonEntry]) -> Known:
    """Read those who bear a name or an address of the list."""
    names = {entry.sort_key for entry in entries if not entry.errors}
    mails = {entry.mail.lower() for entry in entries if entry.mail and not entry.errors}
    ids: set[int] = set()
    for chunk in chunks(sorted(names), _CHUNK):
        ids.update(db.session.scalars(select(Person.id).where(Person.sort_key.in_(chunk))))
    for chunk in chunks(sorted(mails), _CHUNK):
        ids.update(db.session.scalars(select(Person.id).where(func.lower(Person.email).in_(chunk))))
        ids.update(
            db.session.scalars(select(Function.person_id).where(func.lower(Function.email).in_(chunk)))
        )
    known = Known()
    for some in chunks(sorted(ids), _CHUNK):
        query = select(Person).where(Person.id.in_(some)).order_by(Person.sort_key, Person.id)
        whole = selectinload(Person.functions).joinedload(Function.organisation)
        for one in db.session.scalars(query.options(whole)):
            _keep(known, one)
    return known


def _keep(known: Known, person: Person) -> None:
    known.by_name.setdefault(fold(person.full_name), []).append(person)
    mails = [person.email, *(one.email for one in person.functions)]
    for mail in {comparable(one) for one in mails if one}:
        known.by_mail.setdefault(mail, []).append(person)


def words(person: Person) -> str:
    """Say who somebody is: name, functions, addresses."""
    held = [f"{one.called}, {one.organisation.name}" for one in person.functions[:3]]
    mails = [one for one in (person.email, *(each.email for each in person.functions)) if one]
    return "; ".join([person.name, *held, *dict.fromkeys(mails)])


def function_at(person: Person, place: int | None) -> Function | None:
    """The function somebody holds or held in a body, the newest first."""
    found = [one for one in person.functions if one.organisation_id == place]
    return max(found, key=lambda one: (one.is_current, one.id), default=None)


def missing(person: Person, state: State) -> State:
    """What a row knows of somebody that is not stored: only what is empty is ever filled in."""
    place = state.get("function.organisation_id")
    function = function_at(person, place)
    found: State = {}
    for key, value in state.items():
        if (
            key.startswith("_")
            or not value
            or key in ("function.organisation_id", "function.role", "last_name")
        ):
            continue
        name = key.removeprefix("function.")
        thing = function if key.startswith("function.") else person
        if thing is None or not plain(getattr(thing, name)):
            found[key] = value
    if place and function is None:
        found |= {key: value for key, value in state.items() if key.startswith("function.")}
    return found


def differing(person: Person, state: State) -> list[str]:
    """What a row says otherwise than is stored: it is left as it is, and said."""
    function = function_at(person, state.get("function.organisation_id"))
    labels = {"email": _("E-mail"), "phone": _("Phone"), "title": _("Title")}
    found = []
    for key, value in state.items():
        name = key.removeprefix("function.")
        thing = function if key.startswith("function.") else person
        if name not in labels or not value or thing is None:
            continue
        now = getattr(thing, name)
        if now and fold(str(now)) != fold(value):
            found.append(labels[name])
    return found
