"""Attachments: a name, a kind that was found by looking inside, and the bytes."""

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from crm.db import Record


class Document(Record):
    """A file that hangs on one resolution, one paper of an application or one event.

    `for_guests` says that the guests of the event may have it.
    """

    __tablename__ = "documents"
    __table_args__ = (
        CheckConstraint(
            "(CASE WHEN resolution_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN paper_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN event_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="hangs_on_one",
        ),
    )

    file_name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    resolution_id: Mapped[int | None] = mapped_column(ForeignKey("resolutions.id"), index=True)
    paper_id: Mapped[int | None] = mapped_column(ForeignKey("application_papers.id"), index=True)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("events.id"), index=True)
    for_guests: Mapped[bool] = mapped_column(default=False)
