"""Take somebody's name out of every text of every table, wherever it was typed or copied to."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus

from sqlalchemy import Text, cast, literal, or_, select, union_all, update

from crm.audit import redact
from crm.db import db
from crm.naming import ERASED
from crm.privacy import registry
from crm.privacy.needles import Needles
from crm.privacy.prose import PROSE
from crm.privacy.sealing import next_version
from crm.privacy.terms import Column, Entry, Erase
from crm.search import services as search
from crm.search.models import SearchEntry, SearchText

SWEPT = (Erase.MENTION, Erase.REMADE)
OWN = (Erase.BLANK, Erase.NAME)
# Words of an address of the web must stay such.
QUERIES = (
    ("drafts", "path"), ("drafts", "query"), ("saved_views", "query"), ("submissions", "target"),
)  # fmt: skip
_TEXT = ("String", "Text", "JSON")
_AT_ONCE = 500


def sweep(needles: Needles) -> Counter[str]:
    """Clean all texts, index and protocol; give of each table how many rows it were."""
    if not needles:
        return Counter()
    known = _known_by_index(needles)
    counts = Counter({name: _sweep_table(entry, needles) for name, entry in registry.ENTRIES.items()})
    counts["audit_events"] += _sweep_protocol(needles)
    for kind, ids in known.items():
        search.refresh(kind, ids)
    search.forget_old_words()
    return +counts


@dataclass
class Hits:
    """How many rows of each table name somebody in full, and how many by the last name alone."""

    in_full: Counter[str]
    alone: Counter[str]


def hits(needles: Needles) -> Hits:
    """Count beforehand what a sweep would change, in one statement; copies in the index are not counted."""
    found = Hits(Counter(), Counter())
    parts = [
        select(literal(entry.table), literal(one.name), *_key(entry), cast(_stored(one), Text)).where(
            needles.in_column(_stored(one), registry.is_json(entry.table, one.name))
        )
        for entry in registry.ENTRIES.values()
        for one in swept(entry)
        if one.erase is not Erase.REMADE
    ]
    seen: dict[tuple[str, str], bool] = {}
    for table, name, key, text in db.session.execute(union_all(*parts)) if needles else ():
        value = json.loads(text) if registry.is_json(table, name) else text
        if needles.within(value, alone=False):
            seen[table, key] = True
        elif _column(table, name).prose and needles.within(value):
            seen.setdefault((table, key), False)
    for (table, _number), in_full in seen.items():
        (found.in_full if in_full else found.alone)[table] += 1
    return found


def texts_of(entry: Entry, *rules: Erase) -> list[str]:
    """Name the columns of a table that hold text of some rules."""
    return [one.name for one in entry.columns if one.erase in rules and _is_text(one)]


def swept(entry: Entry) -> list[Column]:
    """Give the columns in which anybody may be named: of rows about one person only the running text."""
    about_one = bool(entry.link)
    return [
        one
        for one in entry.columns
        if _is_text(one) and (one.erase in SWEPT or (one.erase in OWN and (one.prose or not about_one)))
    ]


def _is_text(one: Column) -> bool:
    return type(_stored(one).type).__name__ in _TEXT


def _stored(one: Column) -> Any:
    return registry.table_of(one.table).c[one.name]


def _column(table: str, name: str) -> Column:
    return next(one for one in registry.ENTRIES[table].columns if one.name == name)


def _key(entry: Entry) -> list[Any]:
    """Give what tells the rows of a table apart, as text."""
    return [cast(next(iter(registry.table_of(entry.table).primary_key)), Text)]


def _rows(entry: Entry, names: list[str], needles: Needles, more: tuple[str, ...] = ()) -> Iterator[Any]:
    """Give the rows of which a column may name somebody, with their keys, these columns and some more."""
    table = registry.table_of(entry.table)
    where = or_(*(needles.in_column(table.c[one], registry.is_json(entry.table, one)) for one in names))
    keys = [one.name for one in table.primary_key]
    query = select(*(table.c[one] for one in dict.fromkeys([*keys, *names, *more]))).where(where)
    found = db.session.execute(query.order_by(*table.primary_key), execution_options={"yield_per": _AT_ONCE})
    yield from found.mappings()


def _sweep_table(entry: Entry, needles: Needles) -> int:
    table, columns, done = registry.table_of(entry.table), swept(entry), 0
    if not columns:
        return 0
    more = ("table_name",) if entry.table == "sealed_values" else ()
    for row in list(_rows(entry, [one.name for one in columns], needles, more)):
        clean = {one.name: _cleaned(needles, one, row) for one in columns if row[one.name]}
        changed = {name: value for name, value in clean.items() if value != row[name]}
        if changed:
            mine = [one == row[one.name] for one in table.primary_key]
            db.session.execute(update(table).where(*mine).values(**changed, **next_version(table)))
            done += 1
    return done


def _cleaned(needles: Needles, column: Column, row: Mapping[str, Any]) -> Any:
    value = row[column.name]
    if column.table == "sealed_values":
        return _cleaned_prose(needles, row["table_name"], value)
    if not isinstance(value, str):
        return needles.cleaned(value, alone=column.prose)
    instead = quote_plus(ERASED) if (column.table, column.name) in QUERIES else ERASED
    most = getattr(_stored(column).type, "length", None)
    return needles.without(value, instead, most, alone=column.prose)


def _cleaned_prose(needles: Needles, table: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Clean the running text of a row of somebody else; what is about them alone stays."""
    prose = PROSE.get(table, "").split()
    return {name: needles.cleaned(value) if name in prose else value for name, value in values.items()}


def _sweep_protocol(needles: Needles) -> int:
    """Empty the events of every record of which one names the person."""
    records: dict[str, set[int]] = {}
    entry = registry.ENTRIES["audit_events"]
    if not (names := texts_of(entry, Erase.EMPTIED)):
        return 0
    more = ("record_type", "record_id")
    for row in _rows(entry, names, needles, more):
        prose = PROSE.get(row["record_type"], "").split()
        if any(needles.within(value, name in prose) for name, value in row["changes"].items()):
            records.setdefault(row["record_type"], set()).add(row["record_id"])
    return sum(redact(kind, numbers) for kind, numbers in sorted(records.items()))


def _known_by_index(needles: Needles) -> dict[Any, list[int]]:
    """Records whose entry names the person: they are described anew, for it follows from their texts."""
    entries, texts = SearchEntry.__table__, SearchText.__table__
    columns = [entries.c[one] for one in texts_of(registry.ENTRIES["search_entries"], Erase.REMADE)]
    named = or_(*(needles.in_column(one, False) for one in (*columns, texts.c.plain, texts.c.folded)))
    query = select(SearchEntry.kind, SearchEntry.record_id).outerjoin(
        SearchText, SearchText.entry_id == SearchEntry.id
    )
    found: dict[Any, list[int]] = {}
    for kind, number in db.session.execute(query.where(named)):
        found.setdefault(kind, []).append(number)
    return found
