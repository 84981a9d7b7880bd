"""The official register on screen: check a file, see what it would change, take it over."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm.access import Permission, requires
from crm.db import db
from crm.export import download, to_csv
from crm.importing import MOST_SHOWN, Refused
from crm.register import queries, services
from crm.register.forms import SUCCESSOR, DecisionForm, UploadForm, digest_of, heirs, successors_in
from crm.register.reading import LARGEST_FILE

register = Blueprint("register", __name__, url_prefix="/verzeichnis")
PURPOSE = "register"
SHOWN = 100


@register.route("", methods=["GET", "POST"])
@requires(Permission.MANAGE_REGISTER, most_bytes=LARGEST_FILE + 100_000)
def index():
    """Show which editions were taken over, and check a new file."""
    form = UploadForm()
    if form.validate_on_submit():
        if not form.file.data or not form.file.data.filename:
            form.file.errors = [_("Choose the file of the official register.")]
        else:
            return _check(form)
    return form.page("register/index.html", editions=queries.editions())


def _check(form):
    """Keep the file and go on to what it would change."""
    upload = form.file.data
    services.keep_waiting(upload.stream.read(), upload.filename, PURPOSE, current_user)
    db.session.commit()
    wishes = {"einwohner": form.population_on.data, "laender": "1" if form.all_states.data else None}
    return redirect(url_for("register.preview", **wishes), 303)


def _options():
    """What the address says about the file: the day of the figures, other Länder, successors."""
    try:
        day = date.fromisoformat(request.args.get("einwohner", ""))
    except ValueError:
        day = None
    return {"population_on": day, "all_states": request.args.get("laender") == "1"}


@register.route("/pruefung", methods=["GET", "POST"])
@requires(Permission.MANAGE_REGISTER)
def preview():
    """Show what the waiting file would change; take it over on request."""
    waiting = queries.waiting(current_user.id, PURPOSE)
    if waiting is None:
        return _nothing_waits()
    form, content, name = DecisionForm(), services.content_of(waiting), waiting.file_name
    successors = successors_in(request.form)
    try:
        if form.validate_on_submit() and (done := _take_over(form, content, name, successors)):
            return done
        db.session.rollback()
        plan = services.plan_of(content, **_options(), successors=successors)
    except Refused as refused:
        db.session.rollback()
        return _refused(name, refused)
    return _page(form, plan, content, name, successors)


def _page(form, plan, content, name, successors):
    form.digest.data = digest_of(plan, content)
    missing = [place.key_on(plan.day) for place in plan.missing]
    return form.page(
        "register/preview.html", plan=plan, file_name=name, shown=SHOWN, options=_arguments(),
        heirs={key: heirs(plan, key) for key in missing}, successors=successors,
        field_name=SUCCESSOR, counts=plan.summary,
        doubts=[one.text for one in [*plan.file.warnings, *plan.doubts][:MOST_SHOWN]],
    )  # fmt: skip


def _nothing_waits():
    flash(
        _("No file is waiting. It was taken over, dropped, or a day has passed: choose it once more."), "wait"
    )
    return redirect(url_for("register.index"), 303)


def _arguments():
    """What the address of the preview asked for, to ask it of its neighbours."""
    return {name: request.args[name] for name in ("einwohner", "laender") if name in request.args}


def _take_over(form, content, name, successors):
    """Write what was shown; nothing when it is no longer the same or a confirmation is missing."""
    plan = services.locked_plan_of(content, **_options(), successors=successors)
    waiting = queries.waiting(current_user.id, PURPOSE)
    if waiting is None:
        db.session.rollback()
        return _nothing_waits()
    if plan.older_than and not form.older.data:
        form.older.errors = [_("Confirm that an older file may complete the history.")]
        return None
    if digest_of(plan, services.content_of(waiting)) != form.digest.data:
        form.form_errors.append(
            _("This is what the file would change now. Look at it and take it over then.")
        )
        return None
    services.take_over(plan, name, current_user)
    services.drop(current_user, PURPOSE)
    db.session.commit()
    flash(_said(plan))
    return redirect(url_for("register.index"), 303)


def _said(plan):
    counts = plan.summary
    return _(
        "Register of %(day)s taken over: %(new)s new, %(changed)s changed, %(closed)s closed.",
        day=plan.day.strftime("%d.%m.%Y"), new=counts.new, changed=counts.changed, closed=counts.closed,
    )  # fmt: skip


def _refused(file_name, refused):
    page = render_template(
        "register/refused.html", file_name=file_name, findings=refused.findings[:MOST_SHOWN],
        more=max(len(refused.findings) - MOST_SHOWN, 0), options=_arguments(),
    )  # fmt: skip
    return page, 422


@register.route("/pruefung.csv")
@requires(Permission.MANAGE_REGISTER)
def findings():
    """Download everything that is wrong or doubtful in the waiting file."""
    waiting = queries.waiting(current_user.id, PURPOSE)
    if waiting is None:
        return redirect(url_for("register.index"), 303)
    try:
        plan = services.plan_of(services.content_of(waiting), **_options())
        found = [*plan.file.warnings, *plan.doubts]
    except Refused as refused:
        found = refused.findings
    rows = [(one.line, one.column, one.value, one.message) for one in found]
    head = [_("Line"), _("Column"), _("Value"), _("What is wrong")]
    return download(to_csv(head, rows), "pruefung", "csv")
