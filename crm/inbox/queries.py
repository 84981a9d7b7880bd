"""Questions about the inbox."""

from typing import Any

from sqlalchemy import Select, column, func, or_, select, table
from sqlalchemy.orm import joinedload, undefer

from crm.consultations.models import Consultation
from crm.db import db
from crm.inbox.models import InboxItem, MailItemState

FOR_LISTS = (
    joinedload(InboxItem.uploaded_by),
    joinedload(InboxItem.settled_by),
    joinedload(InboxItem.consultation).selectinload(Consultation.participations),
    joinedload(InboxItem.follow_up),
)
WHOLE = (*FOR_LISTS, undefer(InboxItem.text), undefer(InboxItem.quoted))


def _gone(name: str) -> Any:
    """Numbers of the removed records of a table; as a bare table, for models hide what was removed."""
    bare = table(name, column("id"), column("removed_at"))
    return select(bare.c.id).where(bare.c.removed_at.is_not(None))


def _lost() -> Any:
    """The condition that all a mail became lies in the trash."""
    pairs = (
        (InboxItem.consultation_id, "consultations"),
        (InboxItem.follow_up_id, "follow_ups"),
    )
    gone = [or_(number.is_(None), number.in_(_gone(name))) for number, name in pairs]
    return (InboxItem.state == MailItemState.LOGGED) & gone[0] & gone[1]


def in_state(state: MailItemState) -> Any:
    """The condition that a mail is in a state; one whose talk lies in the trash is open again."""
    if state is MailItemState.OPEN:
        return or_(InboxItem.state == state, _lost())
    if state is MailItemState.LOGGED:
        return (InboxItem.state == state) & ~_lost()
    return InboxItem.state == state


def listing(state: MailItemState) -> Select[InboxItem]:
    """Select the mails in a state, the newest first; emptied ones are in no list."""
    query = select(InboxItem).where(InboxItem.emptied_at.is_(None), in_state(state))
    written = func.coalesce(InboxItem.sent_at, InboxItem.received_at)
    return query.order_by(written.desc(), InboxItem.id.desc())


def open_count() -> Any:
    """Select the number of mails that still have to be assigned."""
    return select(func.count(InboxItem.id)).where(
        InboxItem.emptied_at.is_(None), in_state(MailItemState.OPEN)
    )


def next_open() -> InboxItem | None:
    """The mail that waits at the top of the list."""
    return db.session.scalar(listing(MailItemState.OPEN).limit(1))


def one(item_id: int) -> InboxItem | None:
    """Load a mail with all its texts."""
    return db.session.scalar(select(InboxItem).where(InboxItem.id == item_id).options(*WHOLE))


def twin(fingerprint: str) -> InboxItem | None:
    """The same mail, if it lies here already."""
    return db.session.scalar(select(InboxItem).where(InboxItem.fingerprint == fingerprint))


def from_mails(consultation_id: int) -> list[InboxItem]:
    """The mails a talk was made of, as long as they say anything."""
    query = select(InboxItem).where(
        InboxItem.consultation_id == consultation_id, InboxItem.emptied_at.is_(None)
    )
    return list(db.session.scalars(query.order_by(InboxItem.id).limit(20)))
