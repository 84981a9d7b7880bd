"""What goes by its age alone; whatever else is forgotten stands in the areas whose data it is about."""

from datetime import timedelta

from flask import current_app
from sqlalchemy import delete, or_, update

from crm import drafts, once
from crm.accounts.models import SignInAttempt, UserSession
from crm.attendance import forgetting as _guests  # noqa: F401 its rules are handed over by being read
from crm.barriers import forgetting as _barriers  # noqa: F401 its rule is handed over by being read
from crm.bulk.models import BulkAction
from crm.db import db, now
from crm.duplicates import ageing as _merges  # noqa: F401 its rule is handed over by being read
from crm.feedback import forgetting as _opinions  # noqa: F401 its rule is handed over by being read
from crm.imports import forgetting as _imports  # noqa: F401 its rule is handed over by being read
from crm.inbox import forgetting as _inbox  # noqa: F401 its rule is handed over by being read
from crm.mail import forgetting as _mails  # noqa: F401 its rules are handed over by being read
from crm.reads.models import ConfidentialRead
from crm.register.models import WaitingFile
from crm.registrations.models import PublicPost
from crm.retention import doing
from crm.retention.models import RetentionRun
from crm.search import services as search
from crm.second_factor import services as second_factor
from crm.sign_on import services as sign_on

doing.deletes("bulk-actions", BulkAction, BulkAction.created_at)
doing.deletes("drafts", drafts.Draft, drafts.Draft.saved_at)
doing.deletes("submissions", once.Submission, once.Submission.at)
doing.deletes("waiting-files", WaitingFile, WaitingFile.at)
doing.deletes("sessions", UserSession, UserSession.last_used_at)
doing.deletes("attempts", SignInAttempt, SignInAttempt.at)
doing.deletes("public-posts", PublicPost, PublicPost.at)
doing.deletes("reads", ConfidentialRead, ConfidentialRead.at)
doing.deletes("runs", RetentionRun, RetentionRun.at)


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


doing.AFTERWARDS += [second_factor.sweep, _forget_sessions, sign_on.sweep, search.forget_old_words]
