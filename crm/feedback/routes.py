"""Feedback on screen: the public form. What came in is shown with the event."""

from flask import Blueprint, abort, redirect, render_template, request, url_for

from crm.access import open_to_all
from crm.db import db
from crm.events import queries as events
from crm.events.models import EventState
from crm.feedback import services
from crm.feedback.forms import FeedbackForm
from crm.office.queries import issuer
from crm.registrations import floods

feedback = Blueprint("feedback", __name__)

GIVEN = "danke"


@feedback.context_processor
def _issuer():
    """Say on every page of guests whose event it was."""
    return {"issuer": issuer()}


@feedback.route("/rueckmeldung/<secret>", methods=["GET", "POST"])
@open_to_all
def give(secret):
    """Take feedback on an event, without a name and without a script; then say thanks."""
    event = events.by_secret(secret) or abort(404)
    if event.state is EventState.CANCELLED or (event.state is EventState.PLANNED and not event.has_begun):
        abort(404)
    if GIVEN in request.args:
        return render_template("feedback/thanks.html", event=event)
    if not services.is_open(event):
        page = render_template("feedback/closed.html", event=event, **_days(event))
        return page, 409 if request.method == "POST" else 200
    form = FeedbackForm()
    if form.validate_on_submit():
        floods.note(request.remote_addr or "")
        values = {"rating": int(form.rating.data), "liked": form.liked.data, "missed": form.missed.data}
        services.give(event, values, form.key.data or services.new_key())
        db.session.commit()
        language = {"sprache": request.args["sprache"]} if "sprache" in request.args else {}
        return redirect(url_for("feedback.give", secret=secret, **{GIVEN: 1}, **language), 303)
    form.key.data = form.key.data or services.new_key()
    return form.page("feedback/give.html", event=event)


def _days(event):
    return {"first": services.first_day(event), "last": services.last_day(event)}
