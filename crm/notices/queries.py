"""Questions about what people were told."""

import hashlib

from sqlalchemy import select

from crm.db import db
from crm.notices.models import MARK, NoticeText


def mark_of(text: str) -> str:
    """Name a wording by its content, so that no two can be taken for one."""
    return hashlib.sha256(text.encode()).hexdigest()[:MARK]


def shorter_promises(key: str, days: int) -> dict[int, list[str]]:
    """The periods of a rule below so many days that were ever promised: {days: marks of the texts}."""
    query = select(NoticeText.mark, NoticeText.promised).where(NoticeText.promised.is_not(None))
    found: dict[int, list[str]] = {}
    for mark, promised in db.session.execute(query.order_by(NoticeText.id)):
        if promised.get(key, days) < days:
            found.setdefault(promised[key], []).append(mark)
    return found


def by_mark(mark: str) -> NoticeText | None:
    """The wording of this mark, if somebody was ever shown it."""
    return db.session.scalar(select(NoticeText).where(NoticeText.mark == mark))
