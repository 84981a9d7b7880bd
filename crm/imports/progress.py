"""The page that shows how far the taking over of a long list is."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from crm.access import Permission, requires
from crm.db import db
from crm.imports import queued
from crm.imports.checking import preview_of
from crm.imports.kinds import LISTS, Sort
from crm.imports.models import ImportJob, JobState
from crm.imports.routes import imports


@imports.route("/arbeit/<id:job_id>")
@requires(Permission.IMPORT_LISTS)
def progress(job_id):
    """Show how far a list is; once it is done, go on to what it made."""
    job = db.get_or_404(ImportJob, job_id)
    if job.state is JobState.DONE:
        flash(_("List taken over: %(name)s.", name=job.file_name))
        target = url_for("imports.show", run_id=job.run_id) if job.run_id else url_for("imports.index")
        return redirect(target, 303)
    leaf = {"blatt": job.sheet} if job.sheet else {}
    return _page(job, preview_of(LISTS[Sort(job.kind)], **leaf))


def _page(job, back):
    return render_template(
        "imports/progress.html", job=job, share=queued.share(job), back=back,
        is_over=job.state is JobState.FAILED,
    )  # fmt: skip
