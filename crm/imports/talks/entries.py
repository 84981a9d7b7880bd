"""One row of an old list of talks as it is understood: values, what is doubtful, what is wrong."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext as _

from crm.imports import values
from crm.imports.mapping import Mapping
from crm.imports.rows import Row
from crm.imports.talks.columns import TalkField
from crm.imports.talks.days import Day, read_talk_day
from crm.imports.talks.durations import Minutes, read_duration
from crm.imports.talks.returns import Return, read_return
from crm.imports.understanding import LONGEST_NOTE, LONGEST_TITLE, AskingEntry


@dataclass
class TalkEntry(AskingEntry[TalkField]):
    """A row with its values; `why_no_talk` says why it is skipped, `number` counts rows that look alike."""

    date_text: str = ""
    way_text: str = ""
    places: str = ""
    people: str = ""
    topic: str = ""
    duration_text: str = ""
    result: str = ""
    return_text: str = ""
    staff_text: str = ""
    group: str = ""
    venue: str = ""
    file: str = ""
    note: str = ""
    day: Day = field(default_factory=Day)
    minutes: Minutes = field(default_factory=Minutes)
    back: Return = field(default_factory=Return)
    number: int = 1
    why_no_talk: str = ""

    @property
    def look(self) -> tuple[str, str, str]:
        """By what a row without a mark is known: day, names and topic as written."""
        return self.date_text, re.sub(r"\s+", " ", self.places), self.topic

    @property
    def known_by(self) -> tuple[str, ...]:
        """Its look, and which of the rows that look so it is."""
        return *self.look, str(self.number)


_READ: tuple[tuple[str, TalkField, Callable[[str], Any]], ...] = (
    ("source_id", TalkField.SOURCE_ID, values.line),
    ("date_text", TalkField.DATE, values.line),
    ("way_text", TalkField.KIND, values.line),
    ("places", TalkField.PLACES, values.lines),
    ("people", TalkField.PEOPLE, values.line),
    ("topic", TalkField.TOPIC, values.line),
    ("duration_text", TalkField.DURATION, values.line),
    ("result", TalkField.RESULT, values.lines),
    ("return_text", TalkField.RETURN, values.line),
    ("staff_text", TalkField.STAFF, values.line),
    ("group", TalkField.GROUP, values.line),
    ("venue", TalkField.VENUE, values.line),
    ("file", TalkField.FILE, values.line),
    ("note", TalkField.NOTE, values.lines),
)
_LIMITS = (
    ("source_id", TalkField.SOURCE_ID, LONGEST_TITLE - 10),
    ("venue", TalkField.VENUE, 200),
    ("file", TalkField.FILE, 100),
    ("result", TalkField.RESULT, LONGEST_NOTE),
    ("note", TalkField.NOTE, LONGEST_NOTE),
    ("return_text", TalkField.RETURN, 500),
    ("places", TalkField.PLACES, 5000),
    ("people", TalkField.PEOPLE, 5000),
    ("topic", TalkField.TOPIC, 5000),
    ("date_text", TalkField.DATE, 100),
    ("way_text", TalkField.KIND, 200),
    ("duration_text", TalkField.DURATION, 100),
    ("staff_text", TalkField.STAFF, 500),
    ("group", TalkField.GROUP, 200),
)


def read(row: Row, mapping: Mapping[TalkField], today: date) -> TalkEntry:
    """Understand a row but for its day; everything that is wrong is noted at once."""
    entry = TalkEntry(row, mapping, errors=list(row.problems))
    if entry.is_broken(TalkField.PLACES, TalkField.SOURCE_ID):
        return entry
    entry.read_cells(_READ)
    entry.check_lengths((meaning, getattr(entry, name), most) for name, meaning, most in _LIMITS)
    entry.title = f"{entry.date_text[:100] or _('without a day')}, {values.line(entry.places) or '?'}"[
        :LONGEST_TITLE
    ]
    if entry.errors:
        return entry
    entry.minutes = read_duration(entry.duration_text)
    entry.back = read_return(entry.return_text, today)
    return entry


def read_days(entries: list[TalkEntry], today: date) -> None:
    """Read the days; a row without a year gets that of the rows above as a guess."""
    year: int | None = None
    for entry in entries:
        if entry.errors or entry.why_no_talk:
            continue
        entry.day = read_talk_day(entry.date_text, today, year)
        year = entry.day.day.year if entry.day.day else year
