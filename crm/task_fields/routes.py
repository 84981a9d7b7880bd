"""The catalogue of task fields on screen."""

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm.access import Permission, requires
from crm.audit import history_of
from crm.cooperations.settling import describe_those_with
from crm.db import db, today
from crm.errors import RuleBroken
from crm.history import last_editor, lines
from crm.task_fields import queries, services
from crm.task_fields.forms import CloseForm, NewTaskFieldForm, TaskFieldForm
from crm.task_fields.models import TaskField

task_fields = Blueprint("task_fields", __name__, url_prefix="/aufgabenfelder")


@task_fields.route("")
@requires(Permission.READ_CONTENT)
def index():
    """Show the catalogue as a table of two levels; with `?alle=1` what has ended, too."""
    everything = request.args.get("alle") == "1"
    tree = queries.tree(None if everything else today())
    return render_template("task_fields/index.html", tree=tree, everything=everything, day=today())


@task_fields.route("/suche")
@requires(Permission.READ_CONTENT)
def search():
    """Suggest task fields for a chips field."""
    found = queries.suggestions(request.args.get("q", "")[:200])
    return jsonify([chip.as_json() for chip in found])


@task_fields.route("/neu", methods=["GET", "POST"])
@requires(Permission.MANAGE_CATALOGUES)
def new():
    """Add a task field or a group."""
    form = NewTaskFieldForm().offer_groups(queries.groups())
    if form.validate_on_submit():
        try:
            field = services.create(form.values, current_user)
        except RuleBroken as broken:
            form.report(broken)
        else:
            target = form.settle(url_for("task_fields.index"))
            db.session.commit()
            flash(_("Task field “%(name)s” saved.", name=field.name))
            return redirect(target, 303)
    return form.page("task_fields/new.html")


@task_fields.route("/<id:field_id>/bearbeiten", methods=["GET", "POST"])
@requires(Permission.MANAGE_CATALOGUES)
def edit(field_id):
    """Change a task field."""
    field = db.get_or_404(TaskField, field_id)
    form = TaskFieldForm(obj=field).offer_groups(queries.groups(also=field.parent_id))
    if form.validate_on_submit():
        try:
            services.change(field, form.values, current_user)
            describe_those_with(field.id)
        except RuleBroken as broken:
            form.report(broken)
        else:
            db.session.commit()
            flash(_("Task field “%(name)s” saved.", name=field.name))
            return redirect(url_for("task_fields.index"), 303)
    if form.conflicts:
        form.conflict_by = last_editor(field)
    return form.page("task_fields/edit.html", field=field, events=lines(history_of(field)))


@task_fields.route("/<id:field_id>/beenden", methods=["GET", "POST"])
@requires(Permission.MANAGE_CATALOGUES)
def close(field_id):
    """End a task field with a day; talks that name it keep it."""
    field = db.get_or_404(TaskField, field_id)
    form = CloseForm(obj=field)
    if form.validate_on_submit():
        try:
            services.close(field, form.values["valid_to"], current_user)
        except RuleBroken as broken:
            form.report(broken)
        else:
            db.session.commit()
            flash(_("Task field “%(name)s” ended.", name=field.name))
            return redirect(url_for("task_fields.index"), 303)
    return form.page("task_fields/close.html", field=field)
