"""A line about what was planned for that day goes into the form of that talk."""

from datetime import datetime, time, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from crm.consultations.models import (
    Channel,
    Consultation,
    ConsultationKind,
    ConsultationState,
    ParticipationPerson,
    Presence,
)
from crm.consultations.services import Party
from crm.db import BERLIN, db, today
from crm.drafts import Draft
from crm.follow_ups.models import FollowUp
from crm.naming import token
from crm.task_fields.models import TaskField
from tests import factories
from tests.pages import CarefulClient

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
            ("Lahntal", Presence.ABSENT),
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


def save(person, number, page):
    """Save the filled form as it stands."""
    assert person.post(f"/beratungen/{number}/bearbeiten", page.fields()).status == 303


def presences(app, number):
    """State of the talk, and how each took part."""
    with app.app_context():
        talk = db.session.get(Consultation, number)
        return talk.state, {one.organisation_name: one.presence for one in talk.participations}


def plan(app, number, **over):
    """Change how Cölbe was planned to take part, or columns of the talk."""
    with app.app_context():
        talk = db.session.get(Consultation, number)
        row = next(one for one in talk.participations if one.organisation_name == "Cölbe")
        for name, value in over.items():
            setattr(row if hasattr(row, name) else talk, name, value)
        db.session.commit()


def test_who_is_not_named_is_named_by_the_page(app, anna, planned):
    page = into(anna, planned, "heute Tel. Cölbe: Kasse")
    assert "als abwesend eingetragen: Lahntal." in page.main
    fields = page.fields()
    assert [fields["parties-0-presence"], fields["parties-1-presence"]] == [["present"], ["absent"]]
    whole = into(anna, planned, "heute Tel. Cölbe, Lahntal: Kasse")
    assert "Nicht in Ihrer Zeile" not in whole.main


def test_who_was_planned_as_present_is_not_taken_for_present(anna, app, planned):
    plan(app, planned, presence=Presence.PRESENT)
    page = into(anna, planned, "heute Tel. Lahntal: Kasse")
    assert "als abwesend eingetragen: Cölbe." in page.main
    assert page.fields()["parties-0-presence"] == ["absent"]


def test_what_the_plan_says_of_presence_stays_unless_the_line_says_otherwise(app, anna, planned):
    plan(app, planned, presence=Presence.REPRESENTED, represented_by="Frau Krug")
    save(anna, planned, into(anna, planned, "heute Cölbe: Kasse"))
    held = {"Cölbe": Presence.REPRESENTED, "Lahntal": Presence.ABSENT}
    assert presences(app, planned) == (ConsultationState.HELD, held)
    with app.app_context():
        talk = db.session.get(Consultation, planned)
        assert [one.represented_by for one in talk.participations if one.represented_by] == ["Frau Krug"]


@pytest.mark.parametrize(
    ("line", "state", "coelbe", "lahntal"),
    [
        ("heute Cölbe abgesagt: Kasse", ConsultationState.PLANNED, Presence.APOLOGISED, Presence.INVITED),
        (
            "heute Cölbe abgesagt, Lahntal: Kasse",
            ConsultationState.HELD,
            Presence.APOLOGISED,
            Presence.PRESENT,
        ),
        ("heute Cölbe, Lahntal fehlte: Kasse", ConsultationState.HELD, Presence.PRESENT, Presence.ABSENT),
        (
            "heute Cölbe abgesagt, Lahntal abgesagt: Kasse",
            ConsultationState.CANCELLED,
            Presence.APOLOGISED,
            Presence.APOLOGISED,
        ),
    ],
)
def test_who_did_not_come_did_not_come(app, anna, planned, line, state, coelbe, lahntal):
    save(anna, planned, into(anna, planned, line))
    assert presences(app, planned) == (state, {"Cölbe": coelbe, "Lahntal": lahntal})


def test_a_named_group_brings_nobody_who_was_not_planned(app, anna, planned):
    with app.app_context():
        group = factories.cooperation("Cölbe", "Lahntal", "Wetter (Hessen)", title="Gemeinsamer Bauhof")
        db.session.commit()
        number = group.id
    plan(app, planned, cooperation_id=number)
    save(anna, planned, into(anna, planned, "heute Koop Gemeinsamer Bauhof: Satzung"))
    held = {"Cölbe": Presence.PRESENT, "Lahntal": Presence.PRESENT}
    assert presences(app, planned) == (ConsultationState.HELD, held)


