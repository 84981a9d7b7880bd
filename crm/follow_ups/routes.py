"""Follow-ups on screen."""

from datetime import timedelta
from types import SimpleNamespace
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm.access import Permission, requires
from crm.accounts import queries as accounts
from crm.audit import history_of
from crm.consultations import queries as consultations
from crm.consultations import services as consultation_services
from crm.contacts import queries as contacts
from crm.cooperations import queries as cooperations
from crm.db import db, today
from crm.elections import queries as elections
from crm.errors import RuleBroken
from crm.fields import coerce_number, record_choices
from crm.follow_ups import queries, services
from crm.follow_ups.forms import (
    FollowUpForm,
    HandOverForm,
    NewFollowUpForm,
    PostponeForm,
    stored,
)
from crm.history import last_editor, lines
from crm.organisations import queries as organisations

follow_ups = Blueprint("follow_ups", __name__, url_prefix="/wiedervorlagen")


def _load(follow_up_id):
    """Give a follow-up of this user's circle; a hidden one is as missing as one that never was."""
    return queries.one(current_user, follow_up_id) or abort(404)


def _staff(*also):
    return accounts.staff(also={number for number in also if number})


def _back(follow_up):
    """Lead back to the page where the button stood."""
    path = request.form.get("next", "")
    right = path.startswith(f"{current_app.config['PREFIX']}/") and path.isascii() and path.isprintable()
    if right and "//" not in path and "\\" not in path:
        return path
    return url_for("follow_ups.show", follow_up_id=follow_up.id)


def _with_undo(path, follow_up):
    """Let the lists of follow-ups offer to take the tick back; elsewhere the row itself offers it."""
    parts = urlsplit(path)
    if parts.path not in (url_for("home.index"), url_for("follow_ups.index")):
        flash(_("Follow-up done."))
        return path
    kept = [pair for pair in parse_qsl(parts.query) if pair[0] != "getan"]
    return f"{parts.path}?{urlencode([*kept, ('getan', follow_up.id)])}"


@follow_ups.route("/<id:follow_up_id>")
@requires(Permission.READ_CONTENT)
def show(follow_up_id):
    """Show a follow-up with what can be done about it."""
    return _page(_load(follow_up_id), PostponeForm(formdata=None), HandOverForm(formdata=None))


def _page(follow_up, postponing, handing_over):
    staff = [one for one in _staff() if one.id != follow_up.owner_id]
    handing_over.owner_id.choices = record_choices(((one.id, one.name) for one in staff), empty=_("choose"))
    wrong = postponing if postponing.problems else handing_over
    groups = cooperations.chips([follow_up.cooperation_id] if follow_up.cooperation_id else [])
    return wrong.page(
        "follow_ups/show.html",
        follow_up=follow_up,
        group=groups[0] if groups else None,
        postponing=postponing,
        handing_over=handing_over,
        steps=services.steps(follow_up),
        events=lines(history_of(follow_up)),
    )


@follow_ups.route("/neu", methods=["GET", "POST"])
@requires(Permission.WRITE_FOLLOW_UPS)
def new():
    """Make a follow-up about an organisation, a person, a talk or a cooperation."""
    person = _person()
    about = _about() | ({"person_id": person.id} if person else {})
    number = request.args.get("kommune", type=coerce_number) or _place_of(person)
    preset = {"owner_id": current_user.id, "due_on": today() + timedelta(days=7)}
    form = NewFollowUpForm(obj=SimpleNamespace(organisation=[number] if number else [], **preset))
    form.connect(organisations.chip_source(), _staff())
    if form.validate_on_submit():
        try:
            made = services.create(form.values | about, current_user)
        except RuleBroken as broken:
            form.report(broken)
        else:
            target = form.settle(url_for("follow_ups.show", follow_up_id=made.id))
            db.session.commit()
            flash(_("Follow-up saved."))
            return redirect(target, 303)
    return form.page("follow_ups/new.html", about=about.get("about") or (person.name if person else ""))


def _about():
    """The talk or group the address names; what this user may not see does not exist."""
    found = {}
    if number := request.args.get("kooperation", type=coerce_number):
        group = cooperations.one(number) or abort(404)
        found = {"cooperation_id": group.id, "about": group.title[:200]}
    if number := request.args.get("beratung", type=coerce_number):
        talk = consultations.one(current_user, number) or abort(404)
        found = {
            "consultation_id": talk.id, "confidential": talk.confidential, "about": talk.about,
            "cooperation_id": talk.cooperation_id,
        }  # fmt: skip
    return found


def _person():
    """The person the address names; the name is shown and not kept with the follow-up."""
    number = request.args.get("person", type=coerce_number)
    return (contacts.one(number) or abort(404)) if number else None


def _place_of(person):
    """Where somebody holds office today; what is open with them is open there."""
    held = person.functions if person else ()
    return next((one.organisation_id for one in held if one.is_current), None)


