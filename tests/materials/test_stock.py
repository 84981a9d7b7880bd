"""The stock of printed copies: booked, never below nothing, whoever comes at the same time."""

import pytest
from sqlalchemy import select, update

from crm.db import db
from crm.errors import RuleBroken
from crm.materials import queries, stock
from crm.materials.kinds import Movement
from crm.materials.models import MaterialVersion
from tests import factories
from tests.crowds import at_once
from tests.materials.made import material


def version_of(app, copies):
    """A version with copies in stock; its number."""
    with app.app_context():
        made = material(copies=copies)
        db.session.commit()
        return made.newest.id


def test_copies_come_go_and_are_counted(app, anna, rita):
    number = version_of(app, 0)
    url = f"/materialien/fassungen/{number}/bestand"
    for fields in (
        {"kind": "in", "copies": "100", "note": "Druckerei"}, {"kind": "out", "copies": "30"},
        {"kind": "counted", "copies": "65"},
    ):  # fmt: skip
        assert anna.submit(f"{url}/buchen", **fields).status == 303
    rows = [row.get_text(" ", strip=True) for row in rita.get(url).soup.select("tbody tr")]
    assert ["65" in rows[0], "−5" in rows[0], "+100" in rows[2]] == [True, True, True]
    assert "Druckerei" in rows[2]
    assert "Bestand buchen" not in rita.get(url).main


def test_more_than_lies_there_is_not_given(app, anna):
    number = version_of(app, 3)
    page = anna.submit(f"/materialien/fassungen/{number}/bestand/buchen", kind="out", copies="4")
    assert page.status == 422
    assert "Im Bestand sind nur 3 Exemplare." in page.errors()
    page = anna.submit(f"/materialien/fassungen/{number}/bestand/buchen", kind="in", copies="0")
    assert page.status == 422


def test_a_double_click_books_once(app, anna):
    url = f"/materialien/fassungen/{version_of(app, 0)}/bestand/buchen"
    fields = anna.get(url).fields() | {"copies": ["10"]}
    assert anna.post(url, fields).location == anna.post(url, fields).location
    assert "10 im Bestand" in anna.get(url).main


def taker(number, by):
    """Take two of three copies."""

    def take():
        stock.book(queries.version(number), Movement.OUT, 2, factories.member(by))
        return "taken"

    return take


def test_of_two_who_take_the_last_copies_one_is_refused(app):
    number = version_of(app, 3)
    said = at_once(app, taker(number, "anna"), taker(number, "mara"))
    assert sorted(map(str, said)) == sorted(["taken", str(RuleBroken)])
    with app.app_context():
        left = db.session.scalar(select(MaterialVersion.in_stock).where(MaterialVersion.id == number))
        assert left == 1
        assert [one.balance for one in queries.movements(number)] == [1, 3]


def test_the_database_itself_refuses_less_than_nothing(app, context):
    made = material(copies=1).newest
    less = update(MaterialVersion).where(MaterialVersion.id == made.id).values(in_stock=-1)
    with pytest.raises(Exception, match="in_stock"):
        db.session.execute(less.execution_options(synchronize_session=False))
