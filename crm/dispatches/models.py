"""A handing out, and everybody who got something by it."""

from datetime import date, datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import User
from crm.consultations.models import Consultation
from crm.contacts.models import Person
from crm.db import Record
from crm.events.models import Event
from crm.labels import Labelled, name_members
from crm.materials.models import MaterialVersion
from crm.organisations.models import Organisation


class Way(Labelled):
    """How something was handed out."""

    MAIL = "mail"
    POST = "post"
    IN_PERSON = "in-person"
    LINK = "link"


name_members(
    {
        Way.MAIL: _l("by mail, with a download link"),
        Way.POST: _l("by post"),
        Way.IN_PERSON: _l("handed over"),
        Way.LINK: _l("link only"),
    }
)


class Dispatch(Record):
    """One version was handed out, on a day, by one way; in a talk, at an event, or by itself.

    `copies` are the printed copies each recipient got out of the stock. `renews` says that it went to those
    who held an older version.
    """

    __tablename__ = "dispatches"
    __table_args__ = (
        CheckConstraint("copies >= 0", name="copies"),
        CheckConstraint("consultation_id IS NULL OR event_id IS NULL", name="one_occasion"),
        Index("ix_dispatches_by_day", "handed_on", "id"),
    )

    version_id: Mapped[int] = mapped_column(ForeignKey("material_versions.id"), index=True)
    way: Mapped[Way]
    handed_on: Mapped[date]
    copies: Mapped[int] = mapped_column(default=0)
    renews: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str | None] = mapped_column(String(500), info={"personal": True})
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    consultation_id: Mapped[int | None] = mapped_column(ForeignKey("consultations.id"), index=True)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("events.id"), index=True)

    material_version: Mapped[MaterialVersion] = relationship()
    by: Mapped[User | None] = relationship()
    consultation: Mapped[Consultation | None] = relationship()
    event: Mapped[Event | None] = relationship()
    recipients: Mapped[list["DispatchRecipient"]] = relationship(
        back_populates="dispatch", order_by="DispatchRecipient.id"
    )

    @property
    def all_copies(self) -> int:
        """The copies that left the stock; laid out for nobody in particular they went once."""
        return self.copies * max(1, len(self.recipients))


class DispatchRecipient(Record):
    """An organisation or a person who got a version; of somebody in an office both are known.

    `once_key` is unique: nobody is sent the same new version twice. Of the download link only the hash of its
    random token is kept; it counts, and it ends at `expires_at`.
    """

    __tablename__ = "dispatch_recipients"
    __table_args__ = (
        CheckConstraint("organisation_id IS NOT NULL OR person_id IS NOT NULL", name="somebody"),
        CheckConstraint("opened_count >= 0", name="opened"),
        Index("ix_dispatch_recipients_of_version", "version_id", "person_id", "organisation_id"),
    )

    dispatch_id: Mapped[int] = mapped_column(ForeignKey("dispatches.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("material_versions.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    once_key: Mapped[str | None] = mapped_column(String(40), unique=True)
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime | None]
    opened_count: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime | None]

    dispatch: Mapped[Dispatch] = relationship(back_populates="recipients")
    material_version: Mapped[MaterialVersion] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    person: Mapped[Person | None] = relationship()

    @property
    def key(self) -> str:
        """What tells recipients apart: the person where there is one, else the organisation."""
        return f"p{self.person_id}" if self.person_id else f"o{self.organisation_id}"

    @property
    def name(self) -> str:
        """Who it is: the person with the organisation, or the organisation alone."""
        place = self.organisation.name if self.organisation else ""
        return ", ".join(part for part in (self.person_name, place) if part)

    @property
    def person_name(self) -> str:
        """The name of the person, empty where it went to an organisation only."""
        if self.person_id is None:
            return ""
        return self.person.name if self.person else _("Removed person")
