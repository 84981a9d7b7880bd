"""Versions of a material on screen: the next one, what is said of it, its file, its stock."""

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm.access import Permission, requires
from crm.db import db, today
from crm.dispatches import queries as dispatches
from crm.documents.services import MOST_BYTES
from crm.errors import RuleBroken
from crm.export import stored_file
from crm.history import last_editor
from crm.i18n import day
from crm.materials import queries, services, stock
from crm.materials.forms import NewVersionForm, StockForm, VersionFileForm, VersionForm
from crm.materials.routes import FRAME_BYTES, about_files, load, materials, page_of_material

ONE = "/fassungen/<id:version_id>"


def load_version(version_id):
    """Give a version, or answer 404."""
    return queries.version(version_id) or abort(404)


@materials.route("/<id:material_id>/fassungen/neu", methods=["GET", "POST"])
@requires(Permission.WRITE_MATERIALS, most_bytes=MOST_BYTES + FRAME_BYTES)
def new_version(material_id):
    """Enter the next version; afterwards those who hold an older one can be sent it."""
    material = load(material_id)
    form = NewVersionForm()
    if form.validate_on_submit():
        try:
            made = services.add_version(material, form.values, current_user, form.file.data)
        except RuleBroken as broken:
            db.session.rollback()
            form.report(broken)
        else:
            target, said = form.settle(page_of_material(material_id)), _said(made)
            db.session.commit()
            flash(said)
            return redirect(target, 303)
    return form.page("materials/new_version.html", material=material, **about_files())


def _said(version):
    if version.is_ahead:
        since = day(version.valid_from)
        return _("%(name)s saved. It is handed out from %(day)s.", name=version.called, day=since)
    return _("%(name)s saved. It is handed out from now on.", name=version.called)


@materials.route(f"{ONE}/bearbeiten", methods=["GET", "POST"])
@requires(Permission.WRITE_MATERIALS)
def edit_version(version_id):
    """Correct what is said of a version."""
    version = load_version(version_id)
    form = VersionForm(obj=version)
    if form.validate_on_submit():
        try:
            services.change_version(version, form.values, current_user)
        except RuleBroken as broken:
            db.session.rollback()
            form.report(broken)
        else:
            target, said = page_of_material(version.material_id), version.called
            db.session.commit()
            flash(_("%(name)s saved.", name=said))
            return redirect(target, 303)
    if form.conflicts:
        form.conflict_by = last_editor(version.material)
    return form.page("materials/edit_version.html", version=version, material=version.material)


@materials.route(f"{ONE}/datei")
@requires(Permission.READ_CONTENT)
def download(version_id):
    """Give the file of a version to save."""
    found = queries.file_of(version_id) or abort(404)
    return stored_file(found.content, found.media_type, found.file_name)


@materials.route(f"{ONE}/datei/neu", methods=["GET", "POST"])
@requires(Permission.WRITE_MATERIALS, most_bytes=MOST_BYTES + FRAME_BYTES)
def attach(version_id):
    """Give a version its file, or another one in place of a wrong one."""
    version = load_version(version_id)
    form = VersionFileForm()
    if form.validate_on_submit():
        try:
            services.put_file(version, form.file.data, current_user)
        except RuleBroken as broken:
            db.session.rollback()
            form.report(broken)
        else:
            target = form.settle(page_of_material(version.material_id))
            db.session.commit()
            flash(_("File saved."))
            return redirect(target, 303)
    return form.page("materials/attach.html", version=version, material=version.material, **about_files())


@materials.route(f"{ONE}/bestand")
@requires(Permission.READ_CONTENT)
def stock_log(version_id):
    """Show the log of the stock of a version."""
    version = load_version(version_id)
    found = queries.movements(version_id)
    seen = dispatches.seen_among(current_user, {one.dispatch_id for one in found if one.dispatch_id})
    return render_template("materials/stock_log.html", version=version, movements=found, seen=seen)


@materials.route(f"{ONE}/bestand/buchen", methods=["GET", "POST"])
@requires(Permission.WRITE_MATERIALS)
def book(version_id):
    """Book copies that came, went or were counted."""
    version = load_version(version_id)
    form = StockForm(data={"booked_on": today()})
    if form.validate_on_submit():
        try:
            stock.book(version, by=current_user, **form.values)
        except RuleBroken as broken:
            db.session.rollback()
            form.report(broken)
        else:
            target = form.settle(url_for("materials.stock_log", version_id=version_id))
            said = _("Booked. In stock: %(num)s.", num=version.in_stock)
            db.session.commit()
            flash(said)
            return redirect(target, 303)
    return form.page("materials/book.html", version=version)
