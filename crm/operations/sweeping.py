"""Delete what has served its time."""

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, update

from crm import drafts, once
from crm.accounts.models import SignInAttempt, UserSession
from crm.db import db, now
from crm.register import services as register

KEPT = timedelta(days=90)


def sweep() -> dict[str, int]:
    """Delete old drafts, form marks, sessions and sign-in attempts; give their numbers by name."""
    limit = now() - KEPT
    sessions: Any = db.session.execute(delete(UserSession).where(UserSession.last_used_at < limit))
    attempts: Any = db.session.execute(delete(SignInAttempt).where(SignInAttempt.at < limit))
    return {
        "Entwürfe": drafts.sweep(),
        "Formularmarken": once.sweep(),
        "Sitzungen": sessions.rowcount,
        "Anmeldeversuche": attempts.rowcount,
        "Wartende Dateien": register.sweep(),
    }


def end_sessions() -> None:
    """End every session, because a restored one may have been ended since the backup."""
    db.session.execute(update(UserSession).where(UserSession.ended_at.is_(None)).values(ended_at=now()))
