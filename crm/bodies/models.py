"""Who is a member of a body, and from when to when."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.dates import Dated
from crm.db import Record
from crm.organisations.models import Kind, Organisation

KINDS = (
    Kind.ZWECKVERBAND,
    Kind.ASSOCIATION,
    Kind.AUTHORITY,
    Kind.IT_PROVIDER,
    Kind.UNIVERSITY,
    Kind.CONSULTANT,
    Kind.OTHER,
)


class BodyMember(Dated, Record):
    """An organisation belongs to a body for a time; several memberships side by side are usual."""

    __tablename__ = "body_members"
    __table_args__ = (
        CheckConstraint("organisation_id <> body_id", name="not_itself"),
        CheckConstraint("valid_to IS NULL OR valid_from IS NULL OR valid_from <= valid_to", name="in_order"),
    )

    body_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    note: Mapped[str] = mapped_column(String(200), default="")

    body: Mapped[Organisation] = relationship(foreign_keys=[body_id])
    organisation: Mapped[Organisation] = relationship(foreign_keys=[organisation_id])

    def counts_on(self, day: date) -> bool:
        """Tell whether it holds on a day on which the member exists, too."""
        return self.holds_on(day) and self.organisation.holds_on(day)
