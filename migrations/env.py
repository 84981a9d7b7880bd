"""Run migrations: numbered, in one transaction, on SQLite without losing the children of rebuilt tables."""

import re

from alembic import context
from flask import current_app
from sqlalchemy import create_engine, event, func, select

from crm.db import Base, Euro, Moment, Turn

CONFIG = context.config
NAME_LENGTH = 32


def number_revision(_context, _revision, directives):
    """Name a new revision by number and words: 0007_consultation_channel."""
    script = directives[0]
    head = context.script.get_current_head()
    number = int(head[:4]) + 1 if head else 1
    words = re.sub(r"[^a-z0-9]+", "_", (script.message or "change").lower()).strip("_")
    script.rev_id = f"{number:04d}_{words}"[:NAME_LENGTH]


def render_item(kind, thing, _autogen):
    """Write our types for moments and money as what they are in the database."""
    if kind == "type" and isinstance(thing, Moment):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(thing, Euro):
        return "sa.BigInteger()"
    return False


def include_name(name, _kind, _parents):
    """Leave alone what no model knows: the tables of the bell, and the trigrams of the search."""
    return not (name or "").startswith(("huey_", "search_fts", "search_trgm"))


def _options():
    return {
        "include_name": include_name,
        "target_metadata": Base.metadata,
        "render_as_batch": True,
        "process_revision_directives": number_revision,
        "render_item": render_item,
        "compare_type": False,
    }


def run_online():
    """Migrate the configured database; two runners at once wait for each other."""
    url = CONFIG.attributes.get("url") or current_app.config["MIGRATION_DATABASE_URI"]
    engine = create_engine(url)
    try:
        if engine.dialect.name == "sqlite":
            _run_on_sqlite(engine)
        else:
            _run_on_postgresql(engine)
    finally:
        engine.dispose()


def _run_on_postgresql(engine):
    with engine.connect() as connection:
        context.configure(connection=connection, **_options())
        with context.begin_transaction():
            connection.execute(select(func.pg_advisory_xact_lock(int(Turn.MIGRATION))))
            context.run_migrations()


def _run_on_sqlite(engine):
    """Own connection, foreign keys off while tables are rebuilt, checked before the commit."""

    @event.listens_for(engine, "connect")
    def _loose(connection, _record):
        connection.execute("PRAGMA foreign_keys=OFF")

    with engine.connect().execution_options(write=True) as connection:
        context.configure(connection=connection, transactional_ddl=True, **_options())
        with context.begin_transaction():
            context.run_migrations()
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise RuntimeError(f"rows would point at nothing: {broken[:5]}")


run_online()
