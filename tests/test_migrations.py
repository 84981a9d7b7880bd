"""Every migration goes up and down on both databases over filled tables; the result equals the models."""

import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, select, text

from config import ROOT
from crm.contacts.models import Person
from crm.db import Base, db, now
from crm.folding import search_text
from crm.operations import migrating
from crm.operations.migrating import downgrade, upgrade
from crm.task_fields.models import TaskField
from crm.task_fields.services import change
from crm.task_fields.standard import STANDARD
from tests import factories

COLUMNS = ("valid_from", "valid_to", "fundable_from", "fundable_until")
TRIGRAMS = ("search_fts", "search_trgm")
VERSIONS = sorted(path.stem for path in Path(ROOT / "migrations/versions").glob("*.py"))


def counts(engine):
    """Rows per table."""
    with engine.connect() as connection:
        names = [name for name in inspect(engine).get_table_names() if name != "alembic_version"]
        return {name: connection.execute(text(f'SELECT count(*) FROM "{name}"')).scalar() for name in names}  # noqa: S608


@pytest.fixture
def filled(app):
    """A database with a talk, people and follow-ups in it, behind an application of its own."""
    with app.app_context():
        person = factories.person()
        factories.talk("Cölbe", "Lahntal", follow_up_on=factories.today(), follow_up_text="Anrufen")
        parties = [factories.Party(factories.place("Lahntal").id, people=[person.id], private_note="x")]
        factories.talk(parties=parties, task_fields=[1])
        db.session.commit()
        yield db.engine


def test_numbers_are_consecutive_and_short():
    assert [int(name[:4]) for name in VERSIONS] == list(range(1, len(VERSIONS) + 1))
    assert all(re.fullmatch(r"[0-9]{4}_[a-z0-9_]+", name) and len(name) <= 32 for name in VERSIONS)
    script = ScriptDirectory(str(ROOT / "migrations"))
    assert script.get_heads() == [VERSIONS[-1]]
    assert [one.revision for one in script.walk_revisions()] == migrating.known()


def test_the_result_equals_the_models(app):
    with app.app_context(), db.engine.connect() as connection:
        # Trigrams are indexed in each database's own way.
        options = {"include_name": lambda name, kind, _parents: not (name or "").startswith(TRIGRAMS)}
        differences = compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata)
    assert differences == []


def test_every_step_goes_down_up_and_down_again_over_filled_tables(filled):
    """Each step back, once forth and back again: what remains keeps every row; then all the way up."""
    before = counts(filled)
    db.session.remove()
    filled.dispose()
    for name in reversed(VERSIONS):
        downgrade(revision="-1")
        kept = counts(filled)
        assert kept == {table: before[table] for table in kept}, name
        upgrade(revision="+1")
        assert counts(filled).items() >= kept.items(), name
        downgrade(revision="-1")
        assert counts(filled) == kept, name
    upgrade()
    assert counts(filled).keys() == before.keys()


# Installations come up from far behind in one go: what an older step leaves meets what a later one demands.
@pytest.mark.parametrize("steps", [2, 5, 10, 20, len(VERSIONS) - 1])
def test_from_some_depths_all_the_way_up_keeps_the_rows(filled, steps):
    before = counts(filled)
    db.session.remove()
    filled.dispose()
    downgrade(revision=f"-{steps}")
    kept = counts(filled)
    upgrade()
    assert counts(filled).items() >= kept.items()
    assert counts(filled).keys() == before.keys()


NEW_FIELDS = {
    "Gesundheit": "Soziales und Bildung",
    "Umwelt- und Naturschutz": "Bauen und Technik",
    "Wohnen und Siedlungsentwicklung": "Bauen und Technik",
}


def _upgraded_with(filled, *statements):
    """The catalogue after the upgrade from the version before groups, in which `statements` were run."""
    db.session.remove()
    filled.dispose()
    downgrade(revision="0009_indexes_for_long_use")
    with filled.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    upgrade()
    return list(db.session.scalars(select(TaskField).order_by(TaskField.id)))


