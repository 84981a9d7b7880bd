"""The first page, and the pages every visitor may read."""

from flask import Blueprint, Response, redirect, render_template, url_for
from flask_login import current_user

from crm.access import Permission, open_to_all, requires

home = Blueprint("home", __name__)


@home.route("/")
@requires(Permission.SIGNED_IN)
def index():
    """Answer: what is today, what is overdue, what am I waiting for, what did I last work on."""
    if current_user.must_change_password:
        return redirect(url_for("accounts.change_password"))
    if not current_user.may(Permission.READ_CONTENT):
        return redirect(url_for("accounts.users"))
    return ""


@home.route("/barrierefreiheit")
@open_to_all
def accessibility():
    """Say how accessible the program is and where to complain."""
    return render_template("home/accessibility.html")


@home.route("/datenschutz")
@open_to_all
def privacy():
    """Say what is stored, why, and what rights people have."""
    return render_template("home/privacy.html")


@home.route("/healthz")
@open_to_all
def healthz():
    """Say that the process answers; the database is not asked."""
    return Response("ok\n", mimetype="text/plain")
