"""What is done with second factors. A code opens once; a person without it is helped by an administrator."""

from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from crm import audit
from crm.accounts import passwords, sessions
from crm.accounts.models import User
from crm.db import db, now
from crm.errors import RuleBroken
from crm.second_factor import codes, queries
from crm.second_factor.models import PendingSignIn, RecoveryCode, SecondFactor

PENDING_KEPT = timedelta(days=1)


def start(user: User) -> None:
    """Make a secret to be shown; one begun within the hour stays, so that a second click changes nothing."""
    if user.second_factor_at is not None:
        raise RuleBroken(_("You have a second factor already. Switch it off before you set up another."))
    if queries.begun_secret(user) is not None:
        return
    values = {"sealed_secret": codes.seal(user.id, codes.new_secret()), "started_at": now(), "last_step": 0}
    if row := db.session.get(SecondFactor, user.id):
        for name, value in values.items():
            setattr(row, name, value)
        return
    try:
        with db.session.begin_nested():
            db.session.add(SecondFactor(user_id=user.id, **values))
    except IntegrityError:
        # The twin of a double click made it in the same instant; its secret is as good.
        return


def put_in_force(user: User, typed: str) -> None:
    """Take the first code of the app; from now on the door asks for one. Ends all sessions.

    Nothing may be unsaved: ten recovery codes are hashed outside any transaction. The caller opens a session.
    """
    secret, digits = queries.begun_secret(user), codes.read(typed)
    if secret is None:
        raise RuleBroken(_("This took too long. Begin once more."))
    if codes.step_of(secret, digits) is None:
        raise RuleBroken(_wrong(), "code")
    made = _hashed_codes()
    if queries.begun_secret(user) != secret or not _takes(user.id, secret, digits):
        raise RuleBroken(_wrong(), "code")
    user.second_factor_at = now()
    _keep_codes(user, made)
    sessions.end_all(user)
    audit.record("user.second-factor-set", user, user)


def _wrong() -> str:
    return _("This code is wrong, was used already or is too old. Take the one your app shows now.")


def _hashed_codes() -> list[tuple[str, str]]:
    """Make recovery codes with their hashes, which takes a second: nothing may be unsaved."""
    db.session.rollback()
    return [(code, passwords.hashed(codes.read(code)[codes.GROUP :])) for code in codes.new_recovery_codes()]


def _keep_codes(user: User, made: list[tuple[str, str]]) -> None:
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    db.session.add_all(
        RecoveryCode(user_id=user.id, first_group=code[: codes.GROUP], code_hash=hashed)
        for code, hashed in made
    )
    row = db.session.get_one(SecondFactor, user.id)
    row.sealed_codes, row.codes_at = codes.seal(user.id, [code for code, _hashed in made]), now()


def renew_codes(user: User) -> None:
    """Replace the recovery codes; the old ones are worth nothing. Nothing may be unsaved."""
    made = _hashed_codes()
    if user.second_factor_at is None:
        raise RuleBroken(_("This account has no second factor."))
    _keep_codes(user, made)
    audit.record("user.recovery-codes-renewed", user, user)


def put_codes_away(user: User) -> None:
    """Forget new recovery codes once their owner has them."""
    row = db.session.get(SecondFactor, user.id)
    if row is not None:
        row.sealed_codes = row.codes_at = None


def check(user: User, typed: str) -> bool:
    """Take a code of the app or a recovery code, once; tell whether it was a recovery code.

    Raises RuleBroken for a wrong or used one. Nothing may be unsaved; the caller commits.
    """
    digits = codes.read(typed)
    if len(digits) == codes.RECOVERY_DIGITS:
        _take_recovery_code(user, digits)
        return True
    secret = queries.secret_in_force(user)
    if secret is None or not _takes(user.id, secret, digits):
        raise RuleBroken(_wrong(), "code")
    return False


def _takes(user_id: int, secret: str, digits: str) -> bool:
    """Compare and set the last half minute in one statement: of two requests with one code, one wins."""
    step = codes.step_of(secret, digits)
    if step is None:
        return False
    taken = (
        update(SecondFactor)
        .where(SecondFactor.user_id == user_id, SecondFactor.last_step < step)
        .values(last_step=step)
        .execution_options(synchronize_session=False)
    )
    return bool(db.session.execute(taken).rowcount)  # type: ignore[attr-defined]


def _take_recovery_code(user: User, digits: str) -> None:
    first, rest = digits[: codes.GROUP], digits[codes.GROUP :]
    query = select(RecoveryCode.id, RecoveryCode.code_hash).where(
        RecoveryCode.user_id == user.id, RecoveryCode.first_group == first, RecoveryCode.used_at.is_(None)
    )
    found = db.session.execute(query).one_or_none() if user.second_factor_at is not None else None
    number, stored = found or (None, passwords.hash_of_nothing())
    right = passwords.matches_outside(stored, rest)
    taken = (
        update(RecoveryCode)
        .where(RecoveryCode.id == number, RecoveryCode.used_at.is_(None))
        .values(used_at=now())
        .execution_options(synchronize_session=False)
    )
    if not right or not db.session.execute(taken).rowcount:  # type: ignore[attr-defined]
        raise RuleBroken(_("This recovery code is wrong or was used already."), "code")
    audit.record("user.recovery-code-used", user, user)


def switch_off(user: User) -> None:
    """Do without a second factor from now on. Ends all sessions; the caller opens a new one."""
    _forget(user)
    audit.record("user.second-factor-off", user, user)


def reset(user: User, by: Any) -> None:
    """Take the second factor of somebody who lost it; ends all sessions. The caller writes the mail."""
    if by is not None and by.id == user.id:
        raise RuleBroken(_("Switch off your own second factor on the page of your account."))
    if user.second_factor_at is None:
        raise RuleBroken(_("This account has no second factor."))
    _forget(user)
    audit.record("user.second-factor-reset", user, by)


def _forget(user: User) -> None:
    for table in (RecoveryCode, SecondFactor, PendingSignIn):
        db.session.execute(delete(table).where(table.user_id == user.id))
    user.second_factor_at = None
    sessions.end_all(user)


def sweep() -> int:
    """Delete steps that nobody took, and recovery codes that lay open too long; give the number of steps."""
    shown_before = now() - queries.SHOWN_FOR
    db.session.execute(
        update(SecondFactor)
        .where(SecondFactor.codes_at < shown_before)
        .values(sealed_codes=None, codes_at=None)
    )
    steps = delete(PendingSignIn).where(PendingSignIn.started_at < now() - PENDING_KEPT)
    return int(db.session.execute(steps).rowcount)  # type: ignore[attr-defined]
