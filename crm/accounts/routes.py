"""Signing in and out, one's own settings, drafts."""

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFError

from crm import drafts, jobs, security_log
from crm.access import Permission, open_to_all, requires
from crm.accounts import guessing, passwords, queries, sealing, services, sessions
from crm.accounts.entering import enter
from crm.accounts.forms import PasswordForm, SettingsForm, SignInForm
from crm.accounts.models import User
from crm.db import db, now
from crm.errors import RuleBroken, stale_token
from crm.fields import record_choices
from crm.links import safe_path
from crm.mail import passwords as letters
from crm.mail.services import DUTY
from crm.second_factor import pending
from crm.security import csrf

accounts = Blueprint("accounts", __name__)


@accounts.route("/anmelden", methods=["GET", "POST"])
@open_to_all
def sign_in():
    """Ask for address and password; count, then check, then open a session."""
    form = SignInForm(next=request.args.get("next", ""))
    if not form.validate_on_submit():
        return form.page("accounts/sign_in.html", wait=0)
    try:
        guess = guessing.count(form.email.data, "sign-in")
    except guessing.TooManyGuesses as many:
        wait = many.seconds
        return render_template("accounts/sign_in.html", form=form, wait=wait), 429, {"Retry-After": str(wait)}
    user = queries.by_email(form.email.data)
    stored, number = (user.password_hash, user.id) if user else (passwords.hash_of_nothing(), None)
    right = passwords.matches_outside(stored, form.password.data)
    user = db.session.get(User, number) if number else None
    if not services.may_enter(user, right):
        db.session.rollback()
        security_log.note("sign-in", "refused", about=("users", number))
        form.report(RuleBroken(_("E-mail or password is wrong. Check both and try again.")))
        return form.page("accounts/sign_in.html", wait=0)
    return _enter(user, guess, form)


def _enter(user, guess, form):
    guessing.was_right(guess)
    if user.second_factor_at is not None:
        pending.begin(user, form.next.data, form.sealed.data)
        db.session.commit()
        return redirect(url_for("second_factor.step"), 303)
    return enter(user, form.next.data, form.sealed.data)


def ask_to_sign_in():
    """Send a stranger to the door; what a lost session had typed is sealed and carried along."""
    if request.method == "GET":
        return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))
    form = SignInForm(formdata=None, next=request.path if _has_page() else "")
    row, owner = sessions.current_row(), drafts.author_of(request.form)
    owner = owner or (row.user_id if row else None)
    if owner and _has_page():
        form.sealed.data = sealing.seal(owner, request.full_path.rstrip("?"), drafts.pairs(request.form))
    db.session.rollback()
    return render_template("accounts/sign_in.html", form=form, wait=0, interrupted=True), 401


def _has_page():
    return "GET" in (request.url_rule.methods or ())


@accounts.errorhandler(CSRFError)
def renew(error):
    """Show a door that stood open too long once more, with the sealed fields it carries."""
    if request.endpoint != "accounts.sign_in":
        return stale_token(error)
    form = SignInForm()
    form.form_errors.append(_("The form was renewed. Enter your password once more."))
    return render_template("accounts/sign_in.html", form=form, wait=0), 400


def ask_for_new_password():
    """Let nobody do anything else with a one-time password than replace it or leave."""
    if request.endpoint in ("accounts.change_password", "accounts.sign_out"):
        return None
    return redirect(url_for("accounts.change_password"))


@accounts.route("/abmelden", methods=["POST"])
@requires(Permission.SIGNED_IN)
def sign_out():
    """End this session at once."""
    sessions.end(sessions.current_row())
    db.session.commit()
    security_log.note("sign-out")
    return redirect(url_for("accounts.sign_in"), 303)


@accounts.route("/konto/passwort", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def change_password():
    """Set an own password; all other sessions end."""
    form = PasswordForm()
    if form.validate_on_submit():
        user = current_user._get_current_object()
        try:
            guessing.check_password(user, form.old_password.data, "old_password")
        except RuleBroken as broken:
            return guessing.refused(form, broken, "accounts/change_password.html")
        # A right password is counted as right, even if the new one is refused.
        db.session.commit()
        try:
            services.change_password(user, form.new_password.data)
        except RuleBroken as broken:
            form.report(broken)
        else:
            letters.tell_changed(user, user)
            sessions.go_on()
            db.session.commit()
            jobs.ring(DUTY)
            flash(_("The new password is in force. Other sign-ins have ended."))
            return redirect(url_for("home.index"), 303)
    return form.page("accounts/change_password.html")


@accounts.route("/konto", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def profile():
    """Language, colours, keys, absence."""
    user = current_user._get_current_object()
    form = SettingsForm(obj=user)
    others = [(other.id, other.name) for other in queries.staff() if other.id != user.id]
    form.deputy_id.choices = record_choices(others, empty=_("nobody"))
    if form.validate_on_submit():
        try:
            services.change_settings(user, form.values)
        except RuleBroken as broken:
            form.report(broken)
        else:
            db.session.commit()
            flash(_("Settings saved."))
            return redirect(url_for("accounts.profile"), 303)
    return form.page("accounts/profile.html", user=user)


@accounts.route("/entwurf", methods=["POST"])
@requires(Permission.SIGNED_IN, most_fields=5000)
def keep_draft():
    """Keep what stands in a long form; a script sends it every twenty seconds."""
    path = safe_path(request.args.get("path")) or "/"
    fields = drafts.pairs(request.form)
    drafts.keep(current_user.id, path, fields)
    db.session.commit()
    return jsonify(at=now().isoformat())


@accounts.route("/entwurf/verwerfen", methods=["POST"])
@requires(Permission.SIGNED_IN)
def drop_draft():
    """Throw one's own draft away."""
    path = safe_path(request.args.get("path")) or url_for("home.index")
    drafts.drop(current_user.id, path, request.args.get("key"))
    db.session.commit()
    return redirect(path, 303)


@accounts.route("/sitzung", methods=["POST"])
@csrf.exempt
@requires(Permission.SIGNED_IN)
def extend():
    """Say that somebody is still there; that is noted, however short ago the last use was.

    It goes without the token of a form: that of a page opened earlier is often out of date by now.
    """
    sessions.note_use()
    db.session.commit()
    return jsonify(ok=True)
