"""How often something asks the database."""

from contextlib import contextmanager

from sqlalchemy import event

from crm.db import db


@contextmanager
def asked():
    """Collect the statements that are sent meanwhile; what waits to be written goes first."""
    db.session.flush()
    seen, engine = [], db.engine

    def note(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)
