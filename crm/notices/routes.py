"""Stored wordings on screen."""

from flask import Blueprint, abort, render_template

from crm.access import Permission, requires
from crm.notices import queries

notices = Blueprint("notices", __name__, url_prefix="/hinweise")


@notices.route("/<string:mark>")
@requires(Permission.READ_CONTENT)
def show(mark):
    """Show what guests were told, word for word."""
    found = queries.by_mark(mark) or abort(404)
    return render_template("notices/show.html", notice=found)
