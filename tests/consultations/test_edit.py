"""Changing a talk: differences in the audit, and two editors at once."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.audit import AuditEvent
from crm.consultations.models import Consultation, ConsultationState
from crm.db import db, today
from tests import factories


@pytest.fixture
def number(app):
    """A talk of Cölbe and Lahntal."""
    with app.app_context():
        found = factories.talk("Cölbe", "Lahntal", note="Erste Fassung.", duration_minutes=60).id
        db.session.commit()
    return found


def stored(app, number):
    """The talk as it stands."""
    with app.app_context():
        talk = db.session.get(Consultation, number)
        return talk.note, talk.duration_minutes, talk.place


def test_a_change_is_saved_and_noted(app, anna, number):
    page = anna.submit(
        f"/beratungen/{number}/bearbeiten", place="Rathaus Cölbe", note="Zweite Fassung.", follow=True
    )
    assert "Zweite Fassung." in page.main
    with app.app_context():
        event = db.session.scalars(select(AuditEvent).where(AuditEvent.name == "consultation.changed")).one()
        assert event.changes["place"] == [None, "Rathaus Cölbe"]
        assert event.changes["note"] == [None, None]


def test_readers_do_not_change(rita, number):
    assert rita.get(f"/beratungen/{number}/bearbeiten").status == 403
    assert rita.post(f"/beratungen/{number}/bearbeiten", note="x").status == 403


def test_bad_input_is_kept(anna, number):
    page = anna.submit(f"/beratungen/{number}/bearbeiten", held_on="31.04.2026", note="Bleibt stehen.")
    assert page.status == 422
    assert page.fields()["held_on"] == ["31.04.2026"]
    assert page.fields()["note"] == ["Bleibt stehen."]


def test_the_second_of_two_editors_sees_both_versions(app, anna, bert, number):
    url = f"/beratungen/{number}/bearbeiten"
    form = anna.get(url).fields()
    bert.submit(url, note="Berts Fassung.", place="Bürgerhaus")
    page = anna.post(url, form | {"note": ["Annas Fassung."], "duration_minutes": ["90"]})
    assert page.status == 409
    assert "Berts Fassung." in page.main
    assert "Bert Braun" in page.main
    fields = page.fields()
    assert fields["note"] == ["Annas Fassung."]
    assert fields["place"] == ["Bürgerhaus"], "what only Bert changed is taken over"
    assert stored(app, number)[0] == "Berts Fassung.", "nothing is overwritten unasked"
    assert anna.post(url, fields).status == 303
    assert stored(app, number) == ("Annas Fassung.", 90, "Bürgerhaus")


def test_the_second_editor_can_keep_the_stored_version(app, anna, bert, number):
    url = f"/beratungen/{number}/bearbeiten"
    form = anna.get(url).fields()
    bert.submit(url, note="Berts Fassung.")
    page = anna.post(url, form | {"note": ["Annas Fassung."], "duration_minutes": ["90"]})
    done = anna.post(url, page.fields() | {"keep-note": ["stored"]})
    assert done.status == 303, done.errors()
    assert stored(app, number)[:2] == ("Berts Fassung.", 90)


def test_both_changing_one_row_choose(anna, bert, number):
    url = f"/beratungen/{number}/bearbeiten"
    form = anna.get(url).fields()
    bert.submit(url, parties__0__presence="absent")
    page = anna.post(url, form | {"parties-0-presence": ["invited"]})
    assert page.status == 409
    assert "abwesend" in page.main
    assert "eingeladen" in page.main


def test_both_changing_different_rows_keep_both(anna, bert, number):
    url = f"/beratungen/{number}/bearbeiten"
    form = anna.get(url).fields()
    bert.submit(url, parties__0__presence="absent")
    page = anna.post(url, form | {"parties-1-presence": ["invited"]})
    assert "zusammengeführt" in page.main
    assert anna.post(url, page.fields()).status == 303
    main = anna.get(f"/beratungen/{number}").main
    assert "abwesend" in main
    assert "eingeladen" in main


def test_a_planned_talk_asks_and_counts_only_when_held(app, anna):
    with app.app_context():
        talk = factories.talk("Lahntal", held_on=today() + timedelta(days=1))
        assert talk.state is ConsultationState.PLANNED
        talk.held_on = today()
        db.session.commit()
        number = talk.id
    assert "Hat stattgefunden" in anna.get(f"/beratungen/{number}").main
    assert anna.post(f"/beratungen/{number}/stattgefunden").status == 303
    with app.app_context():
        assert db.session.get(Consultation, number).state is ConsultationState.HELD


def test_a_removed_talk_comes_back_with_its_follow_ups(app, anna):
    with app.app_context():
        number = factories.talk("Lahntal", follow_up_on=today(), follow_up_text="Anrufen").id
        db.session.commit()
    anna.post(f"/beratungen/{number}/entfernen")
    assert anna.get(f"/beratungen/{number}").status == 404
    assert "Anrufen" not in anna.get("/wiedervorlagen").main
    anna.post(f"/beratungen/{number}/wiederherstellen")
    assert "Anrufen" in anna.get(f"/beratungen/{number}").main


def test_a_function_of_the_day_stays_when_the_office_ends(app, anna):
    with app.app_context():
        person = factories.person("Eberhardt", "Jonas", title="Bürgermeister")
        place = factories.place("Lahntal")
        number = factories.talk(parties=[factories.Party(place.id, people=[person.id])]).id
        person.functions[0].valid_to = today()
        person.functions[0].title = "Altbürgermeister"
        db.session.commit()
    main = anna.get(f"/beratungen/{number}").main
    assert "(Bürgermeister)" in main
    assert "Altbürgermeister" not in main


def test_a_removed_person_stays_in_the_talk_without_a_name(app, anna):
    with app.app_context():
        person = factories.person("Eberhardt", "Jonas", title="Bürgermeister")
        row = factories.Party(factories.place("Lahntal").id, people=[person.id])
        number, person_id = factories.talk(parties=[row]).id, person.id
        db.session.commit()
    assert anna.post(f"/kontakte/{person_id}/entfernen").status == 303
    anna.submit(f"/beratungen/{number}/bearbeiten", place="Rathaus")
    main = anna.get(f"/beratungen/{number}").main
    assert "Rathaus" in main
    assert "Eberhardt" not in main
    assert "(Bürgermeister)" in main


def test_a_talk_cannot_follow_itself_by_way_of_others(app, anna):
    with app.app_context():
        first = factories.talk("Lahntal", days_ago=3)
        second = factories.talk("Lahntal", days_ago=2, follows_id=first.id)
        numbers = first.id, factories.talk("Lahntal", days_ago=1, follows_id=second.id).id
        db.session.commit()
    page = anna.submit(f"/beratungen/{numbers[0]}/bearbeiten", follows_id=str(numbers[1]))
    assert page.status == 422
    page = anna.submit(f"/beratungen/{numbers[1]}/bearbeiten", follows_id=str(numbers[0]))
    assert page.status == 303


def test_a_hidden_talk_cannot_be_followed(app, anna):
    with app.app_context():
        number = factories.talk("Lahntal").id
        db.session.commit()
    assert anna.submit(f"/beratungen/{number}/bearbeiten", follows_id="99999").status == 422
