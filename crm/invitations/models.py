"""Who was invited to an event, and what they answered."""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.contacts.models import Person
from crm.db import Record
from crm.events.models import Event
from crm.labels import Labelled, name_members
from crm.organisations.models import Organisation


class Answer(Labelled):
    """What an invited person answered."""

    NONE = "none"
    ACCEPTED = "accepted"
    REPRESENTED = "represented"
    DECLINED = "declined"


name_members(
    {
        Answer.NONE: _l("no answer"),
        Answer.ACCEPTED: _l("accepted"),
        Answer.REPRESENTED: _l("represented"),
        Answer.DECLINED: _l("declined"),
    }
)


class Invitation(Record):
    """One person invited to one event, once, however many functions. Function and place are of that day."""

    __tablename__ = "invitations"
    __table_args__ = (UniqueConstraint("event_id", "person_id"),)

    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    organisation_name: Mapped[str] = mapped_column(String(200), default="")
    called: Mapped[str] = mapped_column(String(200), default="", info={"personal": True})
    email: Mapped[str | None] = mapped_column(String(254), info={"personal": True})
    answer: Mapped[Answer] = mapped_column(default=Answer.NONE)
    answered_at: Mapped[datetime | None]
    represented_by: Mapped[str | None] = mapped_column(String(200), info={"personal": True})
    remark: Mapped[str | None] = mapped_column(String(300), info={"personal": True})
    mailed_at: Mapped[datetime | None]

    event: Mapped[Event] = relationship()
    person: Mapped[Person] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
