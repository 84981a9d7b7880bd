"""An empty database beside the usual one, an instance folder of its own, and the command line."""

import os

import pytest
from sqlalchemy import create_engine, make_url

from config import SuiteSettings
from crm import create_app
from crm.db import db
from tests.conftest import PG_URL


@pytest.fixture(autouse=True)
def instance(tmp_path, monkeypatch):
    """The folder backups go to."""
    folder = tmp_path / "instance"
    folder.mkdir()
    monkeypatch.setenv("KIKZ_INSTANCE", str(folder))
    return folder


@pytest.fixture
def empty_url(engine_name, tmp_path):
    """Address of a database without a single table."""
    if engine_name == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"
        return
    name = f"kikz_empty_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    admin = create_engine(PG_URL, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
    yield make_url(PG_URL).set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.exec_driver_sql(f'DROP DATABASE "{name}" WITH (FORCE)')
    admin.dispose()


@pytest.fixture
def empty_app(empty_url):
    """The program over that database."""
    made = create_app(SuiteSettings(empty_url))
    yield made
    with made.app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


def run(app, *words):
    """Give a command as the administrator types it."""
    return app.test_cli_runner().invoke(args=list(words))
