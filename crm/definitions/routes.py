"""Saved reports on screen: kept, opened, changed, sent by mail, unsubscribed from."""

from types import SimpleNamespace

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm import audit
from crm.access import Permission, requires
from crm.db import db, today
from crm.definitions import mailing as _mailing  # noqa: F401 its duty is registered with the area
from crm.definitions import queries, services
from crm.definitions.days import goes_out, next_end, period_of, span_of
from crm.definitions.forms import MailForm, NewSavedForm, SavedForm, stored
from crm.definitions.models import Rhythm, Span
from crm.errors import RuleBroken
from crm.forms import confirmed
from crm.history import last_editor, lines
from crm.reports import REPORTS, words
from crm.reports.asking import asked_scope, report_named
from crm.reports.scope import from_filters

definitions = Blueprint("definitions", __name__, url_prefix="/berichte/gespeichert")
TAKE_OVER = "uebernehmen"


def _load(saved_id):
    return queries.one(current_user, saved_id) or abort(404)


def _load_to_change(saved_id):
    saved = _load(saved_id)
    return saved if queries.may_change(current_user, saved) else abort(404)


def _page_of(saved):
    return url_for("definitions.show", saved_id=saved.id)


@definitions.route("/neu/<string:slug>", methods=["GET", "POST"])
@requires(Permission.READ_CONTENT)
def new(slug):
    """Save the report that is asked for in the address."""
    report = report_named(slug)
    scope = asked_scope(report)
    span = span_of(scope.period, today())
    days = {"since": scope.period.since, "until": scope.period.until} if span is Span.FIXED else {}
    form = NewSavedForm(obj=SimpleNamespace(name=str(report.title), span=span, shared=False, **days))
    if form.validate_on_submit():
        try:
            saved = services.save(slug, scope.filters, form.values, current_user)
        except RuleBroken as broken:
            form.report(broken)
        else:
            target = form.settle(_page_of(saved))
            db.session.commit()
            flash(_("Report saved."))
            return redirect(target, 303)
    own = [one for one in queries.listing(current_user, slug) if queries.may_change(current_user, one)]
    return form.page(
        "definitions/new.html", report=report, narrowed=words.filter_words(scope), own=own,
        arguments=scope.arguments, back=url_for("reports.show", slug=slug, **scope.arguments),
        take_over={TAKE_OVER: 1} | scope.filters,
    )  # fmt: skip


@definitions.route("/<id:saved_id>")
@requires(Permission.READ_CONTENT)
def show(saved_id):
    """Show a saved report: what it asks, who gets it, what was changed."""
    saved = _load(saved_id)
    period = period_of(saved, today())
    return render_template(
        "definitions/show.html", saved=saved, report=REPORTS.get(saved.slug), span=words.span(period),
        narrowed=words.filter_words(from_filters(period, saved.filters)),
        arguments=queries.arguments(saved), may_change=queries.may_change(current_user, saved),
        next_mail=_next_mail(saved), gets=current_user.id in [one.user_id for one in saved.recipients],
        names=[one.user.name for one in saved.recipients],
        without=[one.user.name for one in saved.recipients if not queries.may_read(one.user, saved)],
        events=lines(audit.history_of(saved)),
    )  # fmt: skip


def _next_mail(saved):
    """When the next mail goes; never where the account of its owner is locked."""
    if saved.rhythm is Rhythm.NEVER or not saved.owner.is_active:
        return None
    return goes_out(next_end(saved, today()))


@definitions.route("/<id:saved_id>/bearbeiten", methods=["GET", "POST"])
@requires(Permission.READ_CONTENT)
def edit(saved_id):
    """Change name, period and sharing; with filters in the address those as well."""
    saved = _load_to_change(saved_id)
    report = report_named(saved.slug)
    scope = asked_scope(report) if TAKE_OVER in request.args else None
    form = SavedForm(obj=saved)
    if form.validate_on_submit():
        try:
            services.change(saved, form.values, scope.filters if scope else None, current_user)
        except RuleBroken as broken:
            form.report(broken)
        else:
            db.session.commit()
            flash(_("Report saved."))
            return redirect(_page_of(saved), 303)
    if form.conflicts:
        form.conflict_by = last_editor(saved)
    narrowed = words.filter_words(scope or from_filters(period_of(saved, today()), saved.filters))
    return form.page(
        "definitions/edit.html", saved=saved, report=report, narrowed=narrowed, taking=scope is not None,
        arguments=queries.arguments(saved),
    )  # fmt: skip


@definitions.route("/<id:saved_id>/mail", methods=["GET", "POST"])
@requires(Permission.READ_CONTENT)
def mail(saved_id):
    """Say how often a saved report goes to whom."""
    saved = _load_to_change(saved_id)
    form = MailForm(obj=stored(saved, queries.choosable(current_user, saved))).prepare()
    if form.validate_on_submit():
        try:
            services.send_by_mail(saved, form.values, current_user)
        except RuleBroken as broken:
            form.report(broken)
        else:
            db.session.commit()
            flash(_("Mail of the report saved."))
            return redirect(_page_of(saved), 303)
    if form.conflicts:
        form.conflict_by = last_editor(saved)
    return form.page("definitions/mail.html", saved=saved)


@definitions.route("/<id:saved_id>/loeschen", methods=["GET", "POST"])
@requires(Permission.READ_CONTENT)
def remove(saved_id):
    """Ask once more, then remove a saved report."""
    saved = _load_to_change(saved_id)
    if not confirmed(saved):
        return render_template("definitions/remove.html", saved=saved)
    services.remove(saved, current_user)
    db.session.commit()
    flash(_("Saved report removed."))
    return redirect(url_for("reports.index"), 303)


@definitions.route("/<id:saved_id>/abbestellen", methods=["POST"])
@requires(Permission.READ_CONTENT)
def unsubscribe(saved_id):
    """Take oneself off the list of recipients."""
    saved = _load(saved_id)
    try:
        services.unsubscribe(saved, current_user)
    except RuleBroken as broken:
        flash(str(broken.message), "bad")
        return redirect(_page_of(saved), 303)
    stays = saved.shared or saved.owner_id == current_user.id
    db.session.commit()
    flash(_("You no longer get this report by mail."))
    return redirect(_page_of(saved) if stays else url_for("reports.index"), 303)
