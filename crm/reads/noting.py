"""Note who reads the text of a confidential talk: said where it is shown, written once the answer stands.

A page is read by GET, whose transaction only reads; so the rows go into a short transaction of their own. It
cannot be left out: where it fails the text is not handed over.
"""

from typing import Any

from flask import Flask, g, request
from flask_login import current_user
from sqlalchemy import insert

from crm import security_log
from crm.db import SAFE_METHODS, db, now, short_write
from crm.reads.models import ConfidentialRead, Way


def note(way: Way, *talks: Any) -> None:
    """Say that this answer shows texts of talks; a confidential one gets one row in the log."""
    for talk in talks:
        if talk.confidential:
            _wanted().setdefault(talk.id, way)


def note_numbers(way: Way, numbers: Any) -> None:
    """Say the same of confidential talks that are known by their numbers."""
    for number in numbers:
        _wanted().setdefault(number, way)


def note_look() -> None:
    """Say that somebody looks at the log itself."""
    _wanted().setdefault(None, Way.LOG)


def _wanted() -> dict[int | None, Way]:
    if "reads" not in g:
        g.reads, g.reader_id = {}, current_user.id
    found: dict[int | None, Way] = g.reads
    return found


def _write(response: Any) -> Any:
    reads = g.pop("reads", None)
    if reads:
        if request.method not in SAFE_METHODS:
            # A form that comes back with its text saves nothing; its lock would keep the row waiting.
            db.session.rollback()
        common = {"user_id": g.reader_id, "at": now()}
        rows = [common | {"consultation_id": number, "way": way} for number, way in reads.items()]
        with short_write() as connection:
            connection.execute(insert(ConfidentialRead), rows)
        for number in reads:
            security_log.note("confidential-read", about=("consultations", number) if number else None)
    return response


def init_app(app: Flask) -> None:
    """Write what was noted after every answer."""
    app.after_request(_write)
