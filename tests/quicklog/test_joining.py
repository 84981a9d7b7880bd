"""A line about what was planned for that day goes into the form of that talk."""

from datetime import time, timedelta

import pytest
from sqlalchemy import func, select

from crm.consultations.models import Channel, Consultation, ConsultationKind, ConsultationState, Presence
from crm.consultations.services import Party
from crm.db import db, today
from crm.drafts import Draft
from crm.follow_ups.models import FollowUp
from crm.task_fields.models import TaskField
from tests import factories

LINE = "heute Tel. Cölbe vertreten durch Frau Krug, Homberg (Ohm): Kasse, 45 min, WV 31.12. Satzung prüfen"


def _field(name):
    return db.session.scalars(select(TaskField.id).where(TaskField.name == name)).one()


@pytest.fixture
def planned(app):
    """Give the number of a talk planned for today with Cölbe and Lahntal."""
    with app.app_context():
        rows = [Party(factories.place(name).id, Presence.INVITED) for name in ("Cölbe", "Lahntal")]
        talk = factories.talk(
            parties=rows,
            note="Vorbereitet.",
            agreements="Unterlagen mitbringen.",
            kind=ConsultationKind.GROUP,
            task_fields=[_field("Bauhof")],
            starts_at=time(10, 30),
        )
        talk.state = ConsultationState.PLANNED
        db.session.commit()
        return talk.id


def into(person, number, line=LINE):
    """Type a line and press the button that leads to the planned talk; give the filled form."""
    asked = person.submit("/kurzzeile", to=f"/kurzzeile/geplant/{number}", line=line)
    assert asked.status == 303
    return person.get(asked.location)


def test_the_line_stands_in_the_planned_talk_beside_what_was_there(app, anna, planned):
    page = into(anna, planned)
    assert "Ihre Zeile steht jetzt in der geplanten Beratung" in page.main
    saved = anna.post(f"/beratungen/{planned}/bearbeiten", page.fields())
    assert saved.status == 303
    with app.app_context():
        talk = db.session.get(Consultation, planned)
        assert (talk.state, talk.channel) == (ConsultationState.HELD, Channel.PHONE)
        assert (talk.duration_minutes, talk.starts_at) == (45, time(10, 30))
        assert talk.agreements == "Unterlagen mitbringen."
        assert talk.note.startswith("Vorbereitet.\n\n")
        assert {one.name for one in talk.task_fields} == {"Bauhof", "Kasse"}
        assert {(one.organisation_name, one.presence) for one in talk.participations} == {
            ("Cölbe", Presence.REPRESENTED),
            ("Lahntal", Presence.PRESENT),
            ("Homberg (Ohm)", Presence.PRESENT),
        }
        assert [one.text for one in db.session.scalars(select(FollowUp))] == ["Satzung prüfen"]
        assert db.session.scalar(select(func.count()).select_from(Consultation)) == 1


def test_nothing_is_saved_before_somebody_says_so(app, anna, planned):
    into(anna, planned)
    with app.app_context():
        talk = db.session.get(Consultation, planned)
        assert (talk.state, talk.note) == (ConsultationState.PLANNED, "Vorbereitet.")
        kept = db.session.scalars(select(Draft)).one()
        assert kept.path == f"/beratungen/{planned}/bearbeiten"


def test_what_the_line_does_not_say_stays_as_it_was_planned(app, anna, planned):
    page = into(anna, planned, "heute Cölbe: geklärt")
    fields = page.fields()
    assert fields["channel"] == ["on-site"]
    assert fields["starts_at"] == ["10:30"]
    assert "follow_up_text" not in fields or fields["follow_up_text"] == [""]


def test_a_talk_of_one_becomes_one_of_a_group(app, anna):
    with app.app_context():
        talk = factories.talk("Cölbe")
        talk.state, number = ConsultationState.PLANNED, talk.id
        db.session.commit()
    assert into(anna, number, "heute Cölbe, Lahntal: Kasse").fields()["kind"] == ["group"]


def test_what_lies_ahead_stays_planned(app, anna, planned):
    with app.app_context():
        db.session.get(Consultation, planned).held_on = today() + timedelta(days=3)
        db.session.commit()
    assert into(anna, planned, "in 3 Tagen Cölbe: Kasse").fields()["state"] == ["planned"]


def test_a_colleague_who_saved_meanwhile_loses_nothing(app, anna, bert, planned):
    page = into(anna, planned)
    theirs = bert.get(f"/beratungen/{planned}/bearbeiten").fields() | {"place": "Rathaus Cölbe"}
    assert bert.post(f"/beratungen/{planned}/bearbeiten", theirs).status == 303
    again = anna.post(f"/beratungen/{planned}/bearbeiten", page.fields())
    assert again.status in (409, 422)
    assert again.fields()["place"] == ["Rathaus Cölbe"]
    assert again.fields()["duration_minutes"] == ["45"]
    assert anna.post(f"/beratungen/{planned}/bearbeiten", again.fields()).status == 303


def test_a_talk_nobody_may_see_takes_no_line(app, anna, rita, planned):
    assert rita.post(f"/kurzzeile/geplant/{planned}", line=LINE).status == 403
    assert anna.submit("/kurzzeile", to="/kurzzeile/geplant/99999", line=LINE).status == 404


def test_a_line_too_long_is_said_and_stays(anna, planned):
    page = anna.submit("/kurzzeile", to=f"/kurzzeile/geplant/{planned}", line="x" * 2001)
    assert page.status == 422
    assert page.fields()["line"] == ["x" * 2001]
