"""The first held talk everybody may see moves the stage of its group; whatever happens to talks is noted."""

from datetime import timedelta

import pytest

from crm.consultations.models import Consultation
from crm.cooperations.kinds import Stage
from crm.cooperations.models import Cooperation
from crm.cooperations.services import remove, restore
from crm.db import db, today
from tests import factories


def ago(days):
    """A day gone by."""
    return today() - timedelta(days=days)


def typed(day):
    """A day as somebody types it."""
    return f"{day:%d.%m.%Y}"


@pytest.fixture
def group(app):
    """Number of a group of three candidates."""
    with app.app_context():
        found = factories.cooperation().id
        db.session.commit()
    return found


def stored(app, group):
    """What the group knows of its talks."""
    with app.app_context():
        found = db.session.get(Cooperation, group)
        return found.talked_on, found.stage


def logged(app, group, days_ago=0, **over):
    """Log a talk of the group."""
    with app.app_context():
        number = factories.talk("Cölbe", days_ago=days_ago, cooperation_id=group, **over).id
        db.session.commit()
    return number


def came_due(app, number):
    """Let the day of a planned talk have come."""
    with app.app_context():
        db.session.get(Consultation, number).held_on = today()
        db.session.commit()


def test_logging_moves_the_stage_and_the_earliest_talk_counts(app, group):
    assert stored(app, group) == (None, Stage.IDEA)
    logged(app, group, days_ago=5)
    assert stored(app, group) == (ago(5), Stage.SEARCH)
    logged(app, group, days_ago=1)
    assert stored(app, group)[0] == ago(5)
    logged(app, group, days_ago=9)
    assert stored(app, group)[0] == ago(9)


def test_logging_on_screen_moves_it_too(app, group, anna):
    page = anna.submit(f"/beratungen/neu?kooperation={group}", note="Ja")
    assert page.status == 303, page.errors()
    assert stored(app, group) == (today(), Stage.SEARCH)


def test_a_planned_talk_moves_nothing_until_it_is_held(app, group, anna):
    number = logged(app, group, days_ago=-3)
    assert stored(app, group) == (None, Stage.IDEA)
    came_due(app, number)
    anna.post(f"/beratungen/{number}/stattgefunden")
    assert stored(app, group) == (today(), Stage.SEARCH)


def test_the_day_of_a_talk_is_corrected(app, group, anna):
    number = logged(app, group, days_ago=5)
    anna.submit(f"/beratungen/{number}/bearbeiten", held_on=typed(ago(8)))
    assert stored(app, group)[0] == ago(8)


def test_a_talk_moves_from_one_group_to_another_and_out(app, group, anna):
    with app.app_context():
        other = factories.cooperation("Hanau", title="Archiv").id
        db.session.commit()
    number = logged(app, group, days_ago=5)
    anna.submit(f"/beratungen/{number}/bearbeiten", cooperation=[str(other)])
    assert [stored(app, one)[0] for one in (group, other)] == [None, ago(5)]
    anna.submit(f"/beratungen/{number}/bearbeiten", cooperation=[])
    assert [stored(app, one) for one in (group, other)] == [(None, Stage.IDEA)] * 2


def test_a_talk_that_is_put_into_a_group_counts_there(app, group, anna):
    with app.app_context():
        number = factories.talk("Cölbe", days_ago=2).id
        db.session.commit()
    anna.submit(f"/beratungen/{number}/bearbeiten", cooperation=[str(group)])
    assert stored(app, group)[0] == ago(2)


@pytest.mark.parametrize("state", ["cancelled", "planned"])
def test_a_talk_that_was_not_held_after_all_counts_no_more(app, group, anna, state):
    number = logged(app, group, days_ago=5)
    logged(app, group, days_ago=2)
    anna.submit(f"/beratungen/{number}/bearbeiten", state=state)
    assert stored(app, group)[0] == ago(2)


def test_cancelling_a_held_talk_takes_it_out(app, group, anna):
    number = logged(app, group, days_ago=5)
    anna.post(f"/beratungen/{number}/absagen")
    assert stored(app, group) == (None, Stage.IDEA)


def test_removing_and_restoring_a_talk_is_noted(app, group, anna):
    number = logged(app, group, days_ago=5)
    anna.post(f"/beratungen/{number}/entfernen")
    assert stored(app, group) == (None, Stage.IDEA)
    anna.post(f"/beratungen/{number}/wiederherstellen")
    assert stored(app, group) == (ago(5), Stage.SEARCH)


def test_a_confidential_talk_moves_nothing_and_the_flag_is_followed(app, group, anna):
    number = logged(app, group, days_ago=5, confidential=True)
    assert stored(app, group) == (None, Stage.IDEA)
    anna.submit(f"/beratungen/{number}/bearbeiten", confidential=[])
    assert stored(app, group) == (ago(5), Stage.SEARCH)
    anna.submit(f"/beratungen/{number}/bearbeiten", confidential="y")
    assert stored(app, group) == (None, Stage.IDEA)


def test_a_group_in_the_trash_knows_its_talks_when_it_comes_back(app, group, anna):
    number = logged(app, group, days_ago=5)
    with app.app_context():
        remove(db.session.get(Cooperation, group), factories.member("anna"))
        db.session.commit()
    anna.post(f"/beratungen/{number}/entfernen")
    with app.app_context():
        query = db.select(Cooperation).execution_options(include_removed=True)
        restore(db.session.scalars(query).one(), factories.member("anna"))
        db.session.commit()
    assert stored(app, group) == (None, Stage.IDEA)


def test_a_talk_of_no_group_and_a_later_one_leave_the_group_alone(app, group, anna):
    logged(app, group, days_ago=5)
    with app.app_context():
        before = db.session.get(Cooperation, group).version
        factories.talk("Cölbe")
        db.session.commit()
    logged(app, group, days_ago=2)
    with app.app_context():
        assert db.session.get(Cooperation, group).version == before
