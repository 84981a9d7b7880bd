"""The last step at the door: what happens once somebody has shown who it is."""

from typing import Any

from flask import redirect, render_template, url_for

from crm import drafts, security_log
from crm.accounts import sealing, sessions
from crm.accounts.forms import SignInForm
from crm.accounts.models import User
from crm.db import db
from crm.links import safe_path


def enter(user: User, wanted: str | None, sealed: str | None) -> Any:
    """Open the session, commit, and lead to the page asked for or to the form that was interrupted."""
    sessions.begin(user)
    target = safe_path(wanted)
    if target in (None, url_for("home.index")):
        target = url_for("home.start")
    if kept := sealing.opened(sealed, user.id):
        target = drafts.keep(user.id, *kept).url_take
    security_log.after_commit("sign-in", user.id, ("users", user.id))
    db.session.commit()
    return redirect(target, 303)


def ask_again(message: Any, wanted: str = "", sealed: str = "") -> str:
    """Show the door once more, with what an interrupted form had typed."""
    form = SignInForm(formdata=None, next=wanted, sealed=sealed)
    return render_template("accounts/sign_in.html", form=form, wait=0, message=message)
