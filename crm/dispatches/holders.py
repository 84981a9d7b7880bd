"""Who holds which version, the question before the newest goes to them, and the figures of it all."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from crm import jobs
from crm.access import Permission, requires
from crm.db import db, today
from crm.dispatches import addressing, figures, queries, renewing
from crm.dispatches.forms import RenewForm, SpanForm
from crm.dispatches.routes import dispatches
from crm.errors import RuleBroken
from crm.export import download, to_csv
from crm.forms import confirmed
from crm.invitations.reasons import by_reason
from crm.mail.services import DUTY
from crm.mail.words import on_their_way
from crm.materials import queries as materials
from crm.paging import page_of_list


@dispatches.route("/material/<id:material_id>")
@requires(Permission.READ_CONTENT)
def holders(material_id):
    """List who holds a material, those with an older version first."""
    material = materials.one(material_id) or abort(404)
    lines = queries.lines_of_holders(current_user, material_id)
    page = page_of_list(lines)
    page.rows = queries.read_lines([line for line, _version in page.rows])
    outdated = {one.id for one in material.versions if one.is_outdated}
    return render_template(
        "dispatches/holders.html", material=material, page=page,
        older=any(version in outdated for _line, version in lines),
        called={one.id: one for one in material.versions},
    )  # fmt: skip


@dispatches.route("/neue-fassung/<id:version_id>", methods=["GET", "POST"])
@requires(Permission.WRITE_MATERIALS)
def renew(version_id):
    """Say who gets the newest version and who does not and why, then send it to those it concerns by then."""
    version = materials.version(version_id) or abort(404)
    form = RenewForm()
    if form.validate_on_submit() and confirmed(version):
        try:
            sent = renewing.send(version, current_user)
        except RuleBroken as broken:
            db.session.rollback()
            form.report(broken)
        else:
            target = form.settle(url_for("dispatches.holders", material_id=version.material_id))
            db.session.commit()
            jobs.ring(DUTY)
            flash(on_their_way(sent.mails, form.shown.data))
            return redirect(target, 303)
    return _question(form, version)


def _question(form, version):
    if not form.is_submitted():
        try:
            renewing.check(version)
        except RuleBroken as broken:
            form.report(broken)
    found = addressing.of_older(current_user, version.material)
    form.shown.data = str(len(found.people))
    called = {one.number: one.called for one in version.material.versions}
    return form.page(
        "dispatches/renew.html", version=version, material=version.material, found=found, called=called,
        skipped=by_reason(found.skipped),
    )  # fmt: skip


@dispatches.route("/auswertung")
@requires(Permission.READ_CONTENT)
def report():
    """Count what was handed out, by material and version; every figure leads to its entries."""
    form, span = _span()
    found = figures.of(current_user, *span)
    return render_template("dispatches/report.html", form=form, rows=found, total=figures.total(found))


@dispatches.route("/auswertung.csv")
@requires(Permission.READ_CONTENT)
def report_file():
    """Give the same figures as a file."""
    _form, span = _span()
    rows = [one.cells() for one in figures.of(current_user, *span)]
    return download(to_csv(figures.head(), rows), f"materialien-{today():%Y-%m-%d}", "csv")


def _span():
    form = SpanForm(formdata=request.args)
    form.validate()
    return form, (form.chosen("von"), form.chosen("bis"))
