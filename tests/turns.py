"""Rows of a table take turns: each on one database, the first and the last on both, and all in `make stress`.

A table of wrong inputs asks the same lines of code again and again; that they work on both databases is shown
by two of its rows, and each row by one of the databases.
"""

from collections import defaultdict

TABLE = 4


def take_turns(items):
    """Leave to `make stress` what another database shows in `make test`."""
    tables = defaultdict(lambda: defaultdict(list))
    for item in items:
        engine = item.callspec.params.get("engine_name") if hasattr(item, "callspec") else None
        if engine and not item.get_closest_marker("stress"):
            tables[item.nodeid.partition("[")[0]][engine].append(item)
    for rows in tables.values():
        for turn, table in enumerate(rows.values()):
            for item in _waiting(table, turn, len(rows)):
                item.add_marker("stress")


def _waiting(table, turn, engines):
    """Give the rows of a table whose turn it is on another database."""
    if len(table) < TABLE:
        return []
    return [item for number, item in enumerate(table[:-1]) if number and number % engines != turn]
