"""Compare a list of events with what is stored; nothing is written here."""

from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Map
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from crm.field_names import LABELS, OWN_LABELS
from crm.folding import fold
from crm.importing import Finding
from crm.imports import bodies, closed, doubles, event_entries, event_states, matching, places, runs
from crm.imports.catalogue import Catalogue
from crm.imports.event_columns import EventField
from crm.imports.event_entries import EventEntry
from crm.imports.mapping import Mapping
from crm.imports.matching import Found, Named
from crm.imports.models import ImportedRecord
from crm.imports.plan import Action, Line, Plan
from crm.imports.states import CHOICES
from crm.imports.tables import Table
from crm.task_fields import queries as task_fields

KIND = "events"
GENERAL = fold("Interkommunale Zusammenarbeit allgemein")
_CENTRE = {
    fold(name)
    for name in (
        "Kompetenzzentrum für Interkommunale Zusammenarbeit", "Kompetenzzentrum für IKZ", "KIKZ",
        "Kommunales Beratungszentrum", "Beratungszentrum des Landes Hessen", "IKZ-Kompetenzzentrum",
    )
}  # fmt: skip


class EventLine(Line):
    """A row of a list of events and what it would do."""

    def as_json(self) -> dict[str, Any]:
        """Say the row as the command does."""
        entry: EventEntry = self.entry
        return {
            "line": entry.line, "source_id": entry.source_id, "event": entry.title, "id": self.record_id,
            "action": self.action.value, "kind": entry.kind.value,
            "day": entry.day.isoformat() if entry.day else None, "precision": entry.precision.value,
            "place": next((one.place.name for one in self.found.named if one.place), None),
            "hosts": [name for _number, name in self.state.get("hosts", [])],
            "doubts": [one.text for one in self.doubts], "errors": [one.text for one in entry.errors],
        }  # fmt: skip


@dataclass(frozen=True)
class _House:
    register: places.Register
    catalogue: Catalogue
    known: dict[str, ImportedRecord]


def plan(table: Table, mapping: Mapping[EventField], choices: Map[str, int] | None = None) -> Plan:
    """Say what every row means and would do; `choices` decides doubtful names by their marks."""
    read = [event_entries.read(row, mapping) for row in table.rows]
    texts = {text for entry in read for text in (entry.place, *entry.organisers) if text}
    house = _House(bodies.load(texts), Catalogue(task_fields.everything()), runs.known(KIND))
    doubles.refuse(read, EventField.SOURCE_ID, EventField.TITLE)
    lines = [_line(entry, house, choices or {}) for entry in read]
    _compare([line for line in lines if line.action is not Action.ERROR])
    return Plan(
        table, mapping, lines,
        places={number: place.name for number, place in house.register.places.items()},
        fields={one.id: one.name for one in house.catalogue.fields},
    )  # fmt: skip


def _line(entry: EventEntry, house: _House, choices: Map[str, int]) -> EventLine:
    if entry.errors:
        return EventLine(entry, action=Action.ERROR)
    record = house.known.get(entry.identity)
    remembered = record.after.get(CHOICES, {}) if record is not None else {}
    found = Found([_place(entry, house.register, {**remembered, **choices})])
    found.named = [one for one in found.named if one.text]
    line = EventLine(entry, found, known=record, record_id=record.record_id if record is not None else None)
    fields, rest = house.catalogue.read("" if fold(entry.topic) == GENERAL else entry.topic)
    place = found.named[0].place if found.named else None
    hosts = list(_hosts(entry.organisers, house.register))
    rest_words = "; ".join(rest) or (entry.topic if entry.topic and not fields else "")
    line.state = event_states.desired(
        entry, place.id if place else None, hosts, [one.id for one in fields], rest_words
    )
    chosen = {one.text: one.place.id for one in found.named if one.chosen and one.place is not None}
    line.state |= {CHOICES: chosen} if chosen else {}
    return line


