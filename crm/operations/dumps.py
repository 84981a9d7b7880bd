"""What the two kinds of dump have in common."""

from pathlib import Path

from sqlalchemy import Table, func, select

from crm.db import Base


class BackupError(Exception):
    """A backup or restore is refused or failed; the message says what to do."""


def tables() -> list[Table]:
    """The tables of the program, by name."""
    return [Base.metadata.tables[name] for name in sorted(Base.metadata.tables)]


def counting(table: Table) -> str:
    """Give the statement that counts the rows of a table."""
    return str(select(func.count()).select_from(table))


def compare(found: dict[str, int], wanted: dict[str, int], path: Path) -> None:
    """Raise BackupError when tables hold other numbers of rows than the manifest says."""
    for name, number in wanted.items():
        if found.get(name) != number:
            raise BackupError(f"{path.name}: {name} hat {found.get(name)} statt {number} Zeilen.")
