"""Answers to a checklist on screen, in one Kommune or on the way through all of them."""

from types import SimpleNamespace

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from crm.access import Permission, requires
from crm.contacts import queries as contacts
from crm.db import db
from crm.elections import answers, queries
from crm.elections.forms import LeavingForm, SuccessorForm
from crm.elections.routes import elections, kept, load
from crm.errors import RuleBroken
from crm.fields import coerce_number
from crm.follow_ups import succession
from crm.forms import confirmed
from crm.i18n import day
from crm.mailings.following import follow

FROM = "kommune"


def _back(election_id, organisation_id):
    """Lead back to the Kommune on the page one came from; to the whole election where none was ticked."""
    if organisation_id is None:
        return url_for("elections.show", election_id=election_id, **kept())
    if request.args.get("von") == FROM:
        return url_for("elections.place", election_id=election_id, organisation_id=organisation_id)
    anchor = f"kommune-{organisation_id}"
    return url_for("elections.show", election_id=election_id, **kept(), _anchor=anchor)


def _check(election_id, check_id):
    return queries.check(election_id, check_id) or abort(404)


def _shown(election, check):
    return {"election": election, "check": check, "back": _back(election.id, check.organisation_id)}


@elections.route("/<id:election_id>/kommunen/<id:organisation_id>")
@requires(Permission.READ_CONTENT)
def place(election_id, organisation_id):
    """Show what is asked in one Kommune, and who else holds a function there."""
    election = load(election_id)
    checks = queries.checks_of(election_id, [organisation_id])[organisation_id]
    if not checks:
        abort(404)
    others = queries.not_asked(election, organisation_id)
    return render_template(
        "elections/place.html", election=election, checks=checks, name=checks[0].organisation_name,
        organisation_id=organisation_id, others=others, way={"von": FROM},
    )  # fmt: skip


@elections.route("/<id:election_id>/bestaetigen", methods=["POST"])
@requires(Permission.WRITE_PEOPLE)
def confirm(election_id):
    """Confirm one function, or all ticked ones of a Kommune."""
    election = load(election_id)
    numbers = request.form.getlist("one", coerce_number) or request.form.getlist("check", coerce_number)
    checks = queries.checks(election_id, [number for number in numbers if number])
    target = _back(election_id, checks[0].organisation_id) if checks else _back(election_id, None)
    try:
        number = answers.confirm(checks, current_user)
        answers.settle(election, current_user)
        _follow(*(one.function for one in checks))
    except RuleBroken as broken:
        db.session.rollback()
        flash(str(broken), "wait")
    else:
        db.session.commit()
        _say(number, checks)
    return redirect(target, 303)


def _say(number, checks):
    if checks:
        flash(ngettext("%(num)s function confirmed.", "%(num)s functions confirmed.", number))
    else:
        flash(_("Tick at least one function first."), "wait")


def _follow(*functions):
    """Let mails that wait follow the people whose functions changed."""
    for function in functions:
        if function is not None and function.person is not None:
            follow(function.person)


@elections.route("/<id:election_id>/pruefungen/<id:check_id>/nachfolge", methods=["GET", "POST"])
@requires(Permission.WRITE_PEOPLE)
def replace(election_id, check_id):
    """Enter who follows; the old function ends in the same breath."""
    election, check = load(election_id), _check(election_id, check_id)
    preset = {"title": check.function.title if check.function else None}
    form = SuccessorForm(obj=SimpleNamespace(valid_from=answers.usual_first_day(election), **preset))
    left = _left(check)
    form.connect(contacts.people_source(check.organisation_id)).offer(left, current_user)
    if form.validate_on_submit():
        try:
            follows = answers.replace(check, form.who, form.function, current_user)
            answers.settle(election, current_user)
            _follow(follows, check.function)
        except RuleBroken as broken:
            db.session.rollback()
            form.report(broken)
            left = _left(check)
        else:
            target = form.settle(_back(election_id, check.organisation_id))
            since = day(follows.valid_from)
            done = _("%(name)s holds the function from %(day)s.", name=follows.person.name, day=since)
            db.session.commit()
            flash(done)
            return redirect(target, 303)
    return form.page("elections/replace.html", left=left, **_shown(election, check))


def _left(check):
    """What goes with the office, if somebody is known there."""
    return succession.left_open(current_user, check.function) if check.function else []


@elections.route("/<id:election_id>/pruefungen/<id:check_id>/ausgeschieden", methods=["GET", "POST"])
@requires(Permission.WRITE_PEOPLE)
def vacate(election_id, check_id):
    """Note that somebody left and that the successor is not known; or that nobody is known at all."""
    election, check = load(election_id), _check(election_id, check_id)
    last = answers.usual_first_day(election) - answers.ONE_DAY
    form = LeavingForm(obj=SimpleNamespace(valid_to=last))
    if check.function is None:
        del form.valid_to
    if form.validate_on_submit():
        try:
            answers.vacate(check, form.values.get("valid_to"), current_user)
            answers.settle(election, current_user)
            _follow(check.function)
        except RuleBroken as broken:
            db.session.rollback()
            form.report(broken)
        else:
            target = form.settle(_back(election_id, check.organisation_id))
            db.session.commit()
            flash(_("Noted: %(function)s, successor open.", function=check.called))
            return redirect(target, 303)
    return form.page("elections/vacate.html", **_shown(election, check))


@elections.route("/<id:election_id>/pruefungen/<id:check_id>/zuruecknehmen", methods=["POST"])
@requires(Permission.WRITE_PEOPLE)
def take_back(election_id, check_id):
    """Take an answer back; an end that it set and a successor nobody touched go with it."""
    election, check = load(election_id), _check(election_id, check_id)
    target = _back(election_id, check.organisation_id)
    if not confirmed(check):
        return redirect(target, 303)
    successor = check.successor
    try:
        answers.take_back(check, current_user)
        answers.settle(election, current_user)
        _follow(check.function, successor)
    except RuleBroken as broken:
        db.session.rollback()
        flash(str(broken), "wait")
    else:
        db.session.commit()
        flash(_("Answer taken back."))
    return redirect(target, 303)


@elections.route("/<id:election_id>/kommunen/<id:organisation_id>/auch-pruefen", methods=["POST"])
@requires(Permission.WRITE_PEOPLE)
def ask_also(election_id, organisation_id):
    """Put one more function on the checklist."""
    election, number = load(election_id), request.form.get("function", type=coerce_number)
    found = [one for one in queries.not_asked(election, organisation_id) if one.id == number]
    for function in found:
        answers.ask_also(election, function, current_user)
        answers.settle(election, current_user)
    db.session.commit()
    flash(_("Added to the checklist.") if found else _("This function is on the checklist already."))
    url = url_for("elections.place", election_id=election_id, organisation_id=organisation_id)
    return redirect(url, 303)
