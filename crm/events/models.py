"""Information events: what, when, where, with whom; their programme and the list of what is to be done."""

import secrets
from datetime import date, datetime, time, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, String, Text, func, or_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import User
from crm.contacts.models import Person
from crm.cooperations.models import Cooperation
from crm.db import BERLIN, Model, Record, now, today
from crm.labels import Labelled, name_members
from crm.organisations.models import Organisation
from crm.records import Removable, trash_index
from crm.task_fields.models import TaskField


class EventKind(Labelled):
    """What kind of event it is."""

    CONGRESS = "congress"
    CONFERENCE = "conference"
    INFORMATION = "information"
    LECTURE = "lecture"
    ASSEMBLY = "citizens-assembly"
    WORKSHOP = "workshop"
    HANDOVER = "grant-handover"


class EventState(Labelled):
    """How far an event is. FULL is never stored: it is an open event without a free seat."""

    PLANNED = "planned"
    SAVE_THE_DATE = "save-the-date"
    OPEN = "open"
    FULL = "full"
    CLOSED = "closed"
    HELD = "held"
    DOCUMENTED = "documented"
    CANCELLED = "cancelled"


class Entrance(Labelled):
    """Who finds the registration page: everybody, who knows the secret address, who was invited."""

    LISTED = "listed"
    UNLISTED = "unlisted"
    INVITED = "invited"


class Precision(Labelled):
    """How exactly the time of an event is known; lists of the past often know the year only."""

    TIME = "time"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    UNKNOWN = "unknown"


OVER = (EventState.HELD, EventState.DOCUMENTED)
UNOPENED = (EventState.PLANNED, EventState.SAVE_THE_DATE)
AHEAD = (*UNOPENED, EventState.OPEN, EventState.CLOSED)

name_members(
    {
        EventKind.CONGRESS: _l("Congress"),
        EventKind.CONFERENCE: _l("Conference"),
        EventKind.INFORMATION: _l("Information event"),
        EventKind.LECTURE: _l("Lecture"),
        EventKind.ASSEMBLY: _l("Citizens' assembly"),
        EventKind.WORKSHOP: _l("Workshop"),
        EventKind.HANDOVER: _l("Hand-over of a grant"),
        EventState.PLANNED: _l("planned"),
        EventState.SAVE_THE_DATE: _l("save the date"),
        EventState.OPEN: _l("registration open"),
        EventState.FULL: _l("full"),
        EventState.CLOSED: _l("registration closed"),
        EventState.HELD: _l("held"),
        EventState.DOCUMENTED: _l("documented"),
        EventState.CANCELLED: _l("cancelled"),
        Entrance.LISTED: _l("Everybody; it stands on the public list"),
        Entrance.UNLISTED: _l("Everybody who has the address"),
        Entrance.INVITED: _l("Only those invited, by personal link"),
        Precision.TIME: _l("Day and time"),
        Precision.DAY: _l("Day"),
        Precision.MONTH: _l("Month only"),
        Precision.YEAR: _l("Year only"),
        Precision.UNKNOWN: _l("Not known"),
    }
)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), BERLIN)


def _day_after(precision: Precision, day: date) -> date:
    """The first day after the year, month or day that is known."""
    if precision is Precision.YEAR:
        return date(day.year + 1, 1, 1)
    if precision is Precision.MONTH:
        return (day.replace(day=1) + timedelta(days=31)).replace(day=1)
    return day + timedelta(days=1)


def _new_secret() -> str:
    return secrets.token_urlsafe(24)


