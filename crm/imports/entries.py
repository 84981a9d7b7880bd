"""One row of a list of cooperations as it is understood: values, what is doubtful, what is wrong."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from crm.folding import fold
from crm.imports import values
from crm.imports.catalogue import Status, is_study, status_of
from crm.imports.columns import Field
from crm.imports.mapping import Mapping
from crm.imports.rows import Row
from crm.imports.understanding import LONGEST_NOTE, LONGEST_TITLE, RowEntry
from crm.imports.values import When
from crm.reading import Misread

LONGEST_URL = 500


@dataclass
class Entry(RowEntry[Field]):
    """A row with its values; one with errors is not taken over."""

    label: str = ""
    form: str = ""
    status: Status | None = None
    status_text: str = ""
    texts: list[str] = field(default_factory=list)
    others: str = ""
    incomplete: bool = False
    keys: list[str] = field(default_factory=list)
    lead: str = ""
    lead_keys: list[str] = field(default_factory=list)
    counties: list[str] = field(default_factory=list)
    begin: When | None = None
    end: When | None = None
    sum: Decimal | None = None
    basis: str = ""
    programme: str = ""
    granted: When | None = None
    year: When | None = None
    year_basis: str = ""
    parent: str = ""
    url: str = ""
    source_kind: str = ""
    note: str = ""

    @property
    def identity(self) -> str:
        """What the row is known by from one import to the next: its mark, else its title."""
        return f"id:{self.source_id}"[:200] if self.source_id else f"title:{fold(self.title)}"[:200]

    @property
    def is_study(self) -> bool:
        """Tell whether it is about a feasibility study."""
        return is_study(self.label, self.title)

    @property
    def day(self) -> date | None:
        """The day by which to look things up: the begin, the year or the grant, as far as one is named."""
        for one in (self.begin, self.granted, self.year):
            if one is not None:
                return one.day or date(int(one.words[-4:]), 12, 31)
        return None


# Attribute, meaning of the column, and how its cell is read.
_READ: tuple[tuple[str, Field, Callable[[str], Any]], ...] = (
    ("source_id", Field.SOURCE_ID, values.line),
    ("title", Field.TITLE, values.line),
    ("label", Field.TASK_FIELD, values.line),
    ("form", Field.LEGAL_FORM, values.line),
    ("status_text", Field.STATUS, values.line),
    ("others", Field.OTHERS, values.line),
    ("incomplete", Field.COMPLETE, values.is_no),
    ("keys", Field.PARTNER_KEYS, values.keys),
    ("lead", Field.LEAD, values.line),
    ("lead_keys", Field.LEAD_KEY, values.keys),
    ("counties", Field.COUNTIES, values.parts),
    ("begin", Field.BEGIN, values.when),
    ("end", Field.END, values.when),
    ("sum", Field.SUM, values.money),
    ("basis", Field.BASIS, values.line),
    ("programme", Field.PROGRAMME, values.line),
    ("granted", Field.GRANTED_ON, values.when),
    ("year", Field.YEAR, values.when),
    ("year_basis", Field.YEAR_BASIS, values.line),
    ("parent", Field.PARENT, values.line),
    ("url", Field.URL, values.line),
    ("source_kind", Field.SOURCE_KIND, values.line),
    ("note", Field.NOTE, values.lines),
)


def read(row: Row, mapping: Mapping[Field]) -> Entry:
    """Understand a row; everything that is wrong or doubtful is noted at once."""
    entry = Entry(row, mapping, errors=list(row.problems))
    if entry.is_broken(Field.TITLE, Field.SOURCE_ID):
        return entry
    entry.read_cells(_READ)
    _read_names(entry)
    _check(entry)
    return entry


def _read_names(entry: Entry) -> None:
    """Names are taken as the source writes them, where the list keeps that."""
    for meaning in (Field.AS_IN_SOURCE, Field.PARTNERS):
        text = entry.cell(meaning)
        try:
            entry.texts = values.parts(text)
        except Misread as wrong:
            entry.wrong(meaning, text, str(wrong))
        if entry.texts:
            return


def _check(entry: Entry) -> None:
    if not entry.title:
        entry.wrong(Field.TITLE, "", _("the title is missing."))
    entry.check_lengths(
        (
            (Field.TITLE, entry.title, LONGEST_TITLE),
            (Field.NOTE, entry.note, LONGEST_NOTE),
            (Field.SOURCE_ID, entry.source_id, LONGEST_TITLE - 10),
        )
    )
    if len(entry.url) > LONGEST_URL or (entry.url and not entry.url.startswith(("https://", "http://"))):
        entry.doubt(Field.URL, entry.url, _("is no address of a page; it stands in the description."))
    entry.status = status_of(entry.status_text)
    if entry.status is None and entry.status_text:
        said = _("is no known state. Known are: Idee, geplant, bewilligt, umgesetzt, beendet.")
        entry.doubt(Field.STATUS, entry.status_text, said)
    if entry.begin and entry.end and entry.begin.day and entry.end.day and entry.end.day < entry.begin.day:
        entry.doubt(Field.END, entry.end.words, _("lies before the start %(day)s.", day=entry.begin.words))
