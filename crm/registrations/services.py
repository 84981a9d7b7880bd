"""What is done with registrations. The event is held first, then counted, then written."""

from datetime import timedelta
from typing import Any

from flask import current_app
from flask_babel import gettext as _

from crm import audit
from crm.addresses import comparable
from crm.contacts.models import Person
from crm.db import db, now
from crm.errors import RuleBroken
from crm.events.models import OVER, Event, EventState
from crm.folding import fold
from crm.invitations import queries as invitations
from crm.invitations import services as answers
from crm.invitations.models import Answer, Invitation
from crm.registrations import callers, keying, letters, queries, seats
from crm.registrations.models import GONE, TAKEN, GuestKind, Origin, Registration, Seat

COLUMNS = (
    "first_name", "last_name", "email", "phone", "companions", "kind", "organisation_id", "organisation_text",
    "needs", "photos_allowed",
)  # fmt: skip
NO_MORE = (*OVER, EventState.CANCELLED)


def register(
    event_id: int, values: dict[str, Any], privacy_version: str, invitation: Invitation | None = None
) -> Registration | None:
    """Take a guest's own registration: a seat or a position, and one mail with a link to confirm.

    `values` holds COLUMNS. A personal invitation is good for one registration, which is confirmed at once if
    it is for the invited address. A known address changes nothing and gets a mail that says so. Gives the
    registration only where the invitation proves whose it is. Raises RuleBroken where nobody can register.
    """
    event = seats.lock(event_id)
    _refuse_if_closed(event)
    if invitation and (own := queries.of_invitation(invitation.id)):
        return own[0]
    known = queries.by_key(event.id, comparable(values["email"]))
    if known is not None and known.seat not in GONE:
        letters.say_known(known)
        return None
    proven = invitation is not None and comparable(invitation.email or "") == comparable(values["email"])
    more = {"privacy_version": privacy_version, "confirmed_at": now() if proven else None}
    made = _take_in(event, values | more, Origin.INVITATION if invitation else Origin.PUBLIC, known)
    made.invitation = invitation
    audit.record("registration.received", made, None)
    if not proven:
        letters.ask_to_confirm(made)
        return None
    _answer(made)
    letters.say_place(made)
    return made


def enter(
    event: Event, values: dict[str, Any], by: Any, tell: bool = False, person: Person | None = None
) -> Registration:
    """Enter somebody who called or wrote; confirmed at once. With `tell` the guest gets a mail.

    `values` holds COLUMNS; what is empty comes from `person`, where the guest is a known contact.
    """
    event = seats.lock(event.id)
    if event.state in NO_MORE:
        raise RuleBroken(_("The event is over or cancelled. Enter who came under “Attendance”."))
    if person is not None:
        values = callers.completed(event.id, values, person)
    known = _by_address(event, values.get("email"))
    if known is not None and known.seat not in GONE:
        raise RuleBroken(_("This address is registered already: %(name)s.", name=known.name), "email")
    kind = values.get("kind") or GuestKind.OTHER
    made = _take_in(event, values | {"confirmed_at": now(), "kind": kind}, Origin.OFFICE, known)
    made.person = person
    audit.record("registration.received", made, by)
    _answer(made)
    if tell and made.email:
        letters.say_place(made)
    return made


def _by_address(event: Event, email: str | None) -> Registration | None:
    return queries.by_key(event.id, comparable(email)) if email else None


def _take_in(
    event: Event, values: dict[str, Any], origin: Origin, known: Registration | None
) -> Registration:
    """Write a guest down, again if the address was here and went, and give a seat or a position."""
    made = known or Registration(event_id=event.id)
    made.origin, made.registered_at = origin, now()
    made.offered_until = made.signed_off_at = made.forgotten_at = made.came_at = None
    made.invitation = made.person = made.phone = None
    made.wants_talk = False
    made.seat, made.confirmed_at = Seat.WAITING, values["confirmed_at"]
    made.privacy_version = values.get("privacy_version")
    _set(made, values)
    with db.session.no_autoflush:
        seats.give(event, made)
    db.session.add(made)
    db.session.flush()
    return made


def _set(registration: Registration, values: dict[str, Any]) -> None:
    for name in COLUMNS:
        if name in values:
            setattr(registration, name, values[name])
    registration.companions = registration.companions or 0
    keying.set_keys(registration)


def _answer(registration: Registration) -> None:
    """Note with the invitation, if there is one, who comes: the person invited, or somebody instead."""
    invitation = registration.invitation or _invitation_of(registration)
    if invitation is None:
        return
    registration.invitation = invitation
    if fold(invitation.person.last_name) == fold(registration.last_name or ""):
        registration.person = invitation.person
        answers.note_answer(invitation, Answer.ACCEPTED)
    else:
        answers.note_answer(invitation, Answer.REPRESENTED, represented_by=registration.name[:200])


def _invitation_of(registration: Registration) -> Invitation | None:
    """Find what a guest was invited by: a known contact by being that person, others by the address."""
    if person := registration.person:
        return invitations.of_person(registration.event_id, person.id)
    return invitations.by_address(registration.event_id, registration.email) if registration.email else None


