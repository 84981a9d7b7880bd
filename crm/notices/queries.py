"""Questions about what people were told."""

import hashlib

from sqlalchemy import select

from crm.db import db
from crm.notices.models import MARK, NoticeText


def mark_of(text: str) -> str:
    """Name a wording by its content, so that no two can be taken for one."""
    return hashlib.sha256(text.encode()).hexdigest()[:MARK]


def by_mark(mark: str) -> NoticeText | None:
    """The wording of this mark, if somebody was ever shown it."""
    return db.session.scalar(select(NoticeText).where(NoticeText.mark == mark))
