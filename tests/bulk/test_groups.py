"""Cooperations and Kommunen: another adviser, another task field, a follow-up for each."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.cooperations.models import Cooperation
from crm.db import db, today
from crm.follow_ups.models import FollowUp
from crm.organisations.models import Organisation
from crm.task_fields.models import TaskField
from tests import factories
from tests.bulk.steps import address, confirm, done, preview, undo

PROMISE = {"text": "Nachfragen", "due_on": f"{today() + timedelta(days=5):%d.%m.%Y}"}


@pytest.fixture
def groups(app):
    """Two groups without anybody responsible."""
    with app.app_context():
        numbers = [factories.cooperation(title=title).id for title in ("Bauhof Nord", "Kasse Süd")]
        db.session.commit()
    return numbers


def number(app, name):
    """The number of somebody of the cast."""
    with app.app_context():
        return factories.member(name).id


def read(app, group_id):
    """(responsible, task fields) of a group."""
    with app.app_context():
        group = db.session.get(Cooperation, group_id)
        return group.adviser.name if group.adviser else None, [one.name for one in group.task_fields]


def promised(app):
    """(text, group, place) of all follow-ups."""
    with app.app_context():
        found = db.session.scalars(select(FollowUp).order_by(FollowUp.id))
        return [(one.text, one.cooperation_id, one.organisation_id) for one in found]


def test_somebody_else_is_responsible_and_then_again_nobody(app, anna, groups):
    url = address("kooperationen", "zustaendigkeit", groups)
    listed = done(anna, url, owner_id=number(app, "bert"))
    assert "2 Kooperationen geändert." in listed.main
    assert [read(app, one)[0] for one in groups] == ["Bert Braun"] * 2
    assert "liegt schon bei Bert Braun" in preview(anna, url, owner_id=number(app, "bert")).main
    undo(anna, listed)
    assert [read(app, one)[0] for one in groups] == [None, None]


def test_a_task_field_is_added_to_groups_and_goes_again(app, anna, groups):
    with app.app_context():
        field = db.session.scalars(select(TaskField).where(TaskField.name == "Kasse")).one().id
    listed = done(anna, address("kooperationen", "aufgabenfeld", groups), task_field=field)
    assert [read(app, one)[1] for one in groups] == [["Kasse"]] * 2
    undo(anna, listed)
    assert [read(app, one)[1] for one in groups] == [[], []]


def test_an_unknown_task_field_is_refused(app, anna, groups):
    url = address("kooperationen", "aufgabenfeld", groups)
    for values in ({"task_field": 99999}, {"task_field-text": "Raumfahrt"}, {"task_field": ""}):
        page = preview(anna, url, **values)
        assert page.status == 422, values
        assert page.errors()
    assert read(app, groups[0])[1] == []


def test_each_group_gets_a_follow_up(app, anna, groups):
    listed = done(
        anna, address("kooperationen", "wiedervorlage", groups), owner_id=number(app, "anna"), **PROMISE
    )
    assert promised(app) == [("Nachfragen", one, None) for one in groups]
    undo(anna, listed)
    assert promised(app) == []


def test_each_kommune_gets_a_follow_up_but_not_one_that_is_gone(app, anna):
    with app.app_context():
        there = factories.place("Lahntal").id
        gone = db.session.scalars(select(Organisation.id).where(Organisation.name == "Bromskirchen")).one()
    url = address("kommunen", "wiedervorlage", [there, gone])
    page = preview(anna, url, owner_id=number(app, "anna"), **PROMISE)
    assert "besteht nicht mehr" in page.main
    confirm(anna, url, page)
    assert promised(app) == [("Nachfragen", None, there)]


@pytest.mark.parametrize("action", ["zustaendigkeit", "aufgabenfeld", "wiedervorlage"])
def test_who_may_not_write_changes_no_group(app, rita, emil, groups, action):
    url = address("kooperationen", action, groups)
    for client in (rita, emil):
        assert client.get(url).status == 403
        assert client.post(url, owner_id="1", mark="x").status == 403
    assert read(app, groups[0]) == (None, [])