@follow_ups.route("/<id:follow_up_id>/bearbeiten", methods=["GET", "POST"])
@requires(Permission.WRITE_FOLLOW_UPS)
def edit(follow_up_id):
    """Change a follow-up."""
    follow_up = _load(follow_up_id)
    seen = stored(follow_up, organisations.chip_source(), _staff(follow_up.owner_id))
    form = FollowUpForm(obj=seen).prepare()
    if form.validate_on_submit():
        try:
            services.change(follow_up, form.values, current_user)
        except RuleBroken as broken:
            form.report(broken)
        else:
            db.session.commit()
            flash(_("Follow-up saved."))
            return redirect(url_for("follow_ups.show", follow_up_id=follow_up_id), 303)
    if form.conflicts:
        form.conflict_by = last_editor(follow_up)
    return form.page("follow_ups/edit.html", follow_up=follow_up)


@follow_ups.route("/<id:follow_up_id>/erledigt", methods=["POST"])
@requires(Permission.WRITE_FOLLOW_UPS)
def finish(follow_up_id):
    """Tick a follow-up off."""
    follow_up = _load(follow_up_id)
    services.finish(follow_up, current_user)
    target = _with_undo(_back(follow_up), follow_up)
    db.session.commit()
    return redirect(target, 303)


@follow_ups.route("/<id:follow_up_id>/offen", methods=["POST"])
@requires(Permission.WRITE_FOLLOW_UPS)
def reopen(follow_up_id):
    """Take a tick back."""
    follow_up = _load(follow_up_id)
    services.reopen(follow_up, current_user)
    target = _back(follow_up)
    db.session.commit()
    flash(_("The follow-up is open again."))
    return redirect(target, 303)


@follow_ups.route("/<id:follow_up_id>/verschieben", methods=["POST"])
@requires(Permission.WRITE_FOLLOW_UPS)
def postpone(follow_up_id):
    """Move a follow-up to a later day."""
    follow_up = _load(follow_up_id)
    form = PostponeForm()
    if form.validate_on_submit():
        try:
            services.postpone(follow_up, form.values["due_on"], current_user)
        except RuleBroken as broken:
            form.report(broken)
        else:
            target = _back(follow_up)
            db.session.commit()
            flash(_("Follow-up postponed."))
            return redirect(target, 303)
    return _page(follow_up, form, HandOverForm(formdata=None))


@follow_ups.route("/<id:follow_up_id>/uebergeben", methods=["POST"])
@requires(Permission.WRITE_FOLLOW_UPS)
def hand_over(follow_up_id):
    """Give a follow-up to a colleague."""
    follow_up = _load(follow_up_id)
    form = HandOverForm()
    form.owner_id.choices = record_choices((one.id, one.name) for one in _staff())
    if form.validate_on_submit():
        try:
            services.hand_over(follow_up, form.owner_id.data, current_user)
        except RuleBroken as broken:
            form.report(broken)
        else:
            target = _back(follow_up)
            db.session.commit()
            flash(_("Follow-up handed over."))
            return redirect(target, 303)
    return _page(follow_up, PostponeForm(formdata=None), form)


@follow_ups.route("/<id:follow_up_id>/entfernen", methods=["GET", "POST"])
@requires(Permission.WRITE_FOLLOW_UPS)
def remove(follow_up_id):
    """Ask once more, then put a follow-up into the trash."""
    follow_up = _load(follow_up_id)
    if request.method == "GET":
        return render_template("follow_ups/remove.html", follow_up=follow_up)
    services.remove(follow_up, current_user)
    db.session.commit()
    flash(_("Follow-up removed."))
    return redirect(url_for("follow_ups.restore", follow_up_id=follow_up_id), 303)


@follow_ups.route("/<id:follow_up_id>/wiederherstellen", methods=["GET", "POST"])
@requires(Permission.WRITE_FOLLOW_UPS)
def restore(follow_up_id):
    """Take a removed follow-up back; one that went with its talk or group comes back with that."""
    gone = queries.removed(current_user, follow_up_id) or abort(404)
    whole = _gone_with(gone)
    if whole and request.method == "POST":
        return redirect(whole, 303)
    if request.method == "GET":
        events = lines(history_of(gone))
        return render_template("follow_ups/restore.html", follow_up=gone, whole=whole, events=events)
    services.restore(gone, current_user)
    db.session.commit()
    flash(_("Follow-up restored."))
    return redirect(url_for("follow_ups.show", follow_up_id=follow_up_id), 303)


def _gone_with(gone):
    """The address that takes back the removed talk, group or election on which a follow-up hangs."""
    talk = consultation_services.removed(gone.consultation_id or 0, current_user)
    if talk is not None:
        return url_for("consultations.restore", consultation_id=talk.id)
    group = None if gone.consultation_id else cooperations.removed(gone.cooperation_id or 0)
    if group is not None:
        return url_for("cooperations.restore", cooperation_id=group.id)
    election = elections.removed(gone.election_id or 0)
    return url_for("elections.restore", election_id=election.id) if election else ""
