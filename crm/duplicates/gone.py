"""The page of a record that went up in its double: what happened, and where it is now."""

from typing import Any, NoReturn

from flask import abort, make_response, render_template

from crm.duplicates import queries


def refuse(person_id: int) -> NoReturn:
    """Answer for somebody who is not there: 410 with the way to who stands for them, else 404."""
    merge = queries.merge_of(person_id)
    if merge is None:
        abort(404)
    abort(_page(merge, queries.successor(person_id)))


def _page(merge: Any, successor: Any) -> Any:
    return make_response(render_template("duplicates/gone.html", merge=merge, successor=successor), 410)
