"""What a database can do to a request: be busy, gone or full, or find two in each other's way."""

import enum
import logging
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask, g, has_request_context, request, session
from flask.globals import request_ctx
from flask.typing import ResponseReturnValue
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from crm.db import db

MOST_RETRIES = 3
log = logging.getLogger("kikz")


class Fault(enum.Enum):
    """Why a statement failed that was right."""

    BUSY = "busy"
    GONE = "gone"
    FULL = "full"
    CONFLICT = "conflict"


# SQLSTATE of PostgreSQL, whole or its class, and names of SQLite's results.
CODES = {
    "40001": Fault.CONFLICT, "40P01": Fault.CONFLICT, "SQLITE_BUSY_SNAPSHOT": Fault.CONFLICT,
    "55P03": Fault.BUSY, "SQLITE_BUSY": Fault.BUSY, "SQLITE_LOCKED": Fault.BUSY,
    "SQLITE_BUSY_RECOVERY": Fault.BUSY, "SQLITE_BUSY_TIMEOUT": Fault.BUSY,
    "53100": Fault.FULL, "SQLITE_FULL": Fault.FULL,
    "08": Fault.GONE, "57P": Fault.GONE, "53300": Fault.GONE,
}  # fmt: skip
# Where a driver gives no code: a connection that broke, or that could not be made.
WORDS = {
    "disk is full": Fault.FULL,
    "no space left": Fault.FULL,
    "locked": Fault.BUSY,
    "connection": Fault.GONE,
    "resolve host": Fault.GONE,
}


def kind_of(error: BaseException) -> Fault | None:
    """Tell what kind of fault an error of the database is; None for one that is our own mistake."""
    if isinstance(error, NoConnection):
        return Fault.BUSY
    if isinstance(error, StaleDataError):
        return Fault.CONFLICT
    if not isinstance(error, DBAPIError):
        return None
    state = getattr(error.orig, "sqlstate", None)
    code = state or getattr(error.orig, "sqlite_errorname", None) or ""
    for length in (len(code), 3, 2):
        if (found := CODES.get(code[:length])) is not None:
            return found
    if error.connection_invalidated:
        return Fault.GONE
    words = str(error.orig).casefold() if isinstance(error, OperationalError) and not state else ""
    return next((fault for word, fault in WORDS.items() if word in words), None)


class Program(Flask):
    """Flask, but a request that got into another's way is done anew, as if it had come a moment later."""

    def dispatch_request(self) -> ResponseReturnValue:
        """Do the view; once more where nothing was committed and the database found a conflict."""
        # What the gate noted before is none of what the request is about.
        g.committed, g.session_before, turn = False, session.state(), 0  # type: ignore[attr-defined]
        while True:
            try:
                return super().dispatch_request()
            except (DBAPIError, StaleDataError) as error:
                if turn == MOST_RETRIES or g.committed or kind_of(error) is not Fault.CONFLICT:
                    raise
                turn += 1
                log.info("conflict at %s, try %s", request.url_rule, turn + 1)
                _begin_anew(turn)


def saved() -> bool:
    """Tell whether the view at hand has committed what it was about."""
    return bool(g.get("committed"))


def undo() -> None:
    """Put token and messages back to before the view, unless it committed: no rollback reaches them."""
    if not saved() and (before := g.get("session_before")) is not None:
        session.put_back(before)  # type: ignore[attr-defined]
        # What was read for a page that is not shown is read again for the one that is.
        request_ctx.flashes = None


@contextmanager
def aside() -> Iterator[None]:
    """Commit what is none of what the request is about."""
    before = saved()
    yield
    if "committed" in g:
        g.committed = before


def _begin_anew(turn: int) -> None:
    """Forget what was done and put the files back to their beginning."""
    db.session.rollback()
    undo()
    for _name, file in request.files.items(multi=True):
        file.seek(0)
    # Two that met come back at different moments.
    time.sleep(random.uniform(0, 0.02 * turn))  # noqa: S311 no secret


def _note_commit(work: Any) -> None:
    # The end of a savepoint is none.
    if has_request_context() and "committed" in g and not work.in_nested_transaction():
        g.committed = True


event.listen(Session, "after_commit", _note_commit)
