"""Whether database and program fit each other, and what about the machine should be put right."""

import logging
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import Engine, func, inspect, select, text
from sqlalchemy.exc import OperationalError

from config import ROOT, ConfigError
from crm.audit import AuditEvent
from crm.db import db, now
from crm.operations import migrating

log = logging.getLogger("kikz")
# Before it, headers of mails could be forged by line breaks in names.
PYTHON = (3, 11, 15)
CLOCK = timedelta(minutes=5)


def check(app: Flask) -> None:
    """Raise ConfigError unless the database is exactly as new as the program; log what is out of order.

    A database that cannot be reached is no reason not to start: it may come back.
    """
    with app.app_context():
        try:
            refuse_newer()
            refuse_older()
            for sentence in advice():
                log.warning("%s", sentence)
        except OperationalError:
            log.warning("Die Datenbank ist nicht erreichbar.")
        finally:
            db.session.remove()
            db.engine.dispose()


def refuse_newer() -> None:
    """Raise ConfigError when a later program has changed the database."""
    found = revision(db.engine)
    if found is not None and found not in migrating.known():
        raise ConfigError(
            f"Die Datenbank (Stand {found}) ist neuer als dieses Programm. Aktualisieren Sie das Programm, "
            "oder stellen Sie mit ihm die Sicherung von vor der Aktualisierung wieder her."
        )


def refuse_older() -> None:
    """Raise ConfigError when the database lacks a migration, or is empty."""
    found = revision(db.engine)
    if found != migrating.known()[0]:
        raise ConfigError(
            f"Die Datenbank (Stand {found or 'leer'}) ist älter als dieses Programm. Richten Sie sie ein: "
            "flask --app wsgi setup"
        )


def is_current() -> bool:
    """Tell whether the database needs no migration."""
    return revision(db.engine) == migrating.known()[0]


def revision(engine: Engine) -> str | None:
    """Give the number of the last migration, none for an empty database."""
    if not inspect(engine).has_table("alembic_version"):
        return None
    with engine.connect() as connection:
        found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def advice() -> list[str]:
    """Say, in sentences, what about this machine should be put right: Python and the clock."""
    checks: tuple[Callable[[], str | None], ...] = (_python, clock)
    return [sentence for one in checks if (sentence := one())]


def _python(version: tuple[int, ...] = sys.version_info[:3]) -> str | None:
    if version >= PYTHON:
        return None
    found, wanted = (".".join(map(str, one)) for one in (version, PYTHON))
    return (
        f"Python {found} ist älter als {wanted}. Nötig ist ein Python mit allen Fehlerbehebungen; "
        "Debian liefert sie ohne neue Nummer (siehe docs/betrieb/aktualisieren.md)."
    )


def clock() -> str | None:
    """Say by how much the clock is wrong, if it is by five minutes: against database, records and program."""
    here = now()
    there = _clock_of_database() or here
    if abs(there - here) >= CLOCK:
        return _wrong(f"Sie weicht um {_minutes(there - here)} von der Uhr der Datenbank ab.")
    newest = db.session.scalar(select(AuditEvent.at).order_by(AuditEvent.id.desc()).limit(1))
    if newest and newest - here >= CLOCK:
        return _wrong(f"Die letzte Änderung liegt {_minutes(newest - here)} in der Zukunft.")
    if _age_of_program() - here >= CLOCK:
        return _wrong("Sie geht vor der Entstehung des Programms.")
    return None


def _wrong(why: str) -> str:
    what = "Schalten Sie die Zeitabgleichung ein: timedatectl set-ntp true"
    return f"Die Uhr dieses Rechners geht falsch. {why} {what}"


def _minutes(span: timedelta) -> str:
    return f"{abs(span).total_seconds() / 60:.0f} Minuten"


def _clock_of_database() -> datetime | None:
    """On another machine it is a second opinion; SQLite has no clock of its own."""
    if db.engine.dialect.name == "sqlite":
        return None
    found: datetime | None = db.session.scalar(select(func.clock_timestamp()))
    return found


def _age_of_program() -> datetime:
    newest = max(path.stat().st_mtime for path in Path(ROOT / "migrations/versions").glob("*.py"))
    return datetime.fromtimestamp(newest, UTC)
