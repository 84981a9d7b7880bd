"""The last step at the door: what happens once somebody has shown who it is."""

from typing import Any
from urllib.parse import urlsplit

from flask import redirect, render_template, url_for

from crm import drafts
from crm.accounts import sealing, sessions
from crm.accounts.forms import SignInForm
from crm.accounts.models import User
from crm.db import db


def enter(user: User, wanted: str | None, sealed: str | None) -> Any:
    """Open the session, commit, and lead to the page asked for or to the form that was interrupted."""
    sessions.begin(user)
    target = safe_path(wanted)
    if target in (None, url_for("home.index")):
        target = url_for("home.start")
    if kept := sealing.opened(sealed, user.id):
        target = drafts.keep(user.id, *kept).url_take
    db.session.commit()
    return redirect(target, 303)


def ask_again(message: Any, wanted: str = "", sealed: str = "") -> str:
    """Show the door once more, with what an interrupted form had typed."""
    form = SignInForm(formdata=None, next=wanted, sealed=sealed)
    return render_template("accounts/sign_in.html", form=form, wait=0, message=message)


def safe_path(path: str | None) -> str | None:
    """Give a path of this site, or nothing."""
    plain = path or ""
    if (
        not plain.startswith("/")
        or plain.startswith(("//", "/\\"))
        or not plain.isprintable()
        or "\\" in plain
    ):
        return None
    parts = urlsplit(plain)
    return plain if not parts.netloc and not parts.scheme and not parts.path.startswith("//") else None
