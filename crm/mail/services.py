"""What is done with mails: written into the outbox with what they tell of, or dropped before they go."""

import secrets
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import select, update

from crm.db import db
from crm.mail.models import MailKind, MailState, OutgoingMail

DUTY = "mail"


def post(kind: MailKind, to: str, subject: str, body: str, **more: Any) -> OutgoingMail | None:
    """Write a mail to one address into the outbox, in the transaction of its cause; the caller commits.

    `more` are further columns: recipient_name, calendar with calendar_method, unsubscribe_url, reply_to,
    once_key, user_id, person_id, event_id, registration_id, mailing_id. Gives None, and writes nothing,
    where a mail of the same `once_key` exists. After the commit the caller rings `jobs.ring(DUTY)`.
    """
    if (key := more.get("once_key")) is not None and _exists(key):
        return None
    made = OutgoingMail(
        kind=kind, recipient=to, subject=_one_line(subject), body=body, message_id=_message_id(), **more
    )
    db.session.add(made)
    db.session.flush()
    return made


def drop(reason: str, **where: Any) -> None:
    """Take mails that wait out of the queue: `drop("objected", person_id=7)`. What was sent stays."""
    if not where:
        raise ValueError("which mails?")
    gone = update(OutgoingMail).where(OutgoingMail.state == MailState.WAITING).filter_by(**where)
    db.session.execute(
        gone.values(state=MailState.DROPPED, last_error=reason).execution_options(synchronize_session="fetch")
    )


def _exists(key: str) -> bool:
    return db.session.scalar(select(OutgoingMail.id).where(OutgoingMail.once_key == key)) is not None


def _one_line(subject: str) -> str:
    return " ".join(subject.split())[:300]


def _message_id() -> str:
    return f"<{secrets.token_hex(16)}@{urlsplit(current_app.config['BASE_URL']).hostname}>"
