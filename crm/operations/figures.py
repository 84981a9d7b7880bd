"""Figures for whoever watches the machine, in the text form that monitoring reads; none tells of a person."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from crm.accounts.models import SignInAttempt
from crm.db import db, now
from crm.jobs import DUTIES, JobRun
from crm.mail import queries as mails
from crm.operations import asking, readiness

OVERDUE = timedelta(minutes=10)


def overdue() -> list[str]:
    """Name the duties that the worker has not done in time, or that failed after they were last done."""
    noted = {one.name: one for one in db.session.scalars(select(JobRun).where(JobRun.name.in_(DUTIES)))}
    since = readiness.installed()
    young = since is None or now() - since <= OVERDUE
    return [name for name in sorted(DUTIES) if (_is_late(noted[name]) if name in noted else not young)]


def _is_late(run: JobRun) -> bool:
    if run.done_at is None or now() - run.done_at > OVERDUE:
        return True
    return run.failed_at is not None and run.failed_at > run.done_at


def text(app: Flask) -> str:
    """Write all figures, one a line; without a database only those that need none."""
    checks = readiness.checks(app)
    found = [*_own(app), ("kikz_ready", int(all(one.ok for one in checks)))]
    if not any(one.name == "database" and not one.ok for one in checks):
        found += asking.in_time(app, _stored) or []
    return "".join(f"{name} {value}\n" for name, value in found)


def _own(app: Flask) -> Iterator[tuple[str, float]]:
    yield "kikz_space_free_ratio", round(readiness.space_left(app), 4)
    for kind, number in app.extensions["counts"].read().items():
        yield f'kikz_requests_total{{status="{kind}"}}', number


def _stored() -> list[tuple[str, float]]:
    recent = SignInAttempt.at > now() - timedelta(hours=1), SignInAttempt.ok.is_(False)
    failed = select(func.count()).select_from(SignInAttempt).where(*recent)
    try:
        # Who only looks waits for no lock.
        db.session.connection(execution_options={"write": False})
        return [
            ("kikz_mails_waiting", mails.waiting()),
            ("kikz_mail_oldest_seconds", _age(mails.unsent_since())),
            ("kikz_backup_age_seconds", _age(readiness.last_backup(), never=-1)),
            ("kikz_sign_in_failures_last_hour", db.session.scalar(failed) or 0),
            ("kikz_jobs_overdue", len(overdue())),
        ]
    except SQLAlchemyError:
        return []


def _age(moment: datetime | None, never: int = 0) -> float:
    return never if moment is None else round((now() - moment).total_seconds())
