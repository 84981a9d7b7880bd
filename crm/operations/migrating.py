"""The migrations of the program: which there are, and how the tables are brought to one of them.

What changes tables is loaded where tables are changed; no worker needs it.
"""

import importlib
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, current_app

import config
from crm.db import db

FOLDER = config.ROOT / "migrations"


def known() -> list[str]:
    """All migrations of this program, the newest first; each file bears the name of its revision."""
    return _listed(FOLDER)


@cache
def _listed(folder: Path) -> list[str]:
    # A process asks for what it was started with, however often, even while the next program is put in place.
    return sorted((path.stem for path in (folder / "versions").glob("[0-9]*.py")), reverse=True)


def prepare(app: Flask) -> Any:
    """Tell the commands `flask db` about the program; give their library."""
    library = importlib.import_module("flask_migrate")
    library.Migrate(app, db, directory=str(FOLDER), render_as_batch=True)
    return library


def upgrade(revision: str = "head") -> None:
    """Bring the tables to a migration, the newest unless another is named; SystemExit where that fails."""
    prepare(current_app).upgrade(revision=revision)


def downgrade(revision: str) -> None:
    """Take the tables back to a migration; ends with SystemExit where that fails."""
    prepare(current_app).downgrade(revision=revision)
