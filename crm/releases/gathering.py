"""The records behind all numbers of a report, as they are this moment.

Every list is asked of the report three times: for the one who freezes it, for an adviser and for a reader.
What only the first may see is kept apart: a frozen report never shows more than the report itself did.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from crm.access import Permission, Role, allowed
from crm.db import chunks
from crm.errors import RuleBroken
from crm.releases.packing import numbers_of, pack
from crm.reports.records import AT_ONCE, Line, NoSuchList, Reading, Records
from crm.reports.sheet import Arguments, Number
from crm.reports.talks import behind
from crm.reports.talks.topics import catalogue_at_hand


@dataclass(frozen=True)
class Onlooker:
    """Somebody with a role and no more, to ask what such people see."""

    role: Role
    id: int = 0

    def may(self, permission: Permission) -> bool:
        """Tell what the role grants."""
        return allowed((self.role,), permission)


def key_of(link: Arguments) -> str:
    """What a number leads to, as a text that two readings share."""
    return "&".join(f"{name}={value}" for name, value in sorted(_pairs(link)))


def _pairs(link: Arguments) -> Iterable[tuple[str, str]]:
    for name, value in link.items():
        for one in value if isinstance(value, list | tuple) else (value,):
            yield name, str(one)


def ask(reading: Reading, link: Arguments) -> Records | None:
    """The list behind a number, or none where the report has no such list."""
    try:
        return reading.records(MultiDict(_pairs(link)))
    except NoSuchList:
        return None


@dataclass
class Loader:
    """Loads lines of several lists; where lists say the same of a record it is loaded once."""

    _known: list[tuple[Any, tuple[Any, ...], dict[int, Line]]] = field(default_factory=list)

    def load(self, wanted: list[tuple[Records, list[int]]]) -> list[dict[int, tuple[Any, ...]]]:
        """Give the cells of the wanted records of each list, by number."""
        shelves = [self._shelf(found) for found, _ids in wanted]
        missing: dict[int, tuple[Any, dict[int, None]]] = {}
        for (_found, ids), (load, shelf, _more) in zip(wanted, shelves, strict=True):
            new = {one: None for one in ids if one not in shelf}
            missing.setdefault(id(shelf), (load, {}))[1].update(new)
        for load, shelf, _more in shelves:
            _fill(load, shelf, list(missing.pop(id(shelf), (load, {}))[1]))
        return [
            {one: _with(shelf[one], more) for one in ids if one in shelf}
            for (_found, ids), (_load, shelf, more) in zip(wanted, shelves, strict=True)
        ]

    def _shelf(self, found: Records) -> tuple[Any, dict[int, Line], Any]:
        """The lines known of the same loader; minutes of talks are added to the lines without."""
        load, more = found.load, None
        if not isinstance(load, partial):
            return load, {}, None
        function, arguments = load.func, load.args
        if function is behind.talks and arguments[1] is not None:
            load, more = partial(behind.talks, arguments[0], None), arguments[1]
            arguments = load.args
        for known, same, shelf in self._known:
            if known is function and same == arguments:
                return load, shelf, more
        shelf = {}
        self._known.append((function, arguments, shelf))
        return load, shelf, more


def _fill(load: Any, shelf: dict[int, Line], ids: list[int]) -> None:
    for chunk in chunks(ids, AT_ONCE):
        shelf |= {line.id: line for line in load(chunk)}


def _with(line: Line, minutes: Any) -> tuple[Any, ...]:
    return line.cells if minutes is None else (*line.cells, Number(minutes[line.id]))


@dataclass
class _Pool:
    """Every line once; lists name it by its place."""

    lines: list[list[Any]] = field(default_factory=list)
    _places: dict[str, int] = field(default_factory=dict)
    # The very same cells come in many lists; they are kept, so that no others get their number.
    _known: dict[tuple[int, int], tuple[int, tuple[Any, ...]]] = field(default_factory=dict)

    def place(self, number: int, cells: tuple[Any, ...]) -> int:
        known = self._known.get((number, id(cells)))
        if known is not None:
            return known[0]
        line = [number, [pack(cell) for cell in cells]]
        found = self._places.setdefault(repr(line), len(self.lines))
        if found == len(self.lines):
            self.lines.append(line)
        self._known[number, id(cells)] = found, cells
        return found


def gather(whole: Reading, of_adviser: Reading, of_reader: Reading) -> dict[str, Any]:
    """All lists behind the numbers of a reading: `pool` holds the lines, each list the places of its own.

    `open` are the lines a reader sees, none where they are the same; `staff` marks what advisers do not see.
    """
    links = {key_of(one.link): one.link for one in numbers_of(whole.sheet) if one.link and one.value}
    pool, loader = _Pool(), Loader()
    with catalogue_at_hand():
        three = {key: _three(whole, of_adviser, of_reader, link) for key, link in links.items()}
    wanted = [one for found, _adviser, reader in three.values() for one in (found, reader)]
    cells = iter(loader.load([(one, one.ids) for one in wanted]))
    lists = {}
    for key, (found, adviser, _reader) in three.items():
        rows, public = ([pool.place(*line) for line in next(cells).items()] for _list in range(2))
        if len(rows) != len(found.ids):
            raise RuleBroken(_("Records changed while the report was frozen. Freeze it once more."))
        lists[key] = _list(found) | {
            "rows": rows, "open": None if public == rows else public,
            "staff": adviser.columns != found.columns,
        }  # fmt: skip
    return {"pool": pool.lines, "lists": lists}


def _three(whole: Reading, of_adviser: Reading, of_reader: Reading, link: Arguments) -> list[Records]:
    """One list for each of the three; an empty one where it does not exist or says other things."""
    found, adviser, reader = (ask(one, link) or _NOTHING for one in (whole, of_adviser, of_reader))
    return [found, adviser, reader if reader.columns == found.columns else _NOTHING]


_NOTHING = Records("", "", (), (), [], lambda _ids: [], Number(0))


def _list(found: Records) -> dict[str, Any]:
    return {
        "kind": found.kind, "title": found.title, "words": list(found.words),
        "columns": list(found.columns), "head": found.head, "sum": found.sum_text,
    }  # fmt: skip


def for_staff_figures(whole: Reading, of_adviser: Reading) -> dict[str, list[str]]:
    """Name the tables and large numbers that advisers do not see."""
    known = {one.id: one.columns for one in of_adviser.sheet.all_tables}
    tables = [one.id for one in whole.sheet.all_tables if known.get(one.id) != one.columns]
    labels = {one.label for one in of_adviser.sheet.figures}
    return {
        "tables": tables,
        "figures": [one.label for one in whole.sheet.figures if one.label not in labels],
    }
