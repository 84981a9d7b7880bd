"""Resolutions on screen: plan, record, correct, and the calendar of sessions over all groups."""

from datetime import timedelta
from itertools import groupby
from types import SimpleNamespace

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm.access import Permission, requires
from crm.cooperations import queries as cooperations
from crm.db import db, today
from crm.errors import RuleBroken
from crm.fields import coerce_number
from crm.forms import confirmed
from crm.history import last_editor
from crm.i18n import day, month
from crm.resolutions import queries, services
from crm.resolutions.forms import NewResolutionForm, ResolutionForm
from crm.resolutions.models import Body, ResolutionKind

resolutions = Blueprint("resolutions", __name__, url_prefix="/kooperationen")

LATELY = 60


def _page_of(cooperation_id):
    return url_for("cooperations.show", cooperation_id=cooperation_id)


@resolutions.route("/<id:cooperation_id>/beschluesse/neu", methods=["GET", "POST"])
@requires(Permission.WRITE_COOPERATIONS)
def new(cooperation_id):
    """Plan or record a resolution of one of the partners."""
    group = cooperations.one(cooperation_id) or abort(404)
    form = NewResolutionForm(obj=SimpleNamespace(**_wished(group))).offer(group.partners)
    if form.validate_on_submit():
        values = form.values
        number = values.pop("partner_id")
        partner = next(one for one in group.partners if one.id == number)
        try:
            made = services.record(partner, values, current_user)
        except RuleBroken as broken:
            db.session.rollback()
            form.report(broken)
        else:
            target = form.settle(_page_of(cooperation_id))
            db.session.commit()
            flash(" ".join([_said(made), *_still_open(made)]))
            return redirect(target, 303)
    return form.page("resolutions/new.html", group=group)


def _wished(group):
    """Preset the partner the address names, and the kind that comes next for it."""
    number = request.args.get("partner", type=coerce_number)
    partner = next((one for one in group.partners if one.id == number), None)
    known = partner is not None and any(
        one.partner_id == partner.id and one.consents for one in queries.of_cooperation(group.id)
    )
    kind = ResolutionKind.FINAL if known else ResolutionKind.BASIC
    return {"partner_id": partner.id if partner else None, "body": Body.COUNCIL, "kind": kind}


def _said(resolution):
    """Say whether it was planned or recorded, so that a slip in the day is seen."""
    if resolution.is_planned:
        name = resolution.partner.organisation_name
        if resolution.session_on is None:
            return _("Planned: a resolution of %(name)s, day still open.", name=name)
        return _("Planned: %(name)s decides on %(day)s.", name=name, day=day(resolution.session_on))
    return _("Resolution saved.")


def _still_open(made):
    """Say which session of the same partner lies behind and has no result: it may have been this one."""
    if made.is_planned:
        return []
    others = queries.of_cooperation(made.partner.cooperation_id)
    return [
        _(
            "%(name)s still has a session on %(day)s without a result: enter it there, or remove it.",
            name=made.partner.organisation_name, day=day(one.session_on),
        )
        for one in others
        if one.partner_id == made.partner_id and one.is_planned and one.session_on
        and one.session_on <= today()
    ]  # fmt: skip


@resolutions.route("/<id:cooperation_id>/beschluesse/<id:resolution_id>", methods=["GET", "POST"])
@requires(Permission.WRITE_COOPERATIONS)
def edit(cooperation_id, resolution_id):
    """Change a resolution, or enter its result."""
    resolution = _load(cooperation_id, resolution_id)
    form = ResolutionForm(obj=resolution)
    if form.validate_on_submit():
        try:
            services.change(resolution, form.values, current_user)
        except RuleBroken as broken:
            db.session.rollback()
            form.report(broken)
        else:
            said = _said(resolution)
            db.session.commit()
            flash(said)
            return redirect(_page_of(cooperation_id), 303)
    if form.conflicts:
        form.conflict_by = last_editor(resolution.partner.cooperation)
    extracts = queries.extracts([resolution_id]).get(resolution_id, [])
    return form.page("resolutions/edit.html", resolution=resolution, extracts=extracts)


def _load(cooperation_id, resolution_id):
    if cooperations.one(cooperation_id) is None:
        abort(404)
    return queries.one(cooperation_id, resolution_id) or abort(404)


@resolutions.route("/<id:cooperation_id>/beschluesse/<id:resolution_id>/entfernen", methods=["GET", "POST"])
@requires(Permission.WRITE_COOPERATIONS)
def remove(cooperation_id, resolution_id):
    """Ask once more, then take out a resolution that never was."""
    resolution = _load(cooperation_id, resolution_id)
    if not confirmed(resolution):
        said = services.in_words(resolution)
        return render_template("resolutions/remove.html", resolution=resolution, said=said)
    services.remove(resolution, current_user)
    db.session.commit()
    flash(_("Resolution removed. The history keeps the trace."))
    return redirect(_page_of(cooperation_id), 303)


@resolutions.route("/sitzungen")
@requires(Permission.READ_CONTENT)
def calendar():
    """Show the coming sessions over all groups, and those whose result is still missing."""
    found = queries.coming(today())
    late = [one for one in found if one.is_due]
    ahead = [one for one in found if not one.is_due]
    taken = queries.taken_since(today() - timedelta(days=LATELY))
    names = {one.id: services.body_name(one) for one in [*found, *taken]}
    return render_template(
        "resolutions/calendar.html", late=late, names=names, taken=taken, days=LATELY, total=len(ahead),
        months=[(month(first), list(rows)) for first, rows in groupby(ahead, key=_first_of_month)],
    )  # fmt: skip


def _first_of_month(resolution):
    return resolution.session_on.replace(day=1)
