"""What is done with mailings: a text written, tried out, sent; somebody who wants no more of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select, update

from crm import audit
from crm.consents.services import settle
from crm.contacts.models import MailBasis, Person
from crm.db import db, now, today
from crm.errors import RuleBroken
from crm.events import checklist
from crm.events.models import Event, EventState
from crm.events.queries import hold
from crm.invitations.models import Invitation
from crm.mail import services as mail
from crm.mail.bulk import post_all
from crm.mail.models import MailKind
from crm.mailings import following, recipients
from crm.mailings.letters import Writer
from crm.mailings.models import Mailing
from crm.mailings.texts import KINDS, used

# Areas to the right say who stands for somebody who is not there any more, by number.
STAND_FOR: list[Callable[[int], Person | None]] = []


@dataclass(frozen=True)
class Sent:
    """How many mails stand in the outbox now, and how many people were left out."""

    mails: int
    skipped: int


def _said(kind: MailKind) -> str:
    """The kind as the history says it, whoever reads it later."""
    with force_locale("de"):
        return str(kind.label)


def write(event: Event, kind: MailKind, values: dict[str, Any], by: Any) -> Mailing:
    """Keep a text that is to be sent; nothing goes out yet."""
    if kind not in KINDS:
        raise RuleBroken(_("There is no such mailing."))
    made = Mailing(event_id=event.id, kind=kind, **values)
    db.session.add(made)
    audit.record("event.mailing-written", event, by, mailing=(None, _said(kind)))
    return made


def change(mailing: Mailing, values: dict[str, Any], by: Any) -> None:
    """Change a text that was not sent yet."""
    _unsent(mailing)
    for name, value in values.items():
        setattr(mailing, name, value)
    if audit.difference(mailing):
        audit.record("event.mailing-changed", mailing.event, by, mailing=(None, _said(mailing.kind)))


def discard(mailing: Mailing, by: Any) -> None:
    """Throw a text away that was not sent."""
    _unsent(mailing)
    audit.record("event.mailing-discarded", mailing.event, by, mailing=(_said(mailing.kind), None))
    db.session.delete(mailing)
    db.session.flush()


def _unsent(mailing: Mailing) -> None:
    if mailing.sent_at is not None:
        raise RuleBroken(_("This mailing was sent already and stays as it is."))


def try_out(mailing: Mailing, by: Any) -> None:
    """Send the mail to the first recipient to oneself; no personal link in it opens anything."""
    found = recipients.find(mailing.event, mailing.kind, again=True).people
    who = found[0] if found else recipients.Recipient(by.name, by.email, "", "")
    writer = Writer(mailing.event, mailing.kind, mailing.subject, mailing.body)
    letter = writer.letter(who)
    with force_locale("de"):
        subject = _("Test: %(subject)s", subject=letter.subject)
    mail.post(
        MailKind.TEST, by.email, subject, letter.body,
        user_id=by.id, event_id=mailing.event_id, **writer.calendar,
    )  # fmt: skip
    audit.record("event.mailing-tried", mailing.event, by, mailing=(None, _said(mailing.kind)))


def check(mailing: Mailing) -> None:
    """Refuse a mailing that does not fit how far the event is."""
    event, kind = mailing.event, mailing.kind
    if kind is MailKind.CALLED_OFF:
        if event.state is not EventState.CANCELLED:
            raise RuleBroken(_("The event takes place. Cancel it first, then write to everybody."))
        return
    if event.state is EventState.CANCELLED:
        raise RuleBroken(_("The event is cancelled. Only the cancellation can be sent."))
    if kind is MailKind.THANKS and not event.has_begun:
        raise RuleBroken(_("The event is still to come. Thanks go out after it."))
    if kind is not MailKind.THANKS and event.is_over:
        raise RuleBroken(_("The event is over. Only thanks can be sent."))
    if event.state is EventState.PLANNED and used(mailing.body) & {"link", "absage"}:
        raise RuleBroken(_("Nobody can see the registration page yet. Open the registration first."))


def misfit(mailing: Mailing) -> str:
    """Say why a mailing does not fit how far the event is; empty where it does."""
    try:
        check(mailing)
    except RuleBroken as broken:
        return str(broken.message)
    return ""


def send(mailing: Mailing, by: Any, again: bool = False) -> Sent:
    """Write all mails into the outbox at once, to those it concerns now; the caller commits and rings."""
    hold(mailing.event_id)
    held = select(Mailing).where(Mailing.id == mailing.id).with_for_update()
    db.session.scalar(held.execution_options(populate_existing=True))
    _unsent(mailing)
    check(mailing)
    recipients.hold(mailing.event_id)
    found = recipients.find(mailing.event, mailing.kind, again)
    if not found.people:
        raise RuleBroken(_("Nobody is left to send it to."))
    writer = Writer(mailing.event, mailing.kind, mailing.subject, mailing.body, real=True)
    post_all(mailing.kind, [writer.row(who, mailing.id) for who in found.people])
    _note_mailed([who.invitation_id for who in found.people if who.invitation_id])
    mailing.sent_at, mailing.sent_by_id = now(), by.id
    mailing.recipients, mailing.skipped = len(found.people), len(found.skipped)
    said = {"mailing": (None, _said(mailing.kind)), "recipients": (None, len(found.people))}
    audit.record("event.mailed", mailing.event, by, **said)
    checklist.tick_sent(mailing.event, mailing.kind, by)
    return Sent(len(found.people), len(found.skipped))


def _note_mailed(numbers: list[int]) -> None:
    done = update(Invitation).where(Invitation.id.in_(numbers)).values(mailed_at=now())
    db.session.execute(done.execution_options(synchronize_session=False))


def object_to_mailings(person: Person) -> None:
    """Note that somebody wants no more mailings; those that wait do not go any more.

    It holds as well for who stands for them by now: the link may be in a mail from before a merge.
    """
    _object(person)
    for find in STAND_FOR:
        if (other := find(person.id)) is not None:
            _object(other)


def _object(person: Person) -> None:
    """Who says it anew is heard anew, for the first objection may have been that of a double.

    Only a second click on the same day notes nothing more.
    """
    last = audit.history_of(person, limit=1)
    heard = bool(last) and last[0].name == "person.objected" and person.mail_basis_on == today()
    if not heard or person.mail_basis is not MailBasis.OBJECTED:
        person.mail_basis, person.mail_basis_on = MailBasis.OBJECTED, today()
        audit.record("person.objected", person, None)
    settle(person)
    following.follow(person)
