"""The calendar on screen and its feeds."""

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_login import current_user

from crm.access import Permission, open_to_all, requires
from crm.calendars import feeds, grid, queries, services
from crm.calendars.days import Span, View
from crm.calendars.forms import CalendarForm
from crm.calendars.items import Kind
from crm.calendars.queries import Who
from crm.db import db, today
from crm.events import queries as events
from crm.events.calendar_entry import entry_of, in_calendar
from crm.forms import confirmed
from crm.ics import MEDIA_TYPE, calendar

calendars = Blueprint("calendars", __name__, url_prefix="/kalender")

ROWS_OF_LIST = 300


@calendars.route("")
@requires(Permission.READ_CONTENT)
def show():
    """Show a month, a week or a list of all that has a day, for me or for the team."""
    form = CalendarForm(formdata=request.args)
    form.validate()
    span = Span(form.chosen("sicht") or View.MONTH, form.chosen("tag") or today())
    who, user = form.chosen("wer") or _usual(), current_user._get_current_object()
    form.wer.data, form.sicht.data = who, span.view
    if form.tag.data:
        # The links of the page name days as programs do.
        form.tag.raw_data = [form.tag.show(form.tag.data)]
    form.art.data = [one.value for one in form.kinds]
    found = queries.between(user, span.first, span.last, form.kinds, who)
    rows, left = (
        grid.days(span, found.items, ROWS_OF_LIST)
        if span.view is View.LIST
        else (grid.weeks(span, found.items, grid.FEW if span.view is View.MONTH else grid.MANY), 0)
    )
    return render_template(
        "calendars/show.html", form=form, span=span, rows=rows, left=left, found=found, kinds=Kind,
        views=View, address=_addresses(form, span),
    )  # fmt: skip


def _usual():
    """Give whose calendar somebody sees first; who only reads has no entries."""
    return Who.ME if current_user.may(Permission.WRITE_EVENTS) else Who.TEAM


def _addresses(form, span):
    """Give the function that builds the address of the same calendar with another day, view or person."""
    chosen = [one.value for one in form.kinds]
    kept = {"wer": form.wer.data.value, "art": chosen if len(chosen) < len(Kind) else None}

    def address(**changes):
        values = kept | {"sicht": span.view.value, "tag": span.day.isoformat()} | changes
        return url_for("calendars.show", **values)

    return address


@calendars.route("/abonnieren")
@requires(Permission.READ_CONTENT)
def subscribe():
    """Show the secret addresses of the own feeds, and how to take them into another calendar."""
    return render_template("calendars/subscribe.html", feeds=feeds.addresses(current_user))


@calendars.route("/abonnieren/neue-adressen", methods=["GET", "POST"])
@requires(Permission.READ_CONTENT)
def renew():
    """Ask once more, then make new addresses; the old ones are dead at once."""
    user = current_user._get_current_object()
    if not confirmed(user):
        return render_template("calendars/renew.html", user=user)
    services.renew_addresses(user)
    db.session.commit()
    flash(_("Your calendars have new addresses. The old ones no longer work."))
    return redirect(url_for("calendars.subscribe"), 303)


@calendars.route("/<feed_kind>/<feed_token>.ics")
@open_to_all
def feed(feed_kind, feed_token):
    """Give a feed to whoever knows its secret address; a wrong one is as missing as any other."""
    user = feeds.owner(feed_kind, feed_token) or abort(404)
    with force_locale(user.language):
        text = feeds.text_of(feed_kind, user)
    answer = _file(text)
    answer.headers.set("Content-Disposition", "attachment", filename=f"kalender-{feed_kind}.ics")
    answer.headers["Cache-Control"] = f"private, max-age={int(feeds.AGAIN.total_seconds())}"
    answer.add_etag()
    return answer.make_conditional(request)


def _file(text):
    return Response(text, content_type=f"{MEDIA_TYPE}; charset=utf-8")


@calendars.route("/veranstaltung/<id:event_id>.ics")
@requires(Permission.READ_CONTENT)
def event_file(event_id):
    """Give one event as a file for a calendar of one's own."""
    event = events.one(event_id) or abort(404)
    if not in_calendar(event):
        abort(404)
    answer = _file(calendar([entry_of(event, stable=True)]))
    answer.headers.set("Content-Disposition", "attachment", filename=f"veranstaltung-{event.id}.ics")
    return answer
