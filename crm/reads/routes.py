"""The log of reads on screen; who looks at it stands in it."""

from flask import Blueprint, render_template, request

from crm.access import Permission, requires
from crm.fields import coerce_number
from crm.paging import page_of
from crm.reads import noting, queries

reads = Blueprint("reads", __name__, url_prefix="/einsicht")


@reads.route("")
@requires(Permission.MANAGE_USERS)
def index():
    """List who read what is confidential; `?beratung=`, `?dokument=` and `?konto=` narrow it."""
    noting.note_look()
    talk = request.args.get("beratung", type=coerce_number)
    user = request.args.get("konto", type=coerce_number)
    file = request.args.get("dokument", type=coerce_number)
    page = page_of(queries.listing(talk, user, file))
    return render_template("reads/index.html", page=page, talk=talk, user=user, file=file)
