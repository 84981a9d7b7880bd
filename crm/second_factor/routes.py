"""The second step at the door, and setting a second factor up."""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm import jobs
from crm.access import Permission, open_to_all, requires
from crm.accounts import guessing, sessions
from crm.accounts.entering import ask_again, enter
from crm.accounts.models import User
from crm.db import db
from crm.errors import RuleBroken
from crm.export import download
from crm.mail import notices
from crm.mail.services import DUTY
from crm.second_factor import codes, pending, queries, services
from crm.second_factor.forms import CodeForm, FirstCodeForm, SureForm, YesForm

second_factor = Blueprint("second_factor", __name__)

# Guesses of codes have a count of their own: a right password wipes none of them out.
COUNTED_AS = "zweiter-faktor:"
# What is open to somebody who must set a second factor up and has not done so yet.
OPEN = {
    "accounts.prove", "accounts.sign_out", "second_factor.begin", "second_factor.codes_made",
    "second_factor.set_up", "second_factor.show",
}  # fmt: skip


def ask_to_set_up() -> Any:
    """Let nobody who needs a second factor and has none do anything but set it up or leave."""
    if session.elsewhere or request.endpoint in OPEN:  # type: ignore[attr-defined]
        return None
    if not queries.is_demanded(current_user, current_app.config["REQUIRE_SECOND_FACTOR"]):
        return None
    return redirect(url_for("second_factor.show"))


def _check_code(user: User, typed: str) -> None:
    """Count, then take a code; a recovery code is told by mail. The caller commits and rings."""
    number, whose = guessing.count(COUNTED_AS + user.email), user.id
    try:
        recovered = services.check(user, typed)
    except RuleBroken:
        guessing.note_wrong(whose)
        raise
    if recovered:
        notices.tell_code_used(user, queries.unused_codes(user))
    guessing.was_right(number)


@second_factor.route("/anmelden/code", methods=["GET", "POST"])
@open_to_all
def step():
    """Ask for the code after a right password; only now a session begins."""
    waiting, form = pending.at_hand(), CodeForm()
    if waiting is None:
        return ask_again(_("Sign in with your e-mail and password first."))
    if not pending.is_alive(waiting):
        return ask_again(_("This took too long. Sign in once more."), waiting.wanted, waiting.sealed)
    if not form.validate_on_submit():
        return form.page("second_factor/step.html")
    user, number, aim = waiting.user, waiting.id, (waiting.wanted, waiting.sealed)
    try:
        _check_code(user, form.code.data)
        if not pending.end(number):
            raise RuleBroken(_("This took too long. Sign in once more."))
    except RuleBroken as broken:
        db.session.rollback()
        return guessing.refused(form, broken, "second_factor/step.html")
    answer = enter(user, *aim)
    jobs.ring(DUTY)
    return answer


@second_factor.route("/konto/zweiter-faktor")
@requires(Permission.SIGNED_IN)
def show():
    """Say what a second factor is, whether there is one, and how many recovery codes are left."""
    demanded = queries.is_demanded(current_user, current_app.config["REQUIRE_SECOND_FACTOR"])
    left = queries.unused_codes(current_user) if current_user.second_factor_at else 0
    return render_template("second_factor/show.html", demanded=demanded, left=left)


@second_factor.route("/konto/zweiter-faktor/beginnen", methods=["POST"])
@requires(Permission.SIGNED_IN, fresh=True)
def begin():
    """Make the secret that the next page shows."""
    services.start(current_user._get_current_object())
    db.session.commit()
    return redirect(url_for("second_factor.set_up"), 303)


@second_factor.route("/konto/zweiter-faktor/einrichten", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN, fresh=True)
def set_up():
    """Show the secret as a picture and as text; the first right code puts it in force."""
    user, form = current_user._get_current_object(), FirstCodeForm()
    if user.second_factor_at is not None:
        return redirect(url_for("second_factor.codes_made"))
    shown = _shown(user)
    if form.validate_on_submit():
        try:
            services.put_in_force(user, form.code.data)
        except RuleBroken as broken:
            db.session.rollback()
            form.report(broken)
        else:
            notices.tell_second_factor_set(user)
            sessions.go_on()
            db.session.commit()
            jobs.ring(DUTY)
            flash(_("The second factor is in force. Other sign-ins have ended."))
            return redirect(url_for("second_factor.codes_made"), 303)
    return form.page("second_factor/set_up.html", **shown)