class Event(Removable, Record):
    """An event of the centre, or one it takes part in. `capacity` None means as many as come, 0 nobody.

    `starts_at` and `ends_at` are moments; what is known to the day only begins at midnight in Berlin.
    `version` is also the sequence number of its calendar entry.
    """

    __tablename__ = "events"
    __table_args__ = (
        CheckConstraint("capacity >= 0", name="capacity"),
        CheckConstraint("ends_at >= starts_at", name="order"),
        CheckConstraint("state <> 'full'", name="full_is_computed"),
        trash_index("events"),
        Index("ix_events_in_order", "starts_at", "state"),
    )

    kind: Mapped[EventKind]
    title: Mapped[str] = mapped_column(String(200))
    starts_at: Mapped[datetime | None] = mapped_column(active_history=True)
    ends_at: Mapped[datetime | None]
    precision: Mapped[Precision] = mapped_column(default=Precision.TIME)
    state: Mapped[EventState] = mapped_column(default=EventState.PLANNED, active_history=True)
    entrance: Mapped[Entrance] = mapped_column(default=Entrance.UNLISTED)
    secret: Mapped[str] = mapped_column(String(43), unique=True, default=_new_secret, info={"personal": True})
    venue: Mapped[str | None] = mapped_column(String(300))
    place_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    video_link: Mapped[str | None] = mapped_column(String(500))
    capacity: Mapped[int | None]
    register_until: Mapped[date | None]
    summary: Mapped[str | None] = mapped_column(Text)
    for_whom: Mapped[str | None] = mapped_column(String(500))
    asks_needs: Mapped[bool] = mapped_column(default=True)
    note: Mapped[str | None] = mapped_column(Text, info={"personal": True})
    handed_out: Mapped[str | None] = mapped_column(Text)
    cancelled_because: Mapped[str | None] = mapped_column(String(500))
    source: Mapped[str | None] = mapped_column(String(500))
    responsible_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    cooperation_id: Mapped[int | None] = mapped_column(ForeignKey("cooperations.id"), index=True)
    search_text: Mapped[str] = mapped_column(Text, default="", info={"derived": True})
    sort_key: Mapped[str] = mapped_column(String(400), default="", info={"derived": True})

    place: Mapped[Organisation | None] = relationship()
    responsible: Mapped[User | None] = relationship(foreign_keys=responsible_id)
    cooperation: Mapped[Cooperation | None] = relationship()
    task_fields: Mapped[list[TaskField]] = relationship(
        secondary="event_task_fields", order_by=TaskField.name
    )
    hosts: Mapped[list["EventHost"]] = relationship(
        back_populates="event", order_by="EventHost.position", cascade="all, delete-orphan"
    )
    programme: Mapped[list["ProgrammeItem"]] = relationship(
        back_populates="event", order_by="ProgrammeItem.position", cascade="all, delete-orphan"
    )
    checklist: Mapped[list["ChecklistItem"]] = relationship(
        back_populates="event", order_by="ChecklistItem.days, ChecklistItem.id", cascade="all, delete-orphan"
    )

    @property
    def day(self) -> date | None:
        """The day it begins, in Berlin."""
        return self.starts_at.astimezone(BERLIN).date() if self.starts_at else None

    @property
    def last_day(self) -> date | None:
        """The day it ends, in Berlin."""
        return self.ends_at.astimezone(BERLIN).date() if self.ends_at else self.day

    @property
    def over_at(self) -> datetime | None:
        """The moment it is over: its end, or the end of the day, month or year that is known of it."""
        end = self.ends_at or self.starts_at
        if end is None or self.precision is Precision.UNKNOWN:
            return None
        if self.precision is Precision.TIME:
            return end
        return _midnight(_day_after(self.precision, end.astimezone(BERLIN).date()))

    @classmethod
    def over_before(cls, moment: datetime) -> ColumnElement[bool]:
        """Give the condition of a statement that it was over before a moment, as `over_at` says."""
        day, end = moment.astimezone(BERLIN).date(), func.coalesce(cls.ends_at, cls.starts_at)
        limits = {
            Precision.TIME: moment,
            Precision.DAY: _midnight(day),
            Precision.MONTH: _midnight(day.replace(day=1)),
            Precision.YEAR: _midnight(day.replace(month=1, day=1)),
        }
        return or_(*((cls.precision == known) & (end < limit) for known, limit in limits.items()))

    @property
    def is_over(self) -> bool:
        """Tell whether its time has gone by."""
        return self.over_at is not None and self.over_at <= now()

    @property
    def is_ahead(self) -> bool:
        """Tell whether its day is still to come, where the day is known."""
        return self.day is not None and today() < self.day

    @property
    def has_begun(self) -> bool:
        """Tell whether it has begun; where month or year is all that is known, only its end is certain."""
        if self.starts_at is None:
            return False
        if self.precision in (Precision.MONTH, Precision.YEAR):
            return self.is_over or self.state in OVER
        return self.starts_at <= now()

    @property
    def is_due(self) -> bool:
        """An event that lies behind and was neither held nor cancelled asks: did it take place?"""
        return self.state in AHEAD and self.is_over

    @property
    def takes_registrations(self) -> bool:
        """Tell whether guests may register now, be it for the waiting list."""
        late = self.register_until is not None and today() > self.register_until
        return self.state is EventState.OPEN and not late and not self.has_begun and self.capacity != 0

    @property
    def where(self) -> str:
        """Venue and place in one line; what takes place in a video meeting says so elsewhere."""
        parts = [self.venue, self.place.name if self.place else None]
        return ", ".join(part for part in parts if part)

    @property
    def text(self) -> str:
        """Name as a link shows it."""
        return self.title


class EventTaskField(Model):
    """An event is about a task field."""

    __tablename__ = "event_task_fields"

    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), primary_key=True)
    task_field_id: Mapped[int] = mapped_column(ForeignKey("task_fields.id"), primary_key=True, index=True)


class EventHost(Record):
    """Who gives the event together with the centre."""

    __tablename__ = "event_hosts"

    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    position: Mapped[int] = mapped_column(default=0)

    event: Mapped[Event] = relationship(back_populates="hosts")


class ProgrammeItem(Record):
    """One point of the programme; a break has no speaker."""

    __tablename__ = "programme_items"

    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    starts_at: Mapped[time | None]
    title: Mapped[str] = mapped_column(String(200))
    speaker: Mapped[str | None] = mapped_column(String(300), info={"personal": True})
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)

    event: Mapped[Event] = relationship(back_populates="programme")
    person: Mapped[Person | None] = relationship()


class ChecklistItem(Record):
    """Something to be done `days` before the event (negative) or after it (positive)."""

    __tablename__ = "checklist_items"

    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), index=True)
    days: Mapped[int]
    text: Mapped[str] = mapped_column(String(200))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    event: Mapped[Event] = relationship(back_populates="checklist")
    owner: Mapped[User | None] = relationship(foreign_keys=owner_id)

    @property
    def due_on(self) -> date | None:
        """The day it is due; it moves with the event."""
        return self.event.day + timedelta(days=self.days) if self.event.day else None
