"""Doubles among other bodies on screen."""

import pytest
from sqlalchemy import func, select

from crm.db import db
from crm.duplicates.models import DistinctPair, Merge
from crm.organisations.models import Organisation
from tests import factories

LIST = "/doppelte/stellen"


@pytest.fixture
def twins(app):
    """Numbers of a Zweckverband entered twice."""
    with app.app_context():
        found = [
            factories.body("Zweckverband Abwasser Ohmtal", phone="06422 1", email="info@zvo.de"),
            factories.body("Abwasser Ohmtal", phone="06422 2"),
        ]
        db.session.commit()
        return [one.id for one in found]


def page_of(low, high):
    """Address of a comparison."""
    return f"{LIST}/{low}/{high}"


def stored(app, number):
    """A body as stored, removed or not."""
    with app.app_context():
        query = select(Organisation).where(Organisation.id == number)
        return db.session.scalar(query.execution_options(include_removed=True))


def merges(app):
    """How many merges there are."""
    with app.app_context():
        return db.session.scalar(select(func.count(Merge.id)))


def test_a_pair_is_listed_compared_merged_and_unmerged(app, anna, twins):
    low, high = twins
    assert "Abwasser Ohmtal" in anna.get(LIST).main
    page = anna.submit(page_of(low, high), kept=str(low), take__phone="other", follow=True)
    assert "Zusammengeführt. War das falsch" in page.text
    assert stored(app, low).phone == "06422 2"
    assert stored(app, high).removed_at is not None
    gone = anna.get(f"/stellen/{high}")
    assert gone.status == 410
    assert gone.soup.select_one(f"main a[href='/stellen/{low}']")
    assert "Ohmtal" in anna.get(LIST).main
    undone = anna.submit("/doppelte/stellen/zusammengefuehrt/1", follow=True)
    assert "Beide Stellen sind wieder da" in undone.text
    assert (stored(app, low).phone, stored(app, high).removed_at) == ("06422 1", None)


def test_a_merged_body_is_in_no_list_and_no_search(app, anna, twins):
    low, high = twins
    anna.submit(page_of(low, high), kept=str(low))
    page = anna.get("/stellen?q=Ohmtal")
    assert page.soup.select_one(f"main a[href='/stellen/{low}']")
    assert not page.soup.select_one(f"main a[href='/stellen/{high}']")
    found = anna.get("/kommunen/suche?q=Abwasser+Ohmtal").response.get_json()
    assert str(high) not in [one["value"] for one in found]


def test_different_bodies_are_remembered_and_proposed_again(app, anna, twins):
    page = anna.post(page_of(*twins) + "/verschieden", reason="Nord und Süd", follow=True)
    assert "bleiben getrennt" in page.text
    assert "Nord und Süd" in page.main
    assert "Hier ist kein Paar" in page.main
    link = page.soup.select_one("a[href$=aufheben]")["href"]
    assert "Grund: Nord und Süd" in anna.get(link).main
    with app.app_context():
        assert db.session.scalar(select(func.count(DistinctPair.id))) == 1
    again = anna.post("/doppelte/stellen/entschieden/1/aufheben", follow=True)
    assert "Hier ist kein Paar" not in again.main
    assert anna.post(page_of(*twins) + "/verschieden", reason="x" * 301).status == 422
    with app.app_context():
        assert db.session.scalar(select(func.count(DistinctPair.id))) == 0


def test_a_hand_made_request_never_merges_kommunen(app, anna, twins):
    with app.app_context():
        one, other = sorted(factories.place(name).id for name in ("Cölbe", "Lahntal"))
    for low, high in ((one, other), (one, twins[0])):
        for method in (anna.get, anna.post):
            assert method(page_of(low, high)).status == 404
    assert merges(app) == 0


def test_who_may_not_write_bodies_neither_compares_nor_merges(app, emil, rita, twins):
    for client in (emil, rita):
        assert client.get(LIST).status == 403
        assert client.get(page_of(*twins)).status == 403
        assert client.post(page_of(*twins)).status == 403
    assert merges(app) == 0


def test_a_colleagues_change_meanwhile_is_told(app, anna, bert, twins):
    fields = anna.get(page_of(*twins)).fields()
    assert bert.submit(f"/stellen/{twins[1]}/bearbeiten", phone="0800").status == 303
    page = anna.post(page_of(*twins), fields)
    assert page.status == 409
    assert "0800" in page.main
    assert anna.post(page_of(*twins), page.fields() | {"kept": "999"}).status == 422
    assert merges(app) == 0


def test_a_merge_of_people_is_no_merge_of_bodies(app, anna):
    with app.app_context():
        number = factories.merged().id
        db.session.commit()
    assert anna.get(f"/doppelte/zusammengefuehrt/{number}").status == 200
    assert anna.get(f"/doppelte/stellen/zusammengefuehrt/{number}").status == 404


@pytest.mark.parametrize(
    ("asked", "is_known"),
    [
        ("name=abwasser+ohmtal", True),
        ("name=Ganz+neu&email=info@zvo.de", False),
        ("name=Forstamt", False),
        ("", False),
    ],
)
def test_who_is_known_is_said_while_typing_a_body(anna, twins, asked, is_known):
    page = anna.get("/doppelte/bekannte-stellen?" + asked)
    assert bool(page.soup.select(f"a[href='/stellen/{twins[1]}']")) is is_known
    assert len(page.statements) <= 6
