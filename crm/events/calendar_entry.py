"""Events as calendar entries."""

from flask_babel import gettext as _

from crm import links
from crm.db import now
from crm.events.models import Entrance, Event, EventState, Precision
from crm.ics import Entry

EXACT = (Precision.TIME, Precision.DAY)


def in_calendar(event: Event) -> bool:
    """Tell whether the day of an event is known: only then has it a place in a calendar."""
    return event.day is not None and event.precision in EXACT


def entry_of(event: Event, video: bool = True, stable: bool = False) -> Entry:
    """Give the entry of an event whose day is known; the link to a video meeting is for guests and staff.

    A `stable` one, as in feeds, stays the same until the event changes. A mail says when it was written:
    of two entries about the same event programs keep the later one.
    """
    timed = event.precision is Precision.TIME
    starts, ends = (event.starts_at, event.ends_at) if timed else (event.day, event.last_day)
    if starts is None:
        raise ValueError("an event without a day has no entry")
    return Entry(
        key=f"event-{event.id}",
        sequence=event.version,
        title=event.title,
        starts=starts,
        ends=ends,
        place=event.where or (_("Video meeting") if event.video_link else ""),
        text=_text(event, video),
        url=public_address(event) if event.entrance is Entrance.LISTED else "",
        cancelled=event.state is EventState.CANCELLED,
        changed_at=(event.updated_at or now()) if stable else None,
        categories=[str(event.kind.label)],
    )


def public_address(event: Event) -> str:
    """Give the whole address of the registration page of an event."""
    return links.to("guests.register", secret=event.secret)


def _text(event: Event, video: bool) -> str:
    parts = [event.summary or ""]
    if video and event.video_link:
        parts.append(_("Video meeting: %(link)s", link=event.video_link))
    return "\n\n".join(part for part in parts if part)
