"""Barriers on screen: anybody reports one; the staff see what is due and note the answer."""

from types import SimpleNamespace

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm import audit, jobs, links, once
from crm.access import Permission, open_to_all, requires
from crm.barriers import queries, services
from crm.barriers.forms import AnswerForm, ReportForm
from crm.db import db, today
from crm.history import last_editor, lines
from crm.mail import services as mail
from crm.paging import page_of
from crm.registrations import floods
from crm.retention import queries as retention

barriers = Blueprint("barriers", __name__)

SENT, PURPOSE = "gesendet", "barrier"


@barriers.route("/barrierefreiheit/melden", methods=["GET", "POST"])
@open_to_all
def report():
    """Take a report without an account and without a script; then say its number."""
    if SENT in request.args:
        return _thanks(request.args[SENT])
    form = ReportForm(location=request.args.get("seite", "")[:300])
    if form.validate_on_submit():
        floods.note(request.remote_addr or "")
        made = None if form.is_trapped else services.take_in(form.columns, form.key.data or once.new_key())
        mark = links.make(PURPOSE, made.id) if made else "1"
        db.session.commit()
        jobs.ring(mail.DUTY)
        language = {"sprache": request.args["sprache"]} if "sprache" in request.args else {}
        return redirect(url_for("barriers.report", **{SENT: mark}, **language), 303)
    form.key.data = form.key.data or once.new_key()
    return form.page(
        "barriers/report.html", weeks=services.ANSWER_WITHIN.days // 7, kept=retention.period("barriers")
    )


def _thanks(mark):
    number, _mark = links.read(PURPOSE, mark) or (0, "")
    return render_template("barriers/thanks.html", report=queries.one(number) if number else None)


@barriers.route("/barrieren")
@requires(Permission.WRITE_PEOPLE)
def index():
    """List the reports, the overdue first."""
    return render_template("barriers/index.html", page=page_of(queries.listing(), queries.FOR_LISTS))


@barriers.route("/barrieren/<id:report_id>", methods=["GET", "POST"])
@requires(Permission.WRITE_PEOPLE)
def show(report_id):
    """Show a report; note or correct what was answered."""
    found = queries.one(report_id) or abort(404)
    form = AnswerForm(obj=_presets(found))
    if found.forgotten_at is None and form.validate_on_submit():
        told = services.answer(found, form.values, current_user)
        db.session.commit()
        jobs.ring(mail.DUTY)
        flash(_("Answer noted and sent by e-mail.") if told else _("Answer noted."))
        return redirect(url_for("barriers.index"), 303)
    if form.conflicts:
        form.conflict_by = last_editor(found)
    return form.page("barriers/show.html", report=found, events=lines(audit.history_of(found)))


def _presets(report):
    """Offer today, and sending, as long as nothing was answered."""
    fresh = report.answered_on is None
    return SimpleNamespace(
        version=report.version, updated_at=report.updated_at, received_on=report.received_on,
        answered_on=today() if fresh else report.answered_on, answer=report.answer,
        send=fresh and bool(report.sender_email),
    )  # fmt: skip
