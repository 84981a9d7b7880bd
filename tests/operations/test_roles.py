"""Two roles on PostgreSQL: the daily one reads and writes rows, only the other one makes tables."""

import re
import subprocess

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import ProgrammingError

from config import ROOT, ConfigError, Production, SuiteSettings
from crm import bell, create_app, jobs
from crm.db import db
from tests import factories
from tests.conftest import PG_URL, WITHOUT_PG
from tests.operations.conftest import run
from tests.pages import CarefulClient

DAILY, OWNER, DATABASE = "kikz_two", "kikz_two_owner", "kikz_two"


def as_superuser(sql, database="postgres"):
    """Give statements to psql, as postgresql.sh does."""
    url = make_url(PG_URL).set(drivername="postgresql", database=database).render_as_string(False)
    done = subprocess.run(
        ["psql", "--no-psqlrc", "--dbname", url, "--file", "-"],
        input=sql, text=True, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done


def prepared():
    """What the documented command runs, with names of the suite's own."""
    names = f"\\set daily {DAILY}\n\\set owner {OWNER}\n\\set database {DATABASE}\n"
    secrets = "\\set daily_password aaa\n\\set owner_password bbb\n"
    return names + secrets + (ROOT / "tools/postgresql.sql").read_text(encoding="utf-8")


def url_of(role):
    return make_url(PG_URL).set(username=role, password="aaa", database=DATABASE).render_as_string(False)


@pytest.fixture(scope="module")
def roles():
    if not PG_URL:
        pytest.skip(WITHOUT_PG)
    clean = f'DROP DATABASE IF EXISTS "{DATABASE}" WITH (FORCE);\nDROP ROLE IF EXISTS "{DAILY}";\n'
    clean += f'DROP ROLE IF EXISTS "{OWNER}";\n'
    as_superuser(clean)
    as_superuser(prepared())
    yield
    as_superuser(clean)


@pytest.fixture
def daily_app(roles):
    """The program set up as systemd does: tables by the one role, everything else by the other."""
    made = create_app(SuiteSettings(url_of(DAILY), MIGRATION_DATABASE_URI=url_of(OWNER)))
    yield made
    with made.app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


def refused(role, statement):
    """Tell whether the database denies a statement to a role."""
    engine = create_engine(url_of(role), isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(text(statement))
    except ProgrammingError as error:
        return "permission denied" in str(error) or "must be owner" in str(error)
    finally:
        engine.dispose()
    return False


def test_the_daily_role_works_and_makes_no_tables(daily_app, tmp_path):
    done = run(daily_app, "setup")
    assert done.exit_code == 0, done.output
    password = re.search(r"Einmalpasswort: (\S+)", done.output)[1]
    assert run(daily_app, "setup").exit_code == 0

    changes = (
        "CREATE TABLE mine (id int)", "CREATE TEMPORARY TABLE mine (id int)", "CREATE SCHEMA mine",
        "DROP TABLE users", "ALTER TABLE users ADD COLUMN mine int", "TRUNCATE users",
        "CREATE INDEX mine ON users (id)", "CREATE EXTENSION hstore", "CREATE ROLE mine",
        "CREATE DATABASE mine",
        "ALTER TABLE audit_events DISABLE TRIGGER ALL", "SELECT pg_read_file('/etc/hostname')",
    )  # fmt: skip
    assert [one for one in changes if not refused(DAILY, one)] == []
    # The control: the other role may do what it is for.
    assert [one for one in (*changes[:2], "DROP TABLE mine", changes[6]) if refused(OWNER, one)] == []

    with daily_app.app_context():
        factories.cast()
        factories.talk("Cölbe", "Lahntal")
        db.session.commit()
    browser = CarefulClient(daily_app)
    assert browser.sign_in("admin@kikz.local", password).status == 303
    browser = CarefulClient(daily_app)
    browser.sign_in("mara@kikz.test")
    for url in ("/", "/beratungen", "/kommunen", "/suche?q=coelbe", "/berichte/taetigkeit"):
        assert browser.get(url).status == 200, url
    assert browser.submit("/aufgabenfelder/neu", name="Probe").status == 303


def test_the_bell_of_the_worker_rings_with_the_daily_role(daily_app, monkeypatch, caplog):
    run(daily_app, "setup", "--no-account")
    daily_app.config["JOBS"] = "on"
    monkeypatch.setitem(jobs.DUTIES, "probe", lambda: None)
    with daily_app.app_context():
        jobs.ring("probe")
        assert db.session.scalar(text("SELECT count(*) FROM huey_task")) == 1
    assert "not heard" not in caplog.text
    daily_app.extensions["bell"]().queue.storage.close()
    # The control: huey's own storage insists on making its tables, which is refused.
    dsn = bell._dsn(make_url(url_of(DAILY)))
    with pytest.raises(Exception, match="permission denied"):
        bell.PostgresHuey("kikz", dsn=dsn)


def test_backups_are_made_by_the_one_role_and_put_back_by_the_other(daily_app, tmp_path):
    run(daily_app, "setup", "--no-account")
    path = tmp_path / "two.kikz"
    daily = create_app(SuiteSettings(url_of(DAILY)))
    assert run(daily, "backup", "create", "--verify", str(path)).exit_code == 0
    # The control: without the address of the other role nothing can be put back, and nothing is lost.
    failed = run(daily, "backup", "restore", str(path), "--yes")
    assert failed.exit_code == 1
    assert "unverändert" in failed.output
    done = run(daily_app, "backup", "restore", str(path), "--yes")
    assert done.exit_code == 0, done.output
    assert not refused(DAILY, "SELECT count(*) FROM users")
    assert refused(DAILY, "DROP TABLE users")
    with daily.app_context():
        db.session.remove()
        db.engine.dispose()


def test_running_the_command_again_changes_nothing(roles):
    as_superuser(prepared())


@pytest.mark.parametrize(
    "other", ["postgresql://x@/another", "sqlite:////tmp/kikz", "mysql://x@/kikz", "postgresql://"]
)
def test_both_addresses_name_one_database(other):
    environ = {"SECRET_KEY": "x" * 40, "DATABASE_URL": "postgresql://kikz@/kikz", "KIKZ_SETTINGS": ""}
    with pytest.raises(ConfigError, match="MIGRATION_DATABASE_URL"):
        Production(environ | {"MIGRATION_DATABASE_URL": other})
