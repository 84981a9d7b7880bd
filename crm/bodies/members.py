"""The members of a body on screen: add many at once, correct, end, take out."""

from flask import abort, flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from crm.access import Permission, requires
from crm.bodies import queries, services
from crm.bodies.forms import EndForm, MemberForm, NewMembersForm
from crm.bodies.routes import bodies, load, page_of_body
from crm.db import db
from crm.errors import RuleBroken
from crm.history import last_editor
from crm.organisations import queries as organisations


def _member(body_id, member_id):
    load(body_id)
    return queries.member(body_id, member_id) or abort(404)


@bodies.route("/<id:body_id>/mitglieder/neu", methods=["GET", "POST"])
@requires(Permission.WRITE_BODIES)
def add_members(body_id):
    """Let one or many organisations belong to a body from a day on."""
    body = load(body_id)
    form = NewMembersForm().connect(organisations.chip_source())
    if form.validate_on_submit():
        try:
            rows = services.add_members(body, form.values, current_user)
        except RuleBroken as broken:
            form.report(broken)
        else:
            target = form.settle(page_of_body(body_id) + "#members")
            db.session.commit()
            flash(ngettext("%(num)s member added.", "%(num)s members added.", len(rows)))
            return redirect(target, 303)
    return form.page("bodies/add_members.html", body=body)


@bodies.route("/<id:body_id>/mitglieder/<id:member_id>", methods=["GET", "POST"])
@requires(Permission.WRITE_BODIES)
def edit_member(body_id, member_id):
    """Correct time and remark of a membership."""
    row = _member(body_id, member_id)
    form = MemberForm(obj=row)
    if form.validate_on_submit():
        try:
            services.change_member(row, form.values, current_user)
        except RuleBroken as broken:
            form.report(broken)
        else:
            db.session.commit()
            flash(_("Membership saved."))
            return redirect(page_of_body(body_id) + "#members", 303)
    if form.conflicts:
        form.conflict_by = last_editor(row.body)
    return form.page("bodies/edit_member.html", row=row, body=row.body)


@bodies.route("/<id:body_id>/mitglieder/<id:member_id>/beenden", methods=["GET", "POST"])
@requires(Permission.WRITE_BODIES)
def end_member(body_id, member_id):
    """End a membership with its last day."""
    row = _member(body_id, member_id)
    form = EndForm(obj=row)
    if form.validate_on_submit():
        try:
            services.end_member(row, form.values["valid_to"], current_user)
        except RuleBroken as broken:
            form.report(broken)
        else:
            db.session.commit()
            flash(_("The membership has ended."))
            return redirect(page_of_body(body_id) + "#members", 303)
    if form.conflicts:
        form.conflict_by = last_editor(row.body)
    return form.page("bodies/end_member.html", row=row, body=row.body)


@bodies.route("/<id:body_id>/mitglieder/<id:member_id>/entfernen", methods=["GET", "POST"])
@requires(Permission.WRITE_BODIES)
def remove_member(body_id, member_id):
    """Ask once more, then take out a membership that never was."""
    row = _member(body_id, member_id)
    if request.method == "GET":
        return render_template("bodies/remove_member.html", row=row, body=row.body)
    services.remove_member(row, current_user)
    db.session.commit()
    flash(_("Mistaken membership removed. The history keeps the trace."))
    return redirect(page_of_body(body_id) + "#members", 303)
