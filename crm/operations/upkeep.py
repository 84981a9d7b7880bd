"""Keep the log of SQLite small: a long reader lets it grow, and what it grew to would stay."""

import sqlite3
from contextlib import closing
from pathlib import Path

from crm import jobs
from crm.db import db

LARGE = 8_000_000
PATIENCE = 1.0


@jobs.duty("checkpoint")
def checkpoint() -> None:
    """Write the log back into the file and cut it, where it is large and nobody reads from it any more."""
    if db.engine.dialect.name != "sqlite":
        return
    file = str(db.engine.url.database)
    log = Path(f"{file}-wal")
    if not log.exists() or log.stat().st_size < LARGE:
        return
    with closing(sqlite3.connect(file, timeout=PATIENCE, isolation_level=None)) as connection:
        busy, *_pages = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise jobs.NotDone("somebody reads from the log")
