"""The suite's own ground: every test finds the database as it was furnished, whatever the last one did."""

import pytest
from sqlalchemy import delete, text, update

from crm.db import db
from crm.organisations.models import Organisation
from crm.task_fields.models import TaskField
from tests import factories
from tests.everything import counted, stored
from tests.stages import leave


def spoil(app, more=""):
    """Add, change and remove rows, and more."""
    with app.app_context():
        number = factories.talk("Lahntal").id
        db.session.execute(update(Organisation).values(name="X"))
        db.session.execute(delete(TaskField).where(TaskField.parent_id.is_not(None)))
        if more:
            db.session.execute(text(more))
        db.session.commit()
    leave(app)
    return number


@pytest.mark.parametrize(
    "more",
    ["", "ALTER TABLE consultations ADD COLUMN x INTEGER", "DROP TABLE drafts"],
    ids=["rows", "column", "table"],
)
def test_whatever_was_changed_is_put_back(app, stage, more):
    before = stored(app, without=())
    first = spoil(app, more)
    stage.reset()
    assert stored(app, without=()) == before
    assert spoil(app) == first, "numbers begin anew, too"


def two_talks():
    """Two talks, as plain data."""
    return [factories.talk(name).id for name in ("Lahntal", "Marburg")]


def test_what_was_prepared_is_there_again_but_only_where_it_is_asked_for(app, stage, prepared):
    for _time in range(2):
        assert len(prepared(two_talks)) == counted(app)["consultations"] == 2
        spoil(app)
        stage.reset()
        assert counted(app)["consultations"] == 0