WITHOUT = "DELETE FROM task_fields WHERE name IN ('" + "', '".join(NEW_FIELDS) + "')"  # noqa: S608 a constant


def test_an_older_catalogue_gets_the_fields_it_lacks(filled):
    fields = _upgraded_with(filled, WITHOUT)
    found = {one.name: one for one in fields if one.name in NEW_FIELDS}
    assert {name: one.parent.name for name, one in found.items()} == NEW_FIELDS
    assert all(one.search_text == search_text(one.name) for one in found.values())
    assert all(one.version == 1 and one.valid_from is one.valid_to is None for one in found.values())
    assert all(abs(now() - one.created_at) < timedelta(minutes=5) for one in found.values())
    assert len(fields) == sum(1 + len(names) for names in STANDARD.values())
    change(found["Gesundheit"], dict.fromkeys(COLUMNS) | {"name": "Pflege", "parent_id": 1}, None)
    db.session.commit()


def test_a_field_in_another_group_and_groups_that_ended_are_left_alone(filled):
    moved = "UPDATE task_fields SET parent_id = 1 WHERE name = 'Gesundheit'"
    ended = "UPDATE task_fields SET valid_to = '2025-12-31' WHERE name = 'Bauen und Technik'"
    fields = _upgraded_with(filled, WITHOUT.replace("'Gesundheit', ", ""), moved, ended)
    assert [(one.name, one.parent_id) for one in fields if one.name in NEW_FIELDS] == [("Gesundheit", 1)]


def test_older_names_are_sorted_like_new_ones(filled):
    """Back and forth again over names of several words: each has the key it would get today."""
    for last, first in (
        ("Damm-Bechtel", "Anna"),
        ("D’Ester", "Ümit"),
        ("von der Au", "Ute"),
        ("Damm", None),
        ("N̂amo", "Anna Lisa"),
    ):
        factories.person(last, first)
    db.session.commit()
    today_ = dict(db.session.execute(select(Person.id, Person.sort_key)).all())
    db.session.remove()
    filled.dispose()
    downgrade(revision="0039_phone_of_guests")
    with filled.connect() as connection:
        older = connection.execute(text("SELECT sort_key FROM people")).scalars().all()
    assert "damm bechtel anna" in older
    upgrade()
    assert dict(db.session.execute(select(Person.id, Person.sort_key)).all()) == today_


@pytest.mark.control
def test_rebuilding_a_table_with_foreign_keys_on_would_lose_its_children(tmp_path):
    """The control: what env.py guards against really happens without the guard."""
    lost, kept = (_rebuild(tmp_path / f"{on}.sqlite3", on) for on in ("ON", "OFF"))
    assert (lost, kept) == (0, 1)


def _rebuild(path, foreign_keys):
    engine = create_engine(f"sqlite:///{path}")
    raw = engine.raw_connection()
    for statement in (
        "CREATE TABLE parents (id INTEGER PRIMARY KEY)",
        "INSERT INTO parents VALUES (1)",
        "CREATE TABLE children (p INTEGER REFERENCES parents(id) ON DELETE CASCADE)",
        "INSERT INTO children VALUES (1)",
        f"PRAGMA foreign_keys={foreign_keys}",
        "CREATE TABLE new_parents (id INTEGER PRIMARY KEY)",
        "INSERT INTO new_parents SELECT id FROM parents",
        "DROP TABLE parents",
        "ALTER TABLE new_parents RENAME TO parents",
    ):
        raw.driver_connection.execute(statement)
    left = raw.driver_connection.execute("SELECT count(*) FROM children").fetchone()[0]
    raw.close()
    engine.dispose()
    return left


def test_two_starts_at_once_migrate_once(tmp_path):
    url = f"sqlite:///{tmp_path / 'new.sqlite3'}"
    environment = os.environ | {"DATABASE_URL": url, "SECRET_KEY": "x" * 40}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "db", "upgrade"]
    runs = [subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE) for _ in range(2)]
    assert [(run.communicate()[1][-300:], run.returncode)[1] for run in runs] == [0, 0]
    engine = create_engine(url)
    assert len(inspect(engine).get_table_names()) > 15
    engine.dispose()
