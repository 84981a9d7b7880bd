"""Attachments on screen: attach to a resolution, a paper or an event, take home, remove."""

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_login import current_user

from crm.access import Permission, requires
from crm.db import db
from crm.documents import services, sources
from crm.documents.forms import AttachForm, EventFileForm
from crm.errors import RuleBroken
from crm.export import stored_file

documents = Blueprint("documents", __name__, url_prefix="/dokumente")
# Around the file itself there are the other fields of the form.
FRAME_BYTES = 100_000


@documents.route("/beschluss/<id:resolution_id>", methods=["GET", "POST"])
@requires(Permission.WRITE_COOPERATIONS, most_bytes=services.MOST_BYTES + FRAME_BYTES)
def attach_to_resolution(resolution_id):
    """Attach an extract to a resolution."""
    return _attach(sources.resolution_place(resolution_id) or abort(404))


@documents.route("/unterlage/<id:paper_id>", methods=["GET", "POST"])
@requires(Permission.WRITE_COOPERATIONS, most_bytes=services.MOST_BYTES + FRAME_BYTES)
def attach_to_paper(paper_id):
    """Attach a file to a paper of an application."""
    return _attach(sources.paper_place(paper_id) or abort(404))


@documents.route("/veranstaltung/<id:event_id>", methods=["GET", "POST"])
@requires(Permission.WRITE_EVENTS, most_bytes=services.MOST_BYTES + FRAME_BYTES)
def attach_to_event(event_id):
    """Attach a file to an event, for guests or for the office."""
    return _attach(sources.event_place(event_id) or abort(404), EventFileForm)


def _attach(place, kind=AttachForm):
    form = kind()
    if form.validate_on_submit():
        guests = {"for_guests": form.for_guests.data} if place.of_event else {}
        try:
            made = services.attach(form.file.data, place.owner, current_user, **guests, **place.column)
        except RuleBroken as broken:
            db.session.rollback()
            form.report(broken)
        else:
            target, name = form.settle(place.url), made.file_name
            db.session.commit()
            flash(_("%(name)s attached.", name=name))
            return redirect(target, 303)
    return form.page(
        "documents/attach.html", place=place, kinds=services.kinds_in_words(), most=services.most_size()
    )


@documents.route("/<id:document_id>")
@requires(Permission.READ_CONTENT)
def download(document_id):
    """Give a file to save; nothing in it is ever shown as a page of this site."""
    document, place = sources.document(document_id)
    if document is None or place is None:
        abort(404)
    return stored_file(document.content, document.media_type, document.file_name)


@documents.route("/<id:document_id>/entfernen", methods=["GET", "POST"])
@requires(Permission.WRITE_COOPERATIONS)
def remove(document_id):
    """Ask once more, then take a file of a group out for good."""
    document, place = sources.document(document_id)
    if document is None or place is None or place.of_event:
        abort(404)
    return _remove(document, place)


@documents.route("/veranstaltung/<id:event_id>/<id:file_id>/entfernen", methods=["GET", "POST"])
@requires(Permission.WRITE_EVENTS)
def remove_from_event(event_id, file_id):
    """Ask once more, then take a file of an event out for good."""
    return _remove(*_of_event(event_id, file_id))


def _remove(document, place):
    if request.method == "GET":
        return render_template("documents/remove.html", document=document, place=place)
    services.remove(document, place.owner, current_user)
    db.session.commit()
    flash(_("Document removed."))
    return redirect(place.url, 303)


@documents.route("/veranstaltung/<id:event_id>/<id:file_id>/gaeste", methods=["POST"])
@requires(Permission.WRITE_EVENTS)
def show_guests(event_id, file_id):
    """Let guests have a file, or take it back from them."""
    document, place = _of_event(event_id, file_id)
    services.show_guests(document, place.owner, request.form.get("shown") == "1", current_user)
    db.session.commit()
    return redirect(place.url, 303)


def _of_event(event_id, document_id):
    document, place = sources.document(document_id)
    if document is None or place is None or document.event_id != event_id:
        abort(404)
    return document, place
