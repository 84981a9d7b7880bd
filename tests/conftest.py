"""The stage: both databases, a fresh copy for every test, and the cast."""

import os
import shutil
import sqlite3
from pathlib import Path

import pytest
from flask_migrate import upgrade
from sqlalchemy import create_engine, make_url

from config import SuiteSettings
from crm import create_app
from crm.bodies.standard import load_bodies
from crm.db import db
from crm.funding.standard import load_rules
from crm.organisations.services import load_register
from crm.task_fields.services import load_standard
from tests import factories
from tests import outgoing as _guard  # noqa: F401 no test connects to another machine
from tests.pages import CarefulClient, watch_commits
from tests.promises import (
    promise,
    pytest_collection_modifyitems,
    pytest_configure,
    pytest_terminal_summary,
)

__all__ = ["promise", "pytest_collection_modifyitems", "pytest_configure", "pytest_terminal_summary"]

PG_URL = os.environ.get("TEST_PG_URL")
WITHOUT_PG = "no PostgreSQL: set TEST_PG_URL or run the suite by `make test`"


def pytest_generate_tests(metafunc):
    """Run everything that touches the database on both; browser tests on SQLite only."""
    if "engine_name" in metafunc.fixturenames:
        names = ["sqlite"] if metafunc.definition.get_closest_marker("browser") else ["sqlite", "postgresql"]
        metafunc.parametrize("engine_name", names, scope="session", indirect=True)


@pytest.fixture(scope="session")
def engine_name(request):
    """Name of the database under test; PostgreSQL is skipped with its reason where there is none."""
    if request.param == "postgresql" and not PG_URL:
        pytest.skip(WITHOUT_PG)
    return request.param


class SqliteStage:
    """A file made once; every test gets a copy."""

    def __init__(self, folder: Path):
        self.template, self.file = folder / "template.sqlite3", folder / "test.sqlite3"
        self.url = f"sqlite:///{self.file}"
        self.template_url = f"sqlite:///{self.template}"

    def seal(self):
        """Finish the template."""
        with sqlite3.connect(self.template) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()

    def reset(self):
        """Put a fresh copy in place."""
        for ending in ("", "-wal", "-shm"):
            Path(f"{self.file}{ending}").unlink(missing_ok=True)
        shutil.copy(self.template, self.file)

    def close(self):
        """Nothing to do: the folder goes with the run."""


class PostgresStage:
    """A template database made once; every test gets a copy."""

    def __init__(self, worker: str):
        self.names = f"kikz_template_{worker}", f"kikz_test_{worker}"
        self.template_url, self.url = (self._url(name) for name in self.names)
        self.admin = create_engine(PG_URL, isolation_level="AUTOCOMMIT")
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

    def reset(self):
        """Put a fresh copy in place."""
        template, copy = self.names
        self._run(
            f'DROP DATABASE IF EXISTS "{copy}" WITH (FORCE)',
            f'CREATE DATABASE "{copy}" TEMPLATE "{template}"',
        )

    def close(self):
        """Give everything back."""
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
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()
    made.seal()


@pytest.fixture(scope="session")
def furnished(tmp_path_factory):
    """Both of them, as they are needed."""
    made = Stages(tmp_path_factory)
    yield made
    made.close()


@pytest.fixture(scope="session")
def stage(engine_name, furnished):
    """The stage of the database under test."""
    return furnished.stage(engine_name)


@pytest.fixture(scope="session")
def one_app(engine_name, furnished):
    """The application, built once per database."""
    return furnished.app(engine_name)


@pytest.fixture
def app(stage, one_app):
    """The application over a fresh copy of the database."""
    stage.reset()
    yield one_app
    with one_app.app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture
def context(app):
    """An application context, for tests of services and queries."""
    with app.test_request_context("/", base_url="http://localhost"):
        yield


@pytest.fixture(scope="session")
def speaking_app():
    """The application over no database."""
    return create_app(SuiteSettings("sqlite://"))


@pytest.fixture
def german(speaking_app):
    """The language of a request, for tests that ask no database: they run once."""
    with speaking_app.test_request_context("/", base_url="http://localhost"):
        yield


def _member(name):
    @pytest.fixture(name=name)
    def member(app):
        client = CarefulClient(app)
        client.come_in(f"{name}@kikz.test")
        return client

    return member


rita, anna, emil, mara, ada = (_member(name) for name in ("rita", "anna", "emil", "mara", "ada"))


@pytest.fixture
def bert(app):
    """A second adviser, for races with Anna."""
    client = CarefulClient(app)
    client.come_in("bert@kikz.test")
    return client


@pytest.fixture
def stranger(app):
    """Somebody who has not signed in."""
    return CarefulClient(app)
