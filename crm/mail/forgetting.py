"""Texts and addresses of mails go after their time; the rows stay and are counted."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import Select, select, update

from crm.db import db
from crm.mail.attachments import drop_of_emptied
from crm.mail.models import OPEN, OutgoingMail
from crm.retention.doing import DOINGS, Doing, Due

_NOTHING: dict[str, Any] = {
    "calendar": None, "calendar_method": None, "unsubscribe_url": None, "reply_to": None, "last_error": None,
    "recipient": "", "recipient_name": "", "subject": "", "body": "",
}  # fmt: skip


def _due(limit: datetime) -> Select[*tuple[Any, ...]]:
    """What still waits to be sent is not due, however old."""
    there = OutgoingMail.recipient != "", OutgoingMail.state.not_in(OPEN)
    return select(OutgoingMail.id).where(OutgoingMail.created_at < limit, *there).order_by(OutgoingMail.id)


def _empty(due: Due) -> int:
    there = OutgoingMail.id.in_(due.numbers), OutgoingMail.recipient != "", OutgoingMail.state.not_in(OPEN)
    emptied = update(OutgoingMail).where(*there).values(_NOTHING)
    done: Any = db.session.execute(emptied.execution_options(synchronize_session=False))
    drop_of_emptied()
    return int(done.rowcount)


def _files() -> Iterator[Path]:
    folder = Path(current_app.config["MAIL_FOLDER"])
    return iter(sorted(folder.glob("*.eml")) if folder.is_dir() else ())


def _old_files(limit: datetime) -> list[str]:
    """Names of written mails older than a moment; they are numbers by chance and name nobody."""
    return [one.name for one in _files() if one.stat().st_mtime < limit.timestamp()]


def _unlink(due: Due) -> int:
    there = [one for one in _files() if one.name in due.numbers]
    for one in there:
        one.unlink(missing_ok=True)
    return len(there)


DOINGS["mails"] = Doing(_empty, _due)
DOINGS["mail-files"] = Doing(_unlink, names=_old_files)
