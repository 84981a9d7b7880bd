"""Between password and code: this browser waits outside, for ten minutes."""

from datetime import timedelta

from sqlalchemy import delete, select

from crm.accounts import sessions
from crm.accounts.models import User
from crm.db import db, now
from crm.second_factor.models import PendingSignIn
from crm.tokens import hash_of

LIFETIME = timedelta(minutes=10)


def begin(user: User, wanted: str | None, sealed: str | None) -> None:
    """Note that this browser gave the right password, with where it wants to go; the caller commits.

    The browser gets a new token, which opens nothing.
    """
    step = PendingSignIn(
        token_hash=sessions.wait_outside(),
        user_id=user.id,
        mark=_mark(user),
        wanted=(wanted or "")[:2000],
        sealed=sealed or "",
    )
    db.session.add(step)
    db.session.flush()


def at_hand() -> PendingSignIn | None:
    """Find the step this browser waits at, in time or not."""
    return db.session.scalar(select(PendingSignIn).where(PendingSignIn.token_hash == sessions.mark_at_hand()))


def is_alive(step: PendingSignIn) -> bool:
    """Tell whether the password still counts: given lately, not changed since, the account open."""
    user = step.user
    return (
        now() - step.started_at <= LIFETIME
        and user.is_active
        and user.second_factor_at is not None
        and step.mark == _mark(user)
    )


def end(step_id: int) -> bool:
    """Use a step up; tell whether nobody else did. The caller commits."""
    gone = delete(PendingSignIn).where(PendingSignIn.id == step_id)
    return bool(db.session.execute(gone).rowcount)  # type: ignore[attr-defined]


def _mark(user: User) -> str:
    """Give what the password at hand leaves behind; another password leaves another mark."""
    return hash_of(user.password_link_basis)
