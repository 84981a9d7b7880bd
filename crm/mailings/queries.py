"""Questions about mailings: those of an event, one of them, how far its mails are."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from crm.audit import AuditEvent
from crm.db import db
from crm.events import queries as events
from crm.invitations.models import Invitation
from crm.mail.models import MailKind, MailState, OutgoingMail
from crm.mailings.models import Mailing
from crm.registrations.models import Registration

MOST = 100


def of_event(event_id: int) -> list[Mailing]:
    """The mailings of an event, the newest first."""
    query = select(Mailing).where(Mailing.event_id == event_id).options(joinedload(Mailing.sent_by))
    return list(db.session.scalars(query.order_by(Mailing.id.desc()).limit(MOST)))


def one(event_id: int, mailing_id: int) -> Mailing | None:
    """Load a mailing of an event with the event as its pages show it."""
    query = select(Mailing).join(Mailing.event).where(Mailing.id == mailing_id, Mailing.event_id == event_id)
    event = joinedload(Mailing.event).options(*events.WHOLE)
    return db.session.scalar(query.options(joinedload(Mailing.sent_by), event))


def last_sent(event_id: int, kind: MailKind) -> Mailing | None:
    """The mailing of a kind that went out last."""
    query = select(Mailing).where(
        Mailing.event_id == event_id, Mailing.kind == kind, Mailing.sent_at.is_not(None)
    )
    return db.session.scalar(query.order_by(Mailing.sent_at.desc(), Mailing.id.desc()).limit(1))


def known_since(event_id: int, moved_at: datetime) -> datetime | None:
    """The moment people last learned of day and place before an event was moved; None where nobody did.

    That is the mail about the change before, else the first mailing or the first guest.
    """
    sent, guest = Mailing.event_id == event_id, Registration.event_id == event_id
    told = select(func.max(Mailing.sent_at)).where(
        sent, Mailing.kind == MailKind.CHANGE, Mailing.sent_at < moved_at
    )
    first = (
        select(func.min(Mailing.sent_at)).where(sent),
        select(func.min(Registration.registered_at)).where(guest),
        select(func.min(Invitation.mailed_at)).where(Invitation.event_id == event_id),
    )
    row = db.session.execute(select(*(one.scalar_subquery() for one in (told, *first)))).one()
    return row[0] or min(filter(None, row[1:]), default=None)


def drafts(event_id: int) -> dict[str, int]:
    """The number of the newest unsent mailing by the value of its kind, in one statement."""
    query = select(Mailing.kind, func.max(Mailing.id)).where(
        Mailing.event_id == event_id, Mailing.sent_at.is_(None)
    )
    return {kind.value: number for kind, number in db.session.execute(query.group_by(Mailing.kind))}


def called_off(event_id: int) -> Mailing | None:
    """The mailing that told of the cancellation in force, not of one before the event was planned again."""
    found = last_sent(event_id, MailKind.CALLED_OFF)
    if found is None:
        return None
    query = select(func.max(AuditEvent.at)).where(
        AuditEvent.record_type == "events",
        AuditEvent.record_id == event_id,
        AuditEvent.name == "event.cancelled",
    )
    since = db.session.scalar(query)
    return found if since is None or (found.sent_at and found.sent_at >= since) else None


def states(mailing_ids: Iterable[int]) -> dict[int, dict[MailState, int]]:
    """Count the mails of some mailings by state, in one statement."""
    wanted = list(mailing_ids)
    if not wanted:
        return {}
    query = select(OutgoingMail.mailing_id, OutgoingMail.state, func.count(OutgoingMail.id))
    query = query.where(OutgoingMail.mailing_id.in_(wanted))
    found: dict[int, dict[MailState, int]] = {}
    for number, state, count in db.session.execute(query.group_by(*query.selected_columns[:2])):
        found.setdefault(number or 0, {})[state] = count
    return found
