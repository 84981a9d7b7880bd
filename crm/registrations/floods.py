"""Slow down whoever floods the public forms; nobody has to solve a riddle."""

import hashlib
import hmac
from datetime import timedelta

from flask import current_app
from sqlalchemy import func, select
from werkzeug.exceptions import TooManyRequests

from crm.db import db, now
from crm.mail.models import MailKind, OutgoingMail
from crm.registrations.models import PublicPost, Registration

WINDOW = timedelta(hours=1)
CAUSED_BY_STRANGERS = (MailKind.TO_CONFIRM, MailKind.KNOWN)


def note(source: str) -> None:
    """Count one use of a public form from a network address; raises 429 when there were too many in an hour.

    Of the address only a keyed hash is kept. A limit of 0 switches the counting off.
    """
    limit, mark, since = current_app.config["PUBLIC_POSTS_PER_HOUR"], _mark(source), now() - WINDOW
    if not limit:
        return
    seen = select(func.count(PublicPost.id), func.min(PublicPost.at)).where(
        PublicPost.source == mark, PublicPost.at > since
    )
    number, first = db.session.execute(seen).one()
    if number >= limit:
        wait = max(round((first + WINDOW - now()).total_seconds()), 1)
        raise TooManyRequests(retry_after=wait)
    db.session.add(PublicPost(source=mark))


def may_write_to(address_key: str | None) -> bool:
    """Tell whether an address may get another mail that any stranger can cause: a few in an hour."""
    those = select(Registration.id).where(Registration.address_key == address_key)
    sent = select(func.count(OutgoingMail.id)).where(
        OutgoingMail.registration_id.in_(those),
        OutgoingMail.kind.in_(CAUSED_BY_STRANGERS),
        OutgoingMail.created_at > now() - WINDOW,
    )
    return (db.session.scalar(sent) or 0) < current_app.config["PUBLIC_MAILS_PER_HOUR"]


def _mark(source: str) -> str:
    key = current_app.config["SECRET_KEY"].encode()
    return hmac.new(key, b"source:" + source.encode(), hashlib.sha256).hexdigest()
