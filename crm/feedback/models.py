"""What guests thought of an event. Nothing says who they were or at what time they wrote."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.db import Model
from crm.events.models import Event


class Feedback(Model):
    """One answer to the feedback form, with the day and no more."""

    __tablename__ = "feedback"
    __table_args__ = (CheckConstraint("rating >= 1 AND rating <= 5", name="rating"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), index=True)
    given_on: Mapped[date]
    rating: Mapped[int]
    liked: Mapped[str | None] = mapped_column(Text, info={"personal": True})
    missed: Mapped[str | None] = mapped_column(Text, info={"personal": True})

    event: Mapped[Event] = relationship()
