"""Calendar entries as iCalendar text (RFC 5545), for feeds, downloads and mails."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

from flask import current_app
from icalendar import Calendar, Timezone, vText
from icalendar import Event as _Entry

from crm.db import BERLIN, now

MEDIA_TYPE = "text/calendar"
# The rule of Directive 2000/84/EC, in force since 1996, as RFC 5545 writes it: the onset in the time before.
_ZONE = """BEGIN:VTIMEZONE\r
TZID:Europe/Berlin\r
BEGIN:DAYLIGHT\r
DTSTART:19960331T020000\r
TZOFFSETFROM:+0100\r
TZOFFSETTO:+0200\r
TZNAME:CEST\r
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r
END:DAYLIGHT\r
BEGIN:STANDARD\r
DTSTART:19961027T030000\r
TZOFFSETFROM:+0200\r
TZOFFSETTO:+0100\r
TZNAME:CET\r
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r
END:STANDARD\r
END:VTIMEZONE\r
"""
# These two belong to letters and signs of many scripts; all other characters without a shape are left out.
_JOINERS = "\u200c\u200d"


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


def calendar(
    entries: Iterable[Entry], name: str = "", method: str = "PUBLISH", again: timedelta | None = None
) -> str:
    """Write a calendar that strict programs read: its time zone described, lines folded, text escaped.

    `again` says after how long a program that subscribed to it should ask anew.
    """
    made = Calendar()
    made.add("prodid", "-//KIKZ//IKZ-Beratung//DE")
    made.add("version", "2.0")
    made.add("method", method)
    if name:
        made.add("x-wr-calname", vText(_line(name)))
    if again is not None:
        made.add("refresh-interval", again, parameters={"VALUE": "DURATION"})
        made.add("x-published-ttl", f"PT{again // timedelta(minutes=1)}M")
    components = [_component(one) for one in entries]
    if any("TZID" in one[name].params for one in components for name in ("dtstart", "dtend") if name in one):
        made.add_component(Timezone.from_ical(_ZONE))
    for one in components:
        made.add_component(one)
    return made.to_ical().decode()


def _component(one: Entry) -> _Entry:
    made = _Entry()
    made.add("uid", f"{one.key}@{urlsplit(current_app.config['BASE_URL']).hostname}")
    made.add("sequence", one.sequence)
    made.add("dtstamp", one.changed_at or now())
    if one.changed_at:
        made.add("last-modified", one.changed_at)
    made.add("summary", vText(_line(one.title)))
    _add_times(made, one)
    for key, value in (("location", _line(one.place)), ("description", _plain(one.text))):
        if value:
            made.add(key, vText(value))
    if one.url:
        made.add("url", _line(one.url).replace(" ", "%20"))
    if one.categories:
        made.add("categories", [_line(name) for name in one.categories])
    made.add("status", "CANCELLED" if one.cancelled else "CONFIRMED")
    return made


def _add_times(made: _Entry, one: Entry) -> None:
    if isinstance(one.starts, datetime):
        made.add("dtstart", _local(one.starts))
        # Compared in UTC: of an hour that comes twice the clock alone does not tell which is later.
        if isinstance(one.ends, datetime) and one.ends.astimezone(UTC) > one.starts.astimezone(UTC):
            made.add("dtend", _local(one.ends))
        return
    # The end of an entry without a time is the day after its last one.
    made.add("dtstart", one.starts)
    last = one.ends if one.ends is not None and not isinstance(one.ends, datetime) else one.starts
    made.add("dtend", max(last, one.starts) + timedelta(days=1))
    made.add("transp", "TRANSPARENT")


def _local(moment: datetime) -> datetime:
    """Give a moment in Berlin's time; by way of UTC, so that the hour that spring leaves out has a name.

    Of an hour that autumn has twice a calendar always means the first: the second is written in UTC.
    """
    local = moment.astimezone(UTC).astimezone(BERLIN)
    return moment.astimezone(UTC) if local.fold else local


def _line(text: str) -> str:
    return " ".join(_plain(text).split())


def _plain(text: str) -> str:
    """Keep line breaks as such and no other control character; every kind of blank is a blank."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(_kept(one) for one in unified)


def _kept(one: str) -> str:
    if one == "\n" or one.isprintable() or one in _JOINERS:
        return one
    return " " if one == "\t" or unicodedata.category(one).startswith("Z") else ""
