"""Talks on screen: log, show, change, list."""

from types import SimpleNamespace

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm import audit, drafts
from crm.access import Permission, requires
from crm.accounts import queries as accounts
from crm.closing import queries as closing
from crm.closing.guard import ReasonNeeded
from crm.consultations import groups, panel, presets, queries, services, sources, visit
from crm.consultations.forms import ConsultationForm, LogForm, NearbyForm, stored
from crm.consultations.models import Consultation, ConsultationState
from crm.db import db, today
from crm.errors import RuleBroken
from crm.fields import coerce_number, record_choices
from crm.follow_ups import queries as follow_ups
from crm.history import last_editor, lines
from crm.i18n import day
from crm.reads import noting
from crm.reads.models import Way

consultations = Blueprint("consultations", __name__, url_prefix="/beratungen")


def _load(consultation_id) -> Consultation:
    """Give a talk of this user's circle; a hidden one is as missing as one that never was."""
    return queries.one(current_user, consultation_id) or abort(404)


def _choices(form, talk=None):
    form.follow_up_owner.choices = record_choices((one.id, one.name) for one in accounts.staff())
    threads = queries.threads(current_user, form.organisations.data)
    if form.follows_id.data and form.follows_id.data not in dict(threads):
        earlier = queries.brief(current_user, form.follows_id.data)
        threads += [(earlier.id, queries.thread_label(earlier))] if earlier else []
    threads = [pair for pair in threads if talk is None or pair[0] != talk.id]
    if talk is not None and talk.follows_id and talk.follows_id not in dict(threads):
        threads.append((talk.follows_id, _("a removed talk")))
    form.follows_id.choices = record_choices(threads, empty=_("none"))
    return form


@consultations.route("/neu", methods=["GET", "POST"])
@requires(Permission.WRITE_CONSULTATIONS, most_fields=5000)
def log():
    """Log a talk; what was used last is preset."""
    form = LogForm(obj=SimpleNamespace(**presets.wished(current_user, request.args)))
    _choices(form.connect(sources.all_sources()))
    if form.validate_on_submit() and not _twins(form):
        try:
            talk = services.log_consultation(form.values, _parties(form), current_user)
            target = form.settle(url_for("consultations.show", consultation_id=talk.id))
            presets.meet_wish(request.args, talk, current_user)
        except (RuleBroken, ReasonNeeded) as broken:
            db.session.rollback()
            form.report(broken)
        else:
            db.session.commit()
            flash(_said(talk))
            return redirect(url_for("consultations.log") if "next" in request.form else target, 303)
    last = queries.last_logged_by(current_user)
    return form.page("consultations/log.html", talk=None, earlier=last, today=today())


def _said(talk):
    """Say whether a talk was saved or planned, so that a slip in the day is seen."""
    if talk.state is ConsultationState.PLANNED:
        return _("Planned for %(day)s. The talk counts once it has taken place.", day=day(talk.held_on))
    return _("Talk saved.")


def _parties(form):
    return [services.Party(**row) for row in form.parties.values]


def _twins(form, but=None):
    """Warn once of a talk with the very same organisations on the same day and channel."""
    if form.anyway.data == "1":
        return []
    wanted = set(form.organisations.data)
    same = [
        talk
        for talk in queries.same_day(current_user, form.held_on.data, form.organisations.data, but)
        if {one.organisation_id for one in talk.participations} == wanted
        and talk.channel is form.channel.data
    ]
    form.twins = same
    form.anyway.data = "1" if same else ""
    return same


@consultations.route("/neu/zeile")
@requires(Permission.WRITE_CONSULTATIONS)
def row():
    """Give the row of one more organisation, for the script."""
    number, index = (
        request.args.get("value", type=coerce_number),
        request.args.get("index", type=coerce_number),
    )
    found = queries.organisations_of([number]) if number else []
    if not found:
        abort(404)
    form = LogForm(formdata=None, obj=SimpleNamespace(organisations=[found[0].id]))
    form.kept = _rows_of(request.args.get("talk", type=coerce_number))
    form.parties.last_index = (index or 0) - 1
    form.connect(sources.all_sources())
    if not form.parties.entries:
        abort(404)
    return render_template("consultations/_row.html", row=form.parties.entries[0])


def _rows_of(number):
    """Rows of a stored talk, so that one taken off and added again comes back with all it held."""
    talk = queries.one(current_user, number) if number else None
    told = groups.told_in(talk.id) if talk else ()
    return {row["organisation"]: row for row in stored(talk, {}, current_user, told).parties} if talk else {}


@consultations.route("/neu/umfeld")
@requires(Permission.WRITE_CONSULTATIONS)
def nearby():
    """Give what lies around a day to come with the same organisations, for the script."""
    form = NearbyForm(request.args)
    wanted = form.chosen("tag") if form.validate() else None
    texts = ",".join(request.args.getlist("kommune")).split(",")
    places = [int(one) for one in texts if one.isascii() and one.isdigit() and len(one) < 10]
    but = request.args.get("beratung", type=coerce_number)
    coming = wanted is not None and wanted > today()
    near = panel.around(current_user, places, wanted, but) if coming else []
    return render_template("consultations/_nearby.html", near=near, day=wanted if coming else None)


