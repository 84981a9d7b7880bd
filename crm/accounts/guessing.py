"""Passwords, codes, links for a new password: every try is counted before it is looked at, and waits grow."""

import hashlib
from typing import Any

from flask import current_app, request
from flask_babel import gettext as _
from flask_babel import ngettext

from crm import security_log
from crm.accounts import passwords, queries
from crm.accounts.models import SignInAttempt, User
from crm.db import db
from crm.errors import RuleBroken

LONGEST_WAIT = 900
SOURCE_FACTOR = 5


class TooManyGuesses(RuleBroken):
    """So many guesses failed that one must wait; `seconds` says how long."""

    def __init__(self, seconds: int):
        words = ngettext(
            "Too many failed attempts. Wait %(num)s second and try again.",
            "Too many failed attempts. Wait %(num)s seconds and try again.",
            seconds,
        )
        super().__init__(words)
        self.seconds = seconds


def account_key(email: str) -> str:
    """Hash of the name typed at the door."""
    return hashlib.sha256(email.strip().casefold().encode()).hexdigest()


def seconds_to_wait(email: str, source: str, free: int, first: int) -> int:
    """Give the growing delay after failures of this account or from this address; 0 means go on."""
    waits = [
        _delay(*queries.failures(account_key(email)), free=free, first=first),
        _delay(*queries.failures_of_source(source), free=free * SOURCE_FACTOR, first=first),
    ]
    return max(waits)


def _delay(count: int, since: float, free: int, first: int) -> int:
    if count <= free:
        return 0
    wait = min(first * 2 ** min(count - free - 1, 10), LONGEST_WAIT)
    return max(0, round(wait - since + 0.5))


def note_attempt(email: str, source: str) -> SignInAttempt:
    """Count an attempt as failed before it is checked: parallel guesses count too. The caller commits."""
    attempt = SignInAttempt(account=account_key(email), source=source[:45])
    db.session.add(attempt)
    db.session.flush()
    return attempt


def count(counted: str, event: str = "guess") -> int:
    """Note a guess as failed and commit, so that parallel ones count too; give its number.

    `counted` is whose guesses they are, `event` how the security log calls them. Raises TooManyGuesses while
    one must wait.
    """
    config, source = current_app.config, request.remote_addr or ""
    free, first = config["SIGN_IN_FREE_FAILURES"], config["SIGN_IN_FIRST_DELAY"]
    if wait := seconds_to_wait(counted, source, free, first):
        db.session.rollback()
        security_log.note(event, "throttled", wait=wait)
        raise TooManyGuesses(wait)
    number = note_attempt(counted, source).id
    db.session.commit()
    return number


def was_right(number: int) -> None:
    """Note that a guess was right, which wipes the failed ones out; the caller commits."""
    db.session.get_one(SignInAttempt, number).ok = True


def note_wrong(user_id: int) -> None:
    """Tell the security log of a wrong password or code of somebody known."""
    security_log.note("guess", "refused", about=("users", user_id))


def check_password(user: User, password: str, field: str) -> None:
    """Raise RuleBroken unless this is the user's password; nothing may be unsaved, the caller commits."""
    stored, whose = user.password_hash, user.id
    number = count(user.email)
    if not passwords.matches_outside(stored, password):
        note_wrong(whose)
        raise RuleBroken(_("This is not your password."), field)
    was_right(number)


def refused(form: Any, broken: RuleBroken, template: str, **context: Any) -> Any:
    """Show the form with what was wrong; whoever must wait is told how long."""
    form.report(broken)
    body, status = form.page(template, **context)
    if isinstance(broken, TooManyGuesses):
        return body, 429, {"Retry-After": str(broken.seconds)}
    return body, status
