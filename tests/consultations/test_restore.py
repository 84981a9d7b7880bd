"""Removing a talk asks, keeps a trace, and can be taken back with everything that hung on it."""

import pytest
from sqlalchemy import select

from crm.audit import AuditEvent
from crm.consultations.models import Consultation, ConsultationKind, Presence
from crm.consultations.services import Party
from crm.db import db, today
from crm.task_fields.models import TaskField
from tests import factories
from tests.everything import PASSING, changed, stored
from tests.factories import place

HANGING = ["participations", "participation_people", "consultation_staff", "consultation_task_fields"]


@pytest.fixture
def number(app):
    """A talk with all that can hang on one, and a later talk that follows it."""
    with app.app_context():
        person = factories.person()
        parties = [
            Party(place("Lahntal").id, people=[person.id], private_note="Die Kämmerei ist dagegen."),
            Party(place("Cölbe").id, Presence.REPRESENTED, "Lahntal", "Gastgeberin", follow_up_on=today(),
                  follow_up_text="Cölbe anrufen"),
        ]  # fmt: skip
        field = db.session.scalars(select(TaskField.id).where(TaskField.name == "Bauhof")).one()
        over = {"task_fields": [field], "follow_up_on": today(), "follow_up_text": "Alle anschreiben"}
        talk = factories.talk(parties=parties, kind=ConsultationKind.GROUP, agreements="Ja.", **over)
        factories.talk("Lahntal", follows_id=talk.id)
        db.session.commit()
        return talk.id


def living(app):
    """Every row without what tells of versions and removals."""
    own = {"version", "updated_at"}
    with app.app_context():
        return {
            table.name: sorted(
                repr({name: value for name, value in row._mapping.items() if name not in own})
                for row in db.session.execute(select(table))
            )
            for table in db.metadata.sorted_tables
            if table.name not in PASSING
        }


def test_removing_asks_before_it_does_anything(app, anna, number):
    before = stored(app)
    page = anna.get(f"/beratungen/{number}/entfernen")
    assert "Lahntal" in page.main
    assert "Wiedervorlagen (2)" in page.main
    assert changed(before, stored(app)) == []


def test_everything_that_hung_on_it_comes_back(app, anna, number):
    before, page = living(app), anna.get(f"/beratungen/{number}").main
    assert anna.post(f"/beratungen/{number}/entfernen").status == 303
    gone = living(app)
    assert changed(before, gone) == ["consultations", "follow_ups"], "marked as removed"
    assert [len(gone[name]) for name in HANGING] == [3, 1, 2, 1], "what hangs on it stays as it is"
    assert anna.get(f"/beratungen/{number}").status == 404
    assert anna.post(f"/beratungen/{number}/wiederherstellen").status == 303
    assert changed(before, living(app)) == []
    again = anna.get(f"/beratungen/{number}").main
    said = "Beratung wiederhergestellt. "
    assert again.replace(said, "").partition("Änderungen")[0] == page.partition("Änderungen")[0]
    for words in ("Die Kämmerei ist dagegen.", "Henkel", "vertreten durch Lahntal", "Cölbe anrufen"):
        assert words in again


def test_nothing_of_a_removed_talk_shows_elsewhere(app, anna, number):
    with app.app_context():
        urls = [f"/kommunen/{place(name).id}" for name in ("Lahntal", "Cölbe")]
    urls += ["/beratungen", "/wiedervorlagen", "/"]
    words = ("Cölbe anrufen", "Alle anschreiben", "Die Kämmerei ist dagegen.")
    assert any(word in anna.get(url).main for url in urls for word in words), "the control"
    anna.post(f"/beratungen/{number}/entfernen")
    assert not [(url, word) for url in urls for word in words if word in anna.get(url).main]


def test_both_leave_a_trace_that_a_clerk_can_read(app, anna, number):
    anna.post(f"/beratungen/{number}/entfernen")
    with app.app_context():
        talk = db.session.scalars(
            select(Consultation).where(Consultation.id == number).execution_options(include_removed=True)
        ).one()
        assert (talk.removed_by_id, talk.removed_at is None) == (factories.member("anna").id, False)
    anna.post(f"/beratungen/{number}/wiederherstellen")
    history = anna.get(f"/beratungen/{number}").soup.select_one(".history").get_text(" ", strip=True)
    assert "Beratung entfernt Anna Adler" in history
    assert "Beratung wiederhergestellt Anna Adler" in history
    with app.app_context():
        names = db.session.scalars(select(AuditEvent.name).where(AuditEvent.record_id == number))
        assert {"consultation.removed", "consultation.restored"} <= set(names)


def test_who_may_not_write_neither_removes_nor_restores(app, rita, emil, ada, anna, number):
    before = stored(app)
    for client in (rita, emil, ada):
        assert client.post(f"/beratungen/{number}/entfernen").status == 403
    assert changed(before, stored(app)) == []
    anna.post(f"/beratungen/{number}/entfernen")
    for client in (rita, emil, ada):
        assert client.get(f"/beratungen/{number}/wiederherstellen").status == 403
        assert client.post(f"/beratungen/{number}/wiederherstellen").status == 403
    assert anna.get(f"/beratungen/{number}").status == 404


def test_removing_or_restoring_twice_changes_nothing_more(app, anna, number):
    assert [anna.post(f"/beratungen/{number}/entfernen").status for _ in range(2)] == [303, 404]
    assert [anna.post(f"/beratungen/{number}/wiederherstellen").status for _ in range(2)] == [303, 404]


def test_a_follow_up_removed_before_stays_removed(app, anna, number):
    with app.app_context():
        query = select(factories.FollowUp).where(factories.FollowUp.text == "Cölbe anrufen")
        one = db.session.scalars(query).one()
        one.removed_at, one.removal = factories.db.func.now(), "earlier"
        db.session.commit()
    anna.post(f"/beratungen/{number}/entfernen")
    anna.post(f"/beratungen/{number}/wiederherstellen")
    main = anna.get(f"/beratungen/{number}").main
    assert "Alle anschreiben" in main
    assert "Cölbe anrufen" not in main
