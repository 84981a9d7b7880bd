"""The numbers of an event, and whose invitation a link or an address is."""

from datetime import timedelta

import pytest
from itsdangerous import TimestampSigner

from crm import links
from crm.contacts.services import remove_person
from crm.db import db, now
from crm.invitations import queries
from crm.invitations.models import Answer
from crm.invitations.queries import Numbers
from tests import factories


@pytest.fixture
def event(context):
    """An event without invitations."""
    return factories.event()


def test_the_numbers_count_people_kommunen_and_answers(event):
    factories.body("Verband Mitte")
    for name, place, answer in (
        ("Eins", "Lahntal", Answer.ACCEPTED), ("Zwei", "Lahntal", Answer.NONE),
        ("Drei", "Lich", Answer.DECLINED),
        ("Vier", "Cölbe", Answer.REPRESENTED), ("Fünf", "Verband Mitte", Answer.NONE),
    ):  # fmt: skip
        factories.invitation(event, factories.person(name, at=place), at=place, answer=answer)
    alone = factories.person("Ohne")
    factories.invitation(event, alone, organisation_id=None, organisation_name="")
    other = factories.event("Andere")
    factories.invitation(other, alone)
    gone = factories.person("Entfernt", at="Laubach")
    factories.invitation(event, gone, at="Laubach")
    remove_person(gone, factories.member("anna"))
    assert queries.numbers(event.id) == Numbers(6, 3, 1, 1, 1, 0, 3)
    waits = db.session.scalars(queries.of_event(event.id).where(queries.NOT_WRITTEN)).first()
    waits.mailed_at = now()
    db.session.flush()
    assert queries.numbers(event.id) == Numbers(6, 3, 1, 1, 1, 1, 2)
    assert queries.numbers(999) == Numbers(0, 0, 0, 0, 0, 0, 0)


def test_a_personal_link_finds_its_invitation(event):
    one = factories.invitation(event, factories.person())
    token = queries.token_of(one)
    assert queries.by_token(token) is one
    one.email = "neu@kommune.test"
    assert queries.by_token(token) is None


@pytest.mark.parametrize("purpose", ["registration", "opt-out", "password", "feed-mine"])
def test_a_link_of_another_purpose_finds_none(event, purpose):
    one = factories.invitation(event, factories.person())
    assert queries.by_token(links.make(purpose, one.id, one.email)) is None


def test_a_link_ends_after_a_year_and_with_the_person(event, monkeypatch):
    one = factories.invitation(event, factories.person())
    fresh = queries.token_of(one)
    long_ago = now() - queries.LIFETIME - timedelta(minutes=1)
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _self: int(long_ago.timestamp()))
    old = queries.token_of(one)
    monkeypatch.undo()
    assert queries.by_token(old) is None
    assert queries.by_token(fresh) is one
    remove_person(one.person, factories.member("anna"))
    db.session.expire_all()
    assert queries.by_token(fresh) is None


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "ä" * 50, "a" * 5000, "\x00"])
def test_nonsense_is_no_link(event, token):
    assert queries.by_token(token) is None


@pytest.mark.parametrize("typed", ["Büro@Straße.Test", " büro@straße.test ", "büro@xn--strae-oqa.test"])
def test_an_address_finds_its_invitation_however_it_is_written(event, typed):
    one = factories.invitation(event, factories.person(), email="büro@straße.test")
    assert queries.by_address(event.id, typed) is one
    assert queries.by_address(factories.event("Andere").id, typed) is None
    assert queries.by_address(event.id, "fremd@straße.test") is None
