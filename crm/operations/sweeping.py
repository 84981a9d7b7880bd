"""Delete what has served its time."""

from datetime import timedelta
from typing import Any

from flask import current_app
from sqlalchemy import delete, or_, update

from crm import drafts, jobs, once
from crm.accounts.models import SignInAttempt, UserSession
from crm.bulk import services as bulk
from crm.db import db, now
from crm.duplicates import ageing
from crm.imports import forgetting as imports
from crm.inbox import services as inbox
from crm.mail import carriers
from crm.mail import services as mails
from crm.register import services as register
from crm.registrations import floods
from crm.search import services as search
from crm.second_factor import services as second_factor
from crm.sign_on import services as sign_on

KEPT = timedelta(days=90)
MINUTE = 17


@jobs.duty("sweep")
def sweep_hourly() -> None:
    """Sweep once an hour; a second time in the same minute finds nothing to delete."""
    if now().minute == MINUTE:
        sweep()
        db.session.commit()


def sweep() -> dict[str, int]:
    """Delete old drafts, marks, sessions, attempts to sign in, texts of mails and the like; give numbers."""
    limit = now() - KEPT
    attempts: Any = db.session.execute(delete(SignInAttempt).where(SignInAttempt.at < limit))
    return {
        "Entwürfe": drafts.sweep(),
        "Formularmarken": once.sweep(),
        "Sitzungen": _forget_sessions(),
        "Anmeldeversuche": attempts.rowcount,
        "Halbe Anmeldungen": second_factor.sweep(),
        "Wartende Dateien": register.sweep(),
        "Texte von Mails": mails.empty_old(),
        "Texte erledigter Mails im Posteingang": inbox.forget_old(),
        "Alte Texte aus Importen": imports.forget_old(),
        "Mails als Datei": carriers.sweep(current_app.config["MAIL_FOLDER"], limit.timestamp()),
        "Zählmarken öffentlicher Formulare": floods.sweep(),
        "Reste von Anmeldungen über den Anmeldedienst": sign_on.sweep(),
        "Sammelaktionen": bulk.sweep(),
        "Gemerktes alter Zusammenführungen": ageing.sweep(),
        "Suchindex zusammengelegt": search.forget_old_words(),
    }


def _forget_sessions() -> int:
    """Delete sessions that opened nothing for a day; so long they tell whose interrupted form one was."""
    config, dead_before = current_app.config, now() - timedelta(days=1)
    dead = delete(UserSession).where(
        or_(
            UserSession.ended_at < dead_before,
            UserSession.last_used_at < dead_before - config["SESSION_IDLE"],
            UserSession.created_at < dead_before - config["SESSION_ABSOLUTE"],
        )
    )
    return int(db.session.execute(dead).rowcount)  # type: ignore[attr-defined]


def end_sessions() -> None:
    """End every session, because a restored one may have been ended since the backup."""
    db.session.execute(update(UserSession).where(UserSession.ended_at.is_(None)).values(ended_at=now()))
