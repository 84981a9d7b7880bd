"""What must be right for work to go on: the database, its schema, space, mails, the backup and the clock."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from crm.accounts.models import User
from crm.db import db, now
from crm.jobs import JobRun
from crm.mail import queries as mails
from crm.operations import asking, migrating

BACKUP = "backup"
LEAST_SPACE = 0.05
OLDEST_MAIL, OLDEST_BACKUP, CLOCK = timedelta(minutes=30), timedelta(hours=26), timedelta(minutes=1)


@dataclass(frozen=True)
class Check:
    """One question: is it right, and in a word how it stands; no word tells of a person."""

    name: str
    ok: bool
    said: str = ""


def checks(app: Flask) -> list[Check]:
    """Ask everything; a database that does not answer in time is down, and nothing else is known then."""
    return [_space(app), *(asking.in_time(app, _asked) or [Check("database", False, "slow")])]


def _asked() -> list[Check]:
    try:
        # Who only looks waits for no lock.
        db.session.connection(execution_options={"write": False}).execute(text("SELECT 1"))
        return [Check("database", True), *(one() for one in QUESTIONS)]
    except SQLAlchemyError as error:
        return [Check("database", False, type(error).__name__)]


def schema() -> str:
    """Give the revision the database is at."""
    return str(db.session.scalar(text("SELECT version_num FROM alembic_version")))


def _schema() -> Check:
    found = schema()
    return Check("schema", found == migrating.known()[0], found)


def space_left(app: Flask) -> float:
    """Give the share of free space where the data lie, from 0 to 1."""
    usage = shutil.disk_usage(next(one for one in _folders(app) if one.exists()))
    return usage.free / usage.total if usage.total else 0.0


def _folders(app: Flask) -> list[Path]:
    uri = app.config["SQLALCHEMY_DATABASE_URI"]
    own = [Path(uri.removeprefix("sqlite:///")).parent] if uri.startswith("sqlite:///") else []
    return [*own, Path(app.config["INSTANCE"]), Path("/")]


def _space(app: Flask) -> Check:
    left = space_left(app)
    return Check("space", left > LEAST_SPACE, f"{left:.0%}")


def _mail() -> Check:
    since = mails.unsent_since()
    return Check("mail", since is None or now() - since < OLDEST_MAIL, _age(since))


def last_backup() -> datetime | None:
    """Give the moment of the last backup that was written whole."""
    return db.session.scalar(select(JobRun.done_at).where(JobRun.name == BACKUP))


def installed() -> datetime | None:
    """Give since when there is somebody; what was installed a moment ago has had no time for anything."""
    return db.session.scalar(select(func.min(User.created_at)))


def _backup() -> Check:
    last = last_backup()
    since = last or installed()
    return Check("backup", since is None or now() - since < OLDEST_BACKUP, _age(last) or "none")


def _clock() -> Check:
    newest = db.session.scalar(select(func.max(JobRun.done_at)))
    there = now()
    if db.engine.dialect.name == "postgresql":
        there = db.session.scalar(select(func.clock_timestamp())) or there
    wrong = abs(there - now()) > CLOCK or (newest is not None and newest - now() > CLOCK)
    return Check("clock", not wrong)


QUESTIONS: tuple[Callable[[], Check], ...] = (_schema, _mail, _backup, _clock)


def _age(moment: datetime | None) -> str:
    return "" if moment is None else f"{(now() - moment).total_seconds():.0f} s"
