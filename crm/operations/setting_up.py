"""What a fresh installation gets: register, task fields, the first administrator."""

import os
from pathlib import Path

from flask import current_app
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from crm import bell
from crm.access import Role
from crm.accounts import services as accounts
from crm.accounts.models import User
from crm.bodies.standard import load_bodies
from crm.db import Turn, db, take_turn
from crm.funding.standard import load_rules
from crm.operations import backup, migrating, standing
from crm.organisations import services as organisations
from crm.task_fields import services as task_fields

FIRST_ADDRESS = "admin@kikz.local"


def update(keep: bool = True) -> Path | None:
    """Bring the tables to the newest migration, all or none; give the backup made before, if there were data.

    Raise ConfigError where a later program has changed the database, BackupError where nothing was changed.
    """
    standing.refuse_newer()
    before = standing.revision(db.engine)
    kept = None
    if keep and before is not None and not standing.is_current():
        kept, _manifest = backup.create(backup.own_name("before-update"))
    db.session.remove()
    db.engine.dispose()
    try:
        migrating.upgrade()
    except (SystemExit, DBAPIError) as error:
        raise backup.BackupError(_refused(error, before)) from error
    bell.make_tables(current_app.config["MIGRATION_DATABASE_URI"])
    return kept


def _refused(error: BaseException, before: str | None) -> str:
    # The statement may hold data; its first line of the database does not.
    reason = str(getattr(error, "orig", "") or "siehe oben").splitlines()[0]
    return (
        f"Die Datenbank ließ sich nicht aktualisieren ({reason}). "
        f"Sie ist unverändert (Stand {before or 'leer'}). Das bisherige Programm läuft mit ihr weiter."
    )


def load() -> None:
    """Load register, other bodies, usual task fields and funding rules; twice changes nothing."""
    take_turn(Turn.STANDARD)
    organisations.load_register()
    load_bodies()
    task_fields.load_standard()
    load_rules()


def first_administrator() -> tuple[User, str] | None:
    """Make the first account, administrator and manager, unless there is a user; give both."""
    take_turn(Turn.STANDARD)
    if db.session.scalar(select(User.id).limit(1)) is not None:
        return None
    values = {"email": os.environ.get("KIKZ_ADMIN") or FIRST_ADDRESS, "name": "Administration"}
    return accounts.create_user(values, {Role.ADMINISTRATOR, Role.MANAGER}, None)
