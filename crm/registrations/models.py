"""Guests of an event: who has a seat, who waits at which position, who came."""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.contacts.models import Person
from crm.contacts.names import full_name
from crm.db import Model, Record, now
from crm.events.models import Event
from crm.invitations.models import Invitation
from crm.labels import Labelled, name_members
from crm.organisations.models import Organisation


class Seat(Labelled):
    """What a guest has: a seat, an offer of one, a position on the waiting list, or nothing any more."""

    SEATED = "seated"
    OFFERED = "offered"
    WAITING = "waiting"
    SIGNED_OFF = "signed-off"
    LAPSED = "lapsed"


class GuestKind(Labelled):
    """As whom somebody comes; the audiences the centre names itself."""

    HEAD = "head"
    COUNCILLOR = "councillor"
    MANAGEMENT = "management"
    STAFF = "staff"
    COUNTY = "county"
    PARTNER = "partner"
    CITIZEN = "citizen"
    OTHER = "other"


class Origin(Labelled):
    """How a registration came in."""

    PUBLIC = "public"
    INVITATION = "invitation"
    OFFICE = "office"
    AT_THE_DOOR = "at-the-door"
    LIST = "list"


TAKEN = (Seat.SEATED, Seat.OFFERED)
GONE = (Seat.SIGNED_OFF, Seat.LAPSED)
# Who came without having registered takes no seat and is no registration.
UNREGISTERED = (Origin.AT_THE_DOOR, Origin.LIST)

name_members(
    {
        Seat.SEATED: _l("has a seat"),
        Seat.OFFERED: _l("seat offered"),
        Seat.WAITING: _l("waiting list"),
        Seat.SIGNED_OFF: _l("registration cancelled"),
        Seat.LAPSED: _l("lapsed"),
        GuestKind.HEAD: _l("Mayor or head of a county"),
        GuestKind.COUNCILLOR: _l("Member of a council"),
        GuestKind.MANAGEMENT: _l("Administration, management"),
        GuestKind.STAFF: _l("Administration, staff"),
        GuestKind.COUNTY: _l("County administration"),
        GuestKind.PARTNER: _l("Association, ministry or partner"),
        GuestKind.CITIZEN: _l("Citizen"),
        GuestKind.OTHER: _l("Other guest"),
        Origin.PUBLIC: _l("public page"),
        Origin.INVITATION: _l("personal link"),
        Origin.OFFICE: _l("entered by the office"),
        Origin.AT_THE_DOOR: _l("came without registration"),
        Origin.LIST: _l("sign-in list"),
    }
)


class Registration(Record):
    """One guest of one event with companions; together they take 1 + `companions` seats.

    `address_key` is the mail address as it is compared: an address registers once for an event. `position`
    is the place on the waiting list. Names and addresses go after the retention period; counts stay.
    """

    __tablename__ = "registrations"
    __table_args__ = (
        UniqueConstraint("event_id", "address_key"),
        CheckConstraint("companions >= 0 AND companions <= 9", name="companions"),
        Index("ix_registrations_of_event", "event_id", "seat", "position"),
        Index("ix_registrations_address_key", "address_key"),
        Index("ix_registrations_open", "seat", "confirmed_at", "offered_until"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"))
    seat: Mapped[Seat]
    position: Mapped[int | None]
    companions: Mapped[int] = mapped_column(default=0)
    kind: Mapped[GuestKind] = mapped_column(default=GuestKind.OTHER)
    origin: Mapped[Origin] = mapped_column(default=Origin.PUBLIC)
    first_name: Mapped[str | None] = mapped_column(String(200), info={"personal": True})
    last_name: Mapped[str | None] = mapped_column(String(200), info={"personal": True})
    email: Mapped[str | None] = mapped_column(String(254), info={"personal": True})
    phone: Mapped[str | None] = mapped_column(String(50), info={"personal": True})
    address_key: Mapped[str | None] = mapped_column(String(254), info={"personal": True})
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    organisation_text: Mapped[str | None] = mapped_column(String(200), info={"personal": True})
    needs: Mapped[str | None] = mapped_column(String(500), info={"personal": True})
    photos_allowed: Mapped[bool] = mapped_column(default=False)
    search_text: Mapped[str] = mapped_column(String(600), default="", info={"personal": True})
    sort_key: Mapped[str] = mapped_column(String(400), default="", info={"personal": True})
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    invitation_id: Mapped[int | None] = mapped_column(ForeignKey("invitations.id"), index=True)
    privacy_version: Mapped[str | None] = mapped_column(String(20))
    registered_at: Mapped[datetime] = mapped_column(default=now)
    confirmed_at: Mapped[datetime | None]
    offered_until: Mapped[datetime | None]
    signed_off_at: Mapped[datetime | None]
    came_at: Mapped[datetime | None]
    wants_talk: Mapped[bool] = mapped_column(default=False)
    forgotten_at: Mapped[datetime | None]

    event: Mapped[Event] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    person: Mapped[Person | None] = relationship()
    invitation: Mapped[Invitation | None] = relationship()

    @property
    def heads(self) -> int:
        """How many seats it takes."""
        return 1 + self.companions

    @property
    def name(self) -> str:
        """Petra Henkel; empty once the name is forgotten."""
        return full_name(self.first_name, self.last_name)

    @property
    def is_confirmed(self) -> bool:
        """Tell whether the address was confirmed, or the office entered it."""
        return self.confirmed_at is not None

    @property
    def from_where(self) -> str:
        """Name of the organisation as chosen, else as typed."""
        return self.organisation.name if self.organisation else self.organisation_text or ""


class PublicPost(Model):
    """One use of a public form, to slow down floods. `source` is a keyed hash, never an address."""

    __tablename__ = "public_posts"
    __table_args__ = (Index("ix_public_posts_source", "source", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(default=now)
