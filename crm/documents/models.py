"""Attachments: a name, a kind that was found by looking inside, and the bytes."""

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from crm.db import Record


class Document(Record):
    """A file that hangs on one resolution or one paper of an application."""

    __tablename__ = "documents"
    __table_args__ = (CheckConstraint("(resolution_id IS NULL) <> (paper_id IS NULL)", name="hangs_on_one"),)

    file_name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    resolution_id: Mapped[int | None] = mapped_column(ForeignKey("resolutions.id"), index=True)
    paper_id: Mapped[int | None] = mapped_column(ForeignKey("application_papers.id"), index=True)
