"""Many mails written into the outbox in one go, for a mailing to hundreds."""

from typing import Any

from sqlalchemy import insert

from crm.db import db
from crm.mail import checks
from crm.mail.models import MailKind, OutgoingMail
from crm.mail.services import checked, new_message_id


def post_all(kind: MailKind, mails: list[dict[str, Any]]) -> int:
    """Write mails of one kind into the outbox, in the transaction of their cause; give their number.

    Each has `recipient`, `subject`, `body`, and of the further columns of `post` the same as all others.
    """
    rows = [
        checked(one)
        | {
            "kind": kind, "version": 1, "message_id": new_message_id(),
            "recipient": checks.one_address(one["recipient"]),
            "subject": checks.line(one["subject"], checks.SUBJECT),
        }
        for one in mails
    ]  # fmt: skip
    if rows:
        db.session.execute(insert(OutgoingMail), rows)
    return len(rows)
