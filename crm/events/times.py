"""Days and clock times as moments in Berlin, and the time of an event in words as exactly as it is known."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask_babel import format_date, get_locale
from flask_babel import gettext as _

from crm.db import BERLIN
from crm.events.models import Event, Precision
from crm.i18n import clock, month, weekday_day
from crm.i18n import day as in_short
from crm.reading import Misread

_MINUTE = timedelta(minutes=1)


def moment_of(day: date, at: time) -> datetime:
    """Join a day and a clock time of Berlin.

    The hour that spring leaves out raises Misread. Of the hour that autumn has twice the first is meant,
    the one in summer time: an event at that hour begins before the clocks go back.
    """
    local = datetime.combine(day, at, BERLIN)
    if not _exists(local):
        gap = _gap_around(local)
        raise Misread(
            _(
                "On %(day)s the clocks go from %(last)s to %(first)s. Choose a time before or after it.",
                day=in_short(day), last=f"{gap[0]:%H:%M}", first=f"{gap[1]:%H:%M}",
            )
        )  # fmt: skip
    return local


def _exists(local: datetime) -> bool:
    back = local.astimezone(UTC).astimezone(BERLIN)
    return back.replace(tzinfo=None, fold=0) == local.replace(tzinfo=None, fold=0)


def _gap_around(local: datetime) -> tuple[datetime, datetime]:
    """Give the clock times between which there is nothing."""
    first, last = local, local
    while not _exists(first - _MINUTE):
        first -= _MINUTE
    while not _exists(last):
        last += _MINUTE
    return first, last


def day_and_clock(moment: datetime | None) -> tuple[date | None, time | None]:
    """Take a moment apart as a form shows it: the day and the clock time in Berlin."""
    if moment is None:
        return None, None
    local = moment.astimezone(BERLIN)
    return local.date(), local.time().replace(fold=0)


def when(event: Any) -> str:
    """Say in short when an event is: Do, 10.12.2026, 09:30–15:30 Uhr; Dezember 2014; 2018; without a date."""
    return ", ".join(part for part in when_parts(event) if part)


def when_parts(event: Any) -> tuple[str, str]:
    """Say the same in two parts, for two lines: the day or days, the clock times of a single day."""
    return _rough(event) or _span(event, weekday_day, _("%(start)s–%(end)s h"))


def when_in_full(event: Any) -> str:
    """Say it for guests: Donnerstag, 10. Dezember 2026, 09:30 bis 15:30 Uhr."""
    parts = _rough(event) or _span(event, _long_day, _("%(start)s to %(end)s h"))
    return ", ".join(part for part in parts if part)


def _rough(event: Event) -> tuple[str, str] | None:
    if event.starts_at is None or event.precision is Precision.UNKNOWN:
        return _("without a date"), ""
    if event.precision is Precision.YEAR:
        return str(event.starts_at.astimezone(BERLIN).year), ""
    if event.precision is Precision.MONTH:
        return month(event.starts_at.astimezone(BERLIN).date()), ""
    return None


def _span(event: Event, said: Any, clocks: str) -> tuple[str, str]:
    first, last = event.day, event.last_day
    start, end = (day_and_clock(one)[1] for one in (event.starts_at, event.ends_at))
    if event.precision is Precision.DAY:
        return (said(first) if first == last else _between(said(first), said(last))), ""
    if first != last:
        return _between(_on_day(said(first), start), _on_day(said(last), end)), ""
    if end is None or event.ends_at == event.starts_at:
        return said(first), clock(start)
    return said(first), clocks % {"start": f"{start:%H:%M}", "end": f"{end:%H:%M}"}


def _between(first: str, last: str) -> str:
    return _("%(first)s to %(last)s", first=first, last=last)


def _on_day(day: str, at: time | None) -> str:
    return f"{day}, {clock(at)}"


def _long_day(value: date) -> str:
    german = str(get_locale() or "de").startswith("de")
    return str(format_date(value, "EEEE, d. MMMM yyyy" if german else "EEEE, d MMMM yyyy"))
