"""One read of one confidential talk or document, or one look at this log."""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import User
from crm.db import Model, now
from crm.labels import Labelled, name_members


class Way(Labelled):
    """How somebody came to see the text."""

    PAGE = "page"
    FORM = "form"
    PREVIEW = "preview"
    EXCERPT = "excerpt"
    SEARCH = "search"
    PRINT = "print"
    PDF = "pdf"
    FILE = "file"
    PICTURES = "pictures"
    ACCESS = "access"
    LOG = "log"


name_members(
    {
        Way.PAGE: _l("page"),
        Way.FORM: _l("form"),
        Way.PREVIEW: _l("preview beside a list"),
        Way.EXCERPT: _l("first words in a list"),
        Way.SEARCH: _l("search hit with text"),
        Way.PRINT: _l("record as a page"),
        Way.PDF: _l("record as PDF"),
        Way.FILE: _l("document downloaded"),
        Way.PICTURES: _l("pictures of a document"),
        Way.ACCESS: _l("access given to somebody named in it"),
        Way.LOG: _l("looked at this log"),
    }
)


class ConfidentialRead(Model):
    """Who saw the text of which talk or document, when and how; a look at the log itself has neither."""

    __tablename__ = "confidential_reads"
    __table_args__ = (Index("ix_confidential_reads_of_talk", "consultation_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now, index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    consultation_id: Mapped[int | None] = mapped_column(ForeignKey("consultations.id"))
    document_id: Mapped[int | None] = mapped_column(
        ForeignKey("documents.id", ondelete="SET NULL"), index=True
    )
    way: Mapped[Way]

    user: Mapped[User] = relationship()
