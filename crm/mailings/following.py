"""Mails that wait follow the person: to a corrected address, or nowhere after an objection."""

import re
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import joinedload

from crm.addresses import comparable, spellings
from crm.contacts.models import Person
from crm.contacts.queries import by_rank
from crm.db import db
from crm.events.models import AHEAD
from crm.invitations.models import Invitation
from crm.invitations.queries import token_of
from crm.invitations.reasons import against
from crm.mail.models import MailKind, MailState, OutgoingMail

# A cancellation is no advertising: who was to come has to learn of it.
DROPPED = (
    MailKind.SAVE_THE_DATE, MailKind.INVITATION, MailKind.REMINDER, MailKind.THANKS, MailKind.NEW_VERSION,
)  # fmt: skip
# Whoever objects to mailings still gets what they asked for; whose data are only kept gets nothing.
ASKED_FOR = (MailKind.MATERIAL,)
_TOKEN = re.compile(r"(?<=einladung=)[\w.-]+")


def follow(person: Person) -> None:
    """Let what waits for somebody know of a change: of the address, of the functions, of an objection."""
    db.session.flush()
    held = sorted((one for one in person.functions if one.is_current and not one.removed_at), key=by_rank)
    addresses = [one.email for one in held] + [person.email]
    known = [one for one in addresses if one]
    mine = OutgoingMail.person_id == person.id
    if person.removed_at or against(
        person.mail_basis, bool(held), known[0] if known else None, person.is_limited
    ):
        _drop(DROPPED, mine | _nobodys(known))
    if person.removed_at or person.is_limited:
        _drop(ASKED_FOR, mine)
    for invitation in _invitations(person):
        _correct(invitation, held, known)


def _nobodys(addresses: list[str]) -> ColumnElement[bool]:
    """The condition that a mail goes to a guest nobody but the address says who it is.

    Others may share the address of an office: what is written to them by name goes on.
    """
    spelt = {one for address in addresses for one in spellings(address)}
    return OutgoingMail.person_id.is_(None) & func.lower(OutgoingMail.recipient).in_(spelt)


def _drop(kinds: Sequence[MailKind], whose: ColumnElement[bool]) -> None:
    """Take mails that wait out of the queue."""
    gone = update(OutgoingMail).where(
        OutgoingMail.state == MailState.WAITING, OutgoingMail.kind.in_(kinds), whose
    )
    values = {"state": MailState.DROPPED, "last_error": _("does not want mailings, or holds no function")}
    db.session.execute(gone.values(**values).execution_options(synchronize_session=False))


def _invitations(person: Person) -> list[Invitation]:
    """Invitations to what is still to come."""
    query = select(Invitation).join(Invitation.event).options(joinedload(Invitation.event))
    query = query.where(Invitation.person_id == person.id).order_by(Invitation.id).limit(100)
    return [one for one in db.session.scalars(query) if one.event.state in AHEAD and not one.event.is_due]


def _correct(invitation: Invitation, held: list[Any], known: list[str]) -> None:
    """Take another address where the one of the invitation is nobody's any more."""
    if invitation.email and comparable(invitation.email) in {comparable(one) for one in known}:
        return
    there = [one.email for one in held if one.organisation_id == invitation.organisation_id and one.email]
    fresh = next(iter([*there, *known]), None)
    if fresh == invitation.email:
        return
    former, invitation.email = invitation.email, fresh
    db.session.flush()
    if fresh and former:
        _readdress(invitation, former, fresh)


def _readdress(invitation: Invitation, former: str, fresh: str) -> None:
    """Send what waits to the new address, with a link that the new address opens."""
    query = select(OutgoingMail).where(
        OutgoingMail.state == MailState.WAITING,
        OutgoingMail.mailing_id.is_not(None),
        OutgoingMail.event_id == invitation.event_id,
        OutgoingMail.person_id == invitation.person_id,
        OutgoingMail.recipient == former,
    )
    for waiting in db.session.scalars(query.limit(20)):
        waiting.recipient = fresh
        waiting.body = _linked(waiting.body, invitation)
    db.session.flush()


def renew_link(mail: OutgoingMail) -> None:
    """Let the link in a mail that waits open the invitation of the person it is for."""
    query = select(Invitation).where(
        Invitation.event_id == mail.event_id, Invitation.person_id == mail.person_id
    )
    if mail.mailing_id and mail.state is MailState.WAITING and (found := db.session.scalar(query)):
        mail.body = _linked(mail.body, found)
        db.session.flush()


def _linked(body: str, invitation: Invitation) -> str:
    return _TOKEN.sub(token_of(invitation), body)
