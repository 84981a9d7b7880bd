"""The log of the program: one JSON line an event, with the number of its request, without personal data."""

import json
import logging
import re
import secrets
import sys
import traceback
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, current_app, g, has_app_context, has_request_context, request
from sqlalchemy import inspect

from crm import security_files

HEADER = "X-Request-ID"
GIVEN = re.compile(r"[A-Za-z0-9-]{8,64}")
ADDRESS = re.compile(r"[^\s<>\"',;]+@[^\s<>\"',;]+")
LONGEST, DEEPEST = 2000, 40
# Their messages name code; those of others may quote what somebody typed.
ABOUT_CODE = (AttributeError, ImportError, NameError, NotImplementedError, TypeError, RecursionError)


def request_id() -> str | None:
    """Give the number of this request: that of a trusted proxy, else one of our own; None outside of one."""
    if not has_request_context():
        return None
    known: str | None = request.environ.get("kikz.request_id")
    if known is None:
        given = request.headers.get(HEADER, "") if current_app.config["TRUSTED_PROXIES"] else ""
        known = given if GIVEN.fullmatch(given) else secrets.token_hex(8)
        request.environ["kikz.request_id"] = known
    return known


def user_id() -> int | None:
    """Give the number of who is signed in, without asking the database; None for strangers and outside."""
    user = g.get("_login_user") if has_app_context() else None
    state = inspect(user, raiseerr=False) if user is not None else None
    return state.identity[0] if state is not None and state.identity else None


def action() -> str | None:
    """Name what is done by method and view; an address could hold words and secrets."""
    return f"{request.method} {request.endpoint or '-'}" if has_request_context() else None


class JsonLines(logging.Formatter):
    """Writes a record as one line of JSON in ASCII: no sign in it begins a line or steers a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        """Give the line."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        words = ADDRESS.sub("…@…", record.getMessage())[:LONGEST]
        line: dict[str, Any] = {
            "time": at,
            "level": record.levelname.lower(),
            "log": record.name,
            "event": words,
        }
        line |= getattr(record, "fields", None) or self._place()
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = told(record.exc_info[1])
        return json.dumps(line, default=repr)

    @staticmethod
    def _place() -> dict[str, Any]:
        found = {"request_id": request_id(), "action": action(), "user_id": user_id()}
        return {name: value for name, value in found.items() if value is not None}


def told(error: BaseException) -> dict[str, Any]:
    """Say what went wrong and where in the code, without the values it went wrong with."""
    found: dict[str, Any] = {"type": type(error).__name__}
    if isinstance(error, OSError):
        found["words"] = error.strerror
    elif isinstance(error, ABOUT_CODE) or type(error).__module__ == "sqlite3":
        found["words"] = ADDRESS.sub("…@…", str(error))[:LONGEST]
    elif state := getattr(error, "sqlstate", None):
        about = getattr(error, "diag", None)
        found |= {"sqlstate": state, "constraint": getattr(about, "constraint_name", None)}
    frames = traceback.extract_tb(error.__traceback__)[-DEEPEST:]
    found["trace"] = [f"{one.filename}:{one.lineno} {one.name}" for one in frames]
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None and cause is not error:
        found["cause"] = type(cause).__name__
    return found


def number_answer(answer: Response) -> Response:
    """Give the number of the request back, so that somebody can name it."""
    answer.headers[HEADER] = request_id() or ""
    return answer


def init_app(app: Flask) -> None:
    """Send all logs to stderr as JSON lines, those of security to a file of their own where one is named."""
    app.after_request(number_answer)
    ours, security = logging.getLogger("kikz"), logging.getLogger("kikz.security")
    ours.setLevel(logging.INFO)
    if app.testing:
        return
    lines = JsonLines()
    usual = security_files.Patient(sys.stderr)
    usual.setFormatter(lines)
    logging.basicConfig(handlers=[usual], level=logging.WARNING, force=True)
    logging.captureWarnings(capture=True)
    security.handlers.clear()
    security.propagate = not app.config["SECURITY_LOG"]
    if app.config["SECURITY_LOG"]:
        security.addHandler(security_files.SecurityFile(app.config["SECURITY_LOG"], usual))
        security.handlers[0].setFormatter(lines)
