"""The state of an event on screen: the next step in one click, calling it off with a reason."""

from flask import flash, redirect, request
from flask_babel import gettext as _
from flask_login import current_user

from crm import jobs
from crm.access import Permission, requires
from crm.db import db
from crm.errors import RuleBroken
from crm.events import panel, services
from crm.events.forms import CancelForm
from crm.events.models import AHEAD, EventState
from crm.events.routes import events, load, page_of
from crm.forms import confirmed
from crm.registrations import services as registrations


@events.route("/<id:event_id>/stand", methods=["POST"])
@requires(Permission.WRITE_EVENTS)
def advance(event_id):
    """Bring an event to the next state."""
    event, state = load(event_id), _wished()
    if confirmed(event):
        try:
            if state is None:
                raise RuleBroken(_("Choose one of the steps offered."))
            services.advance(event, state, current_user)
            if event.state is EventState.OPEN:
                registrations.promote(event, current_user)
        except RuleBroken as broken:
            db.session.rollback()
            flash(str(broken.message), "bad")
        else:
            db.session.commit()
            jobs.ring("mail")
            flash(_("State now: %(state)s.", state=state.label))
    return redirect(page_of(event_id), 303)


def _wished():
    try:
        return EventState(request.form.get("state", ""))
    except ValueError:
        return None


@events.route("/<id:event_id>/absagen", methods=["GET", "POST"])
@requires(Permission.WRITE_EVENTS)
def cancel(event_id):
    """Call an event off: with the reason, and seeing how many have to be told."""
    event, form = load(event_id), CancelForm()
    if event.state not in AHEAD:
        flash(_("Only an event that lies ahead can be cancelled."), "wait")
        return redirect(page_of(event_id), 303)
    if form.validate_on_submit():
        try:
            services.cancel(event, form.reason.data or "", current_user)
        except RuleBroken as broken:
            form.report(broken)
        else:
            target = form.settle(page_of(event_id))
            db.session.commit()
            return redirect(target, 303)
    return form.page("events/cancel.html", event=event, numbers=panel.of(event))
