"""The administration of accounts on screen."""

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm import audit, jobs
from crm.access import Permission, requires
from crm.accounts import queries, services
from crm.accounts.forms import LockForm, NewUserForm, UserForm
from crm.accounts.models import User
from crm.accounts.routes import accounts
from crm.db import db
from crm.errors import RuleBroken
from crm.fields import record_choices
from crm.follow_ups import queries as follow_ups
from crm.follow_ups import services as follow_up_services
from crm.history import last_editor, lines
from crm.mail import notices
from crm.mail import passwords as letters
from crm.mail.services import DUTY


@accounts.route("/konten")
@requires(Permission.MANAGE_USERS)
def users():
    """List all accounts."""
    return render_template("accounts/users.html", users=queries.everybody())


@accounts.route("/konten/neu", methods=["GET", "POST"])
@requires(Permission.MANAGE_USERS, fresh=True)
def new_user():
    """Make an account; its one-time password is shown once, on the answer itself."""
    form = NewUserForm()
    if form.validate_on_submit():
        try:
            values, roles = _split(form.values)
            user, password = services.create_user(values, roles, current_user)
            form.settle(url_for("accounts.edit_user", user_id=user.id))
        except RuleBroken as broken:
            db.session.rollback()
            form.report(broken)
        else:
            db.session.commit()
            return render_template("accounts/one_time_password.html", user=user, password=password)
    return form.page("accounts/new_user.html")


def _split(values):
    roles = frozenset(values.pop("roles"))
    return values, roles


def _load(user_id) -> User:
    return db.get_or_404(User, user_id)


@accounts.route("/konten/<id:user_id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_USERS, fresh=True)
def edit_user(user_id):
    """Change name, address and roles; shows the account's history."""
    user = _load(user_id)
    form = UserForm(obj=user)
    if form.validate_on_submit():
        try:
            values, roles = _split(form.values)
            old_email, old_roles = user.email, user.roles
            services.change_user(user, values, roles, current_user)
            notices.tell_account_changed(user, old_email, old_roles)
        except RuleBroken as broken:
            db.session.rollback()
            form.report(broken)
        else:
            db.session.commit()
            jobs.ring(DUTY)
            flash(_("Account saved."))
            return redirect(url_for("accounts.users"), 303)
    if form.conflicts:
        form.conflict_by = last_editor(user)
    return form.page("accounts/edit_user.html", user=user, events=lines(audit.history_of(user)))


@accounts.route("/konten/<id:user_id>/sperren", methods=["GET", "POST"])
@requires(Permission.MANAGE_USERS, fresh=True)
def lock_user(user_id):
    """Shut an account; open follow-ups go to a colleague."""
    user = _load(user_id)
    number = follow_ups.count_open_of(user.id)
    form = LockForm()
    heirs = [(one.id, one.name) for one in queries.staff() if one.id != user.id]
    form.successor_id.choices = record_choices(heirs, empty=_("please choose"))
    if not number:
        del form.successor_id
    if form.validate_on_submit():
        try:
            if number:
                follow_up_services.hand_over_all(user, _load(form.successor_id.data), current_user)
            services.lock_user(user, current_user)
        except RuleBroken as broken:
            db.session.rollback()
            form.report(broken)
        else:
            db.session.commit()
            flash(_("The account is locked. All its sign-ins have ended."))
            return redirect(url_for("accounts.users"), 303)
    return form.page("accounts/lock_user.html", user=user, number=number)


@accounts.route("/konten/<id:user_id>/entsperren", methods=["POST"])
@requires(Permission.MANAGE_USERS, fresh=True)
def unlock_user(user_id):
    """Open a locked account again."""
    services.unlock_user(_load(user_id), current_user)
    db.session.commit()
    flash(_("The account is open again."))
    return redirect(url_for("accounts.users"), 303)


@accounts.route("/konten/<id:user_id>/einmalpasswort", methods=["POST"])
@requires(Permission.MANAGE_USERS, fresh=True)
def one_time_password(user_id):
    """Replace a forgotten password; the new one is shown once."""
    user = _load(user_id)
    if user.id == current_user.id:
        abort(422)
    password = services.issue_one_time_password(user, current_user)
    letters.tell_changed(user)
    db.session.commit()
    jobs.ring(DUTY)
    return render_template("accounts/one_time_password.html", user=user, password=password)