def test_another_group_than_planned_is_a_word_of_the_note(app, anna, planned):
    with app.app_context():
        own = factories.cooperation("Cölbe", "Lahntal", title="Gemeinsamer Bauhof").id
        factories.cooperation("Cölbe", "Lahntal", title="Gemeinsame Kasse")
        db.session.commit()
    plan(app, planned, cooperation_id=own)
    page = into(anna, planned, "heute Cölbe, Koop Gemeinsame Kasse: Satzung")
    assert page.fields()["cooperation"] == [str(own)]
    assert "Gemeinsame Kasse" in page.fields()["note"][0]


def test_a_promise_to_one_hangs_on_that_one(app, anna, planned):
    save(anna, planned, into(anna, planned, "heute Cölbe: Kasse, WV 31.12. Satzung schicken"))
    with app.app_context():
        made = db.session.scalars(select(FollowUp)).one()
        assert (made.organisation.name, made.text) == ("Cölbe", "Satzung schicken")


@pytest.mark.parametrize("state", [ConsultationState.HELD, ConsultationState.CANCELLED])
def test_what_is_planned_no_more_takes_no_line(app, anna, planned, state):
    plan(app, planned, state=state)
    page = anna.submit("/kurzzeile", to=f"/kurzzeile/geplant/{planned}", line=LINE)
    assert page.status == 422
    assert "nicht mehr geplant" in page.main
    assert page.fields()["line"] == [LINE]


def test_a_line_of_another_day_does_not_go_into_the_plan(anna, planned):
    page = anna.submit("/kurzzeile", to=f"/kurzzeile/geplant/{planned}", line="gestern Cölbe: Kasse")
    assert page.status == 422
    assert "nicht mehr geplant" in page.main


def test_pressing_twice_leaves_one_draft(app, anna, planned):
    fields = anna.get("/kurzzeile").fields() | {"line": LINE}
    for _ in range(2):
        assert anna.post(f"/kurzzeile/geplant/{planned}", fields).status == 303
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Draft)) == 1


def test_what_is_planned_is_said_while_one_types(anna, planned):
    read = anna.post("/kurzzeile/lesen", line="heute Cölbe: Kasse", headers={"X-Fragment": "1"})
    assert "Für diesen Tag geplant" in read.html
    assert f"/kurzzeile/geplant/{planned}" in read.html
    other = anna.post("/kurzzeile/lesen", line="gestern Cölbe: Kasse", headers={"X-Fragment": "1"})
    assert "Für diesen Tag geplant" not in other.html


def test_people_notes_and_names_stay(app, anna, planned):
    with app.app_context():
        person = factories.person("Krug", "Eva", at="Cölbe")
        talk = db.session.get(Consultation, planned)
        talk.note, talk.confidential = f"Mit {token(person.id)} vorbereitet.", True
        row = next(one for one in talk.participations if one.organisation_name == "Cölbe")
        row.private_note = "Heikel."
        row.people.append(ParticipationPerson(person_id=person.id))
        db.session.commit()
        stored, number = talk.note, person.id
    save(anna, planned, into(anna, planned, "heute Cölbe: Kasse"))
    with app.app_context():
        talk = db.session.get(Consultation, planned)
        row = next(one for one in talk.participations if one.organisation_name == "Cölbe")
        assert talk.note.startswith(stored)
        assert (row.private_note, [one.person_id for one in row.people]) == ("Heikel.", [number])
        assert talk.confidential


def test_a_line_about_later_today_leaves_it_planned(app, planned):
    with time_machine.travel(datetime.combine(today() + timedelta(days=1), time(12), BERLIN)):
        plan(app, planned, held_on=today())
        anna = CarefulClient(app)
        anna.come_in("anna@kikz.test")
        assert into(anna, planned, "heute 15 Uhr Cölbe: Kasse").fields()["state"] == ["planned"]
        assert into(anna, planned, "heute 11 Uhr Cölbe: Kasse").fields()["state"] == ["held"]


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