def _place(entry: EventEntry, register: places.Register, choices: Map[str, int]) -> Named:
    """Find the municipality: the key and the name must say the same, or people decide."""
    by_key = next((one for key in entry.keys if (one := register.by_key(key)) is not None), None)
    if not entry.place:
        county = next((one for key in entry.county_keys if (one := register.by_key(key)) is not None), None)
        found = by_key or county
        return Named(found.name if found else "", place=found)
    named = Named(entry.place, mark=matching.mark_of(entry.place, entry.line))
    if by_key is not None and _is_called(entry.place, by_key):
        named.place, entry.is_part = by_key, fold(entry.place) not in _names(by_key)
        return named
    reading = register.read(entry.place)
    if by_key is None and reading.clear is not None and not entry.keys:
        named.place = reading.clear
        return named
    _leave_open(entry, named, reading, by_key)
    chosen = choices.get(named.mark, choices.get(named.text))
    named.place = next((one for one in named.suggestions if one.id == chosen), None)
    named.chosen = named.place is not None
    return named


def _names(place: places.Place) -> set[str]:
    return {fold(name) for name in place.names}


def _is_called(text: str, place: places.Place) -> bool:
    """The name itself, or a part of the municipality that bears its name: Großen-Buseck of Buseck."""
    written = f" {fold(text)} "
    return any(f" {name} " in written for name in _names(place))


def _leave_open(
    entry: EventEntry, named: Named, reading: places.Reading, by_key: places.Place | None
) -> None:
    near = [one for one in (by_key, reading.clear, *reading.namesakes, *reading.near) if one is not None]
    named.suggestions = tuple(dict.fromkeys(near))[: places.MOST_SUGGESTIONS]
    if by_key is not None:
        named.why = _("is not what its key says: %(name)s.", name=by_key.name)
    elif entry.keys:
        named.why = _("has a key that is not in the register: %(keys)s.", keys=", ".join(entry.keys[:3]))
    elif reading.namesakes:
        named.why = _("can mean several.")
    else:
        named.why = _("is not in the register.")
    entry.doubt(EventField.PLACE, entry.place, named.why)
    entry.is_part = True


def _hosts(names: Iterable[str], register: places.Register) -> Iterable[tuple[int | None, str]]:
    """Give the co-hosts: bodies of the register, others by name; the centre is no co-host of its own."""
    for name in names:
        if fold(name) in _CENTRE:
            continue
        found = register.read(name).clear
        yield (found.id, found.name) if found and fold(name) in _names(found) else (None, name[:200])


def _compare(lines: Sequence[Line]) -> None:
    """Say for every row whether it is new, changed or unchanged; what people changed stays theirs."""
    found = event_states.load(line.record_id for line in lines if line.record_id)
    for line in lines:
        if line.known is None:
            continue
        event = found.get(line.record_id or 0)
        if event is None:
            line.known = line.record_id = None
        elif event.removed_at is not None:
            line.action = Action.UNCHANGED
            line.entry.doubt(EventField.TITLE, line.entry.title, _("lies in the trash and stays there."))
        else:
            _settle(line, event_states.stored(event), line.known.after)
    closed.refuse(lines, found)


def _settle(line: Line, now: dict[str, Any], written: dict[str, Any]) -> None:
    line.action = Action.UNCHANGED
    for key in event_states.KEYS:
        wanted, stands = line.state.get(key), now.get(key)
        if wanted == written.get(key) or stands == wanted:
            continue
        if stands != written.get(key):
            said = _("was changed by hand since and stays: %(what)s.", what=label_of(key))
            heading = line.entry.mapping.heading(EventField.TITLE)
            line.entry.doubts.append(Finding(line.entry.line, heading, line.entry.title, said))
            continue
        line.before[key], line.after[key] = stands, wanted
        line.action = Action.CHANGED


def label_of(key: str) -> str:
    """Name what a key of a state is about."""
    return str(OWN_LABELS.get((event_states.TABLE, key)) or LABELS["starts_at" if key == "day" else key])
