"""The funding of a group on screen: readiness, grant, costs, application; and the deadlines of all."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm.access import Permission, requires
from crm.cooperations import queries as cooperations
from crm.db import db, today
from crm.errors import RuleBroken
from crm.funding import checklist, queries, services, tables
from crm.funding.checks import oddities
from crm.funding.deadlines import within
from crm.funding.dossier import day_of, dossier, partners_on
from crm.funding.forms import DeadlineFilterForm, JudgeForm, judged
from crm.funding.gains import gain_of
from crm.funding.kinds import Span
from crm.funding.stations import state_of, stays
from crm.history import last_editor
from crm.proceedings.services import authority_of, competent

MOST_ROWS = 300

funding = Blueprint("funding", __name__)


def load(cooperation_id):
    """Give a whole group, or the page that says there is none."""
    return cooperations.one(cooperation_id) or abort(404)


def page_of(cooperation_id, application_id=None, anchor=None):
    """Address of the funding of a group."""
    return url_for("funding.show", cooperation_id=cooperation_id, antrag=application_id, _anchor=anchor)


@funding.route("/kooperationen/<id:cooperation_id>/foerderung")
@requires(Permission.READ_CONTENT)
def show(cooperation_id):
    """Show whether a group could be funded, how much, and where its application is."""
    group = load(cooperation_id)
    found = dossier(group, today(), request.args.get("antrag", type=int))
    current = found.current
    papers = checklist.lines(group, found.facts, current, _authority(group, found.facts.day))
    return render_template(
        "funding/show.html",
        group=group, found=found, application=current, papers=papers, present=checklist.present(papers),
        gain=gain_of(found.facts.partners, found.facts.cost_after), partners=_rows(found),
        states={one.id: state_of(one, today()) for one in found.applications},
        stays=stays(current, today()) if current else [], oddities=oddities(current) if current else [],
        documents=queries.documents_of([one.id for one in current.papers] if current else []),
        today=today(),
        day_asked=found.facts.day if found.facts.day != today() else None,
    )  # fmt: skip


def _authority(group, day):
    """Whose assessment is needed; the fire brigades of one municipality have their Landrat."""
    return authority_of(group, competent(group, day))


def _rows(found):
    """The required partners with what the cost table holds of them."""
    return list(zip(found.partners, found.facts.partners, strict=True))


@funding.route("/kooperationen/<id:cooperation_id>/foerderung/beurteilen", methods=["GET", "POST"])
@requires(Permission.WRITE_COOPERATIONS)
def judge(cooperation_id):
    """Note what only a person can judge."""
    group = load(cooperation_id)
    form = JudgeForm(obj=judged(queries.plan_of(group.id)))
    if form.validate_on_submit():
        try:
            services.judge(group, form.values, current_user)
        except RuleBroken as broken:
            form.report(broken)
        else:
            db.session.commit()
            flash(_("Judgement saved."))
            return redirect(page_of(cooperation_id), 303)
    if form.conflicts:
        form.conflict_by = last_editor(group)
    return form.page("funding/judge.html", group=group)


def _bearers(group):
    """The partners whose costs count: those of today, and those on the day of an application."""
    days = [day_of(one, today()) for one in queries.applications_of(group.id, brief=True)]
    then = [one for day in days for one in partners_on(group, day)]
    return [one for one in group.partners if one.is_required or one in then]


@funding.route("/kooperationen/<id:cooperation_id>/foerderung/kosten", methods=["GET", "POST"])
@requires(Permission.WRITE_COOPERATIONS)
def costs(cooperation_id):
    """Enter the yearly costs of all partners at once."""
    group = load(cooperation_id)
    partners = _bearers(group)
    form = tables.cost_form(partners, queries.plan_of(group.id), queries.costs_of(group.id))
    if form.validate_on_submit():
        services.set_costs(group, tables.costs_in(form, partners), form.cost_after.data, current_user)
        db.session.commit()
        flash(_("Costs saved."))
        return redirect(page_of(cooperation_id, anchor="costs"), 303)
    if form.conflicts:
        form.conflict_by = last_editor(group)
    cells = [(one, tables.cells(form, one.id)) for one in partners]
    return form.page("funding/costs.html", group=group, rows=cells, columns=tables.COLUMNS.values())


@funding.route("/fristen")
@requires(Permission.READ_CONTENT)
def deadlines():
    """List the days that must not be missed, over all groups; what is overdue comes first."""
    form = DeadlineFilterForm(formdata=request.args)
    form.validate()
    span, kind = form.chosen("bis") or Span.YEAR, form.chosen("art")
    found = within(today(), span.months)
    rows = [one for one in found if kind is None or one.kind is kind]
    late = sum(one.is_late for one in rows)
    return render_template(
        "funding/deadlines.html", form=form, rows=rows[:MOST_ROWS], number=len(rows), late=late
    )
