"""Questions about guests: the numbers of an event, its list, one of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, false, func, select
from sqlalchemy.orm import joinedload

from crm import folding
from crm.db import db, now
from crm.events.models import Event
from crm.mail.models import MailState, OutgoingMail
from crm.organisations.models import KOMMUNEN, Organisation
from crm.registrations.models import GONE, TAKEN, UNREGISTERED, Registration, Seat

# On the list those with a seat come first, then offers and the waiting list by position, then who has gone.
_RANK = {Seat.SEATED: 0, Seat.OFFERED: 1, Seat.WAITING: 2, Seat.SIGNED_OFF: 3, Seat.LAPSED: 4}
IN_ORDER = (
    case(*((Registration.seat == seat, rank) for seat, rank in _RANK.items())),
    Registration.position,
    Registration.registered_at,
)
# A seat or the offer of one; who was entered at the door has come or never was.
HAS_SEAT = Registration.seat.in_(TAKEN) & Registration.origin.not_in(UNREGISTERED)


@dataclass(frozen=True)
class Numbers:
    """How an event fares: seats taken (heads, with offers), parties and heads elsewhere.

    `guests` are registrations with a seat or an offer, `came` are heads; `kommunen` counts the different
    ones guests come from.
    """

    taken: int = 0
    guests: int = 0
    waiting: int = 0
    came: int = 0
    kommunen: int = 0

    @property
    def all(self) -> int:
        """Everybody on the list who has not gone."""
        return self.guests + self.waiting


def numbers(event_id: int) -> Numbers:
    """Count the guests of an event, in one statement."""
    return numbers_of([event_id]).get(event_id, Numbers())


def numbers_of(event_ids: list[int]) -> dict[int, Numbers]:
    """Count the guests of some events, in one statement."""
    waits = Registration.seat == Seat.WAITING
    named = case((HAS_SEAT & Organisation.level.in_(KOMMUNEN), Registration.organisation_id))
    query = (
        select(
            Registration.event_id,
            func.coalesce(func.sum(case((HAS_SEAT, 1 + Registration.companions))), 0),
            func.count(case((HAS_SEAT, 1))),
            func.count(case((waits, 1))),
            func.coalesce(
                func.sum(case((Registration.came_at.is_not(None), 1 + Registration.companions))), 0
            ),
            func.count(named.distinct()),
        )
        .outerjoin(Registration.organisation)
        .where(Registration.event_id.in_(event_ids))
        .group_by(Registration.event_id)
    )
    return {row[0]: Numbers(*(int(one) for one in row[1:])) for row in db.session.execute(query)}


def of_event(event_id: int) -> Select[Registration]:
    """Select the guests of an event in the order of the list, with their organisations."""
    return (
        select(Registration)
        .where(Registration.event_id == event_id)
        .options(joinedload(Registration.organisation))
        .order_by(*IN_ORDER, Registration.id)
    )


def narrowed(
    event_id: int, text: str = "", seat: Seat | None = None, unmatched: bool = False, needing: bool = False
) -> Any:
    """Select the guests of an event whose name or place holds all words, in the order of the list."""
    query = of_event(event_id).where(*mentioning(text))
    if seat is not None:
        query = query.where(Registration.seat == seat)
    if unmatched:
        typed = Registration.organisation_text.is_not(None)
        query = query.where(Registration.organisation_id.is_(None), typed)
    return query.where(func.coalesce(Registration.needs, "") != "") if needing else query


def ordered(query: Any, key: str, descending: bool) -> Any:
    """Order guests by name, or else by who has a seat, an offer, a place on the waiting list."""
    columns: Any = (Registration.sort_key,) if key == "name" else IN_ORDER
    turned = (one.desc() for one in columns) if descending else columns
    return query.order_by(None).order_by(*turned, Registration.id)


def mentioning(text: str) -> Iterator[Any]:
    """Conditions that a guest's name or place holds all words; a text without a word finds nobody."""
    words = folding.search_words(text) if text else []
    if text and not words:
        yield false()
    for word in words:
        named = Registration.search_text.contains(word, autoescape=True)
        yield named | Registration.organisation.has(Organisation.search_text.contains(word, autoescape=True))


def ranks(event_id: int) -> dict[int, int]:
    """The place of everybody on the waiting list, from 1."""
    query = select(Registration.id).where(
        Registration.event_id == event_id, Registration.seat == Seat.WAITING
    )
    found = db.session.scalars(query.order_by(Registration.position, Registration.id))
    return {number: place for place, number in enumerate(found, 1)}


def undeliverable(event_id: int) -> set[int]:
    """Guests of an event to whom a mail could not be delivered."""
    query = select(OutgoingMail.registration_id).where(
        OutgoingMail.event_id == event_id,
        OutgoingMail.state == MailState.REFUSED,
        OutgoingMail.registration_id.is_not(None),
    )
    return set(db.session.scalars(query))


def one(event_id: int, registration_id: int) -> Registration | None:
    """Load a guest of an event with organisation, event and contact."""
    query = select(Registration).where(Registration.id == registration_id, Registration.event_id == event_id)
    whole = (Registration.organisation, Registration.event, Registration.person)
    return db.session.scalar(query.options(*map(joinedload, whole)))


def by_number(registration_id: int) -> Registration | None:
    """Load a guest by number, with the event, for a personal link."""
    query = select(Registration).where(Registration.id == registration_id)
    whole = joinedload(Registration.event).joinedload(Event.place)
    return db.session.scalar(query.options(whole, joinedload(Registration.organisation)))


def by_key(event_id: int, address_key: str) -> Registration | None:
    """Find the registration of a mail address for an event."""
    query = select(Registration).where(
        Registration.event_id == event_id, Registration.address_key == address_key
    )
    return db.session.scalar(query)


def of_person(event_id: int, person_id: int) -> Registration | None:
    """Find the registration of a contact that still holds a place."""
    query = select(Registration).where(
        Registration.event_id == event_id, Registration.person_id == person_id, Registration.seat.not_in(GONE)
    )
    return db.session.scalars(query.order_by(Registration.id)).first()


def of_invitation(invitation_id: int) -> list[Registration]:
    """Registrations that came by a personal link and still hold a place."""
    query = select(Registration).where(
        Registration.invitation_id == invitation_id, Registration.seat.not_in(GONE)
    )
    return list(db.session.scalars(query.order_by(Registration.id)))


def before(registration: Registration) -> int:
    """Count who stands before somebody on the waiting list."""
    query = select(func.count(Registration.id)).where(
        Registration.event_id == registration.event_id,
        Registration.seat == Seat.WAITING,
        Registration.position < registration.position,
    )
    return db.session.scalar(query) or 0


def lapsing(confirm_by: datetime) -> list[int]:
    """Numbers of events with offers that ended, or with registrations nobody confirmed since that moment."""
    query = select(Registration.event_id).join(Registration.event).where(_ended(confirm_by)).distinct()
    return list(db.session.scalars(query.order_by(Registration.event_id)))


def lapsed(event_id: int, confirm_by: datetime) -> list[Registration]:
    """Those registrations of one event."""
    query = select(Registration).where(Registration.event_id == event_id, _ended(confirm_by))
    return list(db.session.scalars(query.order_by(Registration.id)))


def _ended(confirm_by: datetime) -> Any:
    unconfirmed = (
        Registration.confirmed_at.is_(None)
        & Registration.came_at.is_(None)
        & Registration.seat.not_in(GONE)
        & (Registration.registered_at <= confirm_by)
    )
    return unconfirmed | ((Registration.seat == Seat.OFFERED) & (Registration.offered_until <= now()))
