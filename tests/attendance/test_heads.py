"""Heads without names over the web: the four questions."""

import pytest
from sqlalchemy import select

from crm.attendance.models import HeadCount
from crm.db import db
from tests.attendance.test_routes import audited, door, held

HEADS = {"heads": "12", "certainty": "estimated", "kind": "citizen", "organisation-text": "Buseck"}


def test_heads_are_added_corrected_and_removed(app, anna):
    number, _ids = held(app)
    page = anna.submit(door(number, "/zaehlung"), follow=True, **HEADS)
    assert "12 geschätzt, Bürgerin oder Bürger Buseck" in page.main
    with app.app_context():
        row = db.session.scalars(select(HeadCount)).one()
        one = door(number, f"/zaehlung/{row.id}")
    page = anna.submit(one, follow=True, heads="15", certainty="counted")
    assert "15 gezählt, Bürgerin oder Bürger Buseck" in page.main
    page = anna.submit(f"{one}/entfernen", follow=True)
    assert "15 gezählt" not in page.main
    for name in ("event.heads-counted", "event.heads-changed", "event.heads-removed"):
        assert audited(app, name) == 1
    assert anna.get(one).status == 404


@pytest.mark.parametrize("heads", ["0", "-3", "100000", "viele", "1,5", ""])
def test_heads_are_a_sensible_number(app, anna, heads):
    number, _ids = held(app)
    page = anna.submit(door(number, "/zaehlung"), **(HEADS | {"heads": heads}))
    assert page.status == 422
    assert page.fields()["heads"] == [heads]
    with app.app_context():
        assert not db.session.scalars(select(HeadCount)).all()


@pytest.mark.parametrize("name", ["certainty", "kind", "heads"])
@pytest.mark.parametrize("value", ["", "x"])
def test_heads_need_their_kind_and_whether_they_were_counted(app, anna, name, value):
    number, _ids = held(app)
    fields = anna.get(door(number, "/zaehlung")).fields() | HEADS | {name: value}
    assert anna.post(door(number, "/zaehlung"), fields).status == 422
    with app.app_context():
        assert not db.session.scalars(select(HeadCount)).all()


def test_heads_refuse_a_lost_update(app, anna, bert):
    number, _ids = held(app)
    anna.submit(door(number, "/zaehlung"), **HEADS)
    with app.app_context():
        one = door(number, f"/zaehlung/{db.session.scalars(select(HeadCount.id)).one()}")
    mine = anna.get(one).fields()
    bert.submit(one, heads="20")
    page = anna.post(one, mine | {"heads": ["15"]})
    assert page.status == 409
    assert "Bert Braun" in page.main
    with app.app_context():
        assert db.session.scalars(select(HeadCount.heads)).one() == 20
    old = anna.get(f"{one}/entfernen").fields()
    bert.submit(one, heads="21")
    assert anna.post(f"{one}/entfernen", old).status == 200
