"""What is done with accounts, and what is forbidden."""

from collections.abc import Iterable, Set
from datetime import date, timedelta
from typing import Any

from flask import current_app
from flask_babel import gettext as _

from crm import audit, links, records
from crm.access import Role
from crm.accounts import guessing, passwords, queries, sessions
from crm.accounts.models import User, UserSession
from crm.db import db, now
from crm.errors import RuleBroken

ONE_TIME_FOR = timedelta(days=14)


def may_enter(user: User | None, right: bool) -> bool:
    """Tell whether a right password opens this account now."""
    if user is None or not right or not user.is_active or not user.roles:
        return False
    if current_app.extensions["enters_elsewhere"](user):
        return False
    return user.password_until is None or user.password_until > now()


def create_user(values: dict[str, Any], roles: set[Role], by: Any) -> tuple[User, str]:
    """Make an account with a one-time password; give both."""
    email = values["email"].strip().casefold()
    if queries.by_email(email):
        raise RuleBroken(_("This address already has an account."), "email")
    password = passwords.one_time()
    user = User(
        **(values | {"email": email}),
        # Not outside: that would give back the mark of the form, and two clicks would make two accounts.
        password_hash=passwords.hashed(password),
        password_until=now() + ONE_TIME_FOR,
        must_change_password=True,
        roles=frozenset(roles),
    )
    db.session.add(user)
    audit.record("user.created", user, by)
    return user, password


def change_user(user: User, values: dict[str, Any], roles: set[Role], by: Any) -> None:
    """Change name, address and roles; a changed role ends the user's sessions."""
    email = values["email"].strip().casefold()
    other = queries.by_email(email)
    if other is not None and other.id != user.id:
        raise RuleBroken(_("This address already has an account."), "email")
    _keep_an_administrator(user, roles)
    if user.roles != roles:
        sessions.end_all(user)
    records.change(user, values | {"email": email, "roles": frozenset(roles)}, by, "user.changed")


def follow_roles(user: User, roles: Set[Role]) -> None:
    """Take over the roles, perhaps none, that a sign-on service gives; the last administrator stays one."""
    was = Role.ADMINISTRATOR in user.roles and user.is_active
    if was and Role.ADMINISTRATOR not in roles and queries.administrators() < 2:
        roles = roles | {Role.ADMINISTRATOR}
    if user.roles != roles:
        user.roles = frozenset(roles)
        audit.record("user.roles-followed", user, None)
    if not roles:
        sessions.end_all(user)


def give_up_one_time_password(user: User) -> None:
    """Void a one-time password that nobody used: this person comes in another way."""
    if user.must_change_password:
        user.password_hash = passwords.hash_of_nothing()
        user.must_change_password, user.password_until = False, None


def _keep_an_administrator(user: User, roles: set[Role]) -> None:
    was = Role.ADMINISTRATOR in user.roles and user.is_active
    if was and Role.ADMINISTRATOR not in roles and queries.administrators() < 2:
        raise RuleBroken(
            _("Somebody must administer the accounts. Give that role to another user first."), "roles"
        )


def lock_user(user: User, by: Any) -> None:
    """Shut an account and end its sessions; open follow-ups are handed over by the caller."""
    if by is not None and user.id == by.id:
        raise RuleBroken(_("You cannot lock your own account. Ask another administrator."))
    _keep_an_administrator(user, set())
    user.locked_at = now()
    sessions.end_all(user)
    audit.record("user.locked", user, by)


def unlock_user(user: User, by: Any) -> None:
    """Open a locked account again."""
    user.locked_at = None
    audit.record("user.unlocked", user, by)


def end_sign_ins(user: User, chosen: Iterable[UserSession]) -> None:
    """End some of one's own sessions."""
    for one in chosen:
        one.ended_at, one.messages = now(), []
        audit.record("user.sign-ins-ended", user, user)


def end_all_sign_ins(user: User, by: Any) -> None:
    """End all sessions of somebody, by the administration."""
    sessions.end_all(user)
    audit.record("user.sign-ins-ended", user, by)


def issue_one_time_password(user: User, by: Any) -> str:
    """Replace a forgotten password by a one-time one; ends all sessions."""
    password = passwords.one_time()
    user.password_hash, user.must_change_password = passwords.hashed_outside(password), True
    user.password_until = now() + ONE_TIME_FOR
    sessions.end_all(user)
    audit.record("user.password-reset", user, by)
    return password


def change_password(user: User, password: str) -> None:
    """Set an own password; ends all sessions, the caller opens a new one."""
    passwords.check_strength(password, user.name, user.email)
    user.password_hash = passwords.hashed_outside(password)
    user.must_change_password, user.password_until = False, None
    sessions.end_all(user)
    audit.record("user.password-changed", user, user)


def renew_password(user: User, mark: str, password: str) -> None:
    """Set a password by a link that rests on the old one; ends all sessions and all waiting at the door."""
    passwords.check_strength(password, user.name, user.email)
    made = passwords.hashed_outside(password)
    if not links.holds(mark, user.password_link_basis) or not user.is_active:
        raise RuleBroken(_("This link has been used already. Ask for a new one."))
    user.password_hash, user.must_change_password, user.password_until = made, False, None
    sessions.end_all(user)
    guessing.note_attempt(user.email, "").ok = True
    audit.record("user.password-renewed", user, user)


def change_settings(user: User, values: dict[str, Any]) -> None:
    """Set language, look and keys of one's own screen, and who stands in while one is away."""
    if values.get("deputy_id") == user.id:
        raise RuleBroken(_("Choose somebody else as your deputy."), "deputy_id")
    if values.get("absent_from") and not values.get("deputy_id"):
        raise RuleBroken(_("Choose who stands in while you are away."), "deputy_id")
    first, last = values.get("absent_from"), values.get("absent_until") or date.max
    if first and last < first:
        raise RuleBroken(_("The last day lies before the first day."), "absent_until")
    records.change(user, values, user, "user.settings-changed")
