"""Put a PostgreSQL database back as its template has it, by the few rows that a test changed.

A copy of the whole takes ten times as long. What was changed is seen by the transactions that rows carry,
whoever wrote them; where the tables themselves were changed, nothing is mended and a new copy is made.
"""

import psycopg
from psycopg import sql

CATALOGUES = (
    "pg_class", "pg_attribute", "pg_trigger", "pg_proc", "pg_constraint", "pg_namespace", "pg_attrdef",
)  # fmt: skip
# Name of a table, its rows, and those of them that were written since.
COUNTED = sql.SQL("SELECT {}, count(*), count(*) FILTER (WHERE age(xmin) <= age(%(since)s::xid)) FROM {}")
NEW = sql.SQL("DELETE FROM {} WHERE age(xmin) <= age(%(since)s::xid)")
KEY = """SELECT attname FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY (indkey)
    WHERE indrelid = %(table)s::regclass AND indisprimary"""
COLUMNS = """SELECT attname FROM pg_attribute WHERE attrelid = %(table)s::regclass AND attnum > 0
    AND NOT attisdropped AND attgenerated = '' ORDER BY attnum"""
COPY = sql.SQL("CREATE TEMP TABLE {copy} AS SELECT {columns} FROM {table} WITH NO DATA")
INTO = sql.SQL("COPY {copy} FROM STDIN (FORMAT binary)")
MISSING = sql.SQL(
    "INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE SELECT {columns} FROM {copy}"
    " WHERE ({key}) NOT IN (SELECT {key} FROM {table})"
)
# What was deleted stays in the files until somebody cleans up; a new copy has none of it.
MOST = 100


class Mender:
    """Knows a fresh copy and finds what differs from it."""

    def __init__(self, url: str):
        self.url, self.template = url, ""
        self.connection, self.rows, self.times = None, {}, 0
        self.kept = set()

    def begin(self, template: str):
        """Look at a copy of a template that was just made."""
        self.end()
        if template != self.template:
            self.template, self.rows = template, {}
        self.connection = psycopg.connect(self.url, autocommit=True)
        self.connection.execute("SET lock_timeout = '2s'")
        self.connection.execute("SET session_replication_role = replica")
        self.connection.execute("SET plan_cache_mode = force_generic_plan")
        self.connection.execute("SET jit = off")
        found = self.connection.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
        self.tables = sorted(name for (name,) in found)
        self.question = b" UNION ALL ".join(self._asked(name) for name in (*CATALOGUES, *self.tables))
        self.times, self.since = 0, self._transaction()
        self.counts = {name: count for name, count, _new in self._look()}
        self.numbers = self._numbers()

    def _asked(self, name):
        return COUNTED.format(name, sql.Identifier(name)).as_bytes(self.connection)

    def _transaction(self):
        return self.connection.execute("SELECT pg_current_xact_id()::xid::text").fetchone()[0]

    def _look(self):
        return self.connection.execute(self.question, {"since": self.since}, prepare=True).fetchall()

    def _numbers(self):
        return dict(self.connection.execute("SELECT sequencename, last_value FROM pg_sequences").fetchall())

    def end(self):
        """Go away, so that the copy can be copied itself."""
        if self.connection is not None:
            self.connection.close()
        self.connection, self.kept = None, set()

    def mend(self, template: str) -> bool:
        """Put everything back as a template has it; False says that a new copy is needed."""
        if self.connection is None or self.times == MOST or template != self.template:
            return False
        try:
            return self._mend()
        except psycopg.Error:
            # Cut off, or somebody still holds a row.
            return False

    def _mend(self):
        looked = {name: (count, new) for name, count, new in self._look()}
        changed = [name for name, (count, new) in looked.items() if new or count != self.counts[name]]
        if set(changed) & set(CATALOGUES):
            return False
        known = len(self.kept)
        with self.connection.transaction():
            for name in changed:
                count, new = looked[name]
                if new:
                    self.connection.execute(NEW.format(sql.Identifier(name)), {"since": self.since})
                if count - new < self.counts[name]:
                    self._bring_back(name)
            self._number_anew()
        self.times, self.since = self.times + 1, self._transaction()
        if len(self.kept) > known:
            # The catalogues know the copies, too.
            self.counts |= {name: count for name, count, _new in self._look() if name in CATALOGUES}
        return True

    def _number_anew(self):
        for name, number in self._numbers().items():
            if number != self.numbers[name]:
                anew = f'"{name}"', self.numbers[name] or 1, self.numbers[name] is not None
                self.connection.execute("SELECT setval(%s::regclass, %s, %s)", anew)

    def _bring_back(self, name):
        """Bring back the rows that were changed or removed, from a copy that only this connection has."""
        key, columns = (
            sql.SQL(", ").join(map(sql.Identifier, self._names(name, asked))) for asked in (KEY, COLUMNS)
        )
        there = {
            "table": sql.Identifier(name),
            "copy": sql.Identifier(f"kept_{name}"),
            "columns": columns,
            "key": key,
        }
        if name not in self.kept:
            self.connection.execute(COPY.format(**there))
            with self.connection.cursor().copy(INTO.format(**there)) as into:
                into.write(self._rows(name, columns))
            self.kept.add(name)
        self.connection.execute(MISSING.format(**there))

    def _names(self, table, question):
        return [name for (name,) in self.connection.execute(question, {"table": f'"{table}"'}).fetchall()]

    def _rows(self, name, columns):
        if name not in self.rows:
            out = sql.SQL("COPY {} ({}) TO STDOUT (FORMAT binary)").format(sql.Identifier(name), columns)
            with psycopg.connect(self.template) as template, template.cursor().copy(out) as read:
                self.rows[name] = b"".join(bytes(part) for part in read)
        return self.rows[name]
