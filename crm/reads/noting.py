"""Note who reads a confidential talk or document: said where it is shown, written once the answer stands.

A page is read by GET, whose transaction only reads; so the rows go into a short transaction of their own. It
cannot be left out: where it fails the text is not handed over.
"""

from typing import Any

from flask import Flask, g, request
from flask_login import current_user
from sqlalchemy import insert

from crm import security_log
from crm.db import SAFE_METHODS, db, now, short_write
from crm.reads import queries
from crm.reads.models import ConfidentialRead, Way

_KINDS = {"consultation_id": "consultations", "document_id": "documents"}


def note(way: Way, *talks: Any) -> None:
    """Say that this answer shows texts of talks; a confidential one gets one row in the log."""
    note_numbers(way, (talk.id for talk in talks if talk.confidential))


def note_numbers(way: Way, numbers: Any) -> None:
    """Say the same of confidential talks that are known by their numbers."""
    for number in numbers:
        _wanted().setdefault(("consultation_id", number), way)


def note_document(way: Way, document: Any) -> None:
    """Say that this answer shows a document; of a confidential one it is noted once in a while."""
    if document.confidential:
        note_documents(way, [document.id])


def note_documents(way: Way, numbers: list[int]) -> None:
    """Say the same of confidential documents that are known by their numbers."""
    known = queries.read_lately(current_user.id, numbers, way) if numbers else set()
    for number in set(numbers) - known:
        _wanted().setdefault(("document_id", number), way)


def note_look() -> None:
    """Say that somebody looks at the log itself."""
    _wanted().setdefault(("consultation_id", None), Way.LOG)


def _wanted() -> dict[tuple[str, int | None], Way]:
    if "reads" not in g:
        g.reads, g.reader_id = {}, current_user.id
    found: dict[tuple[str, int | None], Way] = g.reads
    return found


def _write(response: Any) -> Any:
    reads = g.pop("reads", None)
    if reads:
        if request.method not in SAFE_METHODS:
            # A form that comes back with its text saves nothing; its lock would keep the row waiting.
            db.session.rollback()
        common = {"user_id": g.reader_id, "at": now()}
        none = {"consultation_id": None, "document_id": None}
        rows = [common | none | {column: number, "way": way} for (column, number), way in reads.items()]
        with short_write() as connection:
            connection.execute(insert(ConfidentialRead), rows)
        for column, number in reads:
            about = (_KINDS[column], number) if number else None
            security_log.note("confidential-read", about=about)
    return response


def init_app(app: Flask) -> None:
    """Write what was noted after every answer."""
    app.after_request(_write)
