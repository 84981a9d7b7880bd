"""Dump SQLite by its backup API, which gives a whole picture while others write."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from crm.db import db
from crm.operations.dumps import BackupError, compare, counting, tables

PATIENCE = 30.0


def write(dump: Path) -> tuple[str, dict[str, int]]:
    """Copy the database into one file; give the state of its schema and the rows of its tables."""
    if not _file().is_file():
        raise BackupError(f"Es gibt noch keine Datenbank unter {_file()}. Starten Sie einmal „make run“.")
    with _open(_file()) as source, _open(dump) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")
        return _schema(target), _counts(target)


def check(dump: Path, rows: dict[str, int]) -> None:
    """Raise BackupError when the dump is not sound in itself or does not hold these rows."""
    with _open(dump) as found:
        _sound(found, dump)
        compare(_counts(found), rows, dump)


def filled() -> bool:
    """Tell whether the database here holds any row."""
    if not _file().is_file():
        return False
    with _open(_file()) as here:
        return any(_counts(here).values())


def put_back(dump: Path, rows: dict[str, int]) -> None:
    """Put the dump in place of all data in one transaction; running programs see it at once."""
    db.session.remove()
    db.engine.dispose()
    with _open(dump) as source, _open(_file()) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode=WAL")
        _sound(target, _file())
        compare(_counts(target), rows, _file())


def _file() -> Path:
    return Path(str(db.engine.url.database))


@contextmanager
def _open(path: Path) -> Iterator[sqlite3.Connection]:
    try:
        with closing(sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)) as connection:
            yield connection
    except sqlite3.Error as error:
        raise BackupError(f"{path.name}: {error}.") from error


def _sound(connection: sqlite3.Connection, path: Path) -> None:
    answer = connection.execute("PRAGMA integrity_check").fetchone()[0]
    loose = connection.execute("PRAGMA foreign_key_check").fetchone()
    if answer != "ok" or loose:
        raise BackupError(f"{path.name} ist in sich nicht stimmig: {answer if answer != 'ok' else loose}.")


def _schema(connection: sqlite3.Connection) -> str:
    return str(_one(connection, "SELECT version_num FROM alembic_version"))


def _counts(connection: sqlite3.Connection) -> dict[str, int]:
    there = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    return {table.name: _one(connection, counting(table)) for table in tables() if table.name in there}


def _one(connection: sqlite3.Connection, statement: str) -> Any:
    return connection.execute(statement).fetchone()[0]
