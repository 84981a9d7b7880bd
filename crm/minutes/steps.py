"""The way of minutes on screen: sent to be checked, remarks settled, withdrawn, released, corrected."""

from datetime import timedelta
from types import SimpleNamespace

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from crm import jobs
from crm.access import Permission, requires
from crm.db import db, today
from crm.errors import RuleBroken
from crm.forms import confirmed
from crm.history import last_editor
from crm.mail import services as mail
from crm.minutes import checking, queries, releasing, services
from crm.minutes.forms import CirculateForm, ReleaseForm
from crm.minutes.kinds import MinutesState, Outcome
from crm.minutes.people import readers
from crm.minutes.routes import load, minutes, page_of_minutes, sheet, whole_talk
from crm.office.queries import office
from crm.papers import to_pdf
from crm.reads.models import Way

ONE = "/protokolle/<id:minutes_id>"


def _offered(people):
    return [(one.person_id, one.text) for one in people if not one.why_not]


def _ticked(people, form):
    return [one for one in people if one.person_id in (form.people.data or ())]


def _done_already(minutes_id):
    """Lead to minutes whose step was done before, as by a second press of the button."""
    return redirect(page_of_minutes(minutes_id), 303 if request.method == "POST" else 302)


@minutes.route(f"{ONE}/abstimmen", methods=["GET", "POST"])
@requires(Permission.WRITE_CONSULTATIONS)
def circulate(minutes_id):
    """Send minutes to those who took part, to be checked until a day."""
    found = load(minutes_id, hold=request.method == "POST")
    if found.is_going_round or found.state is MinutesState.RELEASED:
        return _done_already(minutes_id)
    people = readers(whole_talk(found, Way.FORM))
    form = CirculateForm(obj=_question(found, people)).prepare()
    if form.validate_on_submit():
        try:
            number = checking.circulate(found, _ticked(people, form), form.columns, current_user)
        except RuleBroken as broken:
            db.session.rollback()
            form.report(broken)
        else:
            db.session.commit()
            jobs.ring(mail.DUTY)
            flash(ngettext("%(num)s person is asked to check the minutes.",
                           "%(num)s people are asked to check the minutes.", number))  # fmt: skip
            return redirect(page_of_minutes(minutes_id), 303)
    if form.conflicts:
        form.conflict_by = last_editor(found)
    return form.page("minutes/circulate.html", minutes=found, people=people, talk=found.consultation)


def _question(found, people):
    offered = _offered(people)
    return SimpleNamespace(
        version=found.version, updated_at=found.updated_at, offered=offered,
        people=[number for number, _text in offered], deadline_on=_usual_day(),
        silence_agrees=found.silence_agrees, message=found.message,
    )  # fmt: skip


def _usual_day():
    """Two weeks from now, on a day of work."""
    day = today() + checking.USUAL
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


@minutes.route(f"{ONE}/zurueckziehen", methods=["GET", "POST"])
@requires(Permission.WRITE_CONSULTATIONS)
def withdraw(minutes_id):
    """Ask once more, then stop a check."""
    found = load(minutes_id, hold=request.method == "POST")
    if not found.is_going_round:
        return _done_already(minutes_id)
    if not confirmed(found):
        return render_template("minutes/withdraw.html", minutes=found, checks=queries.checks(found))
    checking.withdraw(found, current_user)
    db.session.commit()
    flash(_("The check is withdrawn. The links no longer work; answers given so far are kept."))
    return redirect(page_of_minutes(minutes_id), 303)


@minutes.route(f"{ONE}/anmerkungen/<id:remark_id>", methods=["POST"])
@requires(Permission.WRITE_CONSULTATIONS)
def settle(minutes_id, remark_id):
    """Note whether a remark was taken over."""
    load(minutes_id)
    remark = queries.remark(minutes_id, remark_id) or abort(404)
    outcome = next((one for one in Outcome if one.value == request.form.get("ergebnis")), None) or abort(400)
    checking.settle(remark, outcome, current_user)
    db.session.commit()
    return redirect(url_for("minutes.show", minutes_id=minutes_id, _anchor=f"anmerkung-{remark_id}"), 303)


@minutes.route(f"{ONE}/freigeben", methods=["GET", "POST"])
@requires(Permission.WRITE_CONSULTATIONS)
def release(minutes_id):
    """Show minutes once more, then release them: kept for good, filed on the talk, sent if wanted."""
    found = load(minutes_id)
    if found.state is MinutesState.RELEASED:
        return _done_already(minutes_id)
    talk, edition = whole_talk(found, Way.FORM), releasing.next_edition(found)
    people = readers(talk)
    form = ReleaseForm(obj=_yes(found, people, edition)).prepare()
    if form.validate_on_submit():
        try:
            _release(found, form, people)
        except RuleBroken as broken:
            db.session.rollback()
            form.report(broken)
        else:
            db.session.commit()
            jobs.ring(mail.DUTY)
            flash(_("The minutes are released and filed with the talk."))
            return redirect(page_of_minutes(minutes_id), 303)
    if form.conflicts:
        form.conflict_by = last_editor(found)
    shown = {"talk": talk, "edition": edition, "people": people} | _read_once_more(found, talk)
    return form.page("minutes/release.html", minutes=found, **shown)


def _read_once_more(found, talk):
    """The minutes as they would be released, and what is only ticked in them."""
    checks = queries.checks(found)
    words = sheet(found, talk, checks, queries.releases(found.id))
    return {"sheet": words, "ticked": checking.only_ticked(found, checks)}


def _yes(found, people, edition):
    offered = _offered(people)
    return SimpleNamespace(
        version=found.version, updated_at=found.updated_at, offered=offered, edition=edition, reason=None,
        people=[number for number, _text in offered],
    )  # fmt: skip


def _release(found, form, people):
    issuer = office()
    ready, base_address = releasing.prepare(found, issuer, form.reason.data), issuer.base_address
    chosen, reason, user = _ticked(people, form), form.reason.data, current_user._get_current_object()
    # All words are read; typesetting takes its time, and nobody need wait for this connection meanwhile.
    db.session.rollback()
    releasing.release(ready, to_pdf(ready.paper, base_address), reason, chosen, user)


@minutes.route(f"{ONE}/berichtigen", methods=["GET", "POST"])
@requires(Permission.WRITE_CONSULTATIONS)
def correct(minutes_id):
    """Ask once more, then open released minutes for another version."""
    found = load(minutes_id)
    if found.state is not MinutesState.RELEASED:
        return _done_already(minutes_id)
    if not confirmed(found):
        return render_template("minutes/correct.html", minutes=found)
    try:
        services.correct(found, current_user)
    except RuleBroken as broken:
        db.session.rollback()
        flash(str(broken.message), "wait")
        return redirect(page_of_minutes(minutes_id), 303)
    db.session.commit()
    flash(_("A new version is open. The released one stays as it is."))
    return redirect(url_for("minutes.edit", minutes_id=minutes_id), 303)
