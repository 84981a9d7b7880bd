"""Materials on screen: the list, one with its versions, what is entered and changed."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm.access import Permission, requires
from crm.audit import history_of
from crm.db import db
from crm.dispatches import queries as dispatches
from crm.documents.services import MOST_BYTES, kinds_in_words, most_size
from crm.errors import RuleBroken
from crm.fields import record_choices
from crm.history import last_editor, lines
from crm.materials import queries, services
from crm.materials.forms import MaterialForm, MaterialsForm, NewMaterialForm, stored
from crm.paging import page_of
from crm.task_fields import queries as task_fields

materials = Blueprint("materials", __name__, url_prefix="/materialien")
# Around the file itself there are the other fields of the form.
FRAME_BYTES = 100_000


def load(material_id):
    """Give a material, or answer 404."""
    return queries.one(material_id) or abort(404)


def page_of_material(material_id):
    """Address of the page of a material."""
    return url_for("materials.show", material_id=material_id)


def about_files():
    """What a page with a file field says about files."""
    return {"kinds": kinds_in_words(), "most": most_size()}


@materials.route("")
@requires(Permission.READ_CONTENT)
def index():
    """List materials with their newest version, its stock and how many hold it."""
    form = MaterialsForm(formdata=request.args)
    form.feld.choices = record_choices(task_fields.names(), empty=_("all"))
    form.validate()
    filters = queries.Filters(
        text=form.chosen("q") or "", kind=form.chosen("art"), field_id=form.chosen("feld"),
        whose=form.chosen("von"), withdrawn=bool(form.chosen("alte")),
    )  # fmt: skip
    page = page_of(queries.listing(filters), queries.FOR_LISTS)
    counts = dispatches.counts_of(current_user, [one.newest.id for one in page.rows])
    return render_template("materials/index.html", form=form, page=page, counts=counts)


@materials.route("/neu", methods=["GET", "POST"])
@requires(Permission.WRITE_MATERIALS, most_bytes=MOST_BYTES + FRAME_BYTES)
def new():
    """Enter a material with its first version."""
    form = NewMaterialForm().connect(task_fields.chip_source())
    if form.validate_on_submit():
        try:
            material = services.create(form.values, current_user, form.file.data)
        except RuleBroken as broken:
            db.session.rollback()
            form.report(broken)
        else:
            target = form.settle(page_of_material(material.id))
            db.session.commit()
            flash(_("%(name)s saved.", name=form.title.data))
            return redirect(target, 303)
    return form.page("materials/new.html", **about_files())


@materials.route("/<id:material_id>")
@requires(Permission.READ_CONTENT)
def show(material_id):
    """Show a material: its versions, their stock, how many hold each of them, what was handed out last."""
    material = load(material_id)
    return render_template(
        "materials/show.html", material=material, events=lines(history_of(material)),
        counts=dispatches.counts_of(current_user, [one.id for one in material.versions]),
        outdated=dispatches.how_many_hold_older(current_user, material),
        last=dispatches.latest(current_user, material.id),
    )  # fmt: skip


@materials.route("/<id:material_id>/bearbeiten", methods=["GET", "POST"])
@requires(Permission.WRITE_MATERIALS)
def edit(material_id):
    """Change what holds for all versions."""
    material = load(material_id)
    form = MaterialForm(obj=stored(material, task_fields.chip_source())).prepare()
    if form.validate_on_submit():
        try:
            services.change(material, form.values, current_user)
        except RuleBroken as broken:
            db.session.rollback()
            form.report(broken)
        else:
            db.session.commit()
            flash(_("%(name)s saved.", name=form.title.data))
            return redirect(page_of_material(material_id), 303)
    if form.conflicts:
        form.conflict_by = last_editor(material)
    return form.page("materials/edit.html", material=material)
