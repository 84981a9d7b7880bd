"""Every wording of the notice that somebody was shown before sending a form, once."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from crm.db import Model, now

MARK = 16


class NoticeText(Model):
    """One exact text; `mark` is the beginning of its SHA-256 and stands with whatever was given under it.

    `promised` are the periods in days it names, by the rule of retention; None where nobody wrote them down.
    """

    __tablename__ = "notice_texts"

    id: Mapped[int] = mapped_column(primary_key=True)
    mark: Mapped[str] = mapped_column(String(20), unique=True)
    text: Mapped[str] = mapped_column(Text)
    since: Mapped[datetime] = mapped_column(default=now)
    promised: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
