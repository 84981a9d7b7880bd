"""What undoing a merge leaves as it is by now, although the merge had changed it."""

from typing import Any

from sqlalchemy import select

from crm.audit import AuditEvent
from crm.contacts.models import MailBasis
from crm.db import db
from crm.duplicates.choosing import STRICTEST
from crm.duplicates.models import Merge, MergeMove
from crm.duplicates.rows import pack
from crm.mail.models import MailState

_BASIS, _DAY = "mail_basis", "mail_basis_on"


def staying(move: MergeMove, row: Any, merge: Merge) -> set[str]:
    """Columns of a row that keep their present value.

    What was changed since stays, so does what a mail said when it went, and what somebody said of mailings.
    """
    found = {column for column, value in move.after.items() if pack(getattr(row, column)) != value}
    if move.table_name == "outgoing_mails":
        found |= {"state"} if row.state is MailState.WAITING else {"state", "recipient"}
    if move.table_name == "people" and _BASIS in move.after and _was_heard(move, row, merge):
        found |= {_BASIS, _DAY}
    return found & move.after.keys()


def _was_heard(move: MergeMove, person: Any, merge: Merge) -> bool:
    """Tell whether the former basis of mailings is laxer than what was said of them after the merge."""
    before, after = (STRICTEST.index(MailBasis(values[_BASIS])) for values in (move.before, move.after))
    if before <= after:
        return False
    if _DAY in move.after and pack(getattr(person, _DAY)) != move.after[_DAY]:
        return True
    query = select(AuditEvent.name, AuditEvent.changes).where(
        AuditEvent.record_type == "people", AuditEvent.record_id == person.id,
        AuditEvent.at >= merge.created_at, AuditEvent.name != "person.merged",
    )  # fmt: skip
    return any(
        name == "person.objected" or changes.keys() & {_BASIS, _DAY}
        for name, changes in db.session.execute(query)
    )
