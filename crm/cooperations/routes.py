"""Groups on screen: add, show, change, set aside, remove."""

from types import SimpleNamespace

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm import audit
from crm.access import Permission, requires
from crm.accounts import queries as accounts
from crm.bodies import queries as bodies
from crm.bodies.supervision import supervision
from crm.consultations import queries as consultations
from crm.consultations import short as talks
from crm.consultations.groups import join
from crm.cooperations import checks, queries, services
from crm.cooperations.forms import CooperationForm, HaltForm, NewCooperationForm, stored
from crm.cooperations.kinds import FORWARD, PartnerRole, Step, StepSource
from crm.cooperations.matrix import rows
from crm.cooperations.models import Cooperation, PartnerStep
from crm.cooperations.overview import overview
from crm.cooperations.standing import lowest
from crm.db import db, today
from crm.documents import queries as documents
from crm.documents import sources as files
from crm.errors import RuleBroken
from crm.fields import coerce_number
from crm.follow_ups import queries as follow_ups
from crm.funding import panel as funding
from crm.history import last_editor, lines
from crm.organisations import queries as organisations
from crm.proceedings import panel as proceedings
from crm.reads import noting
from crm.reads.models import Way
from crm.resolutions import short as resolutions
from crm.resolutions.services import body_name
from crm.task_fields import queries as task_fields

cooperations = Blueprint("cooperations", __name__, url_prefix="/kooperationen")

TALKS = 12


def load(cooperation_id) -> Cooperation:
    """Give a whole group, or the page that says there is none."""
    return queries.one(cooperation_id) or abort(404)


def page_of(cooperation_id):
    """Address of a group's page."""
    return url_for("cooperations.show", cooperation_id=cooperation_id)


def _sources(*staff):
    """Where the chips and choices of the forms come from."""
    return {
        "organisations": organisations.chip_source(),
        "task_fields": task_fields.chip_source(),
        "cooperations": queries.chip_source(),
        "staff": accounts.staff(also={number for number in staff if number}),
    }


@cooperations.route("/suche")
@requires(Permission.READ_CONTENT)
def search():
    """Suggest groups for a chips field."""
    return jsonify([chip.as_json() for chip in queries.suggestions(request.args.get("q", "")[:200])])


@cooperations.route("/<id:cooperation_id>")
@requires(Permission.READ_CONTENT)
def show(cooperation_id):
    """Show where each partner stands, for whom the group waits, and what else a colleague must know."""
    user = current_user._get_current_object()
    seen = consultations.seen_by(user, PartnerStep.consultation_id)
    group = overview(cooperation_id, seen, today()) or abort(404)
    decided, beside = resolutions.of_group(group.id, group.partners), proceedings.of(user, group)
    waiting, planned = lowest(group.partners), _next_sessions(decided)
    told = talks.for_cooperation(user, group.id, TALKS)
    noting.note(Way.EXCERPT, *(one for one in told if one.note))
    return render_template(
        "cooperations/show.html",
        group=group, forward=FORWARD, waiting=waiting, planned=planned, rows=rows(group, waiting, planned),
        decided=decided, names={one.id: body_name(one) for one in decided}, supervision=_supervision(group),
        talks=told,
        follow_ups=follow_ups.open_for_cooperation(user, group.id),
        documents=documents.panel(user, files.on_group(group.id)),
        below=queries.below(group.id) if group.has_below else [],
        warnings=checks.warnings(group, decided, beside["approvals"], today()),
        **beside, **funding.of(user, group),
    )  # fmt: skip


def _next_sessions(decided):
    """The next planned resolution of each partner."""
    coming = [one for one in decided if one.is_planned and one.session_on]
    return {one.partner_id: one for one in sorted(coming, key=lambda one: one.session_on, reverse=True)}


def _supervision(group):
    """Who is competent for those that take part, by the rule."""
    inside = [one for one in group.partners if not one.has_gone and one.role is not PartnerRole.OBSERVER]
    return supervision(bodies.as_members((one.organisation for one in inside), today()))


@cooperations.route("/neu", methods=["GET", "POST"])
@requires(Permission.WRITE_COOPERATIONS)
def new():
    """Add a group; one of the same title is shown first."""
    form = NewCooperationForm(obj=SimpleNamespace(**_wished()))
    form.connect(_sources())
    if form.validate_on_submit() and not _twins(form):
        try:
            group = services.create_cooperation(form.values, current_user)
            _take_talk(group)
        except RuleBroken as broken:
            db.session.rollback()
            form.report(broken)
        else:
            target = form.settle(page_of(group.id))
            db.session.commit()
            flash(_("Cooperation saved."))
            return redirect(target, 303)
    return form.page("cooperations/new.html")


