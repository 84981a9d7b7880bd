"""Closed quarters on screen, and the page that asks for the reason of a correction."""

from flask import Blueprint, abort, flash, has_request_context, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from crm.access import Permission, requires
from crm.closing import guard, queries, services
from crm.closing.forms import CloseForm, ReopenForm
from crm.closing.models import Span
from crm.consultations import corrected
from crm.consultations import queries as consultations
from crm.consultations.models import Consultation
from crm.consultations.queries import FOR_LISTS
from crm.db import db
from crm.errors import RuleBroken
from crm.events.models import Event
from crm.fields import asked_day
from crm.i18n import day
from crm.paging import page_of

closing = Blueprint("closing", __name__)

# Fields of a form that are made anew.
FRESH = ("csrf_token", guard.REASON)


def _typed():
    """The reason sent with a form and who sent it; nobody where it was no colleague."""
    if not has_request_context() or not current_user or not current_user.is_authenticated:
        return None, None
    return request.form.get(guard.REASON) if request.method == "POST" else None, current_user.id


guard.ask_by(_typed)


@closing.app_errorhandler(guard.ReasonNeeded)
def ask_for_reason(needed):
    """Ask for the reason, keep everything that was sent, and send it again with the reason."""
    db.session.rollback()
    sent = [pair for pair in request.form.items(multi=True) if pair[0] not in FRESH]
    return render_template(
        "closing/ask_for_reason.html", message=needed.message, sent=sent, most=guard.MOST
    ), 422


def _span(year, number):
    if not (1970 <= year <= 2100 and 1 <= number <= 4):
        abort(404)
    return Span(year, number)


@closing.route("/berichte/quartale")
@requires(Permission.READ_CONTENT)
def index():
    """List the quarters that are over, with who closed them and how much was corrected since."""
    return render_template(
        "closing/index.html", quarters=queries.past(), numbers=corrected.numbers(current_user)
    )


@closing.route("/berichte/quartale/<id:year>/<id:number>/abschliessen", methods=["GET", "POST"])
@requires(Permission.RELEASE_REPORTS, fresh=True)
def close(year, number):
    """Ask once more, then close a quarter."""
    span, form = _span(year, number), CloseForm()
    if form.validate_on_submit():
        try:
            services.close(span, current_user)
            target = form.settle(url_for("closing.index"))
        except RuleBroken as broken:
            db.session.rollback()
            form.report(broken)
        else:
            db.session.commit()
            flash(_("%(quarter)s is closed now.", quarter=span.name))
            return redirect(target, 303)
    return form.page("closing/close.html", span=span)


@closing.route("/berichte/quartale/<id:year>/<id:number>/oeffnen", methods=["GET", "POST"])
@requires(Permission.RELEASE_REPORTS, fresh=True)
def reopen(year, number):
    """Open a closed quarter again, with a reason."""
    span, form = _span(year, number), ReopenForm()
    if form.validate_on_submit():
        try:
            services.reopen(span, form.reason.data, current_user)
            target = form.settle(url_for("closing.index"))
        except RuleBroken as broken:
            db.session.rollback()
            form.report(broken)
        else:
            db.session.commit()
            flash(_("%(quarter)s is open again.", quarter=span.name))
            return redirect(target, 303)
    return form.page("closing/reopen.html", span=span)


@closing.route("/berichte/quartale/<id:year>/<id:number>")
@requires(Permission.READ_CONTENT)
def corrections(year, number):
    """List what was corrected in a quarter after it was closed."""
    span = _span(year, number)
    query = queries.corrections().where(*queries.in_quarter(span), corrected.seen_by(current_user))
    page = page_of(query.execution_options(include_removed=True))
    return render_template("closing/corrections.html", span=span, page=page, links=_links(page.rows))


@closing.route("/berichte/quartale/berichtigungen")
@requires(Permission.READ_CONTENT)
def touched():
    """List what was corrected after closing in the quarters that some days touch."""
    first, last = asked_day(request.args.get("von")), asked_day(request.args.get("bis"))
    if first is None or last is None:
        abort(404)
    query = queries.corrections().where(queries.between(first, last), corrected.seen_by(current_user))
    page = page_of(query.execution_options(include_removed=True))
    return render_template("closing/touched.html", page=page, links=_links(page.rows), first=first, last=last)


def _links(rows):
    """Name what was corrected and lead to it, as far as it is there for this person."""
    talks = {one.consultation_id for one in rows if one.consultation_id}
    gatherings = {one.event_id for one in rows if one.event_id}
    query = consultations.visible_to(current_user).where(Consultation.id.in_(talks)).options(*FOR_LISTS)
    seen = {one.id: one for one in db.session.scalars(query)} if talks else {}
    found = {one.id: one for one in db.session.scalars(select(Event).where(Event.id.in_(gatherings)))}
    links = {}
    for one in rows:
        if talk := seen.get(one.consultation_id):
            words = f"{day(talk.held_on)}, {talk.heading}: {talk.about}"
            links[one.id] = words, url_for("consultations.show", consultation_id=talk.id)
        elif event := found.get(one.event_id):
            links[one.id] = event.title, url_for("events.show", event_id=event.id)
    return links
