"""Boundaries on screen: choose a file, look at what it would do, take it over."""

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from flask_login import current_user

from config import BOUNDARIES_BYTES
from crm.access import Permission, requires
from crm.db import db
from crm.geography import queries, services
from crm.geography.forms import TakeOverForm, UploadForm
from crm.importing import Refused, shown
from crm.register import queries as register
from crm.register import services as waiting_files

geography = Blueprint("geography", __name__, url_prefix="/kommunen/grenzen")
PURPOSE = "boundaries"
# Around the file itself there are the other fields of the form.
FRAME_BYTES = 100_000


@geography.route("", methods=["GET", "POST"])
@requires(Permission.MANAGE_REGISTER, most_bytes=BOUNDARIES_BYTES + FRAME_BYTES)
def boundaries():
    """Show what is stored and take a file; a right one waits for the decision."""
    form = UploadForm()
    if form.validate_on_submit():
        upload = form.file.data
        content = upload.stream.read()
        try:
            services.check(content)
        except Refused as refused:
            form.form_errors += shown(refused.findings)
        else:
            waiting_files.keep_waiting(content, upload.filename, PURPOSE, current_user)
            db.session.commit()
            return redirect(url_for("geography.preview"), 303)
    return form.page("geography/boundaries.html", state=queries.state())


@geography.route("/pruefung", methods=["GET", "POST"])
@requires(Permission.MANAGE_REGISTER)
def preview():
    """Show what the waiting file would do; take it over as one change."""
    waiting = register.waiting(current_user.id, PURPOSE)
    if waiting is None:
        flash(_("No file is waiting. Choose it once more."), "wait")
        return redirect(url_for("geography.boundaries"))
    content, form = waiting_files.content_of(waiting), TakeOverForm()
    try:
        if form.validate_on_submit():
            return _take_over(waiting, content, form.values["attribution"])
        plan = services.check(content)
    except Refused as refused:
        # The register has changed since the file was chosen.
        db.session.rollback()
        flash(shown(refused.findings)[0], "bad")
        return redirect(url_for("geography.boundaries"))
    form.attribution.data = form.attribution.data or ("" if form.is_submitted() else plan.attribution)
    return form.page(
        "geography/preview.html", plan=plan, file_name=waiting.file_name, doubtful=shown(plan.doubtful)
    )


def _take_over(waiting, content, attribution):
    counts = services.take_over(content, attribution, current_user).summary
    waiting_files.drop(current_user, PURPOSE)
    db.session.commit()
    said = {"new": counts.new, "changed": counts.changed, "unchanged": counts.unchanged}
    flash(_("Boundaries: %(new)s new, %(changed)s changed, %(unchanged)s unchanged.", **said))
    return redirect(url_for("geography.boundaries"), 303)
