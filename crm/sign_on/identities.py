"""Linking accounts with the sign-on service: one's own by password, others' by the administration."""

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm.access import Permission, requires
from crm.accounts import guessing
from crm.accounts.models import User
from crm.db import db
from crm.errors import RuleBroken
from crm.sign_on import queries, services
from crm.sign_on.forms import IdentityForm, LinkForm
from crm.sign_on.models import Identity
from crm.sign_on.routes import carried, onward, service, sign_on


@sign_on.route("/konto/anmeldedienst", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def link_own():
    """Link one's own account: ask for the password, then show the way to the service."""
    settings, form, user = service(), LinkForm(), current_user._get_current_object()
    linked = queries.is_linked(user, settings.issuer)
    if form.validate_on_submit():
        number = user.id
        try:
            guessing.check_password(user, form.password.data, "password")
        except RuleBroken as broken:
            return guessing.refused(
                form, broken, "sign_on/link_own.html", label=settings.label, linked=linked
            )
        db.session.commit()
        return onward("linked", user_id=number)
    return form.page("sign_on/link_own.html", label=settings.label, linked=linked)


@sign_on.route("/konto/bestaetigen/oidc", methods=["POST"])
@requires(Permission.SIGNED_IN)
def confirm():
    """Send somebody whom the service vouches for there once more, before what is specially protected."""
    return onward("confirmed", *carried(), user_id=current_user.id, confirms=True)


@sign_on.route("/konten/<id:user_id>/anmeldedienst", methods=["GET", "POST"])
@requires(Permission.MANAGE_USERS, fresh=True)
def identities(user_id):
    """Show and make the links of an account."""
    settings, form, user = service(), IdentityForm(), db.get_or_404(User, user_id)
    if form.validate_on_submit():
        try:
            services.link(settings, user, str(form.subject.data), current_user)
        except RuleBroken as broken:
            db.session.rollback()
            form.report(broken)
        else:
            db.session.commit()
            flash(_("The account is linked."))
            return redirect(url_for("sign_on.identities", user_id=user_id), 303)
    return form.page(
        "sign_on/identities.html", user=user, label=settings.label, linked=queries.identities_of(user)
    )


@sign_on.route("/konten/<id:user_id>/anmeldedienst/<id:identity_id>/loesen", methods=["POST"])
@requires(Permission.MANAGE_USERS, fresh=True)
def unlink(user_id, identity_id):
    """Part an account from somebody at the service."""
    service()
    identity = db.get_or_404(Identity, identity_id)
    if identity.user_id == user_id:
        services.unlink(identity, current_user)
        db.session.commit()
        flash(_("The link is removed. Sign-ins that came by it have ended."))
    return redirect(url_for("sign_on.identities", user_id=user_id), 303)
