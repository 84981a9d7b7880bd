"""Whom an audience is made of: people by function and place, each once, and who is left out and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import force_locale
from sqlalchemy import select

from crm.contacts.models import Function, FunctionRole, Person, unlimited
from crm.contacts.names import full_name
from crm.contacts.queries import by_rank
from crm.db import db, today
from crm.invitations.models import Invitation
from crm.invitations.narrowing import Wanted, places
from crm.invitations.reasons import Skip, against
from crm.organisations.models import KOMMUNEN, Organisation

MOST_FUNCTIONS = 20_000
_PERSON = (
    Person.id.label("person_id"),
    Person.academic_title,
    Person.first_name,
    Person.last_name,
    Person.email.label("own_email"),
    Person.mail_basis,
    (~unlimited()).label("limited"),
)
_FUNCTION = (Function.id, Function.is_head, Function.role, Function.title, Function.email)
_PLACE = (
    Organisation.id.label("organisation_id"),
    Organisation.name.label("organisation_name"),
    Organisation.level,
)


@dataclass(frozen=True)
class Invitee:
    """Somebody with the function that counts; `called` is in German, for it goes into mails."""

    person_id: int
    name: str
    called: str
    email: str | None
    organisation_id: int | None
    organisation_name: str
    is_kommune: bool


@dataclass(frozen=True)
class Found:
    """Who is to be invited, and who is not and why."""

    people: list[Invitee]
    skipped: list[tuple[Invitee, Skip]]

    @property
    def kommunen(self) -> set[int]:
        """Numbers of the Kommunen they come from."""
        return {one.organisation_id for one in self.people if one.is_kommune and one.organisation_id}


def find(wanted: Wanted, event_id: int) -> Found:
    """Find who is meant today: one person once, with the highest of the functions that were asked for."""
    functions: dict[int, list[Any]] = {}
    for row in _rows(wanted):
        functions.setdefault(row.person_id, []).append(row)
    with force_locale("de"):
        roles = {role: str(role.label) for role in FunctionRole}
    invited = _invited(event_id)
    found = Found([], [])
    for rows in functions.values():
        held = [row for row in rows if row.id is not None]
        best = min(held, key=by_rank) if held else rows[0]
        who = _invitee(best, roles)
        no = against(best.mail_basis, bool(held), who.email, best.limited)
        reason = Skip.INVITED if who.person_id in invited else no
        if reason is None:
            found.people.append(who)
        else:
            found.skipped.append((who, reason))
    return found


def _rows(wanted: Wanted) -> Iterable[Any]:
    rows: list[Any] = []
    if wanted.narrows:
        rows += db.session.execute(_by_function(wanted))
    if wanted.people:
        rows += db.session.execute(_single(wanted.people))
    return rows


def _held() -> Any:
    return (Function.person_id == Person.id) & Function.on(today()) & Function.removed_at.is_(None)


def _by_function(wanted: Wanted) -> Any:
    query = select(*_PERSON, *_FUNCTION, *_PLACE).select_from(Person).join(Function, _held())
    query = query.join(Organisation, Organisation.id == Function.organisation_id)
    query = query.where(Person.removed_at.is_(None), *places(wanted, today()))
    if wanted.roles:
        query = query.where(_of_roles(wanted.roles))
    return query.order_by(Person.sort_key, Person.id, Function.id).limit(MOST_FUNCTIONS)


def _of_roles(roles: tuple[FunctionRole, ...]) -> Any:
    """Who leads for a time without that role is a head, too."""
    named = Function.role.in_(roles)
    return named | Function.is_head if FunctionRole.HEAD in roles else named


def _single(numbers: tuple[int, ...]) -> Any:
    query = select(*_PERSON, *_FUNCTION, *_PLACE).select_from(Person).outerjoin(Function, _held())
    query = query.outerjoin(Organisation, Organisation.id == Function.organisation_id)
    query = query.where(Person.id.in_(numbers), Person.removed_at.is_(None))
    return query.order_by(Person.sort_key, Person.id, Function.id).limit(MOST_FUNCTIONS)


def _invited(event_id: int) -> set[int]:
    return set(db.session.scalars(select(Invitation.person_id).where(Invitation.event_id == event_id)))


def _invitee(row: Any, roles: dict[FunctionRole, str]) -> Invitee:
    name = full_name(row.academic_title, row.first_name, row.last_name)
    called = row.title or (roles[row.role] if row.role else "")
    email = row.email or row.own_email
    return Invitee(
        row.person_id, name, called, email, row.organisation_id, row.organisation_name or "",
        row.level in KOMMUNEN,
    )  # fmt: skip