def _answer_gone(registration: Registration, by: Any, answer: Answer = Answer.DECLINED) -> None:
    """Note that nobody comes on an invitation, unless somebody else does."""
    invitation = registration.invitation
    if invitation is not None and not queries.of_invitation(invitation.id):
        answers.note_answer(invitation, answer, by)


def change(registration: Registration, values: dict[str, Any], by: Any) -> None:
    """Correct a registration. Fewer companions free seats; more need them."""
    event = seats.lock(registration.event_id)
    more = (values.get("companions") or 0) - registration.companions
    left = seats.free(event)
    if more > 0 and registration.seat in TAKEN and left is not None and more > left:
        raise RuleBroken(
            _("There are %(free)s free seats. Raise the number of seats first.", free=left), "companions"
        )
    other = _by_address(event, values.get("email"))
    if other is not None and other.id != registration.id:
        raise RuleBroken(_("This address is registered already: %(name)s.", name=other.name), "email")
    before = registration.address_key
    _set(registration, values)
    if audit.difference(registration):
        audit.record("registration.changed", registration, by)
    if registration.address_key != before:
        letters.say_anew(registration)
    _move_up(event, by)


def confirm(registration: Registration) -> None:
    """The guest says that the address is right. Too late a confirmation takes what is there now."""
    event = seats.lock(registration.event_id)
    db.session.refresh(registration)
    if registration.is_confirmed and registration.seat not in GONE:
        return
    _refuse_if_over(event)
    if registration.seat in GONE:
        _refuse_if_closed(event)
        seats.give(event, registration)
        registration.signed_off_at = None
    registration.confirmed_at = now()
    audit.record("registration.confirmed", registration, None)
    _answer(registration)
    letters.say_place(registration)
    _move_up(event)


def _refuse_if_closed(event: Event) -> None:
    if not event.takes_registrations:
        raise RuleBroken(_("This event takes no registrations any more."))


def _refuse_if_over(event: Event) -> None:
    if event.state in NO_MORE:
        raise RuleBroken(_("The event is over or cancelled."))


def accept(registration: Registration) -> None:
    """The guest takes the seat that was offered, while the offer holds."""
    event = seats.lock(registration.event_id)
    db.session.refresh(registration)
    if registration.seat is Seat.SEATED:
        return
    _refuse_if_over(event)
    if registration.seat is not Seat.OFFERED or (registration.offered_until or now()) <= now():
        raise RuleBroken(_("The offer has ended and the seat was passed on."))
    registration.seat, registration.offered_until, registration.position = Seat.SEATED, None, None
    audit.record("registration.seat-taken", registration, None)
    letters.say_place(registration)


def sign_off(registration: Registration, by: Any = None) -> int:
    """A guest does not come; whoever waits first gets an offer. Twice changes nothing. Give the offers."""
    event = seats.lock(registration.event_id)
    db.session.refresh(registration)
    if registration.seat in GONE:
        return 0
    if event.has_begun:
        raise RuleBroken(_("The event has begun. Who did not come is seen under “Attendance”."))
    registration.seat, registration.position, registration.offered_until = Seat.SIGNED_OFF, None, None
    registration.signed_off_at = now()
    audit.record("registration.signed-off", registration, by)
    _answer_gone(registration, by)
    letters.forget_waiting(registration, _("registration cancelled"))
    letters.say_signed_off(registration)
    return _move_up(event, by)


def decline(invitation: Invitation) -> None:
    """An invited person says by the personal link that nobody comes; what was registered is signed off."""
    event = seats.lock(invitation.event_id)
    _refuse_if_over(event)
    if event.has_begun:
        raise RuleBroken(_("The event has begun. Who did not come is seen under “Attendance”."))
    for one in queries.of_invitation(invitation.id):
        sign_off(one)
    answers.note_answer(invitation, Answer.DECLINED)


def promote(event: Event, by: Any = None) -> int:
    """Hold the event and offer its free seats to the waiting list; give the number of offers."""
    return _move_up(seats.lock(event.id), by)


def _move_up(event: Event, by: Any = None) -> int:
    """Offer free seats to the waiting list, in its order, with one mail each. The event is held."""
    if event.state in NO_MORE or event.has_begun:
        return 0
    offers = 0
    while (left := seats.free(event)) is None or left > 0:
        first = seats.next_waiting(event.id, left if left is not None else 1_000)
        if first is None:
            break
        until = now() + timedelta(hours=current_app.config["OFFER_HOURS"])
        first.seat, first.offered_until = Seat.OFFERED, min(until, event.starts_at or until)
        audit.record("registration.seat-offered", first, by)
        letters.offer(first)
        offers += 1
    return offers


def lapse(event_id: int) -> int:
    """Let lapse what nobody confirmed in time and offers that ended; the next move up. Give the number."""
    event = seats.lock(event_id)
    gone = queries.lapsed(event.id, confirm_by())
    for one in gone:
        one.seat, one.position, one.offered_until = Seat.LAPSED, None, None
        audit.record("registration.lapsed", one, None)
        if one.is_confirmed:
            # Who only let time go by has declined nothing.
            _answer_gone(one, None, Answer.NONE)
        letters.say_lapsed(one)
    _move_up(event)
    return len(gone)


def confirm_by() -> Any:
    """The moment until which a registration had to come in to be lapsed now if nobody confirmed it."""
    return now() - timedelta(hours=current_app.config["CONFIRM_HOURS"])
