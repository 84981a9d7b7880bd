"""Compare a list of cooperations with what is stored; nothing is written here."""

from collections.abc import Mapping as Map
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from crm.db import today
from crm.imports import bodies, doubles, entries, known, matching, parents, places, runs
from crm.imports.catalogue import Catalogue
from crm.imports.columns import Field
from crm.imports.entries import Entry
from crm.imports.mapping import Mapping
from crm.imports.matching import Found, Named, Wanted
from crm.imports.models import ImportedRecord
from crm.imports.plan import Action, Line, Plan
from crm.imports.states import CHOICES, desired
from crm.imports.tables import Table
from crm.task_fields import queries as task_fields

KIND = "cooperations"
Choices = Map[str, int]


@dataclass(frozen=True)
class _House:
    """What the rows are compared with."""

    register: places.Register
    catalogue: Catalogue
    known: dict[str, ImportedRecord]
    titles: parents.Titles
    day: date


def plan(table: Table, mapping: Mapping[Field], choices: Choices | None = None) -> Plan:
    """Say what every row means and would do; `choices` decides doubtful names by their marks."""
    read = [entries.read(row, mapping) for row in table.rows]
    house = _house(read)
    doubles.refuse(read, Field.SOURCE_ID, Field.TITLE)
    lines = [_line(entry, house, choices or {}) for entry in read]
    sound = [line for line in lines if line.action is not Action.ERROR]
    above = parents.find(sound, house.titles)
    for line in sound:
        _ask(line, house, above[id(line)])
    known.compare(sound)
    return Plan(
        table, mapping, lines,
        places={number: place.name for number, place in house.register.places.items()},
        names={place.id: place.named_until for line in sound for place in line.found.places},
        fields={one.id: one.name for one in house.catalogue.fields},
    )  # fmt: skip


def _house(read: list[Entry]) -> _House:
    texts = {text for entry in read for text in (*entry.texts, entry.lead) if text}
    return _House(
        register=bodies.load(texts),
        catalogue=Catalogue(task_fields.everything()),
        known=runs.known(KIND),
        titles=parents.titles(),
        day=today(),
    )


def _line(entry: Entry, house: _House, choices: Choices) -> Line:
    if entry.errors:
        return Line(entry, action=Action.ERROR)
    record = house.known.get(entry.identity)
    remembered = record.after.get(CHOICES, {}) if record is not None else {}
    wanted = Wanted(
        entry.line, entry.texts, entry.lead, entry.counties, entry.keys, entry.lead_keys, entry.day
    )
    found = matching.match(wanted, house.register, {**remembered, **choices}, house.day)
    number = record.record_id if record is not None else None
    return Line(entry, found, known=record, record_id=number)


def _ask(line: Line, house: _House, parent: parents.Parent) -> None:
    """Give a row the state it asks for, and note what is doubtful about it."""
    entry, found = line.entry, line.found
    fields, unknown = house.catalogue.read(entry.label)
    for text in unknown:
        entry.doubt(
            Field.TASK_FIELD, text, _("is no task field of the catalogue; it stands in the description.")
        )
    for one in found.open:
        _doubt_name(entry, one)
    _doubt_partners(entry, found)
    if parent.doubt:
        entry.doubt(Field.PARENT, entry.parent, parent.doubt)
    if line.known is None and house.titles.stored(entry.title):
        entry.doubt(
            Field.TITLE, entry.title, _("is the title of a stored cooperation already; a second one is made.")
        )
    line.state = desired(entry, found, (fields, unknown), (parent.target, parent.words), house.day)
    chosen = {one.text: one.place.id for one in found.named if one.chosen and one.place is not None}
    line.state |= {CHOICES: chosen} if chosen else {}


def _doubt_name(entry: Entry, one: Named) -> None:
    meaning = Field.LEAD if one.is_lead and one.text not in entry.texts else _names_stand_in(entry)
    names = [place.name for place in one.suggestions]
    near = _(" or ").join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
    said = f"{one.why} " + _("Did you mean %(names)s?", names=near) if near else one.why
    entry.doubt(meaning, one.text, said)


def _names_stand_in(entry: Entry) -> Field:
    as_in_source = entry.mapping.cell(entry.row.cells, Field.AS_IN_SOURCE).strip()
    return Field.AS_IN_SOURCE if as_in_source else Field.PARTNERS


def _doubt_partners(entry: Entry, found: Found) -> None:
    for text in found.doubled:
        entry.doubt(_names_stand_in(entry), text, _("stands twice in the row; it is taken once."))
    if not found.named:
        entry.doubt(Field.PARTNERS, "", _("no partner is named."))
