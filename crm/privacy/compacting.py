"""What was erased must leave the file of SQLite, too: deleted pages are overwritten, and old copies go.

Every connection overwrites what it deletes; earlier copies still lie in the write-ahead log and in pages that
moved. The state is a row of what was last done, so that an attempt that failed is made again, and one is due
after a restore. PostgreSQL does all this by itself in time.
"""

import sqlite3

from sqlalchemy import func, select, update

from crm import jobs
from crm.db import db, now
from crm.jobs import JobRun
from crm.privacy.models import Case, CaseState

DUTY, DONE = "erasure-compacting", "erasures-compacted"


def is_due() -> bool:
    """Tell whether somebody was erased since the file was last compacted."""
    erased = db.session.scalar(select(func.max(Case.erased_at)).where(Case.state == CaseState.ERASED))
    last = db.session.scalar(select(JobRun.done_at).where(JobRun.name == DONE))
    return erased is not None and (last is None or last <= erased)


@jobs.duty(DUTY)
def compact_erased() -> None:
    """Compact the file if that is due, and note it; raises sqlite3.OperationalError where it is in use."""
    begun = now()
    if not is_due():
        return
    db.session.rollback()
    compact()
    jobs.note(DONE, True)
    # Who is erased while it goes on is met by the next one.
    db.session.execute(update(JobRun).where(JobRun.name == DONE).values(done_at=begun))
    db.session.commit()


def compact() -> None:
    """Write the file of SQLite anew, and empty its log; raises sqlite3.OperationalError where it cannot."""
    if db.engine.dialect.name != "sqlite":
        return
    connection = db.engine.raw_connection()
    try:
        connection.driver_connection.execute("VACUUM")  # type: ignore[union-attr]
        log = connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[union-attr]
        is_busy, *_pages = log.fetchone()
    finally:
        connection.close()
    if is_busy:
        raise sqlite3.OperationalError("the log is still being read")
