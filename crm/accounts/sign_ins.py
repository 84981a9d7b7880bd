"""Where one is signed in, and ending it: by oneself, or for somebody else by the administration."""

from typing import Any

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm.access import Permission, requires
from crm.accounts import queries, services, sessions
from crm.accounts.models import User, UserSession
from crm.accounts.routes import accounts
from crm.db import db


def _living() -> list[UserSession]:
    config = current_app.config
    return queries.living_sessions(current_user, config["SESSION_IDLE"], config["SESSION_ABSOLUTE"])


@accounts.route("/konto/anmeldungen", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN, fresh=True)
def sign_ins() -> Any:
    """List the browsers one is signed in with; end one of them, or all others."""
    here, living = sessions.mark_at_hand(), _living()
    if request.method == "GET":
        return render_template("accounts/sign_ins.html", living=living, here=here)
    chosen = request.form.get("sign_in", "")
    ended = [one for one in living if one.token_hash != here and chosen in (str(one.id), "others")]
    services.end_sign_ins(current_user._get_current_object(), ended)
    db.session.commit()
    flash(_("These sign-ins have ended.") if ended else _("This sign-in had ended already."))
    return redirect(url_for("accounts.sign_ins"), 303)


@accounts.route("/konten/<id:user_id>/abmelden", methods=["POST"])
@requires(Permission.MANAGE_USERS, fresh=True)
def end_sign_ins(user_id: int) -> Any:
    """End all sign-ins of somebody else, for instance when a device is lost."""
    user = db.get_or_404(User, user_id)
    if user.id == current_user.id:
        abort(422)
    services.end_all_sign_ins(user, current_user)
    db.session.commit()
    flash(_("All sign-ins of %(name)s have ended.", name=user.name))
    return redirect(url_for("accounts.edit_user", user_id=user.id), 303)
