"""Documents: a name, a kind that was found by looking inside, the bytes, and pictures of the pages."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import User
from crm.db import Model, Record, now

# What a file may hang on: one column each, and exactly one of them is set.
OWNERS = (
    "resolution_id", "paper_id", "event_id", "consultation_id", "cooperation_id", "organisation_id",
    "material_version_id",
)  # fmt: skip


def hangs_on_one(owners: tuple[str, ...] = OWNERS) -> str:
    """Give the condition that exactly one of these columns is set."""
    return " + ".join(f"(CASE WHEN {name} IS NULL THEN 0 ELSE 1 END)" for name in owners) + " = 1"


class Document(Record):
    """A file that hangs on one thing: what a resolution or paper, an event, a talk, a group, a place or a
    version of a material has.

    `previous_id` is the version that this one replaces; both hang on the same thing. The newest of them is
    the one that no other replaces. `for_guests` says that the guests of the event may have it, `confidential`
    that only those may who read confidential talks.
    """

    __tablename__ = "documents"
    __table_args__ = (CheckConstraint(hangs_on_one(), name="hangs_on_one"), UniqueConstraint("previous_id"))

    file_name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    resolution_id: Mapped[int | None] = mapped_column(ForeignKey("resolutions.id"), index=True)
    paper_id: Mapped[int | None] = mapped_column(ForeignKey("application_papers.id"), index=True)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("events.id"), index=True)
    consultation_id: Mapped[int | None] = mapped_column(ForeignKey("consultations.id"), index=True)
    cooperation_id: Mapped[int | None] = mapped_column(ForeignKey("cooperations.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    material_version_id: Mapped[int | None] = mapped_column(ForeignKey("material_versions.id"), index=True)
    previous_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id"))
    for_guests: Mapped[bool] = mapped_column(default=False)
    confidential: Mapped[bool] = mapped_column(default=False)

    uploaded_by: Mapped[User | None] = relationship()


class Preview(Model):
    """What became of the pictures of a file: how many pages it has, and of how many there is a picture."""

    __tablename__ = "document_previews"

    document_id: Mapped[int] = mapped_column(
        ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    pages: Mapped[int]
    drawn: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(default=now)


class PagePicture(Model):
    """The picture of one page, a PNG that was drawn here."""

    __tablename__ = "document_pictures"

    document_id: Mapped[int] = mapped_column(
        ForeignKey("document_previews.document_id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    width: Mapped[int]
    height: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
