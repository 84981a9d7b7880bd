"""Actions on a selection on screen: what, then the preview, then done; and taken back as a whole."""

from datetime import timedelta

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from crm import picks
from crm.access import Permission, requires
from crm.accounts import queries as accounts
from crm.bulk import actions, queries, services
from crm.bulk.forms import FORMS, ConfirmForm
from crm.db import db, today
from crm.task_fields import queries as task_fields

bulk = Blueprint("bulk", __name__, url_prefix="/auswahl")


@bulk.record
def _offer(state):
    """Let every list ask what can be done to its rows."""
    state.app.jinja_env.globals["bulk_actions"] = lambda kind: actions.offered(kind, current_user)


@bulk.route("/<string:kind>/<string:key>", methods=["GET", "POST"])
@requires(Permission.WRITE_FOLLOW_UPS)
def ask(kind, key):
    """Ask what an action needs, show what it would do, then do it."""
    return _answer(_action(kind, key))


@bulk.route("/<string:kind>/einladen", methods=["GET", "POST"])
@requires(Permission.WRITE_EVENTS)
def invite(kind):
    """Ask for the event, show who would be invited and who not, then invite."""
    return _answer(_action(kind, "einladen"))


def _action(kind, key):
    """Give an action; one that this user may not do is as missing as one that never was."""
    found = actions.ALL.get((kind, key)) or abort(404)
    return found if current_user.may(found.permission) else abort(403)


def _list_url(action):
    query = picks.list_query()
    return url_for(action.kind.list_endpoint) + (f"?{query}" if query else "")


def _answer(action):
    asked = picks.asked()
    if asked.is_empty:
        flash(_("Tick at least one row first."), "wait")
        return redirect(_list_url(action))
    chosen = services.choose(action, asked, current_user)
    form = FORMS[action.form](data=_preset(action)).prepare(_SOURCES)
    context = {
        "action": action, "chosen": chosen, "back": _list_url(action),
        "changed_list": asked.whole is not None and asked.whole != len(chosen.records),
    }  # fmt: skip
    ready = form.validate_on_submit() if request.method == "POST" else not action.form
    if not ready:
        return form.page("bulk/ask.html", **context)
    plan = services.preview(action, chosen, form.values, current_user)
    if "mark" not in request.form:
        return _preview(plan, **context)
    confirm = ConfirmForm()
    if not confirm.validate_on_submit() or confirm.mark.data != plan.mark:
        db.session.rollback()
        return _preview(plan, 409, **context)
    done = services.carry_out(action, chosen, plan, form.values, current_user)
    return _finished(action, done, confirm.settle(_list_url(action)))


def _preset(action):
    """A follow-up is one's own and due in a week, as everywhere, until somebody says otherwise."""
    preset = {"owner_id": current_user.id, "due_on": today() + timedelta(days=7)}
    return preset if action.form == "follow-up" else {}


_SOURCES = {
    "staff": accounts.staff, "task_fields": task_fields.chip_source, "events": queries.coming_events,
}  # fmt: skip


def _preview(plan, code=200, **context):
    """Show what would happen, with a fresh mark and all that was typed."""
    form = ConfirmForm(formdata=None)
    form.mark.data = plan.mark
    own = {field.name for field in form}
    sent = [pair for pair in request.form.items(multi=True) if pair[0] not in own]
    page = render_template("bulk/preview.html", form=form, plan=plan, sent=sent, stale=code == 409, **context)
    return page, code


def _finished(action, done, target):
    number, category = len(done.entries), f"undo {done.id}"
    db.session.commit()
    flash(action.said(number), category)
    return redirect(target, 303)


@bulk.route("")
@requires(Permission.WRITE_EVENTS)
def index():
    """List the actions of the last weeks, which can be taken back."""
    done = [one for one in queries.latest(current_user) if services.may_undo(one, current_user)]
    return render_template("bulk/index.html", done=done, actions=actions.ALL)


@bulk.route("/vorgaenge/<id:action_id>/zurueck", methods=["GET", "POST"])
@requires(Permission.WRITE_EVENTS)
def undo(action_id):
    """Show what goes back and what was changed since, then take the action back."""
    done = queries.one(action_id) or abort(404)
    if not services.may_undo(done, current_user):
        abort(404)
    action = actions.ALL[(done.kind, done.action)]
    back = url_for(action.kind.list_endpoint)
    if done.undone_at:
        flash(_("This was taken back already."), "wait")
        return redirect(back)
    plan = services.undo_plan(done, current_user)
    form = ConfirmForm()
    if request.method == "POST" and form.validate_on_submit() and form.mark.data == plan.mark:
        return _taken_back(done, form.settle(back))
    db.session.rollback()
    form = ConfirmForm(formdata=None)
    form.mark.data = plan.mark
    stale = request.method == "POST"
    page = render_template(
        "bulk/undo.html", form=form, done=done, action=action, plan=plan, stale=stale, back=back
    )
    return page, 409 if stale else 200


def _taken_back(done, target):
    number, refused = services.undo(done, current_user)
    db.session.commit()
    flash(ngettext("%(num)s change taken back.", "%(num)s changes taken back.", number))
    for words in refused[:5]:
        flash(words, "bad")
    return redirect(target, 303)
