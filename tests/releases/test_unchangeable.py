"""A frozen report cannot be changed: not by the program, not by the database, not without being seen."""

import sqlite3

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from crm.db import db
from crm.releases.models import FrozenReport, Unchangeable
from tests.operations.conftest import run
from tests.releases.frozen import freeze, talk

GUARDS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'frozen_reports'",
    "postgresql": (
        "SELECT tgname FROM pg_trigger WHERE tgrelid = 'frozen_reports'::regclass AND NOT tgisinternal"
    ),
}
OFF = {
    "sqlite": ["DROP TRIGGER frozen_reports_no_UPDATE", "DROP TRIGGER frozen_reports_no_DELETE"],
    "postgresql": ["ALTER TABLE frozen_reports DISABLE TRIGGER USER"],
}
CHANGES = ("UPDATE frozen_reports SET title = 'anders'", "DELETE FROM frozen_reports")
COLUMNS = [column.name for column in FrozenReport.__table__.columns]
# On SQLite it deletes without asking the trigger of DELETE, unless the connection says otherwise.
REPLACE = (
    f"INSERT OR REPLACE INTO frozen_reports ({', '.join(COLUMNS)}) "  # noqa: S608 constants
    f"SELECT {', '.join(COLUMNS).replace('title', repr('anders'))} FROM frozen_reports"
)


@pytest.fixture
def url(app, mara):
    talk(app, "Lahntal")
    return freeze(mara)


def change(app, *statements):
    with app.app_context():
        for statement in statements:
            db.session.execute(text(statement))
        db.session.commit()


@pytest.mark.parametrize("statement", CHANGES)
def test_the_database_refuses_to_change_or_delete(app, url, statement):
    with app.app_context(), pytest.raises(DBAPIError, match="a frozen report cannot be changed"):
        db.session.execute(text(statement))
    with app.app_context():
        assert db.session.scalar(select(FrozenReport.title)).startswith("Tätigkeitsbericht")


def test_postgresql_refuses_to_empty_the_table(app, url):
    with app.app_context():
        if db.engine.dialect.name != "postgresql":
            pytest.skip("SQLite knows no TRUNCATE")
        with pytest.raises(DBAPIError, match="a frozen report cannot be changed"):
            db.session.execute(text("TRUNCATE frozen_reports"))


def test_sqlite_refuses_to_put_another_in_its_place(app, url, mara):
    with app.app_context():
        if db.engine.dialect.name != "sqlite":
            pytest.skip("PostgreSQL knows no REPLACE")
        with pytest.raises(DBAPIError, match="a frozen report cannot be changed"):
            db.session.execute(text(REPLACE))
        db.session.rollback()
    # The control: a connection that is set up as SQLite does by itself lets it happen.
    with sqlite3.connect(app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///")) as plain:
        plain.execute(REPLACE)
    plain.close()
    assert "anders" in mara.get(url).main


@pytest.mark.parametrize("statement", CHANGES)
def test_without_the_guards_the_database_would_let_it_happen(app, url, mara, statement):
    """The control: it is the triggers that refuse."""
    with app.app_context():
        kind = db.engine.dialect.name
        assert len(db.session.scalars(text(GUARDS[kind])).all()) == 2
    change(app, *OFF[kind], statement)
    page = mara.get(url)
    assert page.status == 404 if statement.startswith("DELETE") else "anders" in page.main


def test_the_program_refuses_before_the_database_is_asked(app, url):
    for spoil in (lambda one: setattr(one, "purpose", "anders"), db.session.delete):
        with app.app_context():
            spoil(db.session.scalars(select(FrozenReport)).one())
            with pytest.raises(Unchangeable):
                db.session.flush()
            db.session.rollback()


@pytest.mark.parametrize(
    "column", ["title", "purpose", "released_by_name", "since", "sheet", "lists", "digest"]
)
def test_what_was_changed_past_the_guards_is_seen_on_the_page(app, url, mara, column):
    assert "unverändert" in mara.get(url).main
    with app.app_context():
        kind = db.engine.dialect.name
    values = {"since": "'2020-01-01'", "sheet": "lists", "lists": "sheet"}
    value = values.get(column, "'anders'")
    change(app, *OFF[kind], f"UPDATE frozen_reports SET {column} = {value}")  # noqa: S608 constants
    page = mara.get(url)
    assert "am Programm vorbei geändert" in page.main
    assert "unverändert" not in page.main


def test_no_address_changes_or_deletes_one(app):
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("releases.")]
    writing = {rule.endpoint for rule in rules if "POST" in rule.methods}
    assert writing == {"releases.freeze"}


def test_a_backup_brings_frozen_reports_back_with_their_guards(app, url, mara, tmp_path):
    mara.get(url)
    before = mara.get(url).main
    path = tmp_path / "saved.kikz"
    for arguments in (("create", str(path)), ("restore", str(path), "--yes")):
        done = run(app, "backup", *arguments)
        assert done.exit_code == 0, done.output
    mara.sign_in("mara@kikz.test")
    assert mara.get(url).main == before
    with app.app_context(), pytest.raises(DBAPIError, match="a frozen report cannot be changed"):
        db.session.execute(text(CHANGES[0]))
