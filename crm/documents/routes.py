"""Documents on screen: attach, look at, replace, take home, remove."""

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm import jobs
from crm.access import Permission, requires
from crm.db import db
from crm.documents import contents, duties, queries, services, sources
from crm.documents.forms import AttachForm, EventFileForm, PlaceFileForm
from crm.errors import RuleBroken
from crm.export import drawn_picture, stored_file
from crm.reads import noting
from crm.reads.models import Way
from crm.search import queries as search

documents = Blueprint("documents", __name__, url_prefix="/dokumente")
# Around the file itself there are the other fields of the form.
FRAME_BYTES = 100_000
MOST_SENT = services.MOST_BYTES + FRAME_BYTES


@documents.route("/beschluss/<id:resolution_id>", methods=["GET", "POST"])
@requires(Permission.WRITE_COOPERATIONS, most_bytes=MOST_SENT)
def attach_to_resolution(resolution_id):
    """Attach an extract to a resolution."""
    return _attach(sources.resolution_place(resolution_id) or abort(404))


@documents.route("/unterlage/<id:paper_id>", methods=["GET", "POST"])
@requires(Permission.WRITE_COOPERATIONS, most_bytes=MOST_SENT)
def attach_to_paper(paper_id):
    """Attach a file to a paper of an application."""
    return _attach(sources.paper_place(paper_id) or abort(404))


@documents.route("/veranstaltung/<id:event_id>", methods=["GET", "POST"])
@requires(Permission.WRITE_EVENTS, most_bytes=MOST_SENT)
def attach_to_event(event_id):
    """Attach a file to an event, for guests or for the office."""
    return _attach(sources.event_place(event_id) or abort(404), EventFileForm, "for_guests")


@documents.route("/beratung/<id:consultation_id>/neu", methods=["GET", "POST"])
@requires(Permission.WRITE_DOCUMENTS, most_bytes=MOST_SENT)
def attach_to_talk(consultation_id):
    """Attach a file to a talk."""
    return _attach(sources.talk_place(consultation_id) or abort(404), PlaceFileForm, "confidential")


@documents.route("/kooperation/<id:cooperation_id>/neu", methods=["GET", "POST"])
@requires(Permission.WRITE_DOCUMENTS, most_bytes=MOST_SENT)
def attach_to_group(cooperation_id):
    """Attach a file to a group."""
    return _attach(sources.group_place(cooperation_id) or abort(404), PlaceFileForm, "confidential")


@documents.route("/kommune/<id:organisation_id>/neu", methods=["GET", "POST"])
@requires(Permission.WRITE_DOCUMENTS, most_bytes=MOST_SENT)
def attach_to_organisation(organisation_id):
    """Attach a file to a municipality or another body."""
    return _attach(sources.organisation_place(organisation_id) or abort(404), PlaceFileForm, "confidential")


def _attach(place, kind=AttachForm, asks=""):
    form = kind()
    if form.validate_on_submit():
        marks = {asks: form[asks].data} if asks else {}
        try:
            made = services.attach(form.file.data, place.owner, current_user, **marks, **place.column)
        except RuleBroken as broken:
            db.session.rollback()
            form.report(broken)
        else:
            return _saved(form.settle(place.url), _("%(name)s attached.", name=made.file_name))
    return _asked(form, place=place, asks=asks, replaced=None)


def _saved(target, said):
    """Save, wake who reads and draws, and lead on; a script that sends the file follows by itself."""
    db.session.commit()
    for name in ("search-files", duties.DUTY):
        jobs.ring(name)
    flash(said)
    return jsonify(to=target) if "X-Upload" in request.headers else redirect(target, 303)


def _asked(form, **shown):
    known = {"kinds": services.kinds_in_words(), "most": services.most_size()}
    return form.page("documents/attach.html", **shown, **known)


@documents.route("/<id:document_id>/neue-fassung", methods=["GET", "POST"])
@requires(Permission.WRITE_DOCUMENTS, most_bytes=MOST_SENT)
def replace(document_id):
    """Put a new version in the place of a file; the old one is kept behind it."""
    document, place = _found(document_id)
    return abort(404) if place.of_event else _replace(document, place)


