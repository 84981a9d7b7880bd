"""From older tables to those of today: with all data, once, or not at all."""

import os
import shutil
import subprocess
import sys
from datetime import timedelta

import pytest
from sqlalchemy import create_engine, func, inspect, select, text

from config import ROOT, ConfigError
from crm.accounts.models import User
from crm.consultations.models import Consultation
from crm.contacts.models import Person
from crm.db import db, now
from crm.jobs import JobRun
from crm.operations import migrating, readiness, standing
from crm.operations.migrating import downgrade
from tests import factories
from tests.doors import program
from tests.operations.conftest import run
from tests.pages import CarefulClient

# Tables of earlier states of the program: register and talks; cooperations, funding and imports;
# events and reports; search, views and the past.
STATES = ("0009_indexes_for_long_use", "0012_imports", "0016_definitions", "0022_duplicates")
BROKEN = '''"""Half a change, then a mistake."""
import sqlalchemy as sa
from alembic import op
revision, down_revision = "9999_broken", "{head}"
def upgrade():
    op.create_table("half", sa.Column("id", sa.Integer(), primary_key=True))
    op.execute("INSERT INTO half VALUES (1)")
    op.execute("{statement}")
def downgrade():
    op.drop_table("half")
'''


@pytest.fixture
def filled(app):
    """A database with people, talks and follow-ups."""
    with app.app_context():
        person = factories.person()
        parties = [factories.Party(factories.place("Lahntal").id, people=[person.id], private_note="x")]
        factories.talk(parties=parties, task_fields=[1])
        factories.talk("Cölbe", follow_up_on=factories.today(), follow_up_text="Anrufen")
        db.session.commit()
    release(app)
    return app


def release(app):
    """Close every connection, as a stopped program has."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def rows(app):
    with app.app_context():
        return [db.session.scalar(select(func.count(one.id))) for one in (Person, Consultation, User)]


@pytest.mark.parametrize("state", STATES)
def test_a_database_of_an_earlier_state_is_brought_up_with_its_data(filled, stage, state):
    before = rows(filled)
    release(filled)
    with filled.app_context():
        downgrade(revision=state)
        with pytest.raises(ConfigError, match=rf"Stand {state}\) ist älter als dieses Programm"):
            standing.check(filled)
    done = run(filled, "setup")
    assert done.exit_code == 0, done.output
    assert "before-update" in done.output
    assert "Einmalpasswort" not in done.output
    assert rows(filled) == before
    with filled.app_context():
        assert db.session.get(JobRun, readiness.BACKUP).done_at, "monitoring knows of the backup"
    release(filled)
    with program(stage) as started:
        standing.check(started)
        anna = CarefulClient(started)
        anna.sign_in("anna@kikz.test")
        for url in ("/", "/beratungen", "/kontakte", "/wiedervorlagen", "/kooperationen", "/suche?q=coelbe"):
            assert anna.get(url).status == 200, url
    assert "gesichert" not in run(filled, "setup").output


def with_another_migration(monkeypatch, tmp_path, statement):
    """The program of tomorrow: one migration more."""
    folder = tmp_path / "migrations"
    shutil.copytree(ROOT / "migrations", folder, ignore=shutil.ignore_patterns("__pycache__"))
    head = max(path.stem for path in (folder / "versions").glob("*.py"))
    (folder / "versions" / "9999_broken.py").write_text(BROKEN.format(head=head, statement=statement))
    monkeypatch.setattr(migrating, "FOLDER", folder)
    return head


@pytest.mark.parametrize("good", [False, True], ids=["a mistake", "control: none"])
def test_an_update_that_fails_leaves_everything_as_it_was(filled, stage, tmp_path, monkeypatch, good):
    before = rows(filled)
    statement = "INSERT INTO half VALUES (2)" if good else "INSERT INTO nowhere VALUES (1)"
    with monkeypatch.context() as tomorrow:
        head = with_another_migration(tomorrow, tmp_path, statement)
        done = run(filled, "setup")
    with filled.app_context():
        there = inspect(db.engine).has_table("half"), standing.revision(db.engine)
    assert there == ((True, "9999_broken") if good else (False, head))
    assert (done.exit_code == 0) is good
    assert rows(filled) == before
    if not good:
        assert "unverändert" in done.output
        with program(stage) as former:
            standing.check(former)
            CarefulClient(former).sign_in("anna@kikz.test")


def test_a_database_of_a_later_program_is_refused_and_the_way_back_stays_open(filled, tmp_path):
    path = tmp_path / "before.kikz"
    assert run(filled, "backup", "create", str(path)).exit_code == 0
    with filled.app_context():
        db.session.execute(text("UPDATE alembic_version SET version_num = '9999_later'"))
        db.session.commit()
    words = "Stand 9999_later) ist neuer als dieses Programm"
    for command in ("setup", "worker", "check"):
        done = run(filled, command)
        assert done.exit_code == 1
        assert words in done.output
    with pytest.raises(ConfigError, match="neuer als dieses Programm"):
        standing.check(filled)
    assert run(filled, "backup", "restore", str(path), "--yes").exit_code == 0
    standing.check(filled)


def test_two_that_set_up_at_once_end_as_one(empty_url, tmp_path):
    environ = os.environ | {"DATABASE_URL": empty_url, "SECRET_KEY": "x" * 40, "KIKZ_SETTINGS": ""}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "setup"]
    both = [
        subprocess.Popen(
            command, cwd=ROOT, env=environ | {"KIKZ_INSTANCE": str(tmp_path)}, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )
        for _ in range(2)
    ]  # fmt: skip
    said = [one.communicate(timeout=300) for one in both]
    assert [one.returncode for one in both] == [0, 0], said
    assert sum("Einmalpasswort" in out for out, _err in said) == 1
    engine = create_engine(empty_url)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM users")) == 1
    engine.dispose()


def test_an_old_python_and_a_wrong_clock_are_said(filled, monkeypatch):
    assert "3.11.14 ist älter als 3.11.15" in standing._python((3, 11, 14))
    assert standing._python((3, 11, 15)) is None
    with filled.app_context():
        assert standing.clock() is None
        true = now()
        for minutes, said in ((-6, True), (-4, False), (6, has_a_clock()), (4, False)):
            monkeypatch.setattr(standing, "now", lambda wrong=minutes: true + timedelta(minutes=wrong))
            assert bool(standing.clock()) is said, minutes
            assert not said or "geht falsch" in standing.clock()


def has_a_clock():
    """Only a database with a clock of its own notices one that is fast."""
    return db.engine.dialect.name == "postgresql"
