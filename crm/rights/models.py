"""One request of one person about their data."""

from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import User
from crm.consents.models import Way
from crm.contacts.models import Person
from crm.db import Record, today
from crm.labels import Labelled, name_members


class Right(Labelled):
    """What somebody may ask for."""

    ACCESS = "access"
    CORRECTION = "correction"
    RESTRICTION = "restriction"
    OBJECTION = "objection"
    ERASURE = "erasure"


# These hold from the day they are asked for until they are lifted; the column of the person says so.
LIMITING = {Right.RESTRICTION: "restricted_on", Right.OBJECTION: "objected_on"}

name_members(
    {
        Right.ACCESS: _l("access (Art. 15)"),
        Right.CORRECTION: _l("correction (Art. 16)"),
        Right.RESTRICTION: _l("restriction (Art. 18)"),
        Right.OBJECTION: _l("objection (Art. 21)"),
        Right.ERASURE: _l("erasure (Art. 17)"),
    }
)


class RightsRequest(Record):
    """Open until `answered_on`; a restriction or objection has no term and is answered by being lifted."""

    __tablename__ = "rights_requests"
    __table_args__ = (Index("ix_rights_requests_open", "answered_on", "due_on"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    kind: Mapped[Right]
    way: Mapped[Way]
    asked_on: Mapped[date] = mapped_column(default=today)
    due_on: Mapped[date | None]
    reason: Mapped[str | None] = mapped_column(Text, info={"personal": True})
    answered_on: Mapped[date | None]
    answer: Mapped[str | None] = mapped_column(Text, info={"personal": True})
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    person: Mapped[Person] = relationship()
    entered_by: Mapped[User | None] = relationship(foreign_keys=[entered_by_id])
    answered_by: Mapped[User | None] = relationship(foreign_keys=[answered_by_id])

    @property
    def is_open(self) -> bool:
        """Tell whether it waits for an answer, or holds."""
        return self.answered_on is None

    @property
    def limits(self) -> bool:
        """Tell whether it stops the use of the data."""
        return self.kind in LIMITING

    @property
    def is_late(self) -> bool:
        """Tell whether the month of Article 12 is over."""
        return self.is_open and self.due_on is not None and self.due_on < today()
