"""One row of a list of events as it is understood: values, what is doubtful, what is wrong."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext as _

from crm.events.models import EventKind, Precision
from crm.folding import fold
from crm.imports import values
from crm.imports.event_columns import KIND_BY_NAME, EventField
from crm.imports.mapping import Mapping
from crm.imports.rows import Row
from crm.imports.understanding import LONGEST_NOTE, LONGEST_TITLE, RowEntry
from crm.reading import Misread

_PRECISIONS = {
    Precision.DAY: ("day", "tag", "taggenau"),
    Precision.MONTH: ("month", "monat"),
    Precision.YEAR: ("year", "jahr"),
    Precision.UNKNOWN: ("unknown", "unbekannt", "ohne datum"),
}
_PRECISION = {name: precision for precision, names in _PRECISIONS.items() for name in names}
_FINENESS = (Precision.DAY, Precision.MONTH, Precision.YEAR, Precision.UNKNOWN)


@dataclass
class EventEntry(RowEntry[EventField]):
    """A row with its values; one with errors is not taken over.

    `day` is the first of what is known; `is_part` says that the place is named otherwise in the register.
    """

    kind_text: str = ""
    date_text: str = ""
    precision_text: str = ""
    place: str = ""
    keys: list[str] = field(default_factory=list)
    county_keys: list[str] = field(default_factory=list)
    venue: str = ""
    organisers: list[str] = field(default_factory=list)
    centre: str = ""
    topic: str = ""
    guests: str = ""
    url: str = ""
    url_precision: str = ""
    note: str = ""
    kind: EventKind = EventKind.INFORMATION
    day: date | None = None
    precision: Precision = Precision.UNKNOWN
    is_part: bool = False

    @property
    def identity(self) -> str:
        """What the row is known by from one import to the next: its mark, else its title and time."""
        if self.source_id:
            return f"id:{self.source_id}"[:200]
        return f"title:{fold(self.title)[:150]}|{self.day or ''}"[:200]


# Attribute, meaning of the column, and how its cell is read.
_READ: tuple[tuple[str, EventField, Callable[[str], Any]], ...] = (
    ("source_id", EventField.SOURCE_ID, values.line),
    ("title", EventField.TITLE, values.line),
    ("kind_text", EventField.KIND, values.line),
    ("date_text", EventField.DATE_TEXT, values.line),
    ("precision_text", EventField.PRECISION, values.line),
    ("place", EventField.PLACE, values.line),
    ("keys", EventField.PLACE_KEY, values.keys),
    ("county_keys", EventField.COUNTY_KEY, values.keys),
    ("venue", EventField.VENUE, values.line),
    ("organisers", EventField.ORGANISER, lambda text: values.parts(f"{text};")),
    ("centre", EventField.CENTRE, values.line),
    ("topic", EventField.TOPIC, values.line),
    ("guests", EventField.GUESTS, values.line),
    ("url", EventField.URL, values.line),
    ("url_precision", EventField.URL_PRECISION, values.line),
    ("note", EventField.NOTE, values.lines),
)


def read(row: Row, mapping: Mapping[EventField]) -> EventEntry:
    """Understand a row; everything that is wrong or doubtful is noted at once."""
    entry = EventEntry(row, mapping, errors=list(row.problems))
    if entry.is_broken(EventField.TITLE, EventField.SOURCE_ID):
        return entry
    entry.read_cells(_READ)
    _read_time(entry)
    _read_kind(entry)
    _check(entry)
    return entry


def _read_time(entry: EventEntry) -> None:
    text = entry.cell(EventField.DATE)
    try:
        found = values.when(text)
    except Misread as wrong:
        entry.wrong(EventField.DATE, text, str(wrong))
        return
    entry.day, entry.precision = _first_day(found)
    if not entry.precision_text:
        return
    said = _PRECISION.get(entry.precision_text.casefold())
    if said is None:
        message = _("is no precision. Known are: day, month, year, unknown.")
        entry.doubt(EventField.PRECISION, entry.precision_text, message)
    elif _FINENESS.index(said) > _FINENESS.index(entry.precision):
        entry.day, entry.precision = _coarser(entry.day, said), said
    elif said is not entry.precision:
        message = _("says more than the date does; the date counts.")
        entry.doubt(EventField.PRECISION, entry.precision_text, message)


def _first_day(found: values.When | None) -> tuple[date | None, Precision]:
    """Give the first day of what was written, and how exact that is."""
    if found is None:
        return None, Precision.UNKNOWN
    if found.day:
        return found.day, Precision.DAY
    month, _blank, year = found.words.rpartition(" ")
    if not month:
        return date(int(year), 1, 1), Precision.YEAR
    return date(int(year), values.MONTH_NAMES.index(month) + 1, 1), Precision.MONTH


def _coarser(day: date | None, precision: Precision) -> date | None:
    if day is None or precision is Precision.UNKNOWN:
        return None
    return day.replace(day=1) if precision is Precision.MONTH else day.replace(month=1, day=1)


def _read_kind(entry: EventEntry) -> None:
    found = KIND_BY_NAME.get(fold(entry.kind_text))
    if found is not None:
        entry.kind = found
    elif entry.kind_text:
        said = _("is no kind of event; it is taken over as information event.")
        entry.doubt(EventField.KIND, entry.kind_text, said)


def _check(entry: EventEntry) -> None:
    if not entry.title:
        entry.wrong(EventField.TITLE, "", _("the title is missing."))
    entry.check_lengths(
        (
            (EventField.TITLE, entry.title, LONGEST_TITLE),
            (EventField.NOTE, entry.note, LONGEST_NOTE),
            (EventField.VENUE, entry.venue, 200),
            (EventField.URL, entry.url, 500),
            (EventField.SOURCE_ID, entry.source_id, LONGEST_TITLE - 10),
        )
    )
