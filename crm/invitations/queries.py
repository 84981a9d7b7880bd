"""Questions about invitations: how many answered what, their list, and whose invitation this is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, case, distinct, exists, func, or_, select
from sqlalchemy.orm import joinedload

from crm import folding, links
from crm.addresses import spellings
from crm.contacts.finding import called
from crm.contacts.models import Person
from crm.db import db, today
from crm.invitations.models import Answer, Invitation
from crm.mail.models import MailState, OutgoingMail
from crm.organisations.models import KOMMUNEN, Membership, Organisation

PURPOSE = "invitation"
LIFETIME = timedelta(days=366)
WHOLE = (joinedload(Invitation.person), joinedload(Invitation.event), joinedload(Invitation.organisation))
FOR_LISTS = (
    joinedload(Invitation.person),
    joinedload(Invitation.organisation)
    .load_only(Organisation.name, Organisation.level)
    .selectinload(Organisation.memberships)
    .joinedload(Membership.parent)
    .load_only(Organisation.name, Organisation.level),
)
_IN_ORDER = (Organisation.sort_key.nulls_last(), Person.sort_key, Invitation.id)
SORTS = {
    "place": (Organisation.sort_key,),
    "person": (Person.sort_key,),
    "sent": (Invitation.mailed_at,),
    "answer": (Invitation.answer,),
}
UNDELIVERABLE, UNWRITTEN = "undeliverable", "unwritten"
SILENT = (Invitation.answer == Answer.NONE) & Invitation.mailed_at.is_not(None)
NOT_WRITTEN = (Invitation.answer == Answer.NONE) & Invitation.mailed_at.is_(None)


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to and ordered by; `answer` is the value of an answer, or one of the two."""

    text: str = ""
    county_id: int | None = None
    answer: str = ""
    sort: str = "place"
    descending: bool = False


@dataclass(frozen=True)
class Numbers:
    """How many people are invited to an event, of how many Kommunen, and what they answered.

    `silent` have been written to; whoever was not yet is `unwritten`.
    """

    invited: int
    kommunen: int
    accepted: int
    represented: int
    declined: int
    silent: int
    unwritten: int


def numbers(event_id: int) -> Numbers:
    """Count the invitations of an event by answer, in one statement."""
    kommune = case((Organisation.level.in_(KOMMUNEN), Organisation.id))
    answers = [Invitation.answer == one for one in (Answer.ACCEPTED, Answer.REPRESENTED, Answer.DECLINED)]
    columns = [func.sum(case((one, 1), else_=0)) for one in (*answers, SILENT, NOT_WRITTEN)]
    query = select(func.count(Invitation.id), func.count(distinct(kommune)), *columns)
    query = query.join(Invitation.person).outerjoin(Invitation.organisation)
    row = db.session.execute(query.where(Invitation.event_id == event_id)).one()
    return Numbers(*(int(value or 0) for value in row))


def of_event(event_id: int) -> Select[Invitation]:
    """Select the invitations of an event whose people are not removed, by Kommune and name."""
    query = select(Invitation).join(Invitation.person).outerjoin(Invitation.organisation)
    query = query.where(Invitation.event_id == event_id)
    return query.order_by(*_IN_ORDER)


def listing(event_id: int, filters: Filters) -> Select[Invitation]:
    """Select the invitations of an event that the filters leave, in their order."""
    query = of_event(event_id)
    words = folding.search_words(filters.text) if filters.text else []
    if filters.text and not words:
        query = query.where(False)  # type: ignore[arg-type]
    for word in words:
        place = Organisation.search_text.contains(word, autoescape=True)
        query = query.where(or_(called(word), place))
    if filters.county_id:
        query = query.where(_lies_in(filters.county_id))
    if filters.answer == UNDELIVERABLE:
        query = query.where(came_back())
    elif filters.answer == UNWRITTEN:
        query = query.where(NOT_WRITTEN)
    elif filters.answer == Answer.NONE.value:
        query = query.where(SILENT)
    elif filters.answer:
        query = query.where(Invitation.answer == Answer(filters.answer))
    first = [one.desc() if filters.descending else one for one in SORTS[filters.sort]]
    return query.order_by(None).order_by(*(one.nulls_last() for one in first), *_IN_ORDER)


def _lies_in(county_id: int) -> Any:
    inside = exists().where(
        Membership.organisation_id == Invitation.organisation_id,
        Membership.parent_id == county_id,
        Membership.on(today()),
    )
    return or_(Invitation.organisation_id == county_id, inside.correlate(Invitation))


def came_back() -> Any:
    """Give the condition that the server refused a mail to the address of an unanswered invitation."""
    refused = exists().where(
        OutgoingMail.event_id == Invitation.event_id,
        OutgoingMail.person_id == Invitation.person_id,
        OutgoingMail.recipient == Invitation.email,
        OutgoingMail.state == MailState.REFUSED,
    )
    return refused.correlate(Invitation) & (Invitation.answer == Answer.NONE)


def undeliverable(invitations: Iterable[Invitation]) -> set[int]:
    """Numbers of those invitations whose mail came back."""
    wanted = [one.id for one in invitations]
    query = select(Invitation.id).where(Invitation.id.in_(wanted), came_back())
    return set(db.session.scalars(query)) if wanted else set()


def one(event_id: int, invitation_id: int) -> Invitation | None:
    """Load an invitation of an event."""
    query = of_event(event_id).join(Invitation.event).where(Invitation.id == invitation_id)
    return db.session.scalar(query.options(*WHOLE))


def by_token(token: str) -> Invitation | None:
    """Find the invitation of a personal link; None where it is forged, too old or of another address."""
    found = links.read(PURPOSE, token, LIFETIME)
    if found is None:
        return None
    query = select(Invitation).join(Invitation.person).where(Invitation.id == found[0])
    invitation = db.session.scalar(query.options(*WHOLE))
    return invitation if invitation and links.holds(found[1], invitation.email) else None


def by_address(event_id: int, email: str) -> Invitation | None:
    """Find the invitation to an event that went to an address, however it is written."""
    spelt = func.lower(Invitation.email).in_(spellings(email))
    return db.session.scalar(of_event(event_id).where(spelt).options(*WHOLE).limit(1))


def of_person(event_id: int, person_id: int) -> Invitation | None:
    """Find the invitation of a person to an event."""
    query = of_event(event_id).where(Invitation.person_id == person_id)
    return db.session.scalar(query.options(*WHOLE).limit(1))


def token_of(invitation: Invitation) -> str:
    """Make the personal link of an invitation; it dies with a change of the address."""
    return links.make(PURPOSE, invitation.id, invitation.email)
