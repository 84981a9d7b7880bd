"""What stands in a calendar: one shape for events, talks, sessions, follow-ups and things to be done."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from crm.access import Permission
from crm.consultations.models import Consultation, ConsultationState
from crm.db import BERLIN, today
from crm.events.models import ChecklistItem, Event, EventState, Precision
from crm.events.states import shown_state
from crm.follow_ups.models import FollowUp
from crm.labels import Labelled, name_members
from crm.resolutions.models import Resolution
from crm.resolutions.services import body_name


class Kind(Labelled):
    """What a calendar can show, each to be chosen or left out."""

    EVENT = "veranstaltungen"
    TALK = "beratungen"
    SESSION = "sitzungen"
    FOLLOW_UP = "wiedervorlagen"
    TASK = "aufgaben"


name_members(
    {
        Kind.EVENT: _l("Events"),
        Kind.TALK: _l("Talks"),
        Kind.SESSION: _l("Sessions"),
        Kind.FOLLOW_UP: _l("Follow-ups"),
        Kind.TASK: _l("To-dos of events"),
    }
)
_ONE = {
    Kind.EVENT: _l("Event"), Kind.TALK: _l("Advisory talk"), Kind.SESSION: _l("Session"),
    Kind.FOLLOW_UP: _l("Follow-up"), Kind.TASK: _l("To-do"),
}  # fmt: skip
# On a day, what has no clock time comes first and what is to be done comes last.
_TO_BE_DONE = (Kind.FOLLOW_UP, Kind.TASK)


@dataclass(frozen=True)
class Item:
    """One thing on one day or several; `endpoint` and `numbers` lead to its page.

    `record` has the state of all but events: those show one that depends on their seats, in `state`.
    """

    kind: Kind
    record: Any
    first: date
    last: date
    title: str
    endpoint: str
    numbers: dict[str, int]
    clock: time | None = None
    until: time | None = None
    more: list[str] = field(default_factory=list)
    cancelled: bool = False
    confidential: bool = False
    state: Any = None

    @property
    def called(self) -> Any:
        """Say what it is."""
        return _ONE[self.kind]

    @property
    def is_long(self) -> bool:
        """Tell whether it lasts several days."""
        return self.last > self.first

    @property
    def is_to_be_done(self) -> bool:
        """Tell whether it is a task with a day, not something that takes place."""
        return self.kind in _TO_BE_DONE

    @property
    def is_late(self) -> bool:
        """Tell whether it is to be done and its day is over."""
        return self.is_to_be_done and self.last < today()

    @property
    def is_usual(self) -> bool:
        """Tell whether its state goes without saying: a talk of the past that was held."""
        return self.kind is Kind.TALK and self.record.state is ConsultationState.HELD

    @property
    def rank(self) -> tuple[Any, ...]:
        """Its place among those of a day."""
        return (
            self.is_to_be_done,
            self.clock is not None,
            self.clock or time(0),
            list(Kind).index(self.kind),
            self.title,
        )

    def at(self, day: date) -> tuple[int, int]:
        """Say which of how many days a day is: (2, 3)."""
        return (day - self.first).days + 1, (self.last - self.first).days + 1


def of_event(event: Event, taken: int = 0) -> Item:
    """Give an event whose day is known, with so many seats taken.

    One that ends at midnight does not reach into the day after.
    """
    timed = event.precision is Precision.TIME
    starts, ends = event.starts_at, event.ends_at if timed else None
    first = event.day or date.min
    last = _last_day(starts, ends) if ends and starts else event.last_day or first
    return Item(
        Kind.EVENT, event, first, last, event.title, "events.show", {"event_id": event.id},
        clock=_clock(starts) if timed else None,
        until=_clock(ends) if ends != starts else None,
        more=[part for part in (str(event.kind.label), event.where) if part],
        cancelled=event.state is EventState.CANCELLED, state=shown_state(event, taken),
    )  # fmt: skip


def _clock(moment: datetime | None) -> time | None:
    return moment.astimezone(BERLIN).time().replace(fold=0) if moment else None


def _last_day(starts: datetime, ends: datetime) -> date:
    last = ends - timedelta(microseconds=1) if ends > starts else ends
    return last.astimezone(BERLIN).date()


def of_talk(talk: Consultation) -> Item:
    """Give a talk under the names of its organisations."""
    who = ", ".join(one.sign for one in talk.staff)
    return Item(
        Kind.TALK, talk, talk.held_on, talk.held_on, talk.about or str(talk.kind.label), "consultations.show",
        {"consultation_id": talk.id}, clock=talk.starts_at, until=_until(talk),
        more=[part for part in (talk.heading, str(talk.channel.label), talk.place, who) if part],
        cancelled=talk.state is ConsultationState.CANCELLED, confidential=talk.confidential,
    )  # fmt: skip


def _until(talk: Consultation) -> time | None:
    if talk.starts_at is None or not talk.duration_minutes:
        return None
    ends = datetime.combine(talk.held_on, talk.starts_at) + timedelta(minutes=talk.duration_minutes)
    return ends.time() if ends.date() == talk.held_on else None


def of_session(session: Resolution, user: Any) -> Item:
    """Give a session of a body; who may enter its result gets there at once."""
    group, day = session.partner.cooperation, session.session_on or today()
    where, numbers = "cooperations.show", {"cooperation_id": group.id}
    if user.may(Permission.WRITE_COOPERATIONS):
        where, numbers = "resolutions.edit", numbers | {"resolution_id": session.id}
    title = f"{session.partner.organisation_name}, {body_name(session)}"
    return Item(Kind.SESSION, session, day, day, title, where, numbers, more=[group.title])


def of_follow_up(one: FollowUp) -> Item:
    """Give a follow-up on the day it is due."""
    about = one.organisation.name if one.organisation else one.about
    waits = _("waiting for %(whom)s", whom=one.waiting_for) if one.waiting_for else ""
    return Item(
        Kind.FOLLOW_UP, one, one.due_on, one.due_on, one.text, "follow_ups.show", {"follow_up_id": one.id},
        more=[part for part in (about, waits, one.owner.sign) if part], confidential=one.confidential,
    )  # fmt: skip


def of_task(one: ChecklistItem, due: date) -> Item:
    """Give something that is to be done for an event, on its day."""
    more = [one.event.title, one.owner.sign if one.owner else ""]
    numbers = {"event_id": one.event_id}
    return Item(
        Kind.TASK, one, due, due, one.text, "events.show", numbers, more=[part for part in more if part]
    )