def _wished():
    """What an address presets: ?kommune= (several), ?feld=, ?beratung= (partners and fields of a talk)."""
    found = {
        "organisations": [one for one in request.args.getlist("kommune", type=coerce_number) if one],
        "task_fields": [one for one in request.args.getlist("feld", type=coerce_number) if one],
        "adviser_id": current_user.id,
        "step": Step.CANDIDATE, "source": StepSource.TALK, "reached_on": today(),
    }  # fmt: skip
    if talk := _talk():
        found["organisations"] = [one.organisation_id for one in talk.participations]
        found["task_fields"] = [one.id for one in talk.task_fields]
        if not talk.confidential:
            # The day and the word "talk" would show everybody that there was one.
            return found | {"reached_on": min(talk.held_on, today())}
        return found | {"source": StepSource.OFFICE}
    return found


def _talk():
    number = request.args.get("beratung", type=coerce_number)
    return consultations.one(current_user, number) if number else None


def _take_talk(group):
    """Let the talk a group was begun from belong to it."""
    talk = _talk()
    if talk is not None and talk.cooperation_id is None:
        join(talk, group, current_user)


def _twins(form):
    """Warn once of a group of that title."""
    if form.anyway.data == "1":
        return []
    form.twins = queries.namesakes(form.title.data)
    form.anyway.data = "1" if form.twins else ""
    return form.twins


@cooperations.route("/<id:cooperation_id>/bearbeiten", methods=["GET", "POST"])
@requires(Permission.WRITE_COOPERATIONS)
def edit(cooperation_id):
    """Change what describes a group."""
    group = load(cooperation_id)
    form = CooperationForm(obj=stored(group, _sources(group.adviser_id))).prepare()
    if form.validate_on_submit():
        try:
            services.change_cooperation(group, form.values, current_user)
        except RuleBroken as broken:
            db.session.rollback()
            form.report(broken)
        else:
            db.session.commit()
            flash(_("Cooperation saved."))
            return redirect(page_of(cooperation_id), 303)
    if form.conflicts:
        form.conflict_by = last_editor(group)
    return form.page("cooperations/edit.html", group=group)


@cooperations.route("/<id:cooperation_id>/ruhen", methods=["GET", "POST"])
@requires(Permission.WRITE_COOPERATIONS)
def halt(cooperation_id):
    """Pause, abandon or end a group, with the reason."""
    group = load(cooperation_id)
    form = HaltForm(obj=group)
    if not form.is_submitted() and group.halt is None:
        form.halted_on.data = today()
    if form.validate_on_submit():
        try:
            services.halt(group, form.values, current_user)
        except RuleBroken as broken:
            form.report(broken)
        else:
            db.session.commit()
            flash(_("The cooperation is set aside. Nothing of it is lost."))
            return redirect(page_of(cooperation_id), 303)
    if form.conflicts:
        form.conflict_by = last_editor(group)
    return form.page("cooperations/halt.html", group=group)


@cooperations.route("/<id:cooperation_id>/fortsetzen", methods=["POST"])
@requires(Permission.WRITE_COOPERATIONS)
def resume(cooperation_id):
    """Let a group go on."""
    services.resume(load(cooperation_id), current_user)
    db.session.commit()
    flash(_("The cooperation goes on. Its stage follows from the partners."))
    return redirect(page_of(cooperation_id), 303)


@cooperations.route("/<id:cooperation_id>/aenderungen")
@requires(Permission.READ_CONTENT)
def history(cooperation_id):
    """Show who changed what of a group."""
    group = load(cooperation_id)
    events = lines(audit.history_of(group, limit=300))
    return render_template("cooperations/history.html", group=group, events=events)


@cooperations.route("/<id:cooperation_id>/entfernen", methods=["GET", "POST"])
@requires(Permission.WRITE_COOPERATIONS)
def remove(cooperation_id):
    """Ask once more, then put a group into the trash."""
    group = load(cooperation_id)
    if request.method == "GET":
        open_ones = follow_ups.open_for_cooperation(current_user, group.id)
        return render_template("cooperations/remove.html", group=group, open=open_ones)
    services.remove(group, current_user)
    db.session.commit()
    flash(_("Cooperation removed. Take it back here, or later under “Removed”."))
    return redirect(url_for("cooperations.restore", cooperation_id=cooperation_id), 303)


@cooperations.route("/<id:cooperation_id>/wiederherstellen", methods=["GET", "POST"])
@requires(Permission.WRITE_COOPERATIONS)
def restore(cooperation_id):
    """Take a removed group back."""
    gone = queries.removed(cooperation_id) or abort(404)
    if request.method == "GET":
        events = lines(audit.history_of(gone))
        return render_template("cooperations/restore.html", group=gone, events=events)
    services.restore(gone, current_user)
    db.session.commit()
    flash(_("Cooperation restored."))
    return redirect(page_of(cooperation_id), 303)
