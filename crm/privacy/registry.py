"""Every column of every table: personal or not, what for, and how it goes. The one place for all of it.

Here the declarations are put together and checked; each stands with its kind of data: `holdings` (contacts,
talks, groups, events), `circulating` (minutes), `handed` (materials), `passing_on`, `workings`, `guarding`.
"""

from collections.abc import Iterator

from sqlalchemy import JSON, Table

from crm.db import Base
from crm.privacy import circulating, guarding, handed, holdings, passing_on, sources, workings
from crm.privacy.terms import Column, Entry, Erase, Processing

PROCESSINGS: tuple[Processing, ...] = (
    holdings.CONTACTS, holdings.TALKS, circulating.MINUTES, holdings.GROUPS, holdings.EVENTS,
    handed.MATERIALS, passing_on.EXAMPLES, workings.MAILS, workings.INBOX,
    workings.FINDING, workings.REPORTS, guarding.ACCOUNTS, guarding.PROOF, guarding.BARRIERS,
    sources.IMPORTS, sources.REGISTER,
)  # fmt: skip
# Every record has these; they say nothing about anybody. `removal` is a random mark of what went together.
BOOKKEEPING = {"id", "version", "created_at", "updated_at", "removed_at", "removal"}
ENTRIES: dict[str, Entry] = {one.table: one for processing in PROCESSINGS for one in processing.entries}


def columns(*rules: Erase) -> Iterator[Column]:
    """Give the personal columns, all of them or those with one of these rules."""
    for entry in ENTRIES.values():
        yield from (one for one in entry.columns if not rules or one.erase in rules)


def undeclared(tables: dict[str, Table]) -> list[str]:
    """Name each column that the registry does not know, knows twice, or knows although there is none."""
    found = [f"{name}: no such table" for name in ENTRIES if name not in tables]
    for name, table in tables.items():
        entry = ENTRIES.get(name, Entry(name))
        said = (
            [one.name for one in entry.columns]
            + entry.facts.split()
            + sorted(BOOKKEEPING & {column.name for column in table.c})
        )
        found += [
            f"{name}.{one}: not declared" for one in [column.name for column in table.c] if one not in said
        ]
        found += [f"{name}.{one}: no such column" for one in set(said) if one not in table.c]
        found += [f"{name}.{one}: declared twice" for one in set(said) if said.count(one) > 1]
    return sorted(found)


def table_of(name: str) -> Table:
    """Give a table by its name."""
    return Base.metadata.tables[name]


def is_json(name: str, column: str) -> bool:
    """Tell whether a column holds JSON."""
    return isinstance(table_of(name).c[column].type, JSON)
