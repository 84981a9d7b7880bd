"""One file that was handed out, and which contacts stand in it."""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import User
from crm.db import Model, now
from crm.labels import Labelled, name_members


class Paper(Labelled):
    """What kind of file it is."""

    CONTACTS = "contacts"
    CARDS = "cards"
    GUESTS = "guests"
    SIGN_IN = "sign-in"
    PARTICIPANTS = "participants"
    BADGES = "badges"
    CERTIFICATES = "certificates"
    ARCHIVE = "archive"


name_members(
    {
        Paper.CONTACTS: _l("list of contacts"),
        Paper.CARDS: _l("cards for an address book"),
        Paper.GUESTS: _l("list of guests"),
        Paper.SIGN_IN: _l("sign-in sheet"),
        Paper.PARTICIPANTS: _l("list of participants"),
        Paper.BADGES: _l("name badges"),
        Paper.CERTIFICATES: _l("certificates of attendance"),
        Paper.ARCHIVE: _l("offer to the archive"),
    }
)


class Output(Model):
    """`filters` is what the list was asked, as its address says it; `number` is how many people it holds."""

    __tablename__ = "outputs"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now, index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    paper: Mapped[Paper]
    ending: Mapped[str] = mapped_column(String(8))
    filters: Mapped[str | None] = mapped_column(Text, info={"personal": True})
    number: Mapped[int]

    user: Mapped[User] = relationship()


class OutputPerson(Model):
    """A contact who stands in such a file."""

    __tablename__ = "output_people"
    __table_args__ = (UniqueConstraint("output_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    output_id: Mapped[int] = mapped_column(ForeignKey("outputs.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
