"""Background work: what is to be done stands in tables, a duty looks there, the bell only says: look now."""

import logging
import secrets
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime

from flask import current_app
from sqlalchemy import String, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column

from crm.db import Model, db, now

DUTIES: dict[str, Callable[[], None]] = {}
STOPPING = threading.Event()
log = logging.getLogger("kikz")


class JobRun(Model):
    """When something was last done that nobody waits for, and when it last failed."""

    __tablename__ = "job_runs"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    done_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]


class NotDone(Exception):
    """A duty could not be done just now, through no fault; it comes again in a minute."""


def duty(name: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Mark a function that does all that is due of one kind, committing as it goes; it runs every minute.

    It looks at `stopping()` between two pieces of work, and two of it at once must do no harm.
    """

    def mark(work: Callable[[], None]) -> Callable[[], None]:
        DUTIES[name] = work
        return work

    return mark


def ring(name: str) -> None:
    """Wake the worker for a duty, after the commit. A bell that nobody hears costs a minute, nothing else."""
    if name not in DUTIES:
        raise KeyError(name)
    if current_app.config["JOBS"] == "off":
        return
    try:
        current_app.extensions["bell"]().ring(name)
    except Exception as error:
        log.warning("bell for %s not heard: %s", name, error)


def run(name: str) -> None:
    """Do one duty now."""
    DUTIES[name]()


def run_all() -> None:
    """Do all duties now; one that fails is logged and stops no other. Note what became of each."""
    for name in list(DUTIES):
        if not stopping():
            _note_at_once(name, attempt(name))


def _note_at_once(name: str, done: bool) -> None:
    try:
        # What a duty left uncommitted is none of what is noted.
        db.session.rollback()
        note(name, done)
        db.session.commit()
    except SQLAlchemyError as error:
        _log("noting duties", error)


def note(name: str, done: bool) -> None:
    """Note that something was done just now, or that it failed; the caller commits."""
    with suppress(IntegrityError), db.session.begin_nested():
        if db.session.get(JobRun, name) is None:
            db.session.add(JobRun(name=name))
    noted = update(JobRun).where(JobRun.name == name).values(**{"done_at" if done else "failed_at": now()})
    db.session.execute(noted.execution_options(synchronize_session=False))


def attempt(name: str) -> bool:
    """Do one duty; log what goes wrong with a reference, and tell whether nothing did."""
    try:
        DUTIES[name]()
    except NotDone as reason:
        log.warning("duty %s not done: %s", name, reason)
        return False
    except Exception as error:
        _log(f"duty {name}", error)
        return False
    return True


def each(
    name: str, numbers: Iterable[int], work: Callable[[int], None], seconds: float | None = None
) -> None:
    """Do the work of a duty for each record; what fails for one is logged and keeps no other.

    After so many seconds the rest is left for the next minute, so that other duties come to their turn.
    """
    began = time.monotonic()
    for number in numbers:
        if stopping() or (seconds is not None and time.monotonic() - began > seconds):
            return
        try:
            work(number)
        except Exception as error:
            _log(f"duty {name} for {number}", error)


def _log(what: str, error: Exception) -> None:
    log.error("fault %s in %s", secrets.token_hex(4), what, exc_info=error)
    db.session.rollback()


def stopping() -> bool:
    """Tell a duty that the worker is asked to end: finish what is in hand, begin nothing new."""
    return STOPPING.is_set()
