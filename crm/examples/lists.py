"""All practice examples on screen: what is released, what is to be confirmed, what is not public and why."""

from flask import render_template
from flask_babel import gettext as _

from crm.access import Permission, requires
from crm.db import today
from crm.examples import queries
from crm.examples.routes import examples
from crm.office.queries import office
from crm.paging import page_of


@examples.route("/erfahrung/beispiele")
@requires(Permission.READ_CONTENT)
def index():
    """List the examples, those taken back last."""
    page = page_of(queries.listing())
    public = queries.public_among([one.id for one in page.rows])
    return render_template(
        "examples/index.html", page=page, public=public, is_open=office().shows_examples,
        reasons={one.id: why(one, one.id in public) for one in page.rows},
    )  # fmt: skip


def why(example, public):
    """Say why an example is not on the public page, though it was not taken back."""
    if public or example.withdrawn_at:
        return ""
    if example.person_id and today() < example.leaves_on:
        return _("The contact has not agreed, or has withdrawn consent.")
    return _("Nobody has confirmed it for more than a year.")
