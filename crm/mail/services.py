"""What is done with mails: written into the outbox with what they tell of, or dropped before they go."""

import secrets
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from crm import audit
from crm.db import db, now
from crm.errors import RuleBroken
from crm.mail import checks, queries
from crm.mail.attachments import attach
from crm.mail.models import OPEN, MailKind, MailState, OutgoingMail

DUTY = "mail"
PASSING = (MailKind.PASSWORD, MailKind.MORNING)
METHODS = ("PUBLISH", "REQUEST", "CANCEL")


def post(kind: Any, to: str, subject: str, body: str, **more: Any) -> OutgoingMail | None:
    """Write a mail to one address into the outbox, in the transaction of its cause; the caller commits.

    `more` are further columns: recipient_name, calendar with calendar_method, unsubscribe_url, reply_to,
    once_key, user_id, person_id, event_id, registration_id, mailing_id. `files` go with it as attachments.
    Gives None, and writes nothing, where a mail of the same `once_key` exists. After the commit the caller
    rings `jobs.ring(DUTY)`.
    Raises RuleBroken where the address is none, or several, or a line of the head holds more than a line.
    """
    files = more.pop("files", ())
    more = checked(more)
    to, subject = checks.one_address(to), checks.line(subject, checks.SUBJECT)
    if (key := more.get("once_key")) is not None and queries.is_written(key):
        return None
    mark = new_message_id()
    made = OutgoingMail(kind=kind, recipient=to, subject=subject, body=body, message_id=mark, **more)
    if key is None:
        db.session.add(made)
        db.session.flush()
    elif not _is_first(made):
        return None
    attach(made, files)
    return made


def checked(more: dict[str, Any]) -> dict[str, Any]:
    """Check the further columns; what no person typed but is wrong is a mistake of the program."""
    found = dict(more)
    if found.get("recipient_name"):
        found["recipient_name"] = checks.line(found["recipient_name"], checks.NAME)
    if found.get("reply_to"):
        found["reply_to"] = checks.one_address(found["reply_to"])
    checks.web_link(found.get("unsubscribe_url"))
    if (found.get("calendar") is None) != (found.get("calendar_method") is None):
        raise ValueError("an entry needs its method")
    if found.get("calendar_method") not in (None, *METHODS):
        raise ValueError("no such method")
    return found


def _is_first(made: OutgoingMail) -> bool:
    """Write a mail that there may be only one of; another transaction may be doing the same."""
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:
        return False
    return True


def drop(reason: str, **where: Any) -> None:
    """Take mails that wait out of the queue: `drop("objected", person_id=7)`. What was sent stays."""
    if not where:
        raise ValueError("which mails?")
    gone = update(OutgoingMail).where(OutgoingMail.state == MailState.WAITING).filter_by(**where)
    db.session.execute(
        gone.values(state=MailState.DROPPED, last_error=reason).execution_options(synchronize_session="fetch")
    )


def drop_older(kind: Any, moment: datetime) -> None:
    """Take mails of a kind out of the queue that were written before a moment and help nobody any more."""
    old = (OutgoingMail.kind == kind, OutgoingMail.created_at < moment)
    gone = update(OutgoingMail).where(*old, OutgoingMail.state == MailState.WAITING)
    db.session.execute(gone.values(state=MailState.DROPPED).execution_options(synchronize_session=False))


def withdraw(mail: OutgoingMail, by: Any, about: Any = None) -> None:
    """Take one mail out of the queue before it goes; noted on the event it is about, if any."""
    _only(mail, MailState.WAITING)
    mail.state, mail.last_error = MailState.DROPPED, None
    audit.record("mail.withdrawn", about or mail, by)


def retry(mail: OutgoingMail, by: Any, about: Any = None) -> None:
    """Put an undeliverable mail back into the queue, with all its attempts before it."""
    _only(mail, MailState.REFUSED)
    if not mail.recipient:
        raise RuleBroken(_("The text of this mail has been deleted after its time. Write a new one."))
    mail.state, mail.attempts, mail.due_at, mail.claimed_at = MailState.WAITING, 0, now(), None
    audit.record("mail.retried", about or mail, by)


def _only(mail: OutgoingMail, state: MailState) -> None:
    """Hold the row against the sender and raise RuleBroken where the mail is elsewhere by now."""
    db.session.refresh(mail, with_for_update=True)
    if mail.state is not state:
        raise RuleBroken(_("This mail has moved on meanwhile: it is %(state)s.", state=mail.state.label))


def hold_open() -> int:
    """Stop what waits in a restored database, for it may have gone since the backup; give its number.

    The staff look at each and send it once more, if need be; links and mornings of then help nobody.
    """
    reason = _("Restored from a backup: it may have been sent before. Check before you send it.")
    stopped = 0
    for state, which in (
        (MailState.DROPPED, OutgoingMail.kind.in_(PASSING)),
        (MailState.REFUSED, OutgoingMail.kind.not_in(PASSING)),
    ):
        held = update(OutgoingMail).where(OutgoingMail.state.in_(OPEN), which)
        done: Any = db.session.execute(
            held.values(state=state, last_error=reason).execution_options(synchronize_session=False)
        )
        stopped += done.rowcount
    return stopped


def new_message_id() -> str:
    """Make the mark by which a second sending is known as the same mail."""
    return f"<{secrets.token_hex(16)}@{urlsplit(current_app.config['BASE_URL']).hostname}>"
