"""Background work: what is to be done stands in tables, a duty looks there, the bell only says: look now."""

import logging
import secrets
import threading
from collections.abc import Callable, Iterable

from flask import current_app

from crm.db import db

DUTIES: dict[str, Callable[[], None]] = {}
STOPPING = threading.Event()
log = logging.getLogger("kikz")


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
    """Do all duties now; one that fails is logged and stops no other."""
    for name in list(DUTIES):
        if not stopping():
            attempt(name)


def attempt(name: str) -> bool:
    """Do one duty; log what goes wrong with a reference, and tell whether nothing did."""
    try:
        DUTIES[name]()
    except Exception as error:
        _log(f"duty {name}", error)
        return False
    return True


def each(name: str, numbers: Iterable[int], work: Callable[[int], None]) -> None:
    """Do the work of a duty for each record; what fails for one is logged and keeps no other."""
    for number in numbers:
        if stopping():
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
