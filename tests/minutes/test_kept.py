"""What is in minutes and what never is; what was released stays, whoever tries to change it."""

import dataclasses

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from crm.audit import history_of
from crm.db import BERLIN, db
from crm.documents.models import Document
from crm.documents.services import keep_confidential
from crm.minutes import routes
from crm.minutes.facts import PublicTalk, Side
from crm.minutes.models import MinutesRelease, Unchangeable
from crm.minutes.releasing import digest_of
from crm.minutes.services import correct
from crm.search.services import out_of_step
from tests import factories
from tests.minutes import making, test_story
from tests.minutes.story import SECRET, drafted

OFF = {
    "sqlite": ["DROP TRIGGER minutes_releases_no_UPDATE", "DROP TRIGGER minutes_releases_no_DELETE"],
    "postgresql": ["ALTER TABLE minutes_releases DISABLE TRIGGER USER"],
}
CHANGES = ("UPDATE minutes_releases SET reason = 'anders'", "DELETE FROM minutes_releases")


@pytest.fixture
def released(app, anna):
    """The number of released minutes."""
    number = drafted(app, anna)
    assert anna.submit(f"/protokolle/{number}/freigeben", people=[]).status == 303
    return number


def test_nothing_private_has_a_field_where_minutes_are_drafted():
    public = {one.name for one in dataclasses.fields(PublicTalk)} | {
        one.name for one in dataclasses.fields(Side)
    }
    private = {"note", "agreements", "next_step", "private_note", "preparation_minutes", "travel_minutes"}
    assert not public & private


@pytest.mark.control
def test_a_note_that_came_into_the_public_part_would_be_seen(app, anna, stranger, monkeypatch):
    real = routes.public_part

    def careless(talk, issuer):
        return dataclasses.replace(real(talk, issuer), place=talk.note)

    monkeypatch.setattr(routes, "public_part", careless)
    with pytest.raises(AssertionError, match=SECRET):
        test_story.test_nothing_of_the_notes_comes_into_minutes_anywhere(app, anna, stranger)


@pytest.mark.parametrize("statement", CHANGES)
def test_the_database_refuses_to_change_or_delete(app, released, statement):
    with app.app_context(), pytest.raises(DBAPIError, match="released minutes cannot be changed"):
        db.session.execute(text(statement))


@pytest.mark.control
def test_without_the_guards_a_change_happens_and_is_seen_on_the_page(app, released, anna):
    with app.app_context():
        for statement in (*OFF[db.engine.dialect.name], CHANGES[0]):
            db.session.execute(text(statement))
        db.session.commit()
    assert "Am Programm vorbei geändert." in anna.get(f"/protokolle/{released}").main


def test_the_program_refuses_before_the_database_is_asked(app, released):
    with app.app_context():
        found = db.session.scalars(select(MinutesRelease)).one()
        found.reason = "anders"
        with pytest.raises(Unchangeable):
            db.session.flush()


def test_the_paper_of_released_minutes_is_not_taken_out(app, released, anna):
    with app.app_context():
        number = db.session.scalars(select(Document.id)).one()
    page = anna.submit(f"/dokumente/{number}/entfernen")
    assert page.status == 422
    assert "Das ist das PDF eines freigegebenen Protokolls." in page.main
    with app.app_context():
        assert db.session.get(Document, number) is not None


def test_released_minutes_are_genuine_in_whatever_zone_the_database_gives_moments(app, released):
    with app.app_context():
        found = db.session.scalars(select(MinutesRelease)).one()
        db.session.expunge(found)
        found.released_at = found.released_at.astimezone(BERLIN)
        assert digest_of(found) == found.digest


@pytest.mark.usefixtures("context")
def test_the_paper_of_a_correction_takes_the_place_of_the_one_before_and_its_confidence():
    minutes = making.minutes()
    first = making.release(minutes).document
    keep_confidential(first, minutes.consultation, True, factories.member("anna"))
    db.session.commit()
    correct(minutes, factories.member("anna"))
    db.session.flush()
    second = making.release(minutes).document
    db.session.commit()
    assert (second.previous_id, second.confidential) == (first.id, True)
    assert second.file_name not in str(history_of(minutes.consultation)[0].changes)
    assert out_of_step() == {}
