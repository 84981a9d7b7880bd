"""Compare an old list of talks with what is stored; nothing is written here."""

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _

from crm.db import today
from crm.imports import bodies, doubles, parents, runs
from crm.imports.answers import answers_of
from crm.imports.catalogue import Catalogue
from crm.imports.mapping import Mapping as Columns
from crm.imports.plan import Action
from crm.imports.rows import Row
from crm.imports.tables import Table
from crm.imports.talks import cells, entries, staff, structure
from crm.imports.talks.columns import TalkField
from crm.imports.talks.entries import TalkEntry
from crm.imports.talks.lines import TalkLine, TalkPlan
from crm.imports.talks.naming import Names, without_land
from crm.imports.talks.settling import settle
from crm.imports.talks.understanding import KIND, Answers, House, understand
from crm.task_fields import queries as task_fields


def plan(table: Table, mapping: Columns[TalkField], choices: Mapping[str, str] | None = None) -> TalkPlan:
    """Say what every row means and would do; `choices` are answers that are not kept yet."""
    read = _read(table, mapping)
    house = _house(read, choices or {})
    lines = _lines(read, house)
    settle([line for line in lines if line.action is Action.NEW], house)
    return TalkPlan(
        table, mapping, lines,
        places={number: place.name for number, place in house.names.register.places.items()},
        fields={one.id: one.name for one in house.catalogue.fields},
        answered=house.answers.used,
    )  # fmt: skip


def _read(table: Table, mapping: Columns[TalkField]) -> list[TalkEntry]:
    """Understand all rows; those that are no talks, or stand there twice, say so."""
    width, day = len(table.header), today()
    empty = [Row(line, ("",) * width) for line in table.empty]
    found = [_one(row, mapping) for row in sorted([*table.rows, *empty], key=lambda row: row.line)]
    _number(found)
    doubles.refuse([one for one in found if one.source_id], TalkField.SOURCE_ID, TalkField.DATE)
    entries.read_days(found, day)
    return found


def _one(row: Row, mapping: Columns[TalkField]) -> TalkEntry:
    why = structure.why_no_talk(row, mapping)
    if why:
        return TalkEntry(row, mapping, title=why, why_no_talk=why)
    return entries.read(row, mapping, today())


def _number(found: Sequence[TalkEntry]) -> None:
    """Skip rows that were entered twice, word for word, and count those that only look alike."""
    first: dict[tuple[str, ...], TalkEntry] = {}
    alike: dict[tuple[str, ...], int] = {}
    for entry in found:
        if entry.why_no_talk or entry.errors:
            continue
        earlier = first.setdefault(entry.row.cells, entry)
        if earlier is not entry:
            entry.why_no_talk = _("stands in line %(line)s already, word for word", line=earlier.line)
            continue
        alike[entry.look] = entry.number = alike.get(entry.look, 0) + 1


def _house(read: Sequence[TalkEntry], choices: Mapping[str, str]) -> House:
    texts = {without_land(part) for entry in read for part in cells.roughly(entry.places)}
    return House(
        names=Names(bodies.load(texts)),
        catalogue=Catalogue(task_fields.everything()),
        staff=staff.load(),
        known=runs.known(KIND),
        titles=parents.titles() if any(entry.group for entry in read) else parents.Titles(),
        answers=Answers(answers_of(KIND), choices),
        day=today(),
    )


def _lines(read: Sequence[TalkEntry], house: House) -> list[TalkLine]:
    found: list[TalkLine] = []
    above: TalkLine | None = None
    for entry in read:
        line = understand(entry, house, above)
        found.append(line)
        above = line if not entry.why_no_talk and not entry.errors else above
    return found
