"""Dump PostgreSQL by pg_dump and bring it back by psql in one transaction: all or nothing."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import Connection, inspect, make_url, text

from crm.db import Base, db
from crm.operations.dumps import BackupError, counting, tables

BELL = "huey_"
# Comments on extensions belong to the superuser who made them.
PLAIN = ("--no-owner", "--no-privileges", "--no-comments")
INSTALL = "apt install postgresql-client"
ASKED = ("host", "port", "sslmode")
# Nobody reads or writes while the tables change; whoever still does has this long to finish.
CLEAR = "SET LOCAL lock_timeout = '30s';\n"
# What guards tables against changes is in the dump, too, and does not go with its table: keep_audit_events …
GUARDS = r"""DO $$ DECLARE one regprocedure; BEGIN
    FOR one IN SELECT oid FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND proname LIKE 'keep\_%'
    LOOP EXECUTE 'DROP FUNCTION ' || one || ' CASCADE'; END LOOP;
END $$;
"""


def write(dump: Path) -> tuple[str, dict[str, int]]:
    """Dump the database; rows are counted on the same picture of it that pg_dump sees."""
    with db.engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
        schema = connection.scalar(text("SELECT version_num FROM alembic_version"))
        rows = _counts(connection)
        # The bell of the worker is no data; its tables stay where they are.
        without = f"--exclude-table={BELL}*"
        _run("pg_dump", "--format=custom", *PLAIN, without, f"--snapshot={snapshot}", "--file", dump)
    return str(schema), rows


def check(dump: Path, _rows: dict[str, int]) -> None:
    """Raise BackupError when pg_restore cannot read the dump; rows are compared while putting back."""
    _run("pg_restore", "--list", dump, connect=False)


def filled() -> bool:
    """Tell whether the database here holds any row."""
    with db.engine.connect() as connection:
        return any(_counts(connection).values())


def put_back(dump: Path, rows: dict[str, int]) -> None:
    """Put the dump in place of all data in one transaction; a wrong number of rows undoes everything."""
    db.session.remove()
    db.engine.dispose()
    clear, script, proof = (dump.with_name(name) for name in ("clear.sql", "data.sql", "proof.sql"))
    names = ", ".join(f'"{name}"' for name in [*sorted(Base.metadata.tables), "alembic_version"])
    clear.write_text(f"{CLEAR}DROP TABLE IF EXISTS {names} CASCADE;\n{GUARDS}", encoding="utf-8")
    _run("pg_restore", *PLAIN, "--file", script, dump, connect=False)
    proof.write_text("".join(_proof(name, number) for name, number in rows.items()), encoding="utf-8")
    files = [part for path in (clear, script, proof) for part in ("--file", path)]
    _run("psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--single-transaction", *files)


def _proof(name: str, number: int) -> str:
    return (
        f'DO $$ BEGIN ASSERT (SELECT count(*) FROM public."{name}") = {int(number)}, '  # noqa: S608 names of our tables
        f"'{name}: andere Zeilenzahl als in der Sicherung'; END $$;\n"
    )


def _counts(connection: Connection) -> dict[str, int]:
    there = set(inspect(connection).get_table_names())
    wanted = [table for table in tables() if table.name in there]
    return {table.name: int(connection.scalar(text(counting(table))) or 0) for table in wanted}


def _run(program: str, *arguments: Any, connect: bool = True) -> None:
    path = shutil.which(program)
    if path is None:
        raise BackupError(f"Es fehlt das Programm {program}. Als Administrator: {INSTALL}")
    address = _address() if connect else {}
    done = subprocess.run(  # noqa: S603 our own program with our own arguments
        [path, *map(str, arguments)], env=os.environ | address, capture_output=True, text=True, check=False
    )
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["ohne Meldung"])[0]
        raise BackupError(f"{program} konnte nicht arbeiten: {reason} Die Daten sind unverändert.")


def _address() -> dict[str, str]:
    """Give host, name and password in the environment, because arguments can be read by others.

    It is the role that owns the tables: only that one may put others in their place.
    """
    url = make_url(current_app.config["MIGRATION_DATABASE_URI"])
    asked = {f"PG{name.upper()}": str(url.query[name]) for name in ASKED if name in url.query}
    given = {"PGHOST": url.host, "PGPORT": url.port, "PGUSER": url.username, "PGDATABASE": url.database}
    secret = {"PGPASSWORD": url.password}
    return asked | {name: str(value) for name, value in (given | secret).items() if value}
