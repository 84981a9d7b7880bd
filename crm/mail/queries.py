"""Questions about the outbox."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, true

from crm.access import Permission
from crm.db import db, mentions, now
from crm.mail.models import OPEN, MailKind, MailServer, MailState, OutgoingMail

PATIENCE = timedelta(minutes=10)
# Areas to the right say which of their mails somebody may know of.
SHOWN: list[Callable[[Any], ColumnElement[bool]]] = []


@dataclass(frozen=True)
class Progress:
    """How far a mailing is."""

    sent: int = 0
    waiting: int = 0
    refused: int = 0
    dropped: int = 0

    @property
    def total(self) -> int:
        """All its mails."""
        return self.sent + self.waiting + self.refused + self.dropped

    @property
    def share(self) -> float:
        """Percent of what needs no more waiting."""
        return 100 * (self.total - self.waiting) / self.total if self.total else 100.0


@dataclass(frozen=True)
class Trouble:
    """What keeps mails from going: since when the server fails, or since when mails lie there unsent."""

    down_since: datetime | None
    waiting_since: datetime | None
    said: str | None


def shown_to(user: Any) -> ColumnElement[bool]:
    """Give the condition that somebody may know of a mail: one about an account is for whose account it is.

    New passwords, notices and mornings are such; who manages accounts knows of all of them.
    """
    others = [shown(user) for shown in SHOWN]
    # No index serves this: nearly every mail is meant, and SQLite would gather and sort them all.
    own = func.coalesce(OutgoingMail.user_id, user.id) == user.id
    return and_(true() if user.may(Permission.MANAGE_USERS) else own, *others)


def one(mail_id: int, user: Any) -> OutgoingMail | None:
    """Load a mail that somebody may know of."""
    return db.session.scalar(select(OutgoingMail).where(OutgoingMail.id == mail_id, shown_to(user)))


def listing(
    user: Any, state: MailState | None = None, kind: MailKind | None = None, text: str = "", **where: Any
) -> Select[OutgoingMail]:
    """Select mails that somebody may know of, the newest first; `where` are columns, as event_id."""
    query = select(OutgoingMail).where(shown_to(user))
    query = query.filter_by(**{name: value for name, value in where.items() if value})
    if state is MailState.WAITING:
        query = query.where(OutgoingMail.state.in_(OPEN))
    elif state is not None:
        query = query.where(OutgoingMail.state == state)
    if kind is not None:
        query = query.where(OutgoingMail.kind == kind)
    if text:
        columns = OutgoingMail.recipient, OutgoingMail.recipient_name, OutgoingMail.subject
        query = query.where(or_(*(mentions(column, text) for column in columns)))
    return query.order_by(OutgoingMail.id.desc())


def progress(mailing_id: int) -> Progress:
    """Count the mails of a mailing by their state."""
    counted = (
        select(OutgoingMail.state, func.count())
        .where(OutgoingMail.mailing_id == mailing_id)
        .group_by(OutgoingMail.state)
        .order_by(OutgoingMail.state)
    )
    found: dict[MailState, int] = {state: number for state, number in db.session.execute(counted)}  # noqa: C416
    return Progress(
        found.get(MailState.SENT, 0),
        sum(found.get(state, 0) for state in OPEN),
        found.get(MailState.REFUSED, 0),
        found.get(MailState.DROPPED, 0),
    )


def trouble() -> Trouble | None:
    """Tell what the staff must know about the sending; None where all is well."""
    oldest = select(func.min(OutgoingMail.due_at)).where(_lies()).scalar_subquery()
    down, said = (
        select(column).where(_is_down()).scalar_subquery()
        for column in (MailServer.down_since, MailServer.last_error)
    )
    found = db.session.execute(select(down, oldest, said)).one()
    return Trouble(*found) if found[0] or found[1] else None


def unsent_since() -> datetime | None:
    """Give since when the oldest mail that is due waits, or the server fails; None where nothing does."""
    due = (OutgoingMail.state.in_(OPEN), OutgoingMail.due_at <= now())
    oldest = db.session.scalar(select(func.min(OutgoingMail.due_at)).where(*due))
    down = db.session.scalar(select(MailServer.down_since).where(MailServer.id == 1))
    return min((one for one in (oldest, down) if one is not None), default=None)


def waiting() -> int:
    """Count the mails that have not gone."""
    query = select(func.count()).select_from(OutgoingMail).where(OutgoingMail.state.in_(OPEN))
    return db.session.scalar(query) or 0


def stuck() -> ColumnElement[bool]:
    """The condition that there is such trouble, for a statement of somebody else."""
    return or_(exists().where(_is_down()), exists().where(_lies()))


def _is_down() -> ColumnElement[bool]:
    return and_(MailServer.id == 1, MailServer.down_since <= now() - PATIENCE)


def _lies() -> ColumnElement[bool]:
    """A mail is long due, or somebody claimed it long ago, and nobody sends it."""
    long_ago = now() - PATIENCE
    return or_(
        and_(OutgoingMail.state == MailState.WAITING, OutgoingMail.due_at <= long_ago),
        and_(OutgoingMail.state == MailState.SENDING, OutgoingMail.claimed_at <= long_ago - PATIENCE),
    )


def number_lately(kind: MailKind, recipient: str, since: datetime) -> int:
    """Count the mails of a kind to an address since a moment."""
    query = select(func.count()).where(
        OutgoingMail.recipient == recipient, OutgoingMail.created_at >= since, OutgoingMail.kind == kind
    )
    return db.session.scalar(query) or 0


def is_written(once_key: str) -> bool:
    """Tell whether the mail of a cause is in the outbox, whatever became of it."""
    return db.session.scalar(select(OutgoingMail.id).where(OutgoingMail.once_key == once_key)) is not None
