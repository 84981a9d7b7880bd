"""The quick line on screen: read while one types, asked where unclear, saved with Enter."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_login import current_user

from crm import drafts, once
from crm.access import Permission, requires
from crm.closing.guard import ReasonNeeded
from crm.consultations import queries as consultations
from crm.db import db
from crm.errors import RuleBroken
from crm.quicklog import reading, services, wording
from crm.quicklog.forms import QuickForm
from crm.quicklog.known import Known

quicklog = Blueprint("quicklog", __name__, url_prefix="/kurzzeile")


def _read(form):
    user = current_user._get_current_object()
    return reading.read(form.line.data or "", Known(user), form.answers(request.form))


@quicklog.route("")
@requires(Permission.WRITE_CONSULTATIONS)
def show():
    """Offer the line on a page of its own."""
    form = QuickForm(formdata=None)
    return render_template("quicklog/show.html", form=form, line=None, twins=[], talk=None)


@quicklog.route("/lesen", methods=["POST"])
@requires(Permission.WRITE_CONSULTATIONS)
def read():
    """Show how a line is read: the piece for the script, the whole page without one. Nothing is written."""
    form = QuickForm()
    line = _read(form)
    if "X-Fragment" in request.headers:
        return render_template("quicklog/_read.html", line=line)
    return render_template("quicklog/show.html", form=form, line=line, twins=[], talk=None)


@quicklog.route("", methods=["POST"])
@requires(Permission.WRITE_CONSULTATIONS)
def save():
    """Log the talk; a line that asks comes back with its questions."""
    form = QuickForm()
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
    return render_template("quicklog/show.html", form=form, line=line, twins=twins, talk=None), 422


def _twins(line, form):
    """Warn once of a talk with the very same organisations on the same day and channel."""
    if form.anyway.data == "1":
        return []
    held_on = services.values(line, current_user.id)["held_on"]
    wanted = {one.organisation_id for one in services.parties(line)}
    same = [
        talk
        for talk in consultations.same_day(current_user, held_on, list(wanted))
        if {one.organisation_id for one in talk.participations} == wanted and talk.channel is line.channel
    ]
    form.anyway.data = "1" if same else ""
    return same


@quicklog.route("/<id:consultation_id>")
@requires(Permission.WRITE_CONSULTATIONS)
def done(consultation_id):
    """Show the talk that was just logged, and an empty line for the next one."""
    talk = consultations.one(current_user, consultation_id) or abort(404)
    form = QuickForm(formdata=None)
    return render_template("quicklog/show.html", form=form, line=None, twins=[], talk=talk)


@quicklog.route("/formular", methods=["POST"])
@requires(Permission.WRITE_CONSULTATIONS)
def full():
    """Go on in the full form with all that was read."""
    form = QuickForm()
    line = _read(form)
    pairs = wording.as_fields(line, services.values(line, current_user.id))
    key = drafts.new_key()
    draft = drafts.keep(current_user.id, url_for("consultations.log"), [*pairs, ["draft", key]])
    db.session.commit()
    return redirect(draft.url_take, 303)


@quicklog.app_template_global()
def quick_key():
    """Make the mark of one empty line, wherever it stands."""
    return once.new_key()
