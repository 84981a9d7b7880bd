"""The stages of the two databases: furnished once a run, put back as they were before every test."""

import os
import shutil
import sqlite3
from pathlib import Path

from sqlalchemy import create_engine, make_url

from config import SuiteSettings
from crm import create_app
from crm.bodies.standard import load_bodies
from crm.db import db
from crm.funding.standard import load_rules
from crm.operations.migrating import upgrade
from crm.organisations.services import load_register
from crm.task_fields.services import load_standard
from tests import factories
from tests.mending import Mender
from tests.pages import watch_commits

PG_URL = os.environ.get("TEST_PG_URL")
# A kept PostgreSQL database takes 20 MB of memory.
MOST_KEPT = 3


class SqliteStage:
    """A file made once; every test gets a copy."""

    def __init__(self, folder: Path):
        self.folder, self.kept = folder, {}
        self.template, self.file = folder / "template.sqlite3", folder / "test.sqlite3"
        self.url = f"sqlite:///{self.file}"
        self.template_url = f"sqlite:///{self.template}"

    def seal(self):
        """Finish the template."""
        self._settle(self.template)

    @staticmethod
    def _settle(file):
        connection = sqlite3.connect(file)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()

    def reset(self, name=None):
        """Put a fresh copy in place, of the template or of what was kept under a name."""
        for ending in ("", "-wal", "-shm"):
            Path(f"{self.file}{ending}").unlink(missing_ok=True)
        shutil.copy(self._place(name) if name else self.template, self.file)

    def keep(self, name):
        """Keep the database as it stands."""
        self._settle(self.file)
        shutil.copy(self.file, self._place(name))

    def _place(self, name):
        return self.folder / f"{name}.sqlite3"

    def forget(self, name):
        """Give up what was kept."""
        self._place(name).unlink(missing_ok=True)

    def close(self):
        """Nothing to do: the folder goes with the run."""


class PostgresStage:
    """A template database made once; every test gets a copy, or the last copy mended."""

    def __init__(self, worker: str):
        self.worker, self.kept = worker, {}
        self.names = f"kikz_template_{worker}", f"kikz_test_{worker}"
        self.template_url, self.url = (self._url(name) for name in self.names)
        self.admin = create_engine(PG_URL, isolation_level="AUTOCOMMIT")
        self.mender = Mender(self.url.replace("+psycopg", ""))
        self._run(f'DROP DATABASE IF EXISTS "{self.names[0]}"', f'CREATE DATABASE "{self.names[0]}"')

    @staticmethod
    def _url(name):
        return make_url(PG_URL).set(database=name).render_as_string(hide_password=False)

    def _run(self, *statements):
        with self.admin.connect() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)

    def seal(self):
        """Nothing to do: the server copies it as it is."""

    def reset(self, name=None):
        """Put a fresh copy in place, of the template or of what was kept under a name."""
        template, copy = self._place(name) if name else self.names[0], self.names[1]
        url = self._url(template).replace("+psycopg", "")
        if not self.mender.mend(url):
            self._copy(template, copy)
            self.mender.begin(url)

    def _copy(self, template, copy):
        self._run(
            f'DROP DATABASE IF EXISTS "{copy}" WITH (FORCE)',
            f'CREATE DATABASE "{copy}" TEMPLATE "{template}"',
        )

    def keep(self, name):
        """Keep the database as it stands."""
        self.mender.end()
        self._copy(self.names[1], self._place(name))

    def _place(self, name):
        return f"kikz_{name}_{self.worker}"

    def forget(self, name):
        """Give up what was kept."""
        self._run(f'DROP DATABASE IF EXISTS "{self._place(name)}" WITH (FORCE)')

    def close(self):
        """Give everything back."""
        self.mender.end()
        for name in self.kept:
            self.forget(name)
        self._run(*(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)' for name in self.names))
        self.admin.dispose()


class Stages:
    """The stage and the application of each database, made once a run.

    pytest forgets a fixture when its parameter changes, which happens in every file; what is kept here stays.
    """

    def __init__(self, folders):
        self.folders, self.made, self.apps = folders, {}, {}

    def stage(self, name):
        """A migrated database with the register, the task fields and the cast, ready to be copied."""
        if name not in self.made:
            worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
            made = SqliteStage(self.folders.mktemp("db")) if name == "sqlite" else PostgresStage(worker)
            furnish(made)
            self.made[name] = made
        return self.made[name]

    def app(self, name):
        """The application over it."""
        if name not in self.apps:
            mails = self.folders.mktemp("mails")
            self.apps[name] = create_app(SuiteSettings(self.stage(name).url, MAIL_FOLDER=mails))
            watch_commits(self.apps[name])
        return self.apps[name]

    def close(self):
        """Give everything back."""
        for made in self.made.values():
            made.close()


def furnish(made):
    """Fill the template of a stage."""
    app = create_app(SuiteSettings(made.template_url))
    with app.app_context():
        upgrade()
        load_register()
        load_bodies()
        load_standard()
        load_rules()
        factories.cast()
        db.session.commit()
    leave(app)
    made.seal()


def leave(app):
    """Close every connection to the database."""
    with app.app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


def prepare(stage, app, maker):
    """Fill the database by `maker`, which makes the same for several tests; give what it gave.

    What it makes is made once and copied from then on, so it comes before anybody signs in, and gives plain
    data, no records.
    """
    key = f"{maker.__module__}_{maker.__qualname__}".replace(".", "_").lower()[-40:]
    leave(app)
    if key in stage.kept:
        stage.reset(key)
        return stage.kept[key]
    if len(stage.kept) == MOST_KEPT:
        oldest = next(iter(stage.kept))
        stage.forget(oldest)
        del stage.kept[oldest]
    stage.reset()
    with app.app_context():
        made = maker()
        db.session.commit()
    leave(app)
    stage.keep(key)
    stage.kept[key] = made
    return made
