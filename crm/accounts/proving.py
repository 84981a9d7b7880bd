"""Sensitive settings ask for the password again, and what was typed meanwhile comes back."""

from typing import Any
from urllib.parse import urlsplit

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm import drafts, security
from crm.access import Permission, requires
from crm.accounts import guessing, sealing, sessions
from crm.accounts.forms import ProofForm
from crm.accounts.routes import accounts
from crm.db import SAFE_METHODS, db
from crm.errors import RuleBroken
from crm.links import safe_path

# Fields that every form carries; what stands in no other field was not typed.
CARRIED = {"version", "base", "draft", "next", "once"}


def ask_for_proof() -> Any:
    """Let through who gave the password lately; ask anybody else, keeping what was sent."""
    if sessions.is_proven():
        return None
    if request.method in SAFE_METHODS:
        return redirect(url_for("accounts.prove", next=request.full_path.rstrip("?")))
    # Only what this session sent is carried on: a foreign page must not fill in our forms.
    security.protect()
    has_page = "GET" in (request.url_rule.methods if request.url_rule and request.url_rule.methods else ())
    form = ProofForm(formdata=None, next=request.full_path.rstrip("?") if has_page else _came_from())
    fields = drafts.pairs(request.form)
    if has_page and any(value and name not in CARRIED for name, value in fields):
        form.sealed.data = sealing.seal(current_user.id, request.full_path.rstrip("?"), fields)
    again = {} if has_page else {"again": True}
    return render_template("accounts/prove.html", form=form, **again), 401


def _came_from() -> str:
    """Give the page whose button was pressed."""
    parts = urlsplit(request.headers.get("Referer", ""))
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return path if parts.netloc == request.host and safe_path(path) else ""


@accounts.route("/konto/bestaetigen", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def prove():
    """Ask for the password once more, then go on to what it was asked for."""
    form = ProofForm(next=request.args.get("next", ""))
    if not form.validate_on_submit():
        return form.page("accounts/prove.html")
    user = current_user._get_current_object()
    try:
        guessing.check_password(user, form.password.data or "", "password")
    except RuleBroken as broken:
        return guessing.refused(form, broken, "accounts/prove.html")
    return go_on(user, form.next.data, form.sealed.data)


def go_on(user: Any, target: str | None, sealed: str | None) -> Any:
    """Note the proof, commit, and lead to what was asked for, or to the form with what was typed."""
    sessions.prove()
    kept = sealing.opened(sealed, user.id)
    url = drafts.keep(user.id, *kept).url_take if kept else safe_path(target) or url_for("home.index")
    db.session.commit()
    if kept:
        flash(_("Thank you. What you typed is here, but not saved yet."), "wait")
    return redirect(url, 303)
