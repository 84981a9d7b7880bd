"""One contact put forward for review, and what was decided."""

from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.contacts.models import Person
from crm.db import Record, today
from crm.labels import Labelled, name_members


class Decision(Labelled):
    """What is to become of a silent contact."""

    KEEP = "keep"
    RESTRICT = "restrict"
    ERASE = "erase"


name_members(
    {
        Decision.KEEP: _l("Keep: still needed"),
        Decision.RESTRICT: _l("Only store: no mailings, in no list and search"),
        Decision.ERASE: _l("Erase: out of sight, then offered to the archive"),
    }
)


class ContactReview(Record):
    """Open until somebody has decided; a contact that is kept is put forward again after the same period."""

    __tablename__ = "contact_reviews"
    __table_args__ = (Index("ix_contact_reviews_decided_on", "decided_on", "put_on"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    put_on: Mapped[date] = mapped_column(default=today)
    decision: Mapped[Decision | None]
    decided_on: Mapped[date | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    person: Mapped[Person] = relationship()