@consultations.route("/team")
@requires(Permission.WRITE_CONSULTATIONS)
def team():
    """Suggest colleagues for „advised by“."""
    return sources.suggest_staff(request.args.get("q", ""))


@consultations.route("/<id:consultation_id>")
@requires(Permission.READ_CONTENT)
def show(consultation_id):
    """Show a talk with its parties, texts, times and follow-ups."""
    talk = _load(consultation_id)
    noting.note(Way.PAGE, talk)
    return render_template(
        "consultations/show.html",
        talk=talk,
        earlier=queries.brief(current_user, talk.follows_id) if talk.follows_id else None,
        follow_ups=follow_ups.of_consultation(talk.id),
        told=groups.told_in(talk.id),
        near=panel.of_talk(current_user, talk),
        events=lines(audit.history_of(talk)),
        **visit.gathered(current_user, talk),
    )


@consultations.route("/<id:consultation_id>/bearbeiten", methods=["GET", "POST"])
@requires(Permission.WRITE_CONSULTATIONS, most_fields=5000)
def edit(consultation_id):
    """Change a talk; a colleague's saving meanwhile is shown and merged."""
    if request.method == "POST" and (gone := services.removed(consultation_id, current_user)):
        return _kept_from(gone)
    talk = _load(consultation_id)
    known = sources.all_sources({one.id for one in talk.staff}, talk.id)
    form = ConsultationForm(obj=stored(talk, known, current_user, groups.told_in(talk.id)))
    _choices(form.prepare(), talk)
    if form.validate_on_submit():
        before = groups.loose(talk)
        try:
            services.change_consultation(talk, form.values, _parties(form), current_user)
        except (RuleBroken, ReasonNeeded) as broken:
            db.session.rollback()
            form.report(broken)
        else:
            db.session.commit()
            flash(_("Talk saved."))
            _say_what_stays(groups.loose(talk), before)
            return redirect(url_for("consultations.show", consultation_id=consultation_id), 303)
    if form.conflicts:
        form.conflict_by = last_editor(talk)
    noting.note(Way.FORM, talk)
    closed = closing.first_closed([talk.held_on])
    return form.page("consultations/log.html", talk=talk, earlier=None, today=today(), closed=closed)


def _say_what_stays(left, before):
    """Name the steps that a change of their talk left behind; those of `before` had lost it earlier."""
    steps = ", ".join(name for number, name in left.items() if number not in before)
    if steps:
        flash(
            _(
                "Still reported and seen by everybody with its day: %(steps)s. "
                "Take it back on the page of the cooperation if that is not meant.",
                steps=steps,
            ),
            "wait",
        )


def _kept_from(gone):
    """Keep what was typed about a talk that a colleague removed meanwhile."""
    number = gone.id
    drafts.keep(current_user.id, request.path, drafts.pairs(request.form))
    db.session.commit()
    flash(
        _("A colleague removed this talk meanwhile. Your text is kept: take the talk back, then edit it."),
        "wait",
    )
    return redirect(url_for("consultations.restore", consultation_id=number), 303)


@consultations.route("/<id:consultation_id>/stattgefunden", methods=["POST"])
@requires(Permission.WRITE_CONSULTATIONS)
def mark_held(consultation_id):
    """Say that a planned talk took place."""
    talk = _load(consultation_id)
    services.mark_held(talk, current_user)
    db.session.commit()
    flash(_("The talk counts now, and who was invited counts as present. Check that and add the note."))
    return redirect(url_for("consultations.edit", consultation_id=consultation_id), 303)


@consultations.route("/<id:consultation_id>/absagen", methods=["POST"])
@requires(Permission.WRITE_CONSULTATIONS)
def cancel(consultation_id):
    """Say that a talk did not take place."""
    talk = _load(consultation_id)
    before = groups.loose(talk)
    services.cancel(talk, current_user)
    left = groups.loose(talk)
    db.session.commit()
    flash(_("The talk is marked as cancelled. It stays on record and does not count."))
    _say_what_stays(left, before)
    return redirect(url_for("consultations.show", consultation_id=consultation_id), 303)


@consultations.route("/<id:consultation_id>/entfernen", methods=["GET", "POST"])
@requires(Permission.WRITE_CONSULTATIONS)
def remove(consultation_id):
    """Ask once more, then put a talk into the trash."""
    talk = _load(consultation_id)
    if request.method == "GET":
        return render_template(
            "consultations/remove.html", talk=talk, open=follow_ups.of_consultation(talk.id)
        )
    before = groups.loose(talk)
    services.remove(talk, current_user)
    left = groups.loose(talk)
    db.session.commit()
    flash(_("Talk removed. Take it back here, or later under “Removed”."))
    _say_what_stays(left, before)
    return redirect(url_for("consultations.restore", consultation_id=consultation_id), 303)


@consultations.route("/<id:consultation_id>/wiederherstellen", methods=["GET", "POST"])
@requires(Permission.WRITE_CONSULTATIONS)
def restore(consultation_id):
    """Take a removed talk back."""
    found = services.removed(consultation_id, current_user) or abort(404)
    if request.method == "GET":
        events = lines(audit.history_of(found))
        return render_template("consultations/restore.html", talk=found, events=events)
    services.restore(found, current_user)
    db.session.commit()
    flash(_("Talk restored."))
    return redirect(url_for("consultations.show", consultation_id=consultation_id), 303)
