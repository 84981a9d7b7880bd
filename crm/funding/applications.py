"""Applications on screen: note, change, remove; where they lie; their papers and the duties after them."""

from types import SimpleNamespace

from flask import abort, flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_login import current_user

from crm.access import Permission, requires
from crm.db import db, today
from crm.errors import RuleBroken
from crm.forms import confirmed
from crm.funding import applying, following, queries, tables
from crm.funding.checks import oddities
from crm.funding.dossier import facts_of, standard_of
from crm.funding.forms import (
    ApplicationForm,
    NewApplicationForm,
    NewObligationForm,
    ObligationForm,
    StationForm,
)
from crm.funding.kinds import NEEDED, PaperKind
from crm.funding.routes import funding, load, page_of
from crm.funding.stations import first_kind, next_kind
from crm.history import last_editor
from crm.organisations import queries as organisations

BASE = "/kooperationen/<id:cooperation_id>/foerderung"
ONE = f"{BASE}/antraege/<id:application_id>"


def _application(cooperation_id, application_id):
    """Give a whole group and one of its applications, or the page that says there is none."""
    group = load(cooperation_id)
    return group, queries.application(cooperation_id, application_id) or abort(404)


def _warn(one):
    """Say at once what does not fit together; it is saved all the same."""
    for text in oddities(one):
        flash(text, "wait")


@funding.route(f"{BASE}/antraege/neu", methods=["GET", "POST"])
@requires(Permission.WRITE_COOPERATIONS)
def new_application(cooperation_id):
    """Note an application; rules, applicant and sum are suggested."""
    group, known = load(cooperation_id), queries.rule_sets()
    form = _offered(NewApplicationForm(obj=_preset(group, known)), group, known)
    if form.validate_on_submit():
        try:
            made = applying.record_application(group, form.values, current_user)
        except RuleBroken as broken:
            form.report(broken)
        else:
            target = form.settle(page_of(cooperation_id, made.id, "application"))
            _warn(made)
            db.session.commit()
            flash(_("Application saved."))
            return redirect(target, 303)
    return form.page("funding/new_application.html", group=group, standard=_standard(group, known))


def _preset(group, known):
    """The lead partner applies by the rules of today for the standard grant."""
    rules = queries.rules_on(today(), known)
    lead = group.lead.organisation_id if group.lead else None
    return SimpleNamespace(
        rule_set_id=rules.id if rules else None, applicant_id=lead, requested=_standard(group, known).sum
    )


def _standard(group, known, day=None):
    """The standard grant by the rules of a day."""
    day = day or today()
    return standard_of(facts_of(group, day, queries.rules_on(day, known), queries.plan_of(group.id)))


def _offered(form, group, known, applicant=None):
    """Offer the partners, and who applied before it was taken out of them."""
    partners = {one.organisation_id: one.organisation_name for one in group.partners}
    if applicant is not None:
        partners.setdefault(applicant.id, applicant.name)
    return form.offer(list(partners.items()), [(one.id, one.name) for one in known])


@funding.route(f"{ONE}/bearbeiten", methods=["GET", "POST"])
@requires(Permission.WRITE_COOPERATIONS)
def edit_application(cooperation_id, application_id):
    """Change an application, from the letter to the money."""
    group, one = _application(cooperation_id, application_id)
    known = queries.rule_sets()
    form = _offered(ApplicationForm(obj=one), group, known, one.applicant)
    if form.validate_on_submit():
        try:
            applying.change_application(group, one, form.values, current_user)
        except RuleBroken as broken:
            form.report(broken)
        else:
            _warn(one)
            db.session.commit()
            flash(_("Application saved."))
            return redirect(page_of(cooperation_id, application_id, "application"), 303)
    if form.conflicts:
        form.conflict_by = last_editor(group)
    standard = _standard(group, known, one.submitted_on)
    return form.page("funding/edit_application.html", group=group, application=one, standard=standard)


@funding.route(f"{ONE}/entfernen", methods=["GET", "POST"])
@requires(Permission.WRITE_COOPERATIONS)
def remove_application(cooperation_id, application_id):
    """Ask once more, then take out an application that never was."""
    group, one = _application(cooperation_id, application_id)
    if not confirmed(one):
        return render_template("funding/remove_application.html", group=group, application=one)
    applying.remove_application(group, one, current_user)
    db.session.commit()
    flash(_("Mistaken application removed. The history keeps the trace."))
    return redirect(page_of(cooperation_id), 303)


