"""Note a file with names: said where it is made, written once the answer stands.

A file is read by GET, whose transaction only reads; so the rows go into a short transaction of their own. It
cannot be left out: where it fails the file is not handed over.
"""

from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote_plus

from flask import Flask, g, request
from flask_login import current_user
from sqlalchemy import insert

from crm.db import now, short_write
from crm.outputs.models import Output, OutputPerson, Paper

LONGEST = 500


def note(paper: Paper, ending: str, people: Iterable[int | None], number: int) -> None:
    """Say that this answer is a file with names; of those without a contact only the number is kept."""
    filters = unquote_plus(request.query_string.decode("utf-8", "replace"))[:LONGEST] or None
    about = {"paper": paper, "ending": ending, "filters": filters, "number": number}
    g.output = about | {"user_id": current_user.id, "at": now()}
    g.output_people = sorted({one for one in people if one is not None})


def _write(response: Any) -> Any:
    output, people = g.pop("output", None), g.pop("output_people", ())
    if output and response.status_code == 200:
        with short_write() as connection:
            made = connection.execute(insert(Output).values(**output).returning(Output.id)).scalar_one()
            rows = [{"output_id": made, "person_id": number} for number in people]
            if rows:
                connection.execute(insert(OutputPerson), rows)
    return response


def init_app(app: Flask) -> None:
    """Write what was noted after every answer."""
    app.after_request(_write)
