"""All documents of a talk, a group, a municipality or a body."""

from flask import abort, render_template
from flask_login import current_user

from crm.access import Permission, requires
from crm.documents import queries, sources
from crm.documents.routes import documents
from crm.paging import page_of


@documents.route("/beratung/<id:consultation_id>")
@requires(Permission.READ_CONTENT)
def of_talk(consultation_id):
    """List the documents of a talk."""
    return _list(sources.talk_place(consultation_id), sources.on_talk(consultation_id))


@documents.route("/kooperation/<id:cooperation_id>")
@requires(Permission.READ_CONTENT)
def of_group(cooperation_id):
    """List the documents of a group, with those of its resolutions and its application."""
    return _list(sources.group_place(cooperation_id), sources.on_group(cooperation_id))


@documents.route("/kommune/<id:organisation_id>")
@requires(Permission.READ_CONTENT)
def of_organisation(organisation_id):
    """List the documents of a municipality or another body."""
    return _list(sources.organisation_place(organisation_id), sources.on_organisation(organisation_id))


def _list(place, condition):
    if place is None:
        abort(404)
    page = page_of(queries.of(current_user, condition))
    page.rows = queries.with_older(page.rows)
    return render_template("documents/index.html", place=place, page=page)
