"""Take somebody's name out of every text of every table, wherever it was typed or copied to."""

from collections import Counter
from typing import Any

from sqlalchemy import or_, select, update

from crm.audit import redact
from crm.db import db
from crm.privacy import registry
from crm.privacy.needles import Needles
from crm.privacy.sealing import next_version
from crm.privacy.terms import Entry, Erase
from crm.search import services as search
from crm.search.models import SearchEntry, SearchText

SWEPT = (Erase.MENTION, Erase.REMADE, Erase.BLANK, Erase.NAME)
_TEXT = ("String", "Text", "JSON")


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


def texts_of(entry: Entry, *rules: Erase) -> list[str]:
    """Name the columns of a table that hold text of some rules."""
    table = registry.table_of(entry.table)
    found = [one.name for one in entry.columns if one.erase in rules]
    return [one for one in found if type(table.c[one].type).__name__ in _TEXT]


def naming(entry: Entry, needles: Needles, *rules: Erase) -> list[dict[str, Any]]:
    """Give the rows of a table of which a text names somebody, with their keys and those texts."""
    names = texts_of(entry, *rules)
    if not names:
        return []
    table = registry.table_of(entry.table)
    where = or_(*(needles.in_column(table.c[one], registry.is_json(entry.table, one)) for one in names))
    keys = [one.name for one in table.primary_key]
    query = select(*(table.c[one] for one in dict.fromkeys([*keys, *names]))).where(where)
    return [dict(row) for row in db.session.execute(query.order_by(*table.primary_key)).mappings()]


def _sweep_table(entry: Entry, needles: Needles) -> int:
    table = registry.table_of(entry.table)
    done = 0
    for row in naming(entry, needles, *SWEPT):
        clean = {
            name: _cleaned(needles, table.c[name], row[name]) for name in texts_of(entry, *SWEPT) if row[name]
        }
        changed = {name: value for name, value in clean.items() if value != row[name]}
        if changed:
            mine = [one == row[one.name] for one in table.primary_key]
            db.session.execute(update(table).where(*mine).values(**changed, **next_version(table)))
            done += 1
    return done


def _cleaned(needles: Needles, column: Any, value: Any) -> Any:
    if isinstance(value, str):
        return needles.without(value, most=getattr(column.type, "length", None))
    return needles.cleaned(value)


def _sweep_protocol(needles: Needles) -> int:
    """Empty the events of every record of which one names the person."""
    entry, events = registry.ENTRIES["audit_events"], registry.table_of("audit_events")
    rows = [row["id"] for row in naming(entry, needles, Erase.EMPTIED)]
    about = select(events.c.record_type, events.c.record_id).where(events.c.id.in_(rows)).distinct()
    return sum(redact(kind, [number]) for kind, number in db.session.execute(about))


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
