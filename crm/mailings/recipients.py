"""Who gets a mailing now, and who does not and why; one rule for preview, question and sending."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import exists, func, select

from crm.addresses import comparable, is_mail_address
from crm.contacts.models import Function, MailBasis, Person, unlimited
from crm.db import db, today
from crm.events.models import Event
from crm.events.moves import moved_at
from crm.invitations.models import Answer, Invitation
from crm.invitations.queries import of_event
from crm.invitations.reasons import Skip, against
from crm.mail.models import MailKind, MailState, OutgoingMail
from crm.organisations.models import Organisation
from crm.registrations.models import GONE, Registration, Seat

TO_INVITED = (MailKind.SAVE_THE_DATE, MailKind.INVITATION, MailKind.REMINDER)
# Whoever knows of the event learns of these, once under an address.
TO_ALL = (MailKind.CHANGE, MailKind.CALLED_OFF)
FORBIDDEN = (MailBasis.OBJECTED, MailBasis.WITHDRAWN)


@dataclass(frozen=True)
class Recipient:
    """Somebody who gets the mailing; invited, registered or both."""

    name: str
    email: str
    called: str
    place: str
    person_id: int | None = None
    invitation_id: int | None = None
    registration_id: int | None = None
    address_key: str | None = None
    has_seat: bool = False


@dataclass(frozen=True)
class Recipients:
    """Who gets it, who is left out and why; `served` are addresses that have got it already."""

    people: list[Recipient] = field(default_factory=list)
    skipped: list[tuple[str, Skip]] = field(default_factory=list)
    served: set[str] = field(default_factory=set)

    @property
    def invited(self) -> int:
        """How many of them are invited and have not registered."""
        return sum(one.registration_id is None for one in self.people)

    @property
    def had(self) -> int:
        """How many have got it already."""
        return sum(reason is Skip.HAS_IT for _name, reason in self.skipped)


def find(event: Event, kind: MailKind, again: bool = False) -> Recipients:
    """Find who a mailing of a kind goes to now; with `again` also those who have got it."""
    found = Recipients()
    for who, reason in _all(event, kind):
        if reason is Skip.HAS_IT and again:
            reason = None
        if reason is None and not is_mail_address(who.email):
            reason = Skip.NO_ADDRESS
        if reason is None:
            found.people.append(who)
        else:
            found.skipped.append((who.name, reason))
        if reason is Skip.HAS_IT:
            found.served.add(comparable(who.email))
    return _one_per_address(found) if kind in TO_ALL else found


def _all(event: Event, kind: MailKind) -> Iterator[tuple[Recipient, Skip | None]]:
    if kind not in TO_INVITED:
        yield from _guests(event, kind)
    if kind is not MailKind.THANKS:
        yield from _invited(event, kind)


def _one_per_address(found: Recipients) -> Recipients:
    """Keep the first of those who share an address: whoever registered stands before who was invited."""
    kept: dict[str, Recipient] = {}
    skipped = list(found.skipped)
    for who in found.people:
        if comparable(who.email) in found.served:
            continue
        if kept.setdefault(comparable(who.email), who) is not who and who.registration_id is not None:
            skipped.append((who.name, Skip.SAME_ADDRESS))
    return Recipients(list(kept.values()), skipped)


def _has_got(event: Event, kind: MailKind, told_at: Any, *conditions: Any) -> Any:
    """The condition that a mail of this kind went out, or is about to.

    Of a change that means since the last one; and whoever was `told_at` of the event since then knows it.
    """
    moved = moved_at(event.id) if kind is MailKind.CHANGE else None
    if moved is not None:
        since = _mails(event, kind).where(OutgoingMail.created_at > moved, *conditions)
        return since | func.coalesce(told_at > moved, False)
    return _mails(event, kind).where(*conditions)


def _mails(event: Event, kind: MailKind) -> Any:
    return exists().where(
        OutgoingMail.event_id == event.id,
        OutgoingMail.kind == kind,
        OutgoingMail.mailing_id.is_not(None),
        OutgoingMail.state != MailState.DROPPED,
    )


def _invited(event: Event, kind: MailKind) -> Iterator[tuple[Recipient, Skip | None]]:
    held = exists().where(
        Function.person_id == Person.id, Function.on(today()), Function.removed_at.is_(None)
    )
    # What came back from a former address was not got.
    arrived = (OutgoingMail.state != MailState.REFUSED) | (OutgoingMail.recipient == Invitation.email)
    mine = OutgoingMail.person_id == Invitation.person_id
    got = _has_got(event, kind, Invitation.mailed_at, mine, arrived)
    query = of_event(event.id).where(Person.removed_at.is_(None))
    columns = (Invitation, Person, held.correlate(Person), got)
    for one, person, in_office, has_got in db.session.execute(query.with_only_columns(*columns)):
        who = Recipient(
            person.name, one.email or "", one.called, one.organisation_name,
            person_id=person.id, invitation_id=one.id,
        )  # fmt: skip
        yield who, _against(one, person, in_office, kind) or (Skip.HAS_IT if has_got else None)


def _against(one: Invitation, person: Person, in_office: bool, kind: MailKind) -> Skip | None:
    if kind in TO_ALL:
        if one.answer is Answer.DECLINED:
            return Skip.ANSWERED
        if one.answer is not Answer.NONE:
            # Whoever said yes has to learn that there is nothing to come to, or where and when.
            return None if one.email else Skip.NO_ADDRESS
    elif one.answer is not Answer.NONE:
        return Skip.ANSWERED
    if reason := against(person.mail_basis, in_office, one.email, person.is_limited):
        return reason
    after = kind in (MailKind.REMINDER, *TO_ALL)
    return Skip.NEVER_WRITTEN if after and one.mailed_at is None else None


def _guests(event: Event, kind: MailKind) -> Iterator[tuple[Recipient, Skip | None]]:
    """Guests who are confirmed: for thanks those who came, else those who would; some have only a phone."""
    mine = OutgoingMail.registration_id == Registration.id
    got = _has_got(event, kind, Registration.registered_at, mine)
    query = (
        select(Registration, Person, Organisation.name, got)
        .outerjoin(Person, (Person.id == Registration.person_id) & Person.removed_at.is_(None))
        .outerjoin(Organisation, Organisation.id == Registration.organisation_id)
        .where(Registration.event_id == event.id, Registration.last_name.is_not(None))
        .where(Registration.confirmed_at.is_not(None))
        .order_by(Registration.sort_key, Registration.id)
    )
    came = kind is MailKind.THANKS
    query = query.where(Registration.came_at.is_not(None) if came else Registration.seat.not_in(GONE))
    blocked = _blocked_addresses() if came else set()
    for one, person, place, has_got in db.session.execute(query):
        who = Recipient(
            _called(one), one.email or "", "", place or one.organisation_text or "", person_id=one.person_id,
            invitation_id=one.invitation_id, registration_id=one.id, address_key=one.address_key,
            has_seat=one.seat is Seat.SEATED,
        )  # fmt: skip
        objected = came and (one.address_key in blocked or (person and _says_no(person)))
        yield who, Skip.OBJECTED if objected else Skip.HAS_IT if has_got else None


def _called(guest: Registration) -> str:
    """The name; of somebody who can only be called with the number."""
    return guest.name if guest.email or not guest.phone else f"{guest.name}, {guest.phone}"


def _says_no(person: Person) -> bool:
    return person.is_limited or person.mail_basis in FORBIDDEN


def _blocked_addresses() -> set[str]:
    """Addresses of people who want no mailings, whoever registered with them."""
    no = Person.mail_basis.in_(FORBIDDEN) | ~unlimited()
    own = select(Person.email).where(no, Person.email.is_not(None))
    official = select(Function.email).join(Person, Person.id == Function.person_id)
    official = official.where(no, Function.email.is_not(None))
    return {comparable(one) for one in db.session.scalars(own.union(official)) if one}


def hold(event_id: int) -> None:
    """Hold the invitations and their people: nobody objects or answers unseen while mails are written."""
    invited = select(Invitation.id).where(Invitation.event_id == event_id).order_by(Invitation.id)
    db.session.execute(invited.with_for_update()).all()
    mine = select(Invitation.person_id).where(Invitation.event_id == event_id)
    people = select(Person.id).where(Person.id.in_(mine)).order_by(Person.id)
    db.session.execute(people.with_for_update(read=True)).all()
