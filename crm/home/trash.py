"""What was removed lately: people, functions, talks, cooperations, events, elections,
follow-ups; and the way back."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload, selectinload

from crm.access import Permission
from crm.accounts.models import User
from crm.consultations.models import Consultation
from crm.consultations.queries import visible_to as visible_talks
from crm.contacts.models import Function, Person
from crm.cooperations.models import Cooperation
from crm.db import db, now
from crm.duplicates.models import Merge
from crm.elections.models import Election
from crm.events.models import Event
from crm.events.times import when
from crm.follow_ups.models import FollowUp
from crm.follow_ups.queries import visible_to as visible_follow_ups
from crm.i18n import day
from crm.privacy.queries import out_of_sight

MONTHS = 6
MOST_OF_A_KIND = 500


@dataclass(frozen=True)
class Gone:
    """A removed record: what it was, when it went and who did it, and the view that takes it back."""

    kind: str
    text: str
    at: datetime
    by_id: int | None
    endpoint: str
    arguments: dict[str, int]
    by_name: str = ""


def removed(user: Any) -> list[Gone]:
    """Records of the last months that this user may take back, the newest first, with who removed them.

    What went with another record comes back with it and is not listed.
    """
    found: list[Gone] = []
    for permission, rows in (
        (Permission.WRITE_PEOPLE, _people),
        (Permission.WRITE_PEOPLE, _functions),
        (Permission.WRITE_CONSULTATIONS, _talks),
        (Permission.WRITE_COOPERATIONS, _groups),
        (Permission.WRITE_EVENTS, _events),
        (Permission.MANAGE_CATALOGUES, _elections),
        (Permission.WRITE_FOLLOW_UPS, _follow_ups),
    ):
        if user.may(permission):
            found += rows(user)
    names = {number: name for number, name in db.session.execute(select(User.id, User.name))}  # noqa: C416 mypy
    found.sort(key=lambda one: one.at, reverse=True)
    return [replace(one, by_name=names.get(one.by_id or 0, "")) for one in found]


def _lately(query: Select[Any], model: Any) -> Iterable[Any]:
    since = now() - timedelta(days=MONTHS * 31)
    query = query.where(model.removed_at >= since).order_by(model.removed_at.desc()).limit(MOST_OF_A_KIND)
    return db.session.scalars(query.execution_options(include_removed=True))


def _people(_user: Any) -> Iterator[Gone]:
    merged = select(Merge.lost_person_id).where(Merge.undone_at.is_(None), Merge.lost_person_id.is_not(None))
    gone = or_(Person.id.in_(merged), Person.id.in_(out_of_sight()))
    for one in _lately(select(Person).where(~gone), Person):
        yield _gone(_("Person"), one.name, one, "contacts.restore", person_id=one.id)


def _functions(_user: Any) -> Iterator[Gone]:
    query = select(Function).join(Function.person).where(Person.removed_at.is_(None))
    whole = query.options(joinedload(Function.person), joinedload(Function.organisation))
    for one in _lately(whole, Function):
        text = f"{one.person.name}: {one.called}, {one.organisation.name}"
        numbers = {"person_id": one.person_id, "function_id": one.id}
        yield _gone(_("Function"), text, one, "contacts.restore_function", **numbers)


def _talks(user: Any) -> Iterator[Gone]:
    query = visible_talks(user).options(selectinload(Consultation.participations))
    for one in _lately(query, Consultation):
        text = f"{day(one.held_on)}, {one.about}"
        yield _gone(_("Advisory talk"), text, one, "consultations.restore", consultation_id=one.id)


def _groups(_user: Any) -> Iterator[Gone]:
    for one in _lately(select(Cooperation), Cooperation):
        yield _gone(_("Cooperation"), one.title, one, "cooperations.restore", cooperation_id=one.id)


def _events(_user: Any) -> Iterator[Gone]:
    for one in _lately(select(Event), Event):
        text = f"{when(one)}, {one.title}"
        yield _gone(_("Event"), text, one, "events.restore", event_id=one.id)


def _elections(_user: Any) -> Iterator[Gone]:
    for one in _lately(select(Election).options(joinedload(Election.organisation)), Election):
        yield _gone(_("Election"), one.text, one, "elections.restore", election_id=one.id)


def _follow_ups(user: Any) -> Iterator[Gone]:
    query = visible_follow_ups(user)
    for other in (Consultation, Cooperation, Election):
        query = query.where(FollowUp.removal.not_in(select(other.removal).where(other.removal.is_not(None))))
    for one in _lately(query, FollowUp):
        yield _gone(_("Follow-up"), one.text, one, "follow_ups.restore", follow_up_id=one.id)


def _gone(kind: str, text: str, one: Any, endpoint: str, **numbers: int) -> Gone:
    return Gone(kind, text, one.removed_at, one.removed_by_id, endpoint, numbers)
