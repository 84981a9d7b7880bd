"""The page of a record that went up in its double: what happened, and where it is now."""

from typing import NoReturn

from flask import abort, make_response, render_template, url_for

from crm.duplicates import queries
from crm.duplicates.kinds import BODIES, PEOPLE, Kind


def refuse(person_id: int) -> NoReturn:
    """Answer for somebody who is not there: 410 with the way to who stands for them, else 404."""
    _answer(person_id, PEOPLE, "contacts.show", "person_id", "duplicates.undo")


def refuse_body(body_id: int) -> NoReturn:
    """Answer for a body that is not there: 410 with the way to the one that stands for it, else 404."""
    _answer(body_id, BODIES, "bodies.show", "body_id", "duplicates.undo_bodies")


def _answer(number: int, kind: Kind, endpoint: str, argument: str, undo: str) -> NoReturn:
    merge = queries.merge_of(number, kind)
    if merge is None:
        abort(404)
    successor = queries.successor(number, kind)
    way = url_for(endpoint, **{argument: successor.id}) if successor else ""
    page = render_template(
        "duplicates/gone.html", merge=merge, successor=successor, way=way,
        undo=url_for(undo, merge_id=merge.id),
    )  # fmt: skip
    abort(make_response(page, 410))
