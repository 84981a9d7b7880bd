"""Questions about second factors."""

from datetime import timedelta

from sqlalchemy import func, select

from crm.access import Role
from crm.accounts.models import User
from crm.db import db, now
from crm.second_factor import codes
from crm.second_factor.models import RecoveryCode, SecondFactor

# So long a secret that was shown waits for its first code, and new recovery codes for being put away.
SHOWN_FOR = timedelta(hours=1)
MANAGERS = frozenset({Role.MANAGER, Role.ADMINISTRATOR})


def is_demanded(user: User, required: str) -> bool:
    """Tell whether a user must still set a second factor up; `required` is off, managers or all."""
    if user.second_factor_at is not None or required == "off":
        return False
    return required == "all" or bool(user.roles & MANAGERS)


def begun_secret(user: User) -> str | None:
    """Give the secret that was shown and waits for its first code."""
    if user.second_factor_at is not None:
        return None
    row = db.session.get(SecondFactor, user.id)
    if row is None or now() - row.started_at > SHOWN_FOR:
        return None
    found: str | None = codes.opened(user.id, row.sealed_secret)
    return found


def secret_in_force(user: User) -> str | None:
    """Give the secret codes are checked against; None without one, or when it cannot be opened any more."""
    row = db.session.get(SecondFactor, user.id) if user.second_factor_at is not None else None
    found: str | None = codes.opened(user.id, row.sealed_secret) if row is not None else None
    return found


def new_codes(user: User) -> list[str]:
    """Give the recovery codes that were made and not put away yet."""
    row = db.session.get(SecondFactor, user.id)
    if row is None or row.sealed_codes is None or row.codes_at is None or now() - row.codes_at > SHOWN_FOR:
        return []
    return codes.opened(user.id, row.sealed_codes) or []


def unused_codes(user: User) -> int:
    """Count the recovery codes that are left."""
    left = select(func.count(RecoveryCode.id)).where(
        RecoveryCode.user_id == user.id, RecoveryCode.used_at.is_(None)
    )
    return db.session.scalar(left) or 0
