"""Guests who were counted and not named."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.db import Record
from crm.events.models import Event
from crm.labels import Labelled, name_members
from crm.organisations.models import Organisation
from crm.registrations.models import GuestKind


class Certainty(Labelled):
    """Whether heads were counted or estimated; the two are never added up."""

    COUNTED = "counted"
    ESTIMATED = "estimated"


name_members({Certainty.COUNTED: _l("counted"), Certainty.ESTIMATED: _l("estimated")})


class HeadCount(Record):
    """So many heads came without a name, from one organisation or (None) from anywhere."""

    __tablename__ = "head_counts"
    __table_args__ = (CheckConstraint("heads > 0 AND heads <= 99999", name="heads"),)

    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    kind: Mapped[GuestKind] = mapped_column(default=GuestKind.CITIZEN)
    certainty: Mapped[Certainty] = mapped_column(default=Certainty.COUNTED)
    heads: Mapped[int]

    event: Mapped[Event] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
