"""What was done to many records at once, kept as long as it can be taken back."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import User
from crm.db import Record


class BulkAction(Record):
    """One action on a selection.

    `entries` hold for each record {"id": …, "version": the one after it, "before": {column: old value}}; of
    what was made, `before` is empty. No text that somebody typed is in them.
    """

    __tablename__ = "bulk_actions"

    kind: Mapped[str] = mapped_column(String(20))
    action: Mapped[str] = mapped_column(String(20))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    entries: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list, info={"derived": True})
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    user: Mapped[User] = relationship(foreign_keys=[user_id])
