"""Lists taken over on screen: choose a file, see what it would do, take it over, take it back."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm import jobs
from crm.access import Permission, requires
from crm.db import db
from crm.errors import RuleBroken
from crm.export import download, to_csv
from crm.importing import Refused
from crm.imports import forgetting, presenting, queries, queued, services
from crm.imports.checking import (
    asked_for,
    decided,
    has_wishes,
    kind_asked,
    nothing_waits,
    preview_of,
    read,
    refused,
    waiting_file,
)
from crm.imports.forms import (
    COLUMN,
    LEFT_OUT,
    PLACE,
    DecisionForm,
    UndoForm,
    UploadForm,
    choices_in,
)
from crm.imports.kinds import LISTS, Sort
from crm.imports.mapping import doubled
from crm.imports.models import ImportRun
from crm.imports.rows import LARGEST_FILE
from crm.paging import page_of
from crm.register import queries as waiting_files
from crm.register import services as waiting
from crm.retention import queries as retention

imports = Blueprint("imports", __name__, url_prefix="/importe")
SHOWN = 100


@imports.route("", methods=["GET", "POST"])
@requires(Permission.IMPORT_LISTS, most_bytes=LARGEST_FILE + 100_000)
def index():
    """Show which lists were taken over, and check a new one."""
    form = UploadForm()
    if form.validate_on_submit():
        if not form.file.data or not form.file.data.filename:
            form.file.errors = [_("Choose the file of the list.")]
        else:
            return _check(form)
    page = page_of(queries.runs())
    return form.page("imports/index.html", page=page, users=queries.names_of_users(page.rows))


def _check(form):
    """Read the file, keep it, and go on to what it would do."""
    upload = form.file.data
    content, name = upload.stream.read(), upload.filename
    try:
        services.table_of(content, name)
    except Refused as refusal:
        return refused(name, refusal)
    kind = LISTS[form.art.data or Sort.COOPERATIONS]
    waiting.keep_waiting(content, name, kind.purpose, current_user)
    db.session.commit()
    return redirect(preview_of(kind), 303)


@imports.route("/pruefung", methods=["GET", "POST"])
@requires(Permission.IMPORT_LISTS)
def preview():
    """Show what the waiting list would do; take it over on request."""
    kept = waiting_file()
    if kept is None:
        return nothing_waits()
    form = DecisionForm()
    try:
        table, columns, problems = read(kept)
        if problems:
            return _page(form, kept, table, columns, problems)
        if form.validate_on_submit() and (done := _take_over(form, kept, table, columns)):
            return done
        if form.is_submitted():
            db.session.rollback()
            kept = waiting_file()
        return _page(form, kept, table, columns, [])
    except Refused as refusal:
        return refused(kept.file_name, refusal)


def _take_over(form, kept, table, columns):
    """Write what was shown and chosen; nothing when it is no longer the same."""
    name = kept.file_name
    plan = services.locked_plan_of(table, columns, kind=kind_asked())
    kept = waiting_file()
    if kept is None:
        db.session.rollback()
        return nothing_waits()
    if plan.digest(waiting.content_of(kept)) != form.digest.data:
        form.form_errors.append(_("This is what the list would do now. Look at it and take it over then."))
        return None
    choices = choices_in(request.form)
    if queued.is_long(plan):
        return _leave_to_worker(kept, plan, choices)
    if choices:
        plan = services.plan_of(table, columns, choices, kind_asked())
    if has_wishes():
        services.remember(columns, current_user, kind_asked())
    run = services.take_over(plan, name, current_user, kind_asked())
    db.session.delete(kept)
    db.session.commit()
    flash(_said(plan.summary))
    return redirect(url_for("imports.show", run_id=run.id) if run else url_for("imports.index"), 303)


def _leave_to_worker(kept, plan, choices):
    job = queued.leave_to_worker(kept, plan, kind_asked(), choices, current_user)
    if has_wishes():
        services.remember(plan.mapping, current_user, kind_asked())
    db.session.commit()
    jobs.ring(queued.DUTY)
    return redirect(url_for("imports.progress", job_id=job.id), 303)


def _said(counts):
    return _(
        "List taken over: %(new)s new, %(changed)s changed, %(closed)s ended, %(unchanged)s unchanged.",
        new=counts.new, changed=counts.changed, closed=counts.closed, unchanged=counts.unchanged,
    )  # fmt: skip


def _page(form, kept, table, columns, problems):
    if kept is None:
        return nothing_waits()
    plan, kind = None if problems else services.plan_of(table, columns, kind=kind_asked()), kind_asked()
    if plan is not None:
        form.digest.data = plan.digest(waiting.content_of(kept))
    page, code = form.page(
        "imports/preview.html", file_name=kept.file_name, table=table, plan=plan, problems=problems,
        columns=presenting.columns(table, columns), meanings=list(kind.fields), left_out=columns.left_out,
        notices=[*table.notices, *doubled(table.header)],
        parts=plan and presenting.SHOWN_BY[kind.sort](plan, SHOWN),
        names={"column": COLUMN, "left_out": LEFT_OUT, "place": PLACE}, chosen=_chosen(kept),
        arguments=asked_for(), art=kind.sort.value,
        remembered=not has_wishes() and columns.remembered,
    )  # fmt: skip
    return page, 422 if problems else code


def _chosen(kept):
    """The places picked on the page; before anybody picked there, those of a taking over that failed."""
    return choices_in(decided()) if decided() else queued.choices_of(kept, kind_asked())


@imports.route("/pruefung.csv")
@requires(Permission.IMPORT_LISTS)
def findings():
    """Download everything that is wrong or doubtful in the waiting list."""
    plan = _plan_of_waiting()
    if plan is None:
        return redirect(preview_of(kind_asked()), 303)
    rows = [(one.line, one.column, one.value, one.message) for one in (*plan.errors, *plan.doubts)]
    head = [_("Line"), _("Column"), _("Value"), _("What is wrong")]
    return download(to_csv(head, rows), "pruefung", "csv")


@imports.route("/fehlerzeilen.csv")
@requires(Permission.IMPORT_LISTS)
def wrong_rows():
    """Download the rows of the waiting list that would be left out, to correct them."""
    plan = _plan_of_waiting()
    if plan is None:
        return redirect(preview_of(kind_asked()), 303)
    return download(services.repair_file(plan), "fehlerzeilen", "csv")


def _plan_of_waiting():
    kept = waiting_file()
    try:
        table, columns, problems = read(kept) if kept else (None, None, [""])
    except Refused:
        return None
    return None if problems else services.plan_of(table, columns, kind=kind_asked())


@imports.route("/<id:run_id>")
@requires(Permission.IMPORT_LISTS)
def show(run_id):
    """Show what an import made and changed."""
    run = db.get_or_404(ImportRun, run_id)
    page = page_of(queries.records(run))
    left_out = waiting_files.waiting(current_user.id, services.errors_of(run))
    things = queries.things_of(page.rows, current_user)
    return render_template(
        "imports/show.html", run=run, page=page, things=things, left_out=left_out,
        users=queries.names_of_users([run]),
    )  # fmt: skip


@imports.route("/<id:run_id>/fehlerzeilen.csv")
@requires(Permission.IMPORT_LISTS)
def left_out(run_id):
    """Download the rows that an import left out, for a day."""
    run = db.get_or_404(ImportRun, run_id)
    kept = waiting_files.waiting(current_user.id, services.errors_of(run))
    if kept is None:
        flash(_("The rows are no longer kept. Check the list once more to get them."), "wait")
        return redirect(url_for("imports.show", run_id=run.id), 303)
    return download(waiting.content_of(kept), f"fehlerzeilen-{run.id}", "csv")


@imports.route("/<id:run_id>/zuruecknehmen", methods=["GET", "POST"])
@requires(Permission.IMPORT_LISTS)
def undo(run_id):
    """Take an import back, after asking."""
    run = db.get_or_404(ImportRun, run_id)
    form = UndoForm()
    if form.validate_on_submit():
        try:
            done = services.undo(run, current_user, leave_worked_on=form.leave.data)
        except RuleBroken as broken:
            db.session.rollback()
            form.report(broken)
        else:
            db.session.commit()
            flash(_undone(done))
            return redirect(url_for("imports.show", run_id=run_id), 303)
    run = db.get_or_404(ImportRun, run_id)
    names = [] if run.undone_at else services.worked_on(run)
    kept, days = not forgetting.is_forgotten(run), retention.period("imports")
    return form.page("imports/undo.html", run=run, names=names, shown=SHOWN, kept=kept, days=days)


def _undone(done):
    return _(
        "Import taken back: %(removed)s into the trash, %(reset)s set back, %(left)s left alone.",
        removed=len(done.removed), reset=len(done.reset), left=len(done.left),
    )  # fmt: skip