@documents.route("/veranstaltung/<id:event_id>/<id:file_id>/neue-fassung", methods=["GET", "POST"])
@requires(Permission.WRITE_EVENTS, most_bytes=MOST_SENT)
def replace_in_event(event_id, file_id):
    """Do the same with a file of an event."""
    return _replace(*_of_event(event_id, file_id))


def _replace(document, place):
    form = AttachForm()
    if form.validate_on_submit():
        try:
            made = services.replace(document, form.file.data, place.owner, current_user)
        except RuleBroken as broken:
            db.session.rollback()
            form.report(broken)
        else:
            target = form.settle(url_for("documents.show", document_id=made.id))
            return _saved(target, _("New version saved. The earlier one is kept behind it."))
    return _asked(form, place=place, asks="", replaced=document)


def _found(document_id):
    document, place = sources.document(document_id)
    if document is None or place is None:
        abort(404)
    return document, place


@documents.route("/<id:document_id>")
@requires(Permission.READ_CONTENT)
def download(document_id):
    """Give a file to save; nothing in it is ever shown as a page of this site."""
    document, _place = _found(document_id)
    noting.note_document(Way.FILE, document)
    return stored_file(document.content, document.media_type, document.file_name)


@documents.route("/<id:document_id>/ansehen")
@requires(Permission.READ_CONTENT)
def show(document_id):
    """Show what is known of a document: pictures of its pages, its words, its versions."""
    document, place = _found(document_id)
    noting.note_document(Way.PICTURES, document)
    return render_template(
        "documents/show.html",
        document=document, place=place, versions=queries.versions(document),
        preview=queries.preview(document.id), pictures=queries.pictures(document.id),
        drawable=document.media_type in contents.WITH_PICTURES, kind=services.kind_in_words(document),
        words=search.words_of_document(document.id) if document.media_type in contents.WITH_TEXT else None,
    )  # fmt: skip


@documents.route("/<id:document_id>/bild/<id:page_number>")
@requires(Permission.READ_CONTENT)
def picture(document_id, page_number):
    """Give the picture of a page; it was drawn here, nothing of the file itself is in it."""
    document, _place = _found(document_id)
    content = queries.picture(document.id, page_number) or abort(404)
    noting.note_document(Way.PICTURES, document)
    return drawn_picture(content)


@documents.route("/<id:document_id>/vertraulich", methods=["POST"])
@requires(Permission.WRITE_DOCUMENTS)
def keep_confidential(document_id):
    """Keep a document from those who do not read confidential talks, or let them."""
    document, place = _found(document_id)
    if place.of_event:
        abort(404)
    wanted = request.form.get("confidential") == "1"
    try:
        services.keep_confidential(document, place.owner, wanted, current_user)
    except RuleBroken as broken:
        db.session.rollback()
        flash(broken.message, "wait")
    else:
        db.session.commit()
        flash(_("The document is confidential now.") if wanted else _("Everybody may read the document now."))
    return redirect(url_for("documents.show", document_id=document_id), 303)


@documents.route("/<id:document_id>/entfernen", methods=["GET", "POST"])
@requires(Permission.WRITE_DOCUMENTS)
def remove(document_id):
    """Ask once more, then take a file out for good, with its older versions or without."""
    document, place = _found(document_id)
    return abort(404) if place.of_event else _remove(document, place)


@documents.route("/veranstaltung/<id:event_id>/<id:file_id>/entfernen", methods=["GET", "POST"])
@requires(Permission.WRITE_EVENTS)
def remove_from_event(event_id, file_id):
    """Ask once more, then take a file of an event out for good."""
    return _remove(*_of_event(event_id, file_id))


def _remove(document, place):
    if request.method == "GET":
        known = queries.versions(document)
        older = len(known) - known.index(document) - 1
        return render_template("documents/remove.html", document=document, place=place, older=older)
    services.remove(document, place.owner, current_user, request.form.get("alle") == "1")
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
    document, place = _found(document_id)
    if document.event_id != event_id:
        abort(404)
    return document, place