def _shown(user):
    """Give what the page shows of the secret, nothing where none was made or it waited too long."""
    secret = queries.begun_secret(user)
    if secret is None:
        return {"secret": "", "picture": None}
    return {"secret": codes.in_groups(secret), "picture": codes.picture(codes.address(secret, user.email))}


@second_factor.route("/konto/zweiter-faktor/codes", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN, fresh=True)
def codes_made():
    """Show new recovery codes, give them as a file, and forget them once they are put away."""
    user, form = current_user._get_current_object(), YesForm()
    made = queries.new_codes(user)
    if form.validate_on_submit() and "datei" in request.form and made:
        return download(codes.as_text(made, user.email).encode(), "Ersatzcodes", "txt")
    if form.validate_on_submit():
        services.put_codes_away(user)
        db.session.commit()
        flash(_("Your recovery codes are not shown any more."))
        return redirect(url_for("second_factor.show"), 303)
    if not made:
        return redirect(url_for("second_factor.show"))
    return form.page("second_factor/codes.html", made=made)


def _sure(form, user):
    """Check password and code of somebody inside; what was right stays noted, whatever comes next."""
    guessing.check_password(user, form.password.data, "password")
    db.session.commit()
    _check_code(user, form.code.data)
    db.session.commit()


@second_factor.route("/konto/zweiter-faktor/neue-codes", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def renew_codes():
    """Replace the recovery codes, after password and code."""
    user, form = current_user._get_current_object(), SureForm()
    if user.second_factor_at is None:
        return redirect(url_for("second_factor.show"))
    if form.validate_on_submit():
        try:
            _sure(form, user)
            services.renew_codes(user)
        except RuleBroken as broken:
            db.session.rollback()
            return guessing.refused(form, broken, "second_factor/renew_codes.html")
        notices.tell_codes_renewed(user)
        sessions.prove()
        db.session.commit()
        jobs.ring(DUTY)
        return redirect(url_for("second_factor.codes_made"), 303)
    return form.page("second_factor/renew_codes.html")


@second_factor.route("/konto/zweiter-faktor/ausschalten", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def switch_off():
    """Do without the second factor, after password and code; other sessions end."""
    user, form = current_user._get_current_object(), SureForm()
    if user.second_factor_at is None:
        return redirect(url_for("second_factor.show"))
    if form.validate_on_submit():
        try:
            _sure(form, user)
        except RuleBroken as broken:
            db.session.rollback()
            return guessing.refused(form, broken, "second_factor/switch_off.html")
        services.switch_off(user)
        notices.tell_second_factor_gone(user, user)
        sessions.go_on()
        db.session.commit()
        jobs.ring(DUTY)
        flash(_("The second factor is switched off. Other sign-ins have ended."))
        return redirect(url_for("second_factor.show"), 303)
    return form.page("second_factor/switch_off.html")


@second_factor.route("/konten/<id:user_id>/zweiter-faktor", methods=["GET", "POST"])
@requires(Permission.MANAGE_USERS, fresh=True)
def reset(user_id):
    """Take the second factor of somebody who lost it, after asking once more."""
    user, form = db.get_or_404(User, user_id), YesForm()
    if form.validate_on_submit():
        try:
            services.reset(user, current_user)
        except RuleBroken as broken:
            db.session.rollback()
            form.report(broken)
        else:
            notices.tell_second_factor_gone(user, current_user)
            db.session.commit()
            jobs.ring(DUTY)
            flash(_("The second factor is reset. The person was told by mail."))
            return redirect(url_for("accounts.edit_user", user_id=user.id), 303)
    return form.page("second_factor/reset.html", user=user)