@funding.route(f"{ONE}/station", methods=["GET", "POST"])
@requires(Permission.WRITE_COOPERATIONS)
def report_station(cooperation_id, application_id):
    """Report where an application has arrived; the usual next station is preset."""
    group, one = _application(cooperation_id, application_id)
    preset = next_kind(one.stations, first_kind(one.applicant, _has_county(one.applicant)))
    form = StationForm(obj=SimpleNamespace(kind=preset, arrived_on=today()))
    if form.validate_on_submit():
        try:
            following.report_station(group, one, form.values, current_user)
        except RuleBroken as broken:
            form.report(broken)
        else:
            target = form.settle(page_of(cooperation_id, application_id, "application"))
            _warn(one)
            db.session.commit()
            flash(_("Station saved."))
            return redirect(target, 303)
    return form.page("funding/report_station.html", group=group, application=one)


def _has_county(place):
    """Tell whether a municipality lies in a county; a county-free city does not."""
    whole = organisations.one(place.id) if place else None
    return whole is None or organisations.county_on(whole, today()) is not None


@funding.route(f"{BASE}/stationen/<id:station_id>/entfernen", methods=["GET", "POST"])
@requires(Permission.WRITE_COOPERATIONS)
def remove_station(cooperation_id, station_id):
    """Ask once more, then take out a station that never was."""
    group = load(cooperation_id)
    one, station = queries.station(cooperation_id, station_id) or abort(404)
    if request.method == "GET":
        return render_template("funding/remove_station.html", group=group, application=one, station=station)
    following.remove_station(group, one, station, current_user)
    db.session.commit()
    flash(_("Mistaken station removed. The history keeps the trace."))
    return redirect(page_of(cooperation_id, one.id, "application"), 303)


@funding.route(f"{ONE}/unterlagen", methods=["GET", "POST"])
@requires(Permission.WRITE_COOPERATIONS)
def papers(cooperation_id, application_id):
    """Note how far the papers of an application are, all in one form."""
    group, one = _application(cooperation_id, application_id)
    form = tables.paper_form(one)
    if form.validate_on_submit():
        following.set_papers(group, one, tables.papers_in(form), current_user)
        db.session.commit()
        flash(_("Papers saved."))
        return redirect(page_of(cooperation_id, application_id, "papers"), 303)
    if form.conflicts:
        form.conflict_by = last_editor(group)
    rows = [(kind, kind in NEEDED, tables.row(form, kind)) for kind in PaperKind]
    return form.page("funding/papers.html", group=group, application=one, rows=rows)


@funding.route(f"{ONE}/pflichten/neu", methods=["GET", "POST"])
@requires(Permission.WRITE_COOPERATIONS)
def new_obligation(cooperation_id, application_id):
    """Note a duty after the grant."""
    group, one = _application(cooperation_id, application_id)
    form = NewObligationForm()
    if form.validate_on_submit():
        try:
            following.record_obligation(group, one, form.values, current_user)
        except RuleBroken as broken:
            form.report(broken)
        else:
            target = form.settle(page_of(cooperation_id, application_id, "obligations"))
            db.session.commit()
            flash(_("Duty saved."))
            return redirect(target, 303)
    return form.page("funding/new_obligation.html", group=group, application=one)


@funding.route(f"{BASE}/pflichten/<id:obligation_id>", methods=["GET", "POST"])
@requires(Permission.WRITE_COOPERATIONS)
def edit_obligation(cooperation_id, obligation_id):
    """Change a duty, or note that it is done."""
    group = load(cooperation_id)
    one = queries.obligation(cooperation_id, obligation_id) or abort(404)
    form = ObligationForm(obj=one)
    if form.validate_on_submit():
        try:
            following.change_obligation(group, one, form.values, current_user)
        except RuleBroken as broken:
            form.report(broken)
        else:
            db.session.commit()
            flash(_("Duty saved."))
            return redirect(page_of(cooperation_id, one.application_id, "obligations"), 303)
    if form.conflicts:
        form.conflict_by = last_editor(group)
    return form.page("funding/edit_obligation.html", group=group, obligation=one)


@funding.route(f"{BASE}/pflichten/<id:obligation_id>/entfernen", methods=["GET", "POST"])
@requires(Permission.WRITE_COOPERATIONS)
def remove_obligation(cooperation_id, obligation_id):
    """Ask once more, then take out a duty that never was."""
    group = load(cooperation_id)
    one = queries.obligation(cooperation_id, obligation_id) or abort(404)
    if not confirmed(one):
        return render_template("funding/remove_obligation.html", group=group, obligation=one)
    target = page_of(cooperation_id, one.application_id, "obligations")
    following.remove_obligation(group, one, current_user)
    db.session.commit()
    flash(_("Mistaken duty removed. The history keeps the trace."))
    return redirect(target, 303)
