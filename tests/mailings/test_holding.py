"""While mails are written nobody objects or answers unseen; whoever does so waits and is then seen."""

from contextlib import closing

import pytest

from crm.db import db
from crm.mailings import recipients
from tests import factories
from tests.mailings.crowd import invited


@pytest.fixture
def event(app):
    """The number of an event with an invited person."""
    with app.app_context():
        made = invited(factories.event(), "Henkel").event
        db.session.commit()
        return made.id


def object_impatiently():
    """Note an objection on a connection of its own that does not wait."""
    sqlite = db.engine.dialect.name == "sqlite"
    with closing(db.engine.raw_connection()) as other:
        cursor = other.cursor()
        # Before anything begins: on SQLite the beginning waits already.
        cursor.execute("PRAGMA busy_timeout=200" if sqlite else "SET lock_timeout = '200ms'")
        try:
            cursor.execute("UPDATE people SET mail_basis = 'objected'")
        finally:
            other.invalidate()


def test_an_objection_waits_for_a_mailing_that_is_being_written(app, event):
    with app.app_context():
        recipients.hold(event)
        with pytest.raises(db.engine.dialect.loaded_dbapi.OperationalError):
            object_impatiently()
        db.session.rollback()


def test_without_the_hold_it_does_not_wait(app, event):
    with app.app_context():
        db.session.rollback()
        object_impatiently()
