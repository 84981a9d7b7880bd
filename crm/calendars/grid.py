"""Weeks and days of a calendar, each day with what happens on it; what lasts several days keeps its line."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from crm.calendars.days import DAY, WEEK, Span
from crm.calendars.items import Item
from crm.db import today

# A day of a month shows so many lines; the week shows more.
FEW, MANY = 4, 50


@dataclass(frozen=True)
class Day:
    """One day: its lines in order (None keeps a line free), and how many more there are."""

    day: date
    lines: list[Item | None]
    rest: int
    belongs: bool

    @property
    def is_today(self) -> bool:
        """Tell whether it is today."""
        return self.day == today()

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing happens on it."""
        return not any(self.lines)


@dataclass(frozen=True)
class Week:
    """Seven days from a Monday on."""

    days: list[Day]

    @property
    def number(self) -> int:
        """The number of the week by ISO 8601."""
        return self.days[0].day.isocalendar().week

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing happens in it."""
        return all(one.is_empty for one in self.days)


def weeks(span: Span, items: Iterable[Item], most: int = FEW) -> list[Week]:
    """Sort what happens into the weeks of a span."""
    known, found, monday = list(items), [], span.first
    while monday <= span.last:
        sunday = monday + WEEK - DAY
        here = [one for one in known if one.first <= sunday and one.last >= monday]
        found.append(Week(list(_days(monday, here, span, most))))
        monday += WEEK
    return found


def days(span: Span, items: Iterable[Item], most: int) -> tuple[list[Day], int]:
    """Give the days of a list that hold something; what began earlier stands on the first day shown.

    The second value is the number of things left out.
    """
    found: dict[date, list[Item | None]] = defaultdict(list)
    left, out = most, 0
    for one in sorted(items, key=lambda item: (max(item.first, span.first), item.rank)):
        if left:
            found[max(one.first, span.first)].append(one)
        left, out = max(left - 1, 0), out + (not left)
    return [Day(day, lines, 0, True) for day, lines in found.items()], out


def _days(monday: date, items: list[Item], span: Span, most: int) -> Iterator[Day]:
    lanes = _lanes([one for one in items if one.is_long], monday)
    short = [one for one in items if not one.is_long]
    for number in range(7):
        day = monday + number * DAY
        lines: list[Item | None] = [_on(lane, day) for lane in lanes]
        while lines and lines[-1] is None:
            lines.pop()
        for one in sorted((one for one in short if one.first == day), key=lambda item: item.rank):
            _put(lines, one)
        shown = lines[:most]
        rest = sum(1 for one in lines[most:] if one)
        yield Day(day, shown, rest, span.holds(day))


def _put(lines: list[Item | None], one: Item) -> None:
    """Use a free line before a new one."""
    if None in lines:
        lines[lines.index(None)] = one
    else:
        lines.append(one)


def _lanes(items: list[Item], monday: date) -> list[list[Item]]:
    """Give every long item of a week a line that is free on all its days."""
    lanes: list[list[Item]] = []
    for one in sorted(items, key=lambda item: (item.first, -(item.last - item.first).days, item.rank)):
        free = next((lane for lane in lanes if lane[-1].last < max(one.first, monday)), None)
        if free is None:
            lanes.append([one])
        else:
            free.append(one)
    return lanes


def _on(lane: list[Item], day: date) -> Item | None:
    return next((one for one in lane if one.first <= day <= one.last), None)
