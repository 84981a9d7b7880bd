"""What stands at the head of every page of an event: how full it is, who answered, its pages."""

from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l

from crm.events.models import OVER, UNOPENED, Event, EventState
from crm.events.states import shown_state
from crm.invitations import queries as invitations
from crm.registrations import queries as registrations

PAGES = (
    ("overview", _l("Overview"), "events.show"),
    ("invitations", _l("Invitations"), "invitations.show"),
    ("guests", _l("Registrations"), "registrations.show"),
    ("attendance", _l("Attendance"), "attendance.show"),
    ("after", _l("Wrap-up"), "attendance.after"),
    ("history", _l("Changes"), "events.history"),
)


@dataclass(frozen=True)
class Panel:
    """The numbers of an event and its pages. `seats` counts guests, `invited` invitations."""

    seats: registrations.Numbers
    invited: invitations.Numbers
    state: EventState
    capacity: int | None
    tabs: list[tuple[str, str, Any, str]]
    public_url: str
    preview_url: str

    @property
    def share(self) -> float:
        """How full it is in percent, at most 100."""
        return min(100 * self.seats.taken / self.capacity, 100) if self.capacity else 0

    @property
    def free(self) -> int | None:
        """Seats that are left; None where there is no limit."""
        return None if self.capacity is None else max(self.capacity - self.seats.taken, 0)

    @property
    def is_over(self) -> bool:
        """Tell whether it was held."""
        return self.state in OVER

    @property
    def is_full(self) -> bool:
        """Tell whether no seat is left."""
        return self.free == 0


def of(event: Event) -> Panel:
    """Count an event: two statements."""
    seats, invited = registrations.numbers(event.id), invitations.numbers(event.id)
    return Panel(
        seats=seats, invited=invited, state=shown_state(event, seats.taken), capacity=event.capacity,
        tabs=_tabs(event, {"invitations": invited.invited, "guests": seats.all}),
        public_url=_public_url(event), preview_url=_preview_url(event),
    )  # fmt: skip


def _tabs(event: Event, counts: dict[str, int]) -> list[tuple[str, str, Any, str]]:
    return [
        (key, str(text), counts.get(key) or "", url_for(endpoint, event_id=event.id))
        for key, text, endpoint in PAGES
    ]


def _public_url(event: Event) -> str:
    """The page where guests register, while there is something to see on it."""
    shown = event.state in (EventState.OPEN, EventState.CLOSED, EventState.CANCELLED)
    return url_for("guests.register", secret=event.secret) if shown else ""


def _preview_url(event: Event) -> str:
    """What that page will be, while registration is not open yet."""
    return url_for("guests.preview", event_id=event.id) if event.state in UNOPENED else ""


def taken(event: Event) -> int:
    """Count the seats taken."""
    return registrations.numbers(event.id).taken
