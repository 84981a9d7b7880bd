"""Who forgot the password gets a link by mail; the answer is the same whether there is an account or not."""

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _

from crm import jobs, links, security_log
from crm.access import open_to_all
from crm.accounts import guessing, services
from crm.accounts.forms import ForgottenForm, RenewForm
from crm.accounts.models import User
from crm.accounts.routes import accounts
from crm.db import db
from crm.errors import RuleBroken, page
from crm.mail import passwords as letters
from crm.mail.services import DUTY

# Requests have a count of their own, so that nobody is kept from signing in by them.
COUNTED_AS = "passwort-vergessen:"


@accounts.route("/passwort-vergessen", methods=["GET", "POST"])
@open_to_all
def forgot():
    """Ask for the address and send a link to it, if it is known."""
    form = ForgottenForm()
    if not form.validate_on_submit():
        return form.page("accounts/forgot.html", wait=0, sent="verschickt" in request.args)
    try:
        guessing.count(COUNTED_AS + form.email.data, "password-link")
    except guessing.TooManyGuesses as many:
        page = render_template("accounts/forgot.html", form=form, wait=many.seconds, sent=False)
        return page, 429, {"Retry-After": str(many.seconds)}
    letters.send_link(form.email.data)
    db.session.commit()
    security_log.note("password-link")
    jobs.ring(DUTY)
    return redirect(url_for("accounts.forgot", verschickt=1), 303)


@accounts.route("/passwort-neu/<string:reset_token>", methods=["GET", "POST"])
@open_to_all
def reset(reset_token):
    """Set a new password by a link; to open it uses nothing up."""
    user, mark = _owner(reset_token)
    form = RenewForm()
    if form.validate_on_submit():
        try:
            services.renew_password(user, mark, form.new_password.data)
        except RuleBroken as broken:
            form.report(broken)
        else:
            letters.tell_changed(user, user)
            db.session.commit()
            jobs.ring(DUTY)
            return redirect(url_for("accounts.sign_in", passwort="neu"), 303)
    return form.page("accounts/reset.html", user=user)


def _owner(token):
    """Give user and mark of a link: 404 for none of ours, 410 for one that is too old or used."""
    if links.read(letters.PURPOSE, token) is None:
        abort(404)
    number, mark = links.read(letters.PURPOSE, token, letters.LIFETIME) or _dead()
    user = db.session.get(User, number)
    if user is None or not user.is_active or not links.holds(mark, user.password_link_basis):
        _dead()
    return user, mark


def _dead():
    """Say that a link is used up, and how to get another."""
    abort(page(410, _("This link was used already or is too old. Ask for a new one on the sign-in page.")))
