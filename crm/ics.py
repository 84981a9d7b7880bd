"""Calendar entries as iCalendar text (RFC 5545), for feeds, downloads and mails."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from flask import current_app
from icalendar import Calendar, vText
from icalendar import Event as _Entry

from crm.db import BERLIN, now

MEDIA_TYPE = "text/calendar"


@dataclass(frozen=True)
class Entry:
    """One entry. `key` names it for ever (`event-12`), `sequence` rises with every change.

    `starts` and `ends` are moments, or days of an entry without a time; the last day is included.
    """

    key: str
    sequence: int
    title: str
    starts: date | datetime
    ends: date | datetime | None = None
    place: str = ""
    text: str = ""
    url: str = ""
    cancelled: bool = False
    changed_at: datetime | None = None
    categories: list[str] = field(default_factory=list)


def calendar(entries: Iterable[Entry], name: str = "", method: str = "PUBLISH") -> str:
    """Write a calendar that strict programs read: its time zone described, lines folded, text escaped."""
    made = Calendar()
    made.add("prodid", "-//KIKZ//IKZ-Beratung//DE")
    made.add("version", "2.0")
    made.add("method", method)
    if name:
        made.add("x-wr-calname", vText(_plain(name)))
    for one in entries:
        made.add_component(_component(one))
    made.add_missing_timezones()
    return made.to_ical().decode()


def _component(one: Entry) -> _Entry:
    made = _Entry()
    made.add("uid", f"{one.key}@{urlsplit(current_app.config['BASE_URL']).hostname}")
    made.add("sequence", one.sequence)
    made.add("dtstamp", one.changed_at or now())
    if one.changed_at:
        made.add("last-modified", one.changed_at)
    made.add("summary", vText(_plain(one.title)))
    _add_times(made, one)
    for key, value in (("location", one.place), ("description", one.text)):
        if value:
            made.add(key, vText(_plain(value)))
    if one.url:
        made.add("url", one.url)
    if one.categories:
        made.add("categories", [_plain(name) for name in one.categories])
    made.add("status", "CANCELLED" if one.cancelled else "CONFIRMED")
    return made


def _add_times(made: _Entry, one: Entry) -> None:
    if isinstance(one.starts, datetime):
        made.add("dtstart", one.starts.astimezone(BERLIN))
        if isinstance(one.ends, datetime):
            made.add("dtend", one.ends.astimezone(BERLIN))
        return
    # The end of an entry without a time is the day after its last one.
    made.add("dtstart", one.starts)
    last = one.ends if one.ends is not None and not isinstance(one.ends, datetime) else one.starts
    made.add("dtend", last + timedelta(days=1))
    made.add("transp", "TRANSPARENT")


def _plain(text: str) -> str:
    """Keep line breaks as such and no other control character."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(one for one in unified if one == "\n" or one.isprintable())
