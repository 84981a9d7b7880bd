"""One agreement of one person: to what, by which words, how it was asked and given, and when it ended."""

from datetime import date, datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import User
from crm.contacts.models import Person
from crm.db import Record, today
from crm.labels import Labelled, name_members


class Purpose(Labelled):
    """What somebody agrees to."""

    MAILINGS = "mailings"
    PHOTOS = "photos"
    EXAMPLES = "examples"


class Way(Labelled):
    """How somebody says something to the office."""

    FORM = "form"
    LETTER = "letter"
    MAIL = "mail"
    PHONE = "phone"
    SPOKEN = "spoken"
    LINK = "link"
    OFFICE = "office"


name_members(
    {
        Purpose.MAILINGS: _l("invitations and mailings"),
        Purpose.PHOTOS: _l("photos of events"),
        Purpose.EXAMPLES: _l("named as a contact with practice examples"),
        Way.FORM: _l("signed form"),
        Way.LETTER: _l("letter"),
        Way.MAIL: _l("mail of one's own"),
        Way.PHONE: _l("by phone"),
        Way.SPOKEN: _l("in person"),
        Way.LINK: _l("link in a mail to the address"),
        Way.OFFICE: _l("by the office itself"),
    }
)


class Consent(Record):
    """`text_mark` names the exact words in notice_texts; `given_on` is empty while a link waits.

    Of a link `created_at` is the moment it was asked for and `confirmed_at` that of the click; `address` is
    where it was sent.
    """

    __tablename__ = "consents"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    purpose: Mapped[Purpose]
    way: Mapped[Way]
    text_mark: Mapped[str] = mapped_column(String(20))
    address: Mapped[str | None] = mapped_column(String(254), info={"personal": True})
    asked_on: Mapped[date] = mapped_column(default=today)
    given_on: Mapped[date | None]
    confirmed_at: Mapped[datetime | None]
    withdrawn_on: Mapped[date | None]
    proof: Mapped[str | None] = mapped_column(Text, info={"personal": True})
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    person: Mapped[Person] = relationship()
    entered_by: Mapped[User | None] = relationship()

    @property
    def holds(self) -> bool:
        """Tell whether it was given and not taken back."""
        return self.given_on is not None and self.withdrawn_on is None

    @property
    def is_waiting(self) -> bool:
        """Tell whether a link was sent and nobody has used it yet."""
        return self.given_on is None and self.withdrawn_on is None
