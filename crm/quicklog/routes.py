"""The quick line on screen: read while one types, asked where unclear, saved with Enter."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm import drafts
from crm.access import Permission, requires
from crm.closing.guard import ReasonNeeded
from crm.consultations import queries as consultations
from crm.consultations.models import ConsultationState
from crm.db import db
from crm.errors import RuleBroken
from crm.follow_ups import queries as follow_ups
from crm.forms import mark_of
from crm.quicklog import joining, reading, services, wording
from crm.quicklog.forms import QuickForm
from crm.quicklog.known import Known

quicklog = Blueprint("quicklog", __name__, url_prefix="/kurzzeile")


def _read(form):
    user = current_user._get_current_object()
    return reading.read(form.line.data or "", Known(user), form.answers(request.form))


def _page(form, line=None, twins=(), talk=None, code=200):
    promised = follow_ups.of_consultation(talk.id) if talk else ()
    page = {"form": form, "line": line, "twins": twins, "talk": talk, "promised": promised}
    return render_template("quicklog/show.html", **page), code


@quicklog.route("", methods=["GET", "POST"])
@requires(Permission.WRITE_CONSULTATIONS)
def show():
    """Log the talk of a line; one that asks comes back with its questions."""
    form = QuickForm()
    if request.method == "GET":
        return _page(form)
    line, twins = _read(form), []
    if form.validate_on_submit() and not line.open and not (twins := _twins(line, form)):
        try:
            talk = services.log(line, current_user)
            target = form.settle(url_for("quicklog.done", consultation_id=talk.id))
        except (RuleBroken, ReasonNeeded) as broken:
            db.session.rollback()
            form.report(broken)
        else:
            db.session.commit()
            return redirect(target, 303)
    return _page(form, line, twins, code=422)


# Opened by GET the two show a line that was kept when a session ended.
@quicklog.route("/lesen", methods=["GET", "POST"])
@requires(Permission.WRITE_CONSULTATIONS)
def read():
    """Show how a line is read: the piece for the script, the whole page without one. Nothing is written."""
    form = QuickForm()
    line = _read(form) if form.line.data else None
    if "X-Fragment" in request.headers:
        planned = _planned(line) if line and not line.open else []
        return render_template("quicklog/_read.html", line=line, planned=planned)
    return _page(form, line)


def _twins(line, form):
    """Warn once of a talk of that day: with the very same organisations and channel, or planned with some."""
    held_on, wanted = _when_and_who(line)
    mark = mark_of([str(held_on), line.channel.value, sorted(wanted)])
    if form.anyway.data == mark:
        return []
    found = consultations.same_day(current_user, held_on, list(wanted))
    same = [
        talk
        for talk in found
        if joining.may_be(line, talk)
        or (
            talk.state is not ConsultationState.PLANNED
            and {one.organisation_id for one in talk.participations} == wanted
            and talk.channel is line.channel
        )
    ]
    form.anyway.data = mark if same else ""
    return same


def _planned(line):
    """Talks planned for that day with some of the line: said while one types, before a second one is made."""
    held_on, wanted = _when_and_who(line)
    found = consultations.same_day(current_user, held_on, list(wanted))
    return [talk for talk in found if joining.may_be(line, talk)]


def _when_and_who(line):
    return line.day, {one.organisation_id for one in services.parties(line)}


@quicklog.route("/<id:consultation_id>")
@requires(Permission.WRITE_CONSULTATIONS)
def done(consultation_id):
    """Show the talk that was just logged, and an empty line for the next one."""
    talk = consultations.one(current_user, consultation_id) or abort(404)
    return _page(quick_form(), talk=talk)


@quicklog.route("/formular", methods=["GET", "POST"])
@requires(Permission.WRITE_CONSULTATIONS)
def full():
    """Go on in the full form with all that was read."""
    form = QuickForm()
    if request.method == "GET":
        return _page(form)
    line = _read(form)
    if not form.validate():
        return _page(form, line, code=422)
    fields = wording.as_fields(line, services.values(line, current_user.id))
    return _into(url_for("consultations.log"), form, fields)


@quicklog.route("/geplant/<id:consultation_id>", methods=["GET", "POST"])
@requires(Permission.WRITE_CONSULTATIONS)
def into(consultation_id):
    """Go on in the form of a talk that was planned for that day, with all that was read."""
    form = QuickForm()
    if request.method == "GET":
        return _page(form)
    talk, line = consultations.one(current_user, consultation_id) or abort(404), _read(form)
    if not form.validate():
        return _page(form, line, code=422)
    if not joining.belongs(line, talk):
        form.report(RuleBroken(_("That talk is not planned for the day of your line any more."), "line"))
        return _page(form, line, code=422)
    user = current_user._get_current_object()
    fields = joining.as_fields(line, services.values(line, user.id), talk, user)
    flash(_("Your line stands in the planned talk now. Check it, then save."))
    if silent := joining.unnamed(line, talk):
        names = ", ".join(silent)
        text = _(
            "Not in your line and therefore entered as absent: %(names)s. Change that where it is wrong.",
            names=names,
        )
        flash(text, "wait")
    return _into(url_for("consultations.edit", consultation_id=talk.id), form, fields)


def _into(address, form, fields):
    """Lead to a form that is filled as if somebody had typed it there; a second press replaces the first."""
    pairs = [*drafts.as_sent(fields), ["draft", form.draft.data]]
    draft = drafts.keep(current_user.id, address, pairs)
    db.session.commit()
    return redirect(draft.url_take, 303)


@quicklog.app_template_global()
def quick_form():
    """Make the form of an empty line, wherever it stands."""
    return QuickForm(formdata=None)
